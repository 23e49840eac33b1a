"""Receding horizon: all jobs that wait are planned together, anew with every telemetry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from perigrid.base.messages import Action
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.forecast import HORIZON_S
from perigrid.control.scheduling.lookahead import Lookahead
from perigrid.control.scheduling.places import NEVER_S, Place
from perigrid.fleet.model import Floats, Ints

MOST_JOBS: Final = 400
"""Jobs planned together: those due first; the others wait for their turn (assumed)."""

MOST_SLOTS: Final = 32
"""Starts after each other on one satellite that are planned (assumed)."""

LATE: Final = 1e6
"""What a job that is not in time costs: more than all waiting of the others. [s]"""

MOVED_S: Final = 60.0
"""What moving pixels has to save at least (assumed). [s]"""

STAYS: Final = -1
"""In place of a satellite: a job is not moved."""


class Planner(Lookahead):
    """Plans the jobs that wait so that most of them are in time.

    Notes
    -----
    Starts on each satellite follow each other by the work of a kept scene, the first when it is
    free, each as soon as the guarded forecast bears it after those before. Which job takes which
    start is an assignment problem: most jobs in time, then the least waiting; it is solved exactly.
    Only where a job waits is carried out: a satellite that is free begins what is due first.
    """

    def __init__(self) -> None:
        super().__init__()
        self._planned: dict[int, int] = {}  # satellites that jobs are to be moved to

    def _balance(
        self, freed: Sequence[int], answers: dict[int, Action], belief: Belief
    ) -> Iterator[Action]:
        if not belief.may_migrate:
            return
        if belief.telemetry is not self._told:
            self._planned = self._plan(answers, belief)
        for job_id, node in list(self._planned.items()):
            one = self._held.get(job_id)
            if one is None or job_id in self._coming_s:
                del self._planned[job_id]
            elif job_id not in answers and (route := belief.reached(one.job, one.node).get(node)):
                place = self._timed(one, node, route, belief)
                if not self._way_barred(one, place, belief):
                    yield self._move(one, place, belief, ())
        yield from super()._balance(freed, answers, belief)

    def _plan(self, answers: dict[int, Action], belief: Belief) -> dict[int, int]:
        """Say to which satellites jobs should be moved."""
        held = [self._held[job_id] for job_id in self._held.keys() - answers.keys()]
        jobs = [one for one in held if one.job.job_id not in self._coming_s]
        jobs = sorted(jobs, key=lambda one: self._key(one, one.node))[:MOST_JOBS]
        if not jobs:
            return {}
        nodes = range(len(belief.busy_until_s))
        places = assigned(
            np.array([self._starts(node, jobs[0], belief) for node in nodes]),
            np.array([self._there_s(one, belief) for one in jobs]),
            np.array([[belief.left_s(one, node) for node in nodes] for one in jobs]),
            np.array([self._done_s[one.job.job_id] for one in jobs]),
            np.array([one.node for one in jobs]),
            belief.t_s,
        )
        return {
            one.job.job_id: int(place)
            for one, place in zip(jobs, places, strict=True)
            if place != STAYS
        }

    def _starts(self, node: int, one: Ready, belief: Belief) -> list[float]:
        """List starts that follow each other on a satellite; infinity where none is borne."""
        starts = [NEVER_S] * MOST_SLOTS
        load, work = belief.load(one, node), belief.work(node, one.job)
        free_s = max(belief.t_s, float(belief.busy_until_s[node]))
        for slot in range(MOST_SLOTS if belief.computes(node) else 0):
            start_s, _ = self.guard.earliest_start(node, free_s, load, slot * work.energy_j)
            if start_s is None or start_s > belief.t_s + HORIZON_S:
                break
            starts[slot], free_s = start_s, start_s + work.work_s
        return starts

    def _there_s(self, one: Ready, belief: Belief) -> Floats:
        """Say when a job's pixels could be on each satellite."""
        there_s = np.full(len(belief.busy_until_s), np.inf)
        for node, route in belief.reached(one.job, one.node).items():
            if not self._way_barred(one, Place(node, 0.0, None, route), belief):
                there_s[node] = route.t_arrival_s
        there_s[one.node] = belief.t_s
        return there_s


def assigned(
    start_s: Floats, there_s: Floats, left_s: Floats, latest_s: Floats, home: Ints, now_s: float
) -> Ints:
    """Say which jobs should be moved, so that most are in time and then the least is waited.

    Parameters
    ----------
    start_s : (n_satellites, n_starts) float array
        Starts that follow each other on each satellite; infinity for none [s].
    there_s, left_s, latest_s : (n_jobs, n_satellites) float array
        When pixels could be there, what is left to do there, and when that must be done [s].
    home : (n_jobs,) int array
        Fleet rows of the satellites that have the pixels.
    now_s : float
        Now [s].

    Returns
    -------
    (n_jobs,) int array
        Fleet row of the satellite to move to; :data:`STAYS` for none.
    """
    cost = np.array(
        [
            _cost(start_s, there_s[k], left_s[k], latest_s[k], int(node), now_s)
            for k, node in enumerate(home)
        ]
    )
    rows, columns = linear_sum_assignment(cost)
    nodes = columns // start_s.shape[1]
    moved = (cost[rows, columns] < LATE) & (nodes != home[rows])
    found: Ints = np.full(len(home), STAYS, dtype=np.int64)
    found[rows[moved]] = nodes[moved]
    return found


def _cost(
    start_s: Floats, there_s: Floats, left_s: Floats, latest_s: Floats, home: int, now_s: float
) -> Floats:
    """Say what each start costs a job, satellite by satellite."""
    done_s = start_s + left_s[:, None]
    in_time = (start_s >= there_s[:, None]) & (done_s <= latest_s[:, None])
    moved_s = np.where(np.arange(len(start_s)) == home, 0.0, MOVED_S)[:, None]
    waits_s = np.where(np.isfinite(start_s), start_s, 0.0) - now_s + moved_s
    return np.where(in_time, waits_s, LATE).ravel()
