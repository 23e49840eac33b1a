"""The built-in schedulers: what waits begins in order of deadlines, where and when limits allow.

There is one queue for each satellite: what waits begins in order of deadlines, when limits allow
(:class:`perigrid.control.scheduling.built_in.BuiltIn`). Answers are drafts of decisions.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.alternatives import best_place, tell_lost
from perigrid.control.core.answers import compute, give_up, is_here, move, wait
from perigrid.control.core.assign import plan
from perigrid.control.core.belief import give, is_free
from perigrid.control.core.codes import RETRY_S, SOON_S, Lost, Why
from perigrid.control.core.drafts import draft, found_words
from perigrid.control.core.forecast import NO_CAUSE
from perigrid.control.core.graph import cost_of, first_of, left_s, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.outside import Question, ask_outside
from perigrid.control.core.places import (
    IN,
    add_ground,
    add_home,
    add_others,
    barred,
    blank_place,
    is_late,
    is_quick,
    look_around,
    may_leave,
    way_barred,
)
from perigrid.control.core.queues import forget, forget_latest, hold, is_overdue, judge_latest
from perigrid.control.core.shared import Shared
from perigrid.control.core.views import view_of
from perigrid.control.scheduling.built_in import Plan
from perigrid.physics.compiled import part

_COMPUTE, _WAIT = int(ActionKind.COMPUTE), int(ActionKind.WAIT)
_FIFO, _EDF, _PLANNER, _PLUG_IN = (
    int(Plan.FIFO), int(Plan.EDF), int(Plan.PLANNER), int(Plan.PLUG_IN)
)  # fmt: skip
_CHOOSE = int(Question.CHOOSE)
_MYOPIC, _DUE, _AT_ONCE = int(Why.MYOPIC), int(Why.DUE), int(Why.AT_ONCE)
_NO_HOST, _GIVEN = int(Why.NO_HOST_NOW), int(Lost.LINK_GIVEN)
_BUSY, _LINK = CAUSES.index(Cause.COMPUTE), CAUSES.index(Cause.LINK)
_CONTACT = CAUSES.index(Cause.CONTACT)
_SOON_S, _RETRY_S = SOON_S, RETRY_S


@part
def choose(c: Shared) -> None:
    """Answer every job that asks with a draft, and those whose wait is over.

    Parameters
    ----------
    c : Shared
        Jobs that ask are its ``ready``, satellites with news its ``freed``; ``drafts`` are filled.
    """
    con = c.con[0]
    con.drafts = 0
    con.batch += 1
    if con.scheduler == _PLUG_IN:
        ask_outside(c, _CHOOSE, con.ready)
    elif con.scheduler == _FIFO:
        for k in range(con.ready):
            _begin_at_once(c, c.ready[k])
    else:
        for k in range(con.ready):
            forget(c, c.ready[k])
        _answer_ready(c)
        if con.may_migrate > 0 and con.scheduler == _PLANNER:
            _follow_plan(c)
        if con.may_migrate > 0 and con.scheduler != _EDF:
            _balance(c)
    for k in range(con.drafts):
        c.jobs[c.drafts[k].job].draft = -1


@part
def _begin_at_once(c: Shared, job: int) -> None:
    """First in, first out."""
    node, k = c.jobs[job].holder, first_of(stages_ahead(c, job))
    give(c, job, node, cost_of(c, job, k, node).work_s)
    row = draft(c, job, _COMPUTE)
    c.drafts[row].source, c.drafts[row].stage, c.drafts[row].why = node, k, _MYOPIC
    if c.jobs[job].last >= 0:
        found_words(c, c.drafts, row)


@part
def _answer_ready(c: Shared) -> None:
    con, jobs = c.con[0], c.jobs
    first_asked = _sorted_ready(c)
    for k in range(con.ready):
        _at_once(c, c.ready[first_asked + k])
    for k in range(con.ready):
        job = c.ready[first_asked + k]
        if jobs[job].draft < 0 and is_here(c, job):
            hold(c, job, jobs[job].holder)
    for k in range(con.ready):
        _begin_next(c, jobs[c.ready[k]].holder)
    for k in range(con.freed):
        _begin_next(c, c.freed[k])
    for k in range(con.ready):
        job = c.ready[first_asked + k]
        if jobs[job].draft < 0:
            _unbegun(c, job)


@part
def _sorted_ready(c: Shared) -> int:
    """Copy the jobs that ask behind themselves, those due first first; where the copy begins."""
    count, jobs = c.con[0].ready, c.jobs
    for k in range(count):
        job, place = c.ready[k], count + k
        while place > count:
            other = c.ready[place - 1]
            due_s, other_s = jobs[job].deadline_s, jobs[other].deadline_s
            if other_s < due_s or (other_s == due_s and other < job):
                break
            c.ready[place] = other
            place -= 1
        c.ready[place] = job
    return int(count)


# ------------------------------------------------------------------ beginning


@part
def _at_once(c: Shared, job: int) -> None:
    """Begin a job that no other waits beside, if no other place would do it sooner."""
    before, node = c.filled[2], c.jobs[job].holder
    if _weighed(c, job):
        return
    now_s, here = c.con[0].t_s, c.satellites[node]
    alone = is_here(c, job) and is_free(c, node) and here.queued == 0
    ends_s = now_s + left_s(c, job, stages_ahead(c, job), node)
    if alone and ends_s <= c.jobs[job].deadline_s and barred(c, job, node) == NO_CAUSE:
        compute(c, job, node, before, _AT_ONCE)
    else:
        c.filled[2] = before


@part
def _begin_next(c: Shared, node: int) -> None:
    """Give a free computer what waits for it and is due first, and give up what is too late."""
    if c.satellites[node].listed == c.con[0].batch:
        return
    c.satellites[node].listed = c.con[0].batch
    job = c.satellites[node].queue_first
    while job >= 0 and is_free(c, node):
        following = c.jobs[job].queue_next
        if c.jobs[job].coming > 0:
            if is_overdue(c, job):
                forget(c, job)
        elif is_late(c, job, node, c.con[0].t_s):
            _rescue(c, job, node)
        elif barred(c, job, node) != NO_CAUSE:  # what is due later takes no less
            return
        else:
            compute(c, job, node, c.filled[2], _DUE)
        job = following


@part
def _rescue(c: Shared, job: int, node: int) -> None:
    """Move a job whose answer would be too late from here, or give it up."""
    c.con[0].places = 0
    home = blank_place(c, node, 1)
    c.places[home].start_s, c.places[home].cause = c.con[0].t_s, _CONTACT
    for row in range(add_others(c, job, home), c.con[0].places):
        place = c.places[row]
        if place.out == IN and place.insight_s <= c.jobs[job].deadline_s:
            move(c, job, row, -1, c.filled[2])
            return
    give_up(c, job)


@part
def _unbegun(c: Shared, job: int) -> None:
    """Find another place for a job that does not begin at once, or let it wait."""
    node, before = c.jobs[job].holder, c.filled[2]
    if not is_here(c, job):
        _abroad(c, job)
        return
    if c.con[0].t_s + left_s(c, job, stages_ahead(c, job), node) > c.jobs[job].deadline_s:
        give_up(c, job)
        return
    c.con[0].places = 0
    if node == c.jobs[job].origin and may_leave(c, job) and c.con[0].scheduler != _EDF:
        home = add_home(c, job, node)
        first = add_others(c, job, home)
        best = best_place(c, home)
        if c.con[0].places > first:
            tell_lost(c, job, 0, best)
        if best != home:
            move(c, job, best, -1, before)
            return
    if is_quick(c, job) and barred(c, job, node) == NO_CAUSE:
        compute(c, job, node, before, _AT_ONCE)
    else:
        wait(c, job, node, before)


@part
def _abroad(c: Shared, job: int) -> None:
    """Find a satellite for a job that may not be computed where it is."""
    before, now_s = c.filled[2], c.con[0].t_s
    judge_latest(c, job)
    c.con[0].places = 0
    home = blank_place(c, c.jobs[job].holder, 1)
    first = add_others(c, job, home)
    best = best_place(c, home)
    tell_lost(c, job, first, best)
    if best != home:
        move(c, job, best, -1, before)
        return
    forget_latest(c, job)
    given, cause = False, _CONTACT
    for row in range(first, c.con[0].places):
        given = given or c.places[row].out == _GIVEN
    if c.con[0].places > first:
        cause = c.places[first].cause if c.places[first].cause != NO_CAUSE else _BUSY
    row = draft(c, job, _WAIT)
    new = c.drafts[row]
    new.until_s = now_s + (_SOON_S if given else _RETRY_S)
    new.cause, new.why = _LINK if given else cause, _NO_HOST
    new.first_other, new.others = before, c.filled[2] - before


@part
def _weighed(c: Shared, job: int) -> bool:
    """Send pixels on though their satellite is free, where an answer may come sooner so."""
    node, before = c.jobs[job].holder, c.filled[2]
    if c.con[0].weighs_all == 0 or node != c.jobs[job].origin:
        return False
    judge_latest(c, job)
    c.con[0].places = 0
    home = add_home(c, job, node) if is_here(c, job) else blank_place(c, node, 1)
    add_others(c, job, home)
    ground, way = c.con[0].places, add_ground(c, job, node)
    best = best_place(c, home)
    tell_lost(c, job, 0, best)
    if best == home:
        return False
    move(c, job, best, way if best == ground else -1, before)
    return True


# ------------------------------------------------------------------ balance


@part
def _balance(c: Shared) -> None:
    """Send jobs that wait to satellites that have nothing to do."""
    con, idle = c.con[0], False
    if con.balanced != con.reports:  # links and limits may have changed
        con.balanced = con.reports
        c.near[:] = np.uint64(0)
        for node in range(con.n_satellites):
            idle = idle or _is_idle(c, node)
        if idle:
            for node in range(con.n_satellites):
                _hand_over(c, node)
        return
    for k in range(con.freed):
        node = c.freed[k]
        source = _longest_near(c, node) if _is_idle(c, node) else -1
        if source >= 0:
            _hand_over(c, source)


@part
def _follow_plan(c: Shared) -> None:
    """Move what is planned to be elsewhere and still waits, as soon as its way is free."""
    con, kept = c.con[0], 0
    if con.balanced != con.reports:
        plan(c)
    for k in range(con.planned):
        job, node = c.planned[0, k], c.planned[1, k]
        if c.jobs[job].queue < 0 or c.jobs[job].coming > 0:
            continue
        c.planned[0, kept], c.planned[1, kept] = job, node
        kept += 1
        if c.jobs[job].draft < 0:
            _move_planned(c, job, node)
    con.planned = kept


@part
def _move_planned(c: Shared, job: int, node: int) -> None:
    source, index = c.jobs[job].queue, c.nodes[node].index
    if node == source or not look_around(c, job, source) or not c.here.arrival_s[index] < np.inf:
        return
    if way_barred(c, job, source, node) == IN:
        c.con[0].places = 0
        row = blank_place(c, node, 0)
        c.places[row].arrival_s = c.here.arrival_s[index]
        c.places[row].row = view_of(c, c.con[0].n_satellites, node)  # as the plan was made
        move(c, job, row, -1, c.filled[2])


@part
def _is_idle(c: Shared, node: int) -> bool:
    return bool(is_free(c, node) and c.satellites[node].queued == 0)


@part
def _longest_near(c: Shared, node: int) -> int:
    """Satellite with the longest queue among those whose pixels can come at once; -1 for none."""
    best, longest = -1, -1
    for word in range(c.near.shape[1]):
        bits = c.near[node, word]
        if bits == 0:
            continue
        for place in range(64):
            if (bits >> np.uint64(place)) & np.uint64(1):
                other = word * 64 + place
                if c.satellites[other].queued >= longest:
                    best, longest = other, c.satellites[other].queued
    return best


@part
def _hand_over(c: Shared, node: int) -> None:
    """Send what waits on a satellite, the first due first, to others that are idle."""
    job = c.satellites[node].queue_first
    while job >= 0:
        following = c.jobs[job].queue_next
        if c.jobs[job].draft < 0 and c.jobs[job].coming == 0:
            before = c.filled[2]
            c.con[0].places = 0
            home = add_home(c, job, node)
            add_others(c, job, home)
            best = best_place(c, home)
            if best == home:
                return
            tell_lost(c, job, 0, best)
            move(c, job, best, -1, before)
        job = following
