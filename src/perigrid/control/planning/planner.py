"""Receding-horizon planner: a list's plan, improved by small exact programmes, window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from perigrid.control.planning.checker import faults
from perigrid.control.planning.instance import Bools, Instance, Schedule
from perigrid.control.planning.linear import Model, linear_model
from perigrid.control.planning.lists import lookahead
from perigrid.control.planning.remainder import Remainder, remainder
from perigrid.fleet.model import Ints

_BETTER: Final = 1e-6
"""Least gain in value for which a plan is replaced."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the planner may try: counts, no clock, so that a plan is the same every time.

    Parameters
    ----------
    window, stride : int
        Slots of a window and from one to the next.
    cluster : int
        Satellites that are planned together.
    nodes : int
        Branch-and-bound nodes of each programme.
    gap_share : float
        Relative gap at which a programme is good enough.
    """

    window: int = 24
    stride: int = 24
    cluster: int = 5
    nodes: int = 1
    gap_share: float = 2e-3


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and how it came about.

    Parameters
    ----------
    schedule : Schedule
        The plan.
    seed_value : float
        What the list that it began with was worth.
    programmes, replaced : int
        Programmes solved, and how many of them gave a better, checked plan.
    """

    schedule: Schedule
    seed_value: float
    programmes: int
    replaced: int


def plan(instance: Instance, effort: Effort | None = None) -> Planned:
    """Plan a day whose jobs are known when it begins.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    effort : Effort, optional
        How much to try.

    Returns
    -------
    Planned
        Never worth less than the list schedule it begins with: a window's programme replaces its
        part of the plan only if it is worth more and the checker finds no fault in it.

    Notes
    -----
    The windows go forward in time, as they would in flight. In each, jobs that began before it are
    settled, jobs that begin in it are free, and so are jobs without a place; all others keep
    theirs, so batteries, heat and memory hold to the end of the day. HiGHS solves each programme
    within limits on nodes and gap, not on time.
    """
    effort = effort or Effort()
    seeds = [lookahead(instance), lookahead(instance, instance.n_slots)]
    current = max(seeds, key=lambda one: one.value(instance))
    seed_value = current.value(instance)
    tried = replaced = 0
    for first in range(0, instance.n_slots, effort.stride):
        shift = (first // effort.stride) % 2 * (effort.cluster // 2)
        for satellites in _clusters(instance.n_satellites, effort.cluster, shift):
            part = _free_part(instance, current, satellites, first, effort.window)
            better = None if part is None else improve(part, effort)
            tried += part is not None
            if part is not None and better is not None:
                current, replaced = part.merge(current, better), replaced + 1
    return Planned(current, seed_value, tried, replaced)


def _clusters(count: int, size: int, shift: int) -> list[Ints]:
    """Rings of neighbouring satellites."""
    order = (np.arange(count) + shift) % count
    parts = max(1, count // size)
    return [np.sort(part).astype(np.int64) for part in np.array_split(order, parts)]


def _free_part(
    instance: Instance, current: Schedule, satellites: Ints, first: int, window: int
) -> Remainder | None:
    """Take the jobs and satellites of a window; None if no job there lacks a place."""
    work, last = instance.work, first + window
    here = np.isin(current.satellite, satellites) & (current.start >= first)
    placed = here & (current.start < last)
    lacking = (current.start < 0) & (work.deadline > first) & (work.release < last)
    lacking &= np.isin(work.candidate, satellites).any(axis=1)
    part = remainder(instance, current, placed | lacking, satellites, (first, last))
    possible = part.starts.job
    hopeful: Bools = lacking[part.jobs[np.unique(possible)]]
    return part if hopeful.any() else None


def improve(part: Remainder, effort: Effort) -> Schedule | None:
    """Solve a part exactly, within limits.

    Parameters
    ----------
    part : Remainder
        Free jobs on what the others leave.
    effort : Effort
        Limits.

    Returns
    -------
    Schedule or None
        A better schedule of the part that the checker passes; None if none was found.
    """
    model = linear_model(part.instance, part.starts)
    worth = part.kept_value + _BETTER
    found = _solve(model, worth, effort)
    if found is None or found.value(part.instance) < worth or faults(part.instance, found):
        return None
    return found


def _solve(model: Model, worth: float, effort: Effort) -> Schedule | None:
    rows = [
        LinearConstraint(model.matrix, model.low, model.high),
        LinearConstraint(model.value[None, :], worth, np.inf),
    ]
    answer = milp(
        -model.value,
        constraints=rows,
        bounds=Bounds(model.least, model.most),
        integrality=model.whole,
        options={"node_limit": effort.nodes, "mip_rel_gap": effort.gap_share},
    )
    return None if answer.x is None else model.schedule(answer.x)
