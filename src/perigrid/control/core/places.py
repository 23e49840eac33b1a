"""Places where a job could be computed: when it would begin there, when its answer would come."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import busy_until_s, free_from_s, has_room
from perigrid.control.core.codes import Lost
from perigrid.control.core.forecast import (
    NO_CAUSE,
    earliest_start,
    energy_left_j,
    heat_left_k,
)
from perigrid.control.core.graph import cost_of, first_of, left_s, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, Table
from perigrid.control.core.models import fits_memory
from perigrid.control.core.parts import to_centre_s
from perigrid.control.core.queues import done_s, ends_s, sent_bytes, work_ahead
from perigrid.control.core.route_legs import is_line_given
from perigrid.control.core.routes import count_hosts, host_at, list_hosts
from perigrid.control.core.rules import ALLOWED, facts_of, is_foreign, leave_at, level_of
from perigrid.control.core.search import best_exit, goal_of, ruled_s, search
from perigrid.control.core.shared import Shared, satellite_of
from perigrid.control.core.state import RAW
from perigrid.control.core.views import view_of
from perigrid.control.core.ways import is_link_given, time_legs
from perigrid.control.scheduling.built_in import Plan
from perigrid.control.scheduling.price import HEAT_SPAN_K, LAST_CHANCE, STEEPNESS
from perigrid.physics.compiled import part

QUICK = 0.1
"""Share of a scene's whole work up to which its first stage waits for no other work: to know sooner
what is worth the rest costs little then (assumed). [1]"""
IN = 255
"""In place of why a place is ruled out: it is not."""
_NO_ROOM, _LINK_CLOSED, _LINK_GIVEN = (
    int(Lost.NO_ROOM), int(Lost.LINK_CLOSED), int(Lost.LINK_GIVEN),
)  # fmt: skip
_HEAT_LOST, _BATTERY_LOST = int(Lost.HEAT), int(Lost.BATTERY)
_BEGINS_LATER, _ANSWER_LATE = int(Lost.BEGINS_LATER), int(Lost.ANSWER_LATE)
_CLOSED_NOW, _NO_MEMORY, _NOT_LENT, _QUARANTINED = (
    int(Lost.CLOSED_NOW), int(Lost.NO_MEMORY), int(Lost.NOT_LENT), int(Lost.QUARANTINED),
)  # fmt: skip
_CONTACT, _HEAT = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.HEAT)
_BATTERY, _COMPUTE = CAUSES.index(Cause.BATTERY), CAUSES.index(Cause.COMPUTE)
_PRICE, _EDF = int(Plan.PRICE), int(Plan.EDF)
_QUICK, _LAST_CHANCE, _STEEPNESS, _HEAT_SPAN_K = QUICK, LAST_CHANCE, STEEPNESS, HEAT_SPAN_K

# ------------------------------------------------------------------ one place


@part
def blank_place(c: Shared, node: int, home: int) -> int:
    """Begin with a place of which nothing is known.

    Parameters
    ----------
    c : Shared
        Its list of places grows.
    node : int
        Fleet row.
    home : int
        1 if the pixels are there.

    Returns
    -------
    int
        Its row.
    """
    row = c.con[0].places
    place = c.places[row]
    c.con[0].places += 1
    place.node, place.row, place.home, place.told = node, node, home, 0
    place.start_s, place.arrival_s, place.insight_s = np.inf, np.inf, np.inf
    place.cause, place.out, place.late, place.cost = NO_CAUSE, IN, np.inf, 0.0
    return int(row)


@part
def add_home(c: Shared, job: int, node: int) -> int:
    """Weigh the satellite that has the pixels; the place's row."""
    row = blank_place(c, node, 1)
    _time(c, job, c.places[row])
    _judge(c, job, c.places[row])
    return row


@part
def _time(c: Shared, job: int, place: Table) -> None:
    """Find when a job would begin on a satellite, after what is due before it."""
    there, k = c.satellites[place.node], first_of(stages_ahead(c, job))
    load = cost_of(c, job, k, place.node)
    if place.home == 0:
        place.row = view_of(c, c.jobs[job].holder, place.node)
    if place.home == 0 and c.con[0].routed > 0:
        free_s, ahead_j = free_from_s(c, place.row), there.promised_s * load.power_w
    else:
        ahead_s, ahead_j = work_ahead(c, job, place.node)
        busy_s = there.busy_s if place.home > 0 else busy_until_s(c, place.node)
        free_s = max(c.con[0].t_s, busy_s) + ahead_s / there.slots
    there_s = free_s if place.home > 0 else max(place.arrival_s, free_s)
    place.start_s, place.cause = earliest_start(c, place.row, there_s, load, ahead_j)


@part
def _judge(c: Shared, job: int, place: Table) -> None:
    """Find when the answer would come from a place, and what that costs."""
    if place.start_s == np.inf:
        return
    node, product = place.node, level_of(c)
    ended_s = ends_s(c, job, place.row, place.start_s)
    place.late = 1.0 if ended_s > done_s(c, job, node) else 0.0
    opened = facts_of(c, job, product)
    place.insight_s = to_centre_s(c, job, product, opened, node, ended_s, sent_bytes(c, job))
    place.cost = place.insight_s
    if c.con[0].scheduler == _PRICE:
        time, battery, heat = prices(c, job, place.row, place.start_s)
        place.cost = time + battery + heat


