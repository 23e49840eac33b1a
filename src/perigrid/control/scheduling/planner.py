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
from perigrid.fleet.model import Floats

MOST_JOBS: Final = 400
"""Jobs planned together: those due first; the others wait for their turn (assumed)."""

MOST_SLOTS: Final = 32
"""Starts after each other on one satellite that are planned (assumed)."""

LATE: Final = 1e6
"""What a job that is not in time costs: more than all waiting of the others. [s]"""

MOVED_S: Final = 60.0
"""What moving pixels has to save at least (assumed). [s]"""


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
        start_s = np.array(
            [self._starts(n, jobs[0], belief) for n in range(len(belief.busy_until_s))]
        )
        cost = np.array([self._cost(one, start_s, belief) for one in jobs])
        rows, columns = linear_sum_assignment(cost)
        return {
            jobs[row].job.job_id: int(column) // start_s.shape[1]
            for row, column in zip(rows, columns, strict=True)
            if cost[row, column] < LATE and column // start_s.shape[1] != jobs[row].node
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

    def _cost(self, one: Ready, start_s: Floats, belief: Belief) -> Floats:
        """Say what each start costs a job, satellite by satellite."""
        there_s = np.full((len(start_s), 1), np.inf)
        for node, route in belief.reached(one.job, one.node).items():
            if not self._way_barred(one, Place(node, 0.0, None, route), belief):
                there_s[node] = route.t_arrival_s
        there_s[one.node] = belief.t_s
        left_s = np.array([[belief.left_s(one, node)] for node in range(len(start_s))])
        done_s = start_s + left_s
        in_time = (start_s >= there_s) & (done_s <= self._done_s[one.job.job_id][:, None])
        moved_s = np.where(np.arange(len(start_s)) == one.node, 0.0, MOVED_S)[:, None]
        waits_s = np.where(np.isfinite(start_s), start_s, 0.0) - belief.t_s + moved_s
        return np.where(in_time, waits_s, LATE).ravel()
