"""Where data that wait on a node are computed over routes: where their answer would come first.

Every satellite in reach is weighed by when the answer would be where it is wanted: its data's way,
the work before it, loading its model, limits of heat and battery, its own work, the way down.
Satellites that need nobody's leave come before those that a person has to allow, and those
before what another operator would have to lend.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import free_from_s, has_room
from perigrid.control.core.codes import Lost
from perigrid.control.core.forecast import earliest_start
from perigrid.control.core.graph import cost_of, first_of, left_s, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, NOTHING, Table
from perigrid.control.core.models import fits_memory, load_s
from perigrid.control.core.parts import to_centre_s
from perigrid.control.core.places import IN, blank_place
from perigrid.control.core.queues import sent_bytes
from perigrid.control.core.routes import count_hosts, host_at, is_open, is_there
from perigrid.control.core.rules import (
    ASKED,
    DENIED,
    answer_leave,
    facts_of,
    is_foreign,
    leave_at,
    level_of,
    verdict_at,
)
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.speed import speed_of
from perigrid.control.core.views import view_of
from perigrid.control.core.ways import add_other
from perigrid.control.scheduling.built_in import Plan
from perigrid.physics.compiled import part

MOST_TOLD: Final = 4
"""Satellites named beside the one that is chosen: those that came nearest (assumed)."""
_FIFO, _EDF = int(Plan.FIFO), int(Plan.EDF)
_HEAT = CAUSES.index(Cause.HEAT)
_NO_ROOM, _NO_MEMORY, _AWAY, _QUARANTINED, _CLOSED, _PEOPLE, _NO_ROUTE = (
    int(Lost.NO_ROOM), int(Lost.NO_MEMORY), int(Lost.AWAY), int(Lost.QUARANTINED),
    int(Lost.CLOSED_NOW), int(Lost.PEOPLE), int(Lost.NO_ROUTE),
)  # fmt: skip
_NOT_LENT, _LENT, _BY_RULE = int(Lost.NOT_LENT), int(Lost.LENT), int(Lost.CLOSED)
_HOT, _EMPTY, _LATE, _LATER, _QUEUE, _MODEL = (
    int(Lost.HEAT), int(Lost.BATTERY), int(Lost.ANSWER_LATE), int(Lost.ANSWER_LATER),
    int(Lost.QUEUE), int(Lost.MODEL),
)  # fmt: skip
_WAITS_FOR: Final = {
    Lost.NO_ROOM: Cause.STORAGE, Lost.HEAT: Cause.HEAT, Lost.BATTERY: Cause.BATTERY,
    Lost.NO_ROUTE: Cause.CONTACT, Lost.CLOSED_NOW: Cause.RULE, Lost.AWAY: Cause.FAULT,
    Lost.QUARANTINED: Cause.FAULT, Lost.PEOPLE: Cause.RULE, Lost.NOT_LENT: Cause.RULE,
}  # fmt: skip
_CAUSE_OF: Final = tuple(CAUSES.index(_WAITS_FOR.get(one, Cause.COMPUTE)) for one in Lost)
_CONTACT = CAUSES.index(Cause.CONTACT)
_MOST_TOLD = MOST_TOLD


@part
def best_host(c: Shared, job: int, counted: int) -> int:
    """Weigh the satellites in reach.

    Parameters
    ----------
    c : Shared
        Those of :func:`perigrid.control.core.places.look_around` become its list of places.
    job, counted : int
        Which; the stage from which on its work is counted.

    Returns
    -------
    int
        Row of the place from which the answer comes first, of equals the first; the one that its
        data were to go to before, if they still may; -1 for none.
    """
    c.con[0].places = 0
    best, k = NOTHING, first_of(stages_ahead(c, job))
    for place in range(count_hosts(c, c.here)):
        node = host_at(c, c.here, place)
        if not may_run(c, k, job, node):
            continue
        row = blank_place(c, node, 0)
        here = c.places[row]
        here.asks, here.wait_s, here.load_s = 0, 0.0, 0.0
        here.out = _barrier(c, job, here)
        if here.out == IN:
            _expect(c, job, k, counted, here)
        if here.out == IN and node == c.jobs[job].goal:
            return row
        if here.out == IN and (best < 0 or _is_sooner(here, c.places[best])):
            best = row
    return best


@part
def _is_sooner(a: Table, b: Table) -> bool:
    """Whether a place comes before another: nobody's leave first, then the earlier answer."""
    if a.asks != b.asks:
        return bool(a.asks < b.asks)
    return bool(a.insight_s < b.insight_s)


@part
def _barrier(c: Shared, job: int, place: Table) -> int:
    """Code of what rules a satellite out whatever the time; notes who has to allow it."""
    node, user = wide(place.node), wide(c.jobs[job].user)
    place.arrival_s = c.here.arrival_s[node]
    leave = leave_at(c, job, node)
    if user >= 0 and leave != DENIED:
        leave = _with_answer(c, job, node, user, leave)
    place.asks = leave == ASKED
    if leave == DENIED:
        return _CLOSED
    if is_foreign(c, job, node):
        place.asks += 2
        if c.nodes[node].lent_out == 0:
            return _NOT_LENT
    return _trouble(c, job, node, place.arrival_s)


