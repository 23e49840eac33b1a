"""What a mission could do over what it is asked to do, limit by limit: the smallest one binds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Job
from perigrid.base.units import BITS_PER_BYTE, BYTES_PER_GB, S_PER_HOUR
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.pass_shares import shared_s
from perigrid.physics.sustained import SustainedCompute
from perigrid.scenario.model import Scenario
from perigrid.workload.profile import stage_time_s

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Margin:
    """One limit: what there is beside what is wanted, where it is tightest.

    Parameters
    ----------
    name : str
        The limit.
    have, need : float
        Both in ``unit``; ``need`` is positive.
    unit : str
        As a reader would write it.
    where : str
        Name of the satellite or data centre.
    note : str
        What is compared.
    date : str
        Day of the year that decides, as ``2026-12-22``; empty where the run itself does.
    uncertain : bool
        Whether the need may turn out on the other side of what there is.
    """

    name: str
    have: float
    need: float
    unit: str
    where: str
    note: str
    date: str = ""
    uncertain: bool = False

    @property
    def margin(self) -> float:
        """How much there is beyond the need, as a share of it; negative where it falls short."""
        return self.have / self.need - 1.0


LIMITS: Final = {
    "heat": "constant compute that keeps the computer from throttling, against all of it busy",
    "energy": "constant compute that the array covers, with a battery of any size, against the "
    "same",
    "battery": "constant compute that the battery carries through every eclipse, against the same",
}
"""Limits to compute that lasts, with what each compares."""


def least_of_each(margins: Iterable[Margin]) -> list[Margin]:
    """Keep the tightest margin of each name.

    Parameters
    ----------
    margins : iterable of Margin
        In any order.

    Returns
    -------
    list of Margin
        One of each name, in the order in which the names come; of equals the first.
    """
    found = dict[str, Margin]()
    for one in margins:
        found[one.name] = min(found.get(one.name, one), one, key=lambda it: it.margin)
    return list(found.values())


def tightest(
    fleet: Fleet, name: str, have: Floats, need: Floats, unit: str, note: str
) -> list[Margin]:
    """Take a limit on the satellite that has least of it over its need.

    Parameters
    ----------
    fleet : Fleet
        For the names.
    name : str
        The limit.
    have, need : (n_satellites,) float array
        Both in ``unit``.
    unit : str
        As a reader would write it.
    note : str
        What is compared.

    Returns
    -------
    list of Margin
        One, or none where no satellite needs any.
    """
    rows = np.flatnonzero(need > 0.0)
    if len(rows) == 0:
        return []
    row = int(rows[np.argmin(have[rows] / need[rows])])
    return [Margin(name, float(have[row]), float(need[row]), unit, fleet.names[row], note)]


def compute_margins(fleet: Fleet, sustained: SustainedCompute | None) -> list[Margin]:
    """Compare what heat, energy and battery can carry with the installed computers.

    Parameters
    ----------
    fleet : Fleet
        For the computer.
    sustained : SustainedCompute or None
        From :func:`perigrid.fleet.sustained.fleet_sustained`.

    Returns
    -------
    list of Margin
        ``heat``, ``energy`` and ``battery``; empty without computers.
    """
    if sustained is None:
        return []
    need_w = fleet.buses.active_w
    have_w = (sustained.heat_w, sustained.energy_w, sustained.battery_w)
    return [
        one
        for (name, note), limit_w in zip(LIMITS.items(), have_w, strict=True)
        for one in tightest(fleet, name, limit_w, need_w, "W", note)
    ]


def work_margins(
    scenario: Scenario, fleet: Fleet, outlook: Outlook, jobs: Sequence[Job]
) -> list[Margin]:
    """Compare computers, downlink and storage with the observations of the run.

    Parameters
    ----------
    scenario : Scenario
        Pipeline and length of the run.
    fleet : Fleet
        Computer and storage.
    outlook : Outlook
        Downlinks.
    jobs : sequence of Job
        From :func:`perigrid.fleet.observations.observe`.

    Returns
    -------
    list of Margin
        ``compute time``, ``downlink``, ``storage``, and ``memory`` of computers in orbit and of
        data centres; empty without observations.
    """
    origin = np.array([job.origin for job in jobs], dtype=np.int64)
    raw_bytes = np.array([job.raw_bytes for job in jobs])
    taken = np.bincount(origin, weights=raw_bytes, minlength=fleet.n_satellites)
    room = fleet.buses.storage_bytes
    pile = _piled_bytes(fleet, outlook, jobs)
    downlink = "what its share of the operator's antennas carries, against all its raw pixels"
    storage = "room on board, against the most raw pixels taken between two downlinks"
    return [
        *_compute_time(scenario, fleet, jobs),
        *tightest(
            fleet,
            "downlink",
            downlink_bytes(fleet, outlook) / BYTES_PER_GB,
            taken / BYTES_PER_GB,
            "GB",
            downlink,
        ),
        *tightest(fleet, "storage", room / BYTES_PER_GB, pile / BYTES_PER_GB, "GB", storage),
        *(_memory(scenario, fleet) if jobs else ()),
    ]


def downlink_bytes(fleet: Fleet, outlook: Outlook) -> Floats:
    """Volume that each satellite's passes carry, antennas and radios shared out evenly.

    Parameters
    ----------
    fleet : Fleet
        For the number of satellites, and antennas.
    outlook : Outlook
        Windows and their rates.

    Returns
    -------
    (n_satellites,) float array
        Over the whole run [B].
    """
    contacts = outlook.contacts
    rows = contacts.kind == int(ContactKind.DOWNLINK)
    bits = (shared_s(contacts, fleet.stations) * contacts.rate_bps)[rows]
    carried = np.bincount(
        contacts.source[rows], weights=bits / BITS_PER_BYTE, minlength=fleet.n_satellites
    )
    return np.asarray(carried, dtype=np.float64)


def _compute_time(scenario: Scenario, fleet: Fleet, jobs: Sequence[Job]) -> list[Margin]:
    """Compare the run's hours with the hours its scenes would keep the computer busy."""
    stages = scenario.pipeline.stages
    busy_s = np.zeros(fleet.n_satellites)
    for job in jobs:
        if (computer := fleet.computer(job.origin)) is not None:
            times_s = (stage_time_s(stage, computer, job.area_m2) for stage in stages)
            busy_s[job.origin] += sum(times_s)
    have_h = fleet.buses.slots.astype(np.float64) * scenario.duration_s / S_PER_HOUR
    note = "hours of its computer, against those that all its scenes would keep it busy"
    return tightest(fleet, "compute time", have_h, busy_s / S_PER_HOUR, "h", note)


