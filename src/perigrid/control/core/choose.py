"""The built-in schedulers: what waits begins in order of deadlines, where and when limits allow.

The rules are those of :mod:`perigrid.control.scheduling.queues`; answers are drafts of decisions.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.alternatives import best_place, tell_lost
from perigrid.control.core.belief import give, is_free, reserve
from perigrid.control.core.codes import Lost, Plan, Why
from perigrid.control.core.drafts import draft, found_words
from perigrid.control.core.forecast import NO_CAUSE, commit_stage, look
from perigrid.control.core.graph import cost_of, first_of, left_s, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.places import (
    IN,
    add_ground,
    add_home,
    add_others,
    barred,
    blank_place,
    is_late,
    is_quick,
    may_leave,
    time_way,
)
from perigrid.control.core.queues import forget, forget_latest, hold, is_overdue, judge_latest
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import RAW
from perigrid.control.core.ways import add_fibre, write_way
from perigrid.control.scheduling.places import RETRY_S, SOON_S
from perigrid.physics.compiled import part

_MOVE, _COMPUTE, _WAIT, _CLOSE = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
)  # fmt: skip
_FIFO, _EDF = int(Plan.FIFO), int(Plan.EDF)
_MYOPIC, _DUE, _AT_ONCE, _HERE = int(Why.MYOPIC), int(Why.DUE), int(Why.AT_ONCE), int(Why.HERE)
_CHOSEN, _TAKEN_UP = int(Why.CHOSEN), int(Why.TAKEN_UP)
_HELD, _NOT_LASTING, _NO_HOST = int(Why.HELD), int(Why.NOT_LASTING), int(Why.NO_HOST_NOW)
_NO_ANSWER, _GIVEN = int(Why.NO_ANSWER_IN_TIME), int(Lost.LINK_GIVEN)
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
    if con.scheduler == _FIFO:
        for k in range(con.ready):
            _begin_at_once(c, c.ready[k])
    else:
        look(c)
        for k in range(con.ready):
            forget(c, c.ready[k])
        _answer_ready(c)
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
        if jobs[job].draft < 0 and _is_here(c, job):
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


@part
def _is_here(c: Shared, job: int) -> bool:
    """Whether a job's next stage may be computed where its pixels are."""
    return may_run(c, first_of(stages_ahead(c, job)), job, c.jobs[job].holder)


# ------------------------------------------------------------------ beginning


@part
def _at_once(c: Shared, job: int) -> None:
    """Begin a job that no other waits beside, if no other place would do it sooner."""
    before, node = c.filled[2], c.jobs[job].holder
    if _weighed(c, job):
        return
    now_s, here = c.con[0].t_s, c.satellites[node]
    alone = _is_here(c, job) and is_free(c, node) and here.queued == 0
    ends_s = now_s + left_s(c, job, stages_ahead(c, job), node)
    if alone and ends_s <= c.jobs[job].deadline_s and barred(c, job, node) == NO_CAUSE:
        _compute(c, job, node, before, _AT_ONCE)
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
            _compute(c, job, node, c.filled[2], _DUE)
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
            _move(c, job, row, -1, c.filled[2])
            return
    _give_up(c, job)


@part
def _unbegun(c: Shared, job: int) -> None:
    """Find another place for a job that does not begin at once, or let it wait."""
    node, before = c.jobs[job].holder, c.filled[2]
    if not _is_here(c, job):
        _abroad(c, job)
        return
    if c.con[0].t_s + left_s(c, job, stages_ahead(c, job), node) > c.jobs[job].deadline_s:
        _give_up(c, job)
        return
    c.con[0].places = 0
    if node == c.jobs[job].origin and may_leave(c, job) and c.con[0].scheduler != _EDF:
        home = add_home(c, job, node)
        first = add_others(c, job, home)
        best = best_place(c, home)
        if c.con[0].places > first:
            tell_lost(c, job, 0, best)
        if best != home:
            _move(c, job, best, -1, before)
            return
    if is_quick(c, job) and barred(c, job, node) == NO_CAUSE:
        _compute(c, job, node, before, _AT_ONCE)
    else:
        _wait(c, job, node, before)


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
        _move(c, job, best, -1, before)
        return
    forget_latest(c, job)
    given, cause = False, _CONTACT
    for row in range(first, c.con[0].places):
        given = given or c.places[row].out == _GIVEN
    if c.con[0].places > first:
        cause = c.places[first].cause if c.places[first].cause != NO_CAUSE else _BUSY
    row = draft(c, job, _WAIT)
    wait = c.drafts[row]
    wait.until_s = now_s + (_SOON_S if given else _RETRY_S)
    wait.cause, wait.why = _LINK if given else cause, _NO_HOST
    wait.first_other, wait.others = before, c.filled[2] - before