@part
def is_late(c: Shared, job: int, row: int, start_s: float) -> bool:
    """Whether an answer begun then would come too late; beyond the end nobody knows.

    Parameters
    ----------
    c : Shared
        What is known.
    job, row : int
        Which, and row of what is known of where.
    start_s : float
        When its next stage would begin [s].

    Returns
    -------
    bool
        True if it would.
    """
    ended_s = ends_s(c, job, row, start_s)
    deadline_s = c.jobs[job].deadline_s
    if deadline_s <= c.con[0].end_s and not is_quick(c, job):
        return bool(ended_s > done_s(c, job, satellite_of(c, row)))
    return bool(ended_s > deadline_s)


@part
def is_quick(c: Shared, job: int) -> bool:
    """Whether a job's next stage is so short that it waits for no other work."""
    ahead, node = stages_ahead(c, job), queue_or_holder(c, job)
    load = cost_of(c, job, first_of(ahead), node)
    return bool(load.work_s < min(_QUICK * load.all_s, left_s(c, job, ahead, node)))


@part
def queue_or_holder(c: Shared, job: int) -> int:
    """Satellite that a scheduler takes a job's pixels to be on; on the way, where they go to."""
    queue = c.jobs[job].queue
    return int(queue if queue >= 0 else c.jobs[job].holder)


# ------------------------------------------------------------------ other places


@part
def may_leave(c: Shared, job: int) -> bool:
    """Whether another satellite than the one that took a scene may run its next stage."""
    return bool(c.stages[first_of(stages_ahead(c, job))].in_satellite > 0)


@part
def look_around(c: Shared, job: int, node: int) -> bool:
    """Search for ways of a job's pixels to all nodes; False if there is none at all."""
    opened, nbytes = facts_of(c, job, RAW), c.jobs[job].raw_bytes
    found = search(c, c.here, RAW, opened, node, c.con[0].t_s, nbytes)
    if c.con[0].routed > 0:
        list_hosts(c, c.here, nbytes)
    return found


@part
def add_others(c: Shared, job: int, home: int) -> int:
    """Weigh the other satellites in reach; pixels are moved once.

    Parameters
    ----------
    c : Shared
        Its list of places grows.
    job, home : int
        Which, and the row of the place where its pixels are.

    Returns
    -------
    int
        Row of the first of them.
    """
    first, source = c.con[0].places, c.places[home].node
    if c.con[0].scheduler == _EDF or not may_leave(c, job) or not look_around(c, job, source):
        return int(first)
    for k in range(count_hosts(c, c.here)):
        node = host_at(c, c.here, k)
        index = c.nodes[node].index
        if node == source or index < 0 or c.satellites[node].computes == 0:
            continue
        if c.here.arrival_s[index] < np.inf:
            row = blank_place(c, node, 0)
            c.places[row].arrival_s = c.here.arrival_s[index]
            _weigh_other(c, job, home, row)
    return int(first)


@part
def _weigh_other(c: Shared, job: int, home: int, row: int) -> None:
    place, at_home = c.places[row], c.places[home]
    _time(c, job, place)
    weighed = c.con[0].weighs_all > 0 or at_home.cause == _CONTACT
    place.out = way_barred(c, job, at_home.node, place.node)
    if place.out != IN:
        return
    if place.start_s == np.inf:
        place.out = _HEAT_LOST if place.cause == _HEAT else _BATTERY_LOST
    elif place.start_s >= at_home.start_s and not weighed:
        place.out = _BEGINS_LATER
    elif is_late(c, job, place.row, place.start_s):
        place.out = _ANSWER_LATE
    else:
        _judge(c, job, place)


@part
def way_barred(c: Shared, job: int, source: int, node: int) -> int:
    """Say why pixels cannot set out for another satellite now.

    Parameters
    ----------
    c : Shared
        Ways from where they are were searched last; satellites that are near are noted.
    job, source, node : int
        Whose; where they are; where they would go.

    Returns
    -------
    int
        Code of why; :data:`IN` if they can.
    """
    if not has_room(c, node, c.jobs[job].raw_bytes):
        return _NO_ROOM
    if c.nodes[node].told_quarantine_s > c.con[0].t_s:  # from where they would be sent on
        return _QUARANTINED
    if c.con[0].routed > 0:
        return _route_barred(c, job, source, node)
    count, later, given = time_way(c, job, node), False, False
    for k in range(count):
        later = later or c.way[k].t_window_s > c.way[k].t_ready_s
        given = given or is_link_given(c, c.way[k])
    # To book a link for later would keep it from all that could be sent until then.
    stage = first_of(stages_ahead(c, job))
    if later and c.con[0].weighs_all == 0 and may_run(c, stage, job, source):
        return _LINK_CLOSED
    if c.con[0].may_migrate > 0:
        c.near[node, source >> 6] |= np.uint64(1) << np.uint64(source & 63)
    return _LINK_GIVEN if given else IN