def _memory(scenario: Scenario, fleet: Fleet) -> list[Margin]:
    """Compare what computers remember with what the largest model takes."""
    stages = scenario.pipeline.stages
    need_gb = max(stage.memory_bytes for stage in stages) / BYTES_PER_GB
    have_gb = [
        (group.computer.memory_bytes, fleet.names[rows.start])
        for group, rows in fleet.spans()
        if group.computer is not None
    ]
    have_gb += [(centre.computer.memory_bytes, centre.name) for centre in scenario.data_centres]
    note = "memory of its computer, against the largest of the models"
    return [
        Margin("memory", have / BYTES_PER_GB, need_gb, "GB", where, note)
        for have, where in have_gb
        if need_gb > 0.0
    ]


def _piled_bytes(fleet: Fleet, outlook: Outlook, jobs: Sequence[Job]) -> Floats:
    """Most raw pixels that pile up between the starts of two downlinks."""
    contacts = outlook.contacts
    piled: Floats = np.zeros(fleet.n_satellites)
    for row in range(fleet.n_satellites):
        mine = (contacts.kind == int(ContactKind.DOWNLINK)) & (contacts.source == row)
        shots = [(job.t_capture_s, job.raw_bytes) for job in jobs if job.origin == row]
        gap = np.searchsorted(np.sort(contacts.t_start_s[mine]), [t_s for t_s, _ in shots])
        if shots:
            piled[row] = float(np.bincount(gap, weights=[size for _, size in shots]).max())
    return piled
