"""What will fail in a run, and when: drawn before it from seeded processes.

Only the world reads the schedule. The decision core hears of a fault when it shows, as an operator
would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.fleet.radiation import ENDS_A_JOB, group_exposure
from perigrid.physics.radiation.checkpoints import daly_interval_s, young_interval_s
from perigrid.physics.radiation.devices import FaultClass, device_named
from perigrid.physics.radiation.faults import fault_rates, mean_time_between_s, sample_faults
from perigrid.scenario.faults import Faults
from perigrid.scenario.model import Scenario

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOBODY: Final = -1
"""In place of the other end of a contact."""

LASER_KINDS: Final = (int(ContactKind.CROSSLINK), int(ContactKind.RELAY))


class FaultKind(IntEnum):
    """What a fault is."""

    CRASH = 0  # a computer resets; its satellite is away until the end, storage kept
    LOSS = 1  # a satellite is gone for good, and what it stores
    STATION = 2  # a ground station is out of order
    WEATHER = 3  # a ground station is closed by weather
    ACQUISITION = 4  # a laser contact never locks
    CORRUPTION = 5  # a computer's results go wrong at an instant, without a sign


@dataclass(frozen=True, slots=True)
class FaultSchedule:
    """Faults in the order in which they begin, then by kind and node.

    Parameters
    ----------
    kind : (n,) int8 array
        :class:`FaultKind`.
    node, other : (n,) int64 array
        Fleet rows; ``other`` is the far end of a laser contact, else :data:`NOBODY`.
    t_start_s, t_end_s : (n,) float64 array
        When it begins and is over; infinity for a loss, the contact's window for an acquisition
        that fails, the same instant twice for a corruption [s].
    detected : (n,) bool array
        Whether a check of the results finds it; true for all but some corruptions.
    """

    kind: npt.NDArray[np.int8]
    node: Ints
    other: Ints
    t_start_s: Floats
    t_end_s: Floats
    detected: Bools

    def __len__(self) -> int:
        return len(self.kind)


def draw_faults(
    scenario: Scenario, fleet: Fleet, outlook: Outlook | None, rng: np.random.Generator
) -> FaultSchedule:
    """Draw everything that fails until the end of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Mean times and shares.
    fleet : Fleet
        Satellites and ground stations.
    outlook : Outlook or None
        Orbits for radiation, and laser contacts; without it no contact fails to lock.
    rng : numpy.random.Generator
        Each kind of fault, and within it each node, gets its own stream spawned from this: what is
        switched off leaves the others' draws unchanged, and a longer run begins like a shorter.

    Returns
    -------
    FaultSchedule
        Empty if the scenario says nothing of faults. Faults of a satellite that is lost by then
        are still listed.

    Raises
    ------
    ValueError
        If faults are wanted from the radiation along orbits and there is no outlook.

    Notes
    -----
    Crashes, outages and weather alternate with exponential times of work; a node that is away does
    not fail again in the same way. Losses and corruption are Poisson processes.
    """
    faults = scenario.faults
    if faults is None:
        return _schedule([])
    streams = dict(zip(FaultKind, rng.spawn(len(FaultKind)), strict=True))
    until_s = scenario.duration_s
    satellites = np.arange(fleet.n_satellites, dtype=np.int64)
    stations = np.array(sorted(fleet.stations), dtype=np.int64)
    losses = _first_s(satellites, faults.loss_between_s, until_s, streams[FaultKind.LOSS])
    parts = [
        *_radiation(scenario, fleet, outlook, streams),
        _part(FaultKind.LOSS, *losses, np.inf),
        _part(
            FaultKind.STATION,
            *_stays(stations, faults.station_between_s, faults.station_repair_s, until_s,
                    streams[FaultKind.STATION]),
        ),
        _part(
            FaultKind.WEATHER,
            *_stays(stations, faults.weather_between_s, faults.weather_lasts_s, until_s,
                    streams[FaultKind.WEATHER]),
        ),
    ]  # fmt: skip
    if outlook is not None and faults.acquisition_failure_share > 0.0:
        share, stream = faults.acquisition_failure_share, streams[FaultKind.ACQUISITION]
        parts.append(_acquisitions(outlook.contacts, share, stream))
    return _schedule(parts)


def crash_between_s(scenario: Scenario, fleet: Fleet, outlook: Outlook | None) -> Floats:
    """Mean time between crashes of each satellite's computer.

    Parameters
    ----------
    scenario, fleet, outlook
        As in :func:`draw_faults`.

    Returns
    -------
    (n_satellites,) float array
        Infinite where there are none [s].

    Raises
    ------
    ValueError
        As in :func:`draw_faults`.
    """
    faults = scenario.faults
    if faults is not None and faults.from_radiation:
        rate_s, t_s = _rates(scenario, fleet, outlook)
        return mean_time_between_s(rate_s[list(ENDS_A_JOB)].sum(axis=0), t_s)
    between_s = 0.0 if faults is None else faults.crash_between_s
    return np.full(fleet.n_satellites, between_s if between_s > 0.0 else np.inf)


def checkpoint_intervals_s(scenario: Scenario, fleet: Fleet, outlook: Outlook | None) -> Floats:
    """Work between two checkpoints on each satellite, by the scenario's policy.

    Parameters
    ----------
    scenario, fleet, outlook
        As in :func:`draw_faults`.

    Returns
    -------
    (n_satellites,) float array
        Infinite where nothing is saved [s].
    """
    recovery = scenario.recovery
    if scenario.faults is None or recovery.checkpoints == "none":
        return np.full(fleet.n_satellites, np.inf)
    if recovery.checkpoints == "fixed":
        return np.full(fleet.n_satellites, recovery.checkpoint_every_s)
    between_s = crash_between_s(scenario, fleet, outlook)
    best = young_interval_s if recovery.checkpoints == "young" else daly_interval_s
    return best(recovery.save_s, between_s)


# ---------------------------------------------------------------------- the processes


def _radiation(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook | None,
    streams: dict[FaultKind, np.random.Generator],
) -> Iterable[FaultSchedule]:
    """Crashes and corruption of computers, along the orbit or by their mean times."""
    faults, until_s = scenario.faults, scenario.duration_s
    assert faults is not None  # noqa: S101  the caller has looked
    crash, corruption = streams[FaultKind.CRASH], streams[FaultKind.CORRUPTION]
    rows = np.arange(fleet.n_satellites, dtype=np.int64)
    if faults.from_radiation:
        rate_s, t_s = _rates(scenario, fleet, outlook)
        ends = rate_s[list(ENDS_A_JOB)].sum(axis=0, keepdims=True)
        begun = sample_faults(ends, t_s, crash)
        lasts_s = crash.exponential(faults.crash_repair_s, len(begun))
        yield _apart(begun.satellite, begun.t_s, lasts_s)
        silent = sample_faults(rate_s[[FaultClass.SILENT]], t_s, corruption)
        yield _corruptions(silent.satellite, silent.t_s, faults, corruption)
        return
    yield _part(
        FaultKind.CRASH,
        *_stays(rows, faults.crash_between_s, faults.crash_repair_s, until_s, crash),
    )
    node, t_s, _ = _stays(rows, faults.corruption_between_s, 0.0, until_s, corruption)
    yield _corruptions(node, t_s, faults, corruption)


def _rates(scenario: Scenario, fleet: Fleet, outlook: Outlook | None) -> tuple[Floats, Floats]:
    """Rate of each class of fault along the orbits, and the times they stand for."""
    if outlook is None:
        raise ValueError("faults from radiation need an outlook: where the satellites are")
    rate_s = np.zeros((len(FaultClass), fleet.n_satellites, len(outlook.t_s)))
    for group, rows in fleet.spans():
        exposed = group_exposure(group, outlook, rows, scenario.start)
        if exposed is not None and group.radiation is not None:
            rate_s[:, rows] = fault_rates(device_named(group.radiation.device), exposed)
    return rate_s, outlook.t_s


def _stays(
    nodes: Ints, between_s: float, lasts_s: float, until_s: float, rng: np.random.Generator
) -> tuple[Ints, Floats, Floats]:
    """Node, begin and end of stays away that alternate with times of work."""
    if between_s <= 0.0 or len(nodes) == 0:
        return _no_ints(), np.zeros(0), np.zeros(0)
    node: list[int] = []
    begin_s: list[float] = []
    end_s: list[float] = []
    for row, stream in zip(nodes.tolist(), rng.spawn(len(nodes)), strict=True):
        t_s = stream.exponential(between_s)
        while t_s < until_s:
            over_s = t_s + stream.exponential(lasts_s)
            node.append(row)
            begin_s.append(t_s)
            end_s.append(over_s)
            t_s = over_s + stream.exponential(between_s)
    return np.array(node, dtype=np.int64), np.array(begin_s), np.array(end_s)


def _first_s(
    nodes: Ints, between_s: float, until_s: float, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Nodes that a Poisson process strikes before the end, and when it first does."""
    if between_s <= 0.0:
        return _no_ints(), np.zeros(0)
    t_s = rng.exponential(between_s, len(nodes))
    struck = t_s < until_s
    return nodes[struck], t_s[struck]