@part
def _route_barred(c: Shared, job: int, source: int, node: int) -> int:
    """Say why data cannot set out for another satellite over a route now, or there be computed."""
    if not fits_memory(c, job, node):
        return _NO_MEMORY
    if leave_at(c, job, node) != ALLOWED:
        return _CLOSED_NOW
    if is_foreign(c, job, node) and c.nodes[node].lent_out == 0:
        return _NOT_LENT
    if c.con[0].may_migrate > 0:
        c.near[node, source >> 6] |= np.uint64(1) << np.uint64(source & 63)
    return _LINK_GIVEN if is_line_given(c, source) else IN


@part
def time_way(c: Shared, job: int, node: int) -> int:
    """Time the legs of a job's pixels to a node, as last searched; how many."""
    opened = facts_of(c, job, RAW)
    nbytes, index = c.jobs[job].raw_bytes, c.nodes[node].index
    return time_legs(c, c.here, RAW, opened, index, c.con[0].t_s, nbytes)


@part
def add_ground(c: Shared, job: int, node: int) -> int:
    """Weigh the data centre that has the pixels first, if one may compute them.

    Parameters
    ----------
    c : Shared
        Its list of places grows.
    job, node : int
        Which, and the satellite that has its pixels.

    Returns
    -------
    int
        Row of exits by which it goes; -1 if none does.
    """
    if c.con[0].on_ground == 0 or not look_around(c, job, node):
        return -1
    way, arrival_s = best_exit(c, c.here, job, c.jobs[job].raw_bytes)
    if way < 0:
        return -1
    for k in range(time_way(c, job, c.exits[way].ground)):
        if c.way[k].contact >= 0 and is_link_given(c, c.way[k]):
            return -1
    centre = goal_of(c, RAW, way)
    row = blank_place(c, centre, 0)
    place = c.places[row]
    place.start_s, place.arrival_s = arrival_s, arrival_s
    place.insight_s = arrival_s + cost_of(c, job, 0, centre).all_s
    place.late = 1.0 if place.insight_s > c.jobs[job].deadline_s else 0.0
    place.cost = place.insight_s
    if c.con[0].scheduler == _PRICE:
        place.cost = _time_price(c, job, centre, place.start_s)
    if ruled_s(c, c.here, RAW, facts_of(c, job, RAW)) > c.con[0].t_s:
        place.out = _CLOSED_NOW
    return int(way)


# ------------------------------------------------------------------ prices


@part
def prices(c: Shared, job: int, row: int, start_s: float) -> tuple[float, float, float]:
    """Say what a start would cost, as shares of the job's value.

    Parameters
    ----------
    c : Shared
        What is known.
    job, row : int
        Which, and row of what is known of where.
    start_s : float
        When [s].

    Returns
    -------
    time, battery, heat : float
        Nothing for what is not forecast.
    """
    node = satellite_of(c, row)
    time = _time_price(c, job, node, start_s)
    if c.con[0].seen == 0:
        return time, 0.0, 0.0
    me, load = c.satellites[node], cost_of(c, job, first_of(stages_ahead(c, job)), node)
    usable_j = me.capacity_j * (1.0 - me.min_soc)
    used = 1.0 - energy_left_j(c, row, start_s, load) / usable_j
    warm = 1.0 - heat_left_k(c, row, start_s, load) / _HEAT_SPAN_K
    return time, _steep(used), _steep(warm)


@part
def _time_price(c: Shared, job: int, node: int, start_s: float) -> float:
    now_s, ahead = c.con[0].t_s, stages_ahead(c, job)
    slack_s = max(1.0, c.jobs[job].deadline_s - now_s - left_s(c, job, ahead, node))
    return _steep((start_s - now_s) / slack_s)


@part
def _steep(used: float) -> float:
    """Price of a thing of which a share is used."""
    return float((_STEEPNESS ** min(1.0, max(0.0, used)) - 1.0) / (_STEEPNESS - 1.0))


@part
def barred(c: Shared, job: int, node: int) -> int:
    """Say what keeps a job from beginning now, its computer being free; 255 if nothing.

    Parameters
    ----------
    c : Shared
        What is known.
    job, node : int
        Which, and where.

    Returns
    -------
    int
        Place of a cause.
    """
    ahead, now_s = stages_ahead(c, job), c.con[0].t_s
    load = cost_of(c, job, first_of(ahead), node)
    start_s, cause = earliest_start(c, node, now_s, load, 0.0)
    if start_s != now_s:
        return cause
    last_s = c.jobs[job].deadline_s - _LAST_CHANCE * left_s(c, job, ahead, node)
    # A computer that stands still to cool is lost to those that keep coming over routes.
    if c.con[0].scheduler != _PRICE or c.con[0].routed > 0 or now_s > last_s:
        return NO_CAUSE
    time, battery, heat = prices(c, job, node, now_s)
    if not time + battery + heat > 1.0:
        return NO_CAUSE
    if time >= battery and time >= heat:
        return _COMPUTE
    return _BATTERY if battery >= heat else _HEAT
