"""An exact plan of a few jobs, for decisions in flight: most value first, then the earliest."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from perigrid.control.planning.checker import faults
from perigrid.control.planning.instance import Instance, Schedule, empty_schedule
from perigrid.control.planning.linear import linear_model
from perigrid.control.planning.lists import lookahead
from perigrid.control.planning.starts import Starts

_NODES: Final = 50
_LATE: Final = 1e-3
"""What starting a slot later costs, in values: too little to give up a job for."""


def assign(instance: Instance, starts: Starts) -> Schedule:
    """Choose among given starts.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    starts : Starts
        The only ones allowed, in all schedules.

    Returns
    -------
    Schedule
        A list plan, or a plan of HiGHS that is better: worth more, or as much and earlier. It
        passes the checker.
    """
    seed = _allowed(lookahead(instance), starts)
    if len(starts) == 0:
        return seed
    model = linear_model(instance, starts)
    value = model.value.copy()
    value[: len(starts)] -= _LATE * starts.slot
    answer = milp(
        -value,
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        bounds=Bounds(model.least, model.most),
        integrality=model.whole,
        options={"node_limit": _NODES},
    )
    if answer.x is None:
        return seed
    found = model.schedule(np.asarray(answer.x))
    worse = _worth(instance, found) <= _worth(instance, seed)
    return seed if worse or faults(instance, found) else found


def _worth(instance: Instance, schedule: Schedule) -> float:
    return schedule.value(instance) - _LATE * float(schedule.start[schedule.placed].sum())


def _allowed(schedule: Schedule, starts: Starts) -> Schedule:
    """Drop from a list plan what is not among the starts; dropping never breaks a limit."""
    allowed = set(
        zip(starts.job.tolist(), starts.satellite.tolist(), starts.slot.tolist(), strict=True)
    )
    kept = empty_schedule(len(schedule.start))
    for job in schedule.placed:
        if (int(job), int(schedule.satellite[job]), int(schedule.start[job])) in allowed:
            kept.satellite[job] = schedule.satellite[job]
            kept.start[job], kept.sent[job] = schedule.start[job], schedule.sent[job]
    return kept
