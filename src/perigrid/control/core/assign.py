"""The planner: starts of satellites and ways to them; which job takes which start is asked outside.

What is planned, and what for, says :class:`perigrid.control.scheduling.planner.Planner`.
"""

from __future__ import annotations

import numpy as np

from perigrid.control.core.belief import busy_until_s
from perigrid.control.core.curves import HORIZON_S
from perigrid.control.core.forecast import earliest_start
from perigrid.control.core.graph import cost_of, first_of, left_s, stages_ahead
from perigrid.control.core.outside import Answers, Outside, Question, ask_outside
from perigrid.control.core.places import IN, look_around, way_barred
from perigrid.control.core.queues import is_before
from perigrid.control.core.shared import Shared
from perigrid.control.core.views import view_of
from perigrid.control.scheduling.planner import LATE, MOVED_S
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.compiled import part

STAYS = -1
"""In place of a satellite: a job is not moved."""

_ASSIGN = int(Question.ASSIGN)
_HORIZON_S = HORIZON_S


@part
def plan(c: Shared) -> None:
    """Say to which satellites jobs that wait should be moved.

    Parameters
    ----------
    c : Shared
        Its ``planned`` gets the jobs, those due first first, and where they shall go.
    """
    con, count, kept = c.con[0], _first_due(c), 0
    con.planned = 0
    if count == 0:
        return
    for node in range(con.n_satellites):
        _list_starts(c, node, c.planned[0, 0])
    for k in range(count):
        _list_ways(c, k, c.planned[0, k])
    if ask_outside(c, _ASSIGN, count) != 0:
        return
    for k in range(count):
        if c.planned[1, k] >= 0:
            c.planned[0, kept], c.planned[1, kept] = c.planned[0, k], c.planned[1, k]
            kept += 1
    con.planned = kept


@part
def _first_due(c: Shared) -> int:
    """List the jobs that wait for a satellite and are due first; how many."""
    count, most = 0, c.planned.shape[1]
    for node in range(c.con[0].n_satellites):
        job = c.satellites[node].queue_first
        while job >= 0:
            if c.jobs[job].draft < 0 and c.jobs[job].coming == 0:
                count = _put(c, job, count, most)
            job = c.jobs[job].queue_next
    return count


@part
def _put(c: Shared, job: int, count: int, most: int) -> int:
    """Put a job among those listed, of which the last may have to go; how many there are then."""
    key_s, jobs = c.jobs[job].key_s, c.planned[0]
    if count == most:
        if not is_before(c, key_s, job, jobs[most - 1]):
            return count
        count -= 1
    place = count
    while place > 0 and is_before(c, key_s, job, jobs[place - 1]):
        jobs[place] = jobs[place - 1]
        place -= 1
    jobs[place] = job
    return count + 1


@part
def _list_starts(c: Shared, node: int, job: int) -> None:
    """List starts that follow each other on a satellite; infinity where none is borne.

    The plan is made on the ground.
    """
    starts_s, now_s = c.starts_s[node], c.con[0].t_s
    for slot in range(len(starts_s)):
        starts_s[slot] = np.inf
    if c.satellites[node].computes == 0:
        return
    load = cost_of(c, job, first_of(stages_ahead(c, job)), node)
    free_s, row = max(now_s, busy_until_s(c, node)), view_of(c, c.con[0].n_satellites, node)
    for slot in range(len(starts_s)):
        start_s, _ = earliest_start(c, row, free_s, load, slot * load.all_j)
        if start_s == np.inf or start_s > now_s + _HORIZON_S:
            return
        starts_s[slot], free_s = start_s, start_s + load.all_s


@part
def _list_ways(c: Shared, k: int, job: int) -> None:
    """Say when a job's pixels could be on each satellite, and what would be left to do there."""
    there_s, work_s, source = c.ways_s[0, k], c.ways_s[1, k], c.jobs[job].queue
    reached, ahead = look_around(c, job, source), stages_ahead(c, job)
    for node in range(c.con[0].n_satellites):
        there_s[node], work_s[node] = np.inf, 0.0
        index = c.nodes[node].index
        if c.satellites[node].computes == 0:
            continue
        work_s[node] = left_s(c, job, ahead, node)
        if not reached or index < 0 or node == source or not c.here.arrival_s[index] < np.inf:
            continue
        if way_barred(c, job, source, node) == IN:
            there_s[node] = c.here.arrival_s[index]
    there_s[source] = c.con[0].t_s


class Assigner:
    """Answers a core which jobs go to which satellites."""

    outside: Outside
    """Shows the core."""

    @property
    def answers(self) -> Answers:
        """By question."""
        return {Question.ASSIGN: self._assign}

    def _assign(self, count: int) -> int:
        """Note beside the jobs that are listed where they shall go."""
        core = self.outside.core
        waiting = core.jobs[core.planned[0, :count]]
        core.planned[1, :count] = assigned(
            core.starts_s, core.ways_s[0, :count], core.ways_s[1, :count],
            core.latest_s[waiting["latest"]], waiting["queue"], float(core.con["t_s"][0]),
        )  # fmt: skip
        return 0


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
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  slow to import; few plan

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