@part
def _weighed(c: Shared, job: int) -> bool:
    """Send pixels on though their satellite is free, where an answer may come sooner so."""
    node, before = c.jobs[job].holder, c.filled[2]
    if c.con[0].weighs_all == 0 or node != c.jobs[job].origin:
        return False
    judge_latest(c, job)
    c.con[0].places = 0
    home = add_home(c, job, node) if _is_here(c, job) else blank_place(c, node, 1)
    add_others(c, job, home)
    ground, way = c.con[0].places, add_ground(c, job, node)
    best = best_place(c, home)
    tell_lost(c, job, 0, best)
    if best == home:
        return False
    _move(c, job, best, way if best == ground else -1, before)
    return True


# ------------------------------------------------------------------ balance


@part
def _balance(c: Shared) -> None:
    """Send jobs that wait to satellites that have nothing to do."""
    con, idle = c.con[0], False
    if con.may_migrate == 0 or con.scheduler == _EDF:
        return
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
        source = _longest_near(c, node)
        if source >= 0 and _is_idle(c, node):
            _hand_over(c, source)


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
            _move(c, job, best, -1, before)
        job = following


# ------------------------------------------------------------------ answers


@part
def _compute(c: Shared, job: int, node: int, first_other: int, why: int) -> None:
    k = first_of(stages_ahead(c, job))
    load = cost_of(c, job, k, node)
    forget(c, job)
    forget_latest(c, job)
    commit_stage(c, node, c.con[0].t_s, load)
    give(c, job, node, load.work_s)
    row = draft(c, job, _COMPUTE)
    compute = c.drafts[row]
    compute.source, compute.stage, compute.why = node, k, why
    if c.jobs[job].last >= 0:
        found_words(c, c.drafts, row)
    elif why == _AT_ONCE and node != c.jobs[job].origin:
        compute.why = _HERE
    elif why == _AT_ONCE and c.con[0].weighs_all > 0 and c.con[0].scheduler != _EDF:
        compute.why = _CHOSEN
    compute.first_other, compute.others = first_other, c.filled[2] - first_other


@part
def _move(c: Shared, job: int, best: int, way: int, first_other: int) -> None:
    """Send pixels to a place, by an exit if it is on the ground."""
    node, source, con = c.places[best].node, c.jobs[job].holder, c.con[0]
    here = _is_here(c, job)
    if way >= 0:
        count = time_way(c, job, c.exits[way].ground)
        count = add_fibre(c, way, count, con.t_s, c.jobs[job].raw_bytes)
    else:
        count = time_way(c, job, node)
    forget(c, job)
    if node < con.n_satellites:
        hold(c, job, node)
        c.jobs[job].coming, c.jobs[job].coming_s = 1, c.places[best].arrival_s
    else:
        forget_latest(c, job)
    reserve(c, job, node)
    for k in range(count):
        if c.way[k].contact >= 0:
            c.contacts[c.place_of[c.way[k].contact]].taken = con.batch
    row = draft(c, job, _MOVE)
    move = c.drafts[row]
    move.product, move.source, move.target = RAW, source, node
    move.why = _TAKEN_UP if here and node < con.n_satellites else _CHOSEN
    move.first_other, move.others = first_other, c.filled[2] - first_other
    write_way(c, c.drafts, row, count)


@part
def _wait(c: Shared, job: int, node: int, first_other: int) -> None:
    now_s = c.con[0].t_s
    cause = barred(c, job, node) if is_free(c, node) else NO_CAUSE
    row = draft(c, job, _WAIT)
    wait = c.drafts[row]
    wait.cause = _BUSY if cause == NO_CAUSE else cause
    wait.why = _HELD if cause == NO_CAUSE else _NOT_LASTING
    last_s = c.jobs[job].deadline_s - left_s(c, job, stages_ahead(c, job), node) + _SOON_S
    wait.until_s = max(last_s, now_s + _SOON_S)
    wait.first_other, wait.others = first_other, c.filled[2] - first_other


@part
def _give_up(c: Shared, job: int) -> None:
    forget(c, job)
    forget_latest(c, job)
    row = draft(c, job, _CLOSE)
    c.drafts[row].cause, c.drafts[row].why = _BUSY, _NO_ANSWER