@part
def _trouble(c: Shared, job: int, node: int, arrival_s: float) -> int:
    """Code of why a satellite that may have a job cannot take it."""
    me, now_s = c.nodes[node], c.con[0].t_s
    if not is_there(c, node):
        return _AWAY
    if me.away_s > now_s:
        return _EMPTY  # it had no energy to receive anything
    if me.told_quarantine_s > now_s or node == c.jobs[job].leave:
        return _QUARANTINED
    if not arrival_s < np.inf:
        return _CLOSED
    if not fits_memory(c, job, node):
        return _NO_MEMORY
    return IN if has_room(c, node, c.jobs[job].raw_bytes) else _NO_ROOM


@part
def _with_answer(c: Shared, job: int, node: int, user: int, leave: int) -> int:
    """Kind of leave for computing on a satellite and for its answer too; later is soon enough."""
    if not may_answer(c, job):
        return DENIED
    return ASKED if answer_leave(c, job, node, user) == ASKED else leave


@part
def _expect(c: Shared, job: int, k: int, counted: int, place: Table) -> None:
    """Expect an answer, and see whether heat, battery and deadline allow it."""
    node, con = wide(place.node), c.con[0]
    cost, there = cost_of(c, job, k, node), c.satellites[node]
    place.row = view_of(c, wide(c.jobs[job].holder), node)
    begin_s = max(place.arrival_s, free_from_s(c, place.row))
    place.load_s, place.start_s = load_s(c, job, node), begin_s
    if con.scheduler != _FIFO and con.scheduler != _EDF:
        before_j = there.promised_s * cost.power_w
        place.start_s, place.cause = earliest_start(c, place.row, begin_s, cost, before_j)
    if place.start_s == np.inf:
        place.out = _HOT if place.cause == _HEAT else _EMPTY
        return
    place.wait_s = place.start_s - place.arrival_s
    work_s = cost.all_s if counted == 0 else left_s(c, job, stages_ahead(c, job), node)
    before_s = max(0.0, place.start_s - con.t_s)
    work_s /= speed_of(c, place.row, before_s + work_s)
    ends_s, product = place.start_s + place.load_s + work_s, level_of(c)
    opened = facts_of(c, job, product)
    place.insight_s = to_centre_s(c, job, product, opened, node, ends_s, sent_bytes(c, job))
    if place.insight_s == np.inf:
        place.out = _NO_ROUTE
    elif place.insight_s > c.jobs[job].deadline_s:
        place.out = _LATE


# ------------------------------------------------------------------ where there is none


@part
def main_cause(c: Shared) -> int:
    """Say what stands in the way of most that were weighed; a contact if none was."""
    often, most = np.zeros(len(CAUSES), dtype=np.int64), _CONTACT
    for row in range(c.con[0].places):
        often[_CAUSE_OF[c.places[row].out]] += 1
    for cause in range(len(often)):
        if often[cause] > often[most]:
            most = cause
    return most


@part
def may_answer(c: Shared, job: int) -> bool:
    """Whether rules let a job's answer go where it is asked for, now or later."""
    user = wide(c.jobs[job].user)
    return bool(user < 0 or is_open(c, facts_of(c, job, level_of(c)), user))


@part
def least_work_s(c: Shared, job: int, k: int) -> float:
    """Least that a stage takes on any kind of computer in orbit [s]."""
    least_s = np.inf
    for kind in range(c.satellites[c.con[0].n_satellites - 1].kind + 1):
        work_s = c.costs[kind, c.jobs[job].area, k].work_s
        if work_s > 0.0:
            least_s = min(least_s, work_s)
    return least_s


@part
def tell_hosts(c: Shared, job: int, chosen: int) -> None:
    """Name the places that came nearest beside the chosen one, and say why they lost.

    Parameters
    ----------
    c : Shared
        With the places that were weighed.
    job, chosen : int
        Which; fleet row, -1 for none.
    """
    best = NOTHING
    for row in range(c.con[0].places):
        c.places[row].told = c.places[row].node == chosen
        if c.places[row].told:
            best = row
    for _ in range(min(_MOST_TOLD, c.con[0].places - (best >= 0))):
        row = _nearest(c)
        place = c.places[row]
        place.told = 1
        answer_s = np.nan if place.insight_s == np.inf else place.insight_s
        why, verdict = _why_lost(c, row, best), verdict_at(c, job, place.node, c.con[0].t_s)
        if why == _CLOSED and c.strictness[verdict] == DENIED:
            add_other(c, place.node, np.nan, _BY_RULE, float(verdict))
        else:
            add_other(c, place.node, answer_s, why, np.nan)


@part
def _nearest(c: Shared) -> int:
    """Place with the earliest answer of those that are not told yet; of equals the first."""
    best = NOTHING
    for row in range(c.con[0].places):
        sooner = best < 0 or c.places[row].insight_s < c.places[best].insight_s
        if not c.places[row].told and sooner:
            best = row
    return best


@part
def _why_lost(c: Shared, row: int, best: int) -> int:
    """Code of why a place lost to the chosen one."""
    place = c.places[row]
    if place.out != IN or best < 0:
        return wide(place.out)
    chosen = c.places[best]
    if place.asks > chosen.asks:
        return _LENT if place.asks > 1 else _PEOPLE
    if place.insight_s - (place.load_s - chosen.load_s) < chosen.insight_s:
        return _MODEL
    if place.insight_s - (place.wait_s - chosen.wait_s) < chosen.insight_s:
        return _QUEUE
    return _LATER