def _apart(node: Ints, t_s: Floats, lasts_s: Floats) -> FaultSchedule:
    """Crashes without those that strike a satellite still away from the one before."""
    away_s: dict[int, float] = {}
    kept = np.zeros(len(node), dtype=np.bool_)
    for place in np.argsort(t_s, kind="stable").tolist():
        row, begin_s = int(node[place]), float(t_s[place])
        if begin_s >= away_s.get(row, -np.inf):
            kept[place] = True
            away_s[row] = begin_s + float(lasts_s[place])
    return _part(FaultKind.CRASH, node[kept], t_s[kept], (t_s + lasts_s)[kept])


def _corruptions(
    node: Ints, t_s: Floats, faults: Faults, rng: np.random.Generator
) -> FaultSchedule:
    """Corruptions, and whether a check finds them."""
    detected = rng.random(len(node)) < faults.detected_share
    return _part(FaultKind.CORRUPTION, node, t_s, t_s, detected=detected)


def _acquisitions(contacts: Contacts, share: float, rng: np.random.Generator) -> FaultSchedule:
    """Laser contacts that never lock; both directions of a crosslink lock or fail as one."""
    rows = np.flatnonzero(np.isin(contacts.kind, LASER_KINDS))
    ends = np.sort(np.stack([contacts.source[rows], contacts.target[rows]]), axis=0)
    times = np.stack([contacts.t_start_s[rows], contacts.t_end_s[rows]])
    windows = np.unique(np.vstack([times, ends]), axis=1) if len(rows) else np.zeros((4, 0))
    failed = windows[:, rng.random(windows.shape[1]) < share]
    node, other = failed[2].astype(np.int64), failed[3].astype(np.int64)
    return _part(FaultKind.ACQUISITION, node, failed[0], failed[1], other=other)


# ---------------------------------------------------------------------- the table


def _no_ints() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _part(
    kind: FaultKind,
    node: Ints,
    t_start_s: Floats,
    t_end_s: Floats | float,
    *,
    other: Ints | None = None,
    detected: Bools | None = None,
) -> FaultSchedule:
    """Faults of one kind."""
    n = len(node)
    return FaultSchedule(
        kind=np.full(n, int(kind), dtype=np.int8),
        node=node.astype(np.int64),
        other=np.full(n, NOBODY, dtype=np.int64) if other is None else other,
        t_start_s=np.asarray(t_start_s, dtype=np.float64),
        t_end_s=np.broadcast_to(np.asarray(t_end_s, dtype=np.float64), (n,)),
        detected=np.ones(n, dtype=np.bool_) if detected is None else detected,
    )


def _schedule(parts: list[FaultSchedule]) -> FaultSchedule:
    """All parts as one, in order."""
    nothing = _part(FaultKind.CRASH, _no_ints(), np.zeros(0), np.zeros(0))
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in [nothing, *parts]])
        for field in fields(FaultSchedule)
    }
    order = np.lexsort((columns["node"], columns["kind"], columns["t_start_s"]))
    return FaultSchedule(**{name: column[order] for name, column in columns.items()})
