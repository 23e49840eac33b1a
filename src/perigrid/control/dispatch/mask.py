"""Satellites that a rule forbids: asked of the gate before the flight, once for each kind."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Compute, Move
from perigrid.control.dispatch.arrays import Bytes
from perigrid.control.policy.gate import NOTHING, Gate
from perigrid.control.policy.request import RAW
from perigrid.control.policy.verdicts import ALLOW
from perigrid.fleet.model import Fleet


def forbidden_mask(gate: Gate, fleet: Fleet) -> Bytes:
    """Tell which satellites may not have the jobs' data or work on it.

    Parameters
    ----------
    gate : Gate
        The rules; it learns of one job's data from each ground node.
    fleet : Fleet
        Operators and countries.

    Returns
    -------
    (n_satellites,) uint8 array
        1 where a rule denies moving raw data of any ground node to it or computing there, at any
        time, or leaves that to a person: nobody is asked about one job among a million.
    """
    probes = [_data_of(number, row, fleet) for number, row in enumerate(fleet.stations or (0,))]
    gate.learn([Captured(0.0, probe) for probe in probes])
    mask = np.zeros(fleet.n_satellites, dtype=np.uint8)
    scenes = [gate.custody.scene(probe.job_id, RAW) or NOTHING for probe in probes]
    times_s = sorted({0, *(turn for scene in scenes for turn in gate.policies.turns_s(scene))})
    known: dict[str, bool] = {}
    for row in range(fleet.n_satellites):
        kind = gate.place_name(row)
        if kind not in known:
            known[kind] = any(
                _is_closed(gate, probe.job_id, row, t_s) for probe in probes for t_s in times_s
            )
        mask[row] = known[kind]
    return mask


def unasked(mask: Bytes) -> tuple[str, ...]:
    """Say what a flight does not ask the rules about, where they close some satellites.

    Parameters
    ----------
    mask : (n_satellites,) uint8 array
        From :func:`forbidden_mask`.

    Returns
    -------
    tuple of str
        A warning, or nothing.
    """
    closed = int(mask.sum())
    if closed in (0, len(mask)):
        return ()
    return (
        f"rules close {closed} of {len(mask)} satellites: no job is computed there, but its data "
        "may cross them on their way, which a flight does not ask about; compare does",
    )


def _is_closed(gate: Gate, job_id: int, row: int, t_s: float) -> bool:
    wanted = (
        Move(job_id, Product.RAW, row, row, (), ""),
        Compute(job_id, row, "", ""),
    )
    return any(gate.judge(one, t_s=t_s).decision != ALLOW for one in wanted)


def _data_of(number: int, row: int, fleet: Fleet) -> Job:
    """Stand for the data that come from a ground node; only place and holder are ever asked."""
    latitude_rad, longitude_rad = float(fleet.latitude_rad[row]), float(fleet.longitude_rad[row])
    return Job(number, row, 0.0, np.inf, 0.0, 0.0, latitude_rad, longitude_rad, 0, 0)
