"""After a fault: what becomes of the jobs that it struck."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.base.messages import REPORT_INTERVAL_S
from perigrid.control.core.belief import cancel, withdraw
from perigrid.control.core.bookings import free_despite
from perigrid.control.core.codes import Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import in_orbit, next_stage
from perigrid.control.core.hosts import first_host, go_to, step_to_host
from perigrid.control.core.messages import CAUSES, NOTHING, ActionKind
from perigrid.control.core.outages import is_unheard, set_out
from perigrid.control.core.parts import goes_in_parts, time_parts
from perigrid.control.core.queues import forget
from perigrid.control.core.routes import ask
from perigrid.control.core.rules import facts_of
from perigrid.control.core.search import best_exit, search
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import DESPITE, THERE
from perigrid.control.core.views import tell_of_itself
from perigrid.fleet.faults import FaultKind
from perigrid.physics.compiled import part

LATER_S: Final = 60.0
"""When who waits for a report that should have come by now looks again (assumed). [s]"""
LOOKS_PER_REPAIR: Final = 4.0
"""How often a job that waits for a node looks whether it is back, in its mean time away. [1]"""
SHORTEST_WAIT_S: Final = 1.0
_WAIT, _CLOSE = int(ActionKind.WAIT), int(ActionKind.CLOSE)
_LOSS = int(FaultKind.LOSS)
_FAULT, _BATTERY = CAUSES.index(Cause.FAULT), CAUSES.index(Cause.BATTERY)
_LOST_WITH, _TRIED, _AWAY, _UNPOWERED = (
    int(Why.LOST_WITH), int(Why.TRIED), int(Why.AWAY), int(Why.UNPOWERED)
)  # fmt: skip
_TOO_LATE, _UNHEARD = int(Why.NO_ANSWER_IN_TIME), int(Why.UNHEARD)
_LEFT, _QUARANTINED, _WAYS_AWAY = int(Why.LEFT), int(Why.QUARANTINED), int(Why.WAYS_AWAY)
_LOOKS, _SHORTEST_S, _REPORT_S = LOOKS_PER_REPAIR, SHORTEST_WAIT_S, REPORT_INTERVAL_S
_LATER_S = LATER_S


@part
def recover(c: Shared, job: int) -> int:
    """Say what faults leave to do for a job.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job : int
        Which.

    Returns
    -------
    int
        Row of the decision, not issued; -1 if no fault stands against its next step.
    """
    con, me, k = c.con[0], c.jobs[job], next_stage(c, job)
    if con.troubled == 0:
        return NOTHING
    due = k >= 0 and in_orbit(c, k)
    if due and con.routed > 0 and con.t_s >= me.deadline_s:
        return _give_up(c, job, _TOO_LATE, np.nan)
    if me.holder < 0 or c.nodes[me.holder].lost:
        return _lost(c, job)
    if _waits_for_news(c, job):
        at_s = max(con.told_s + _REPORT_S, con.t_s + _LATER_S)
        return _wait(c, job, at_s, _UNHEARD, np.nan)
    if c.nodes[me.holder].down == _LOSS:
        return _wait(c, job, con.end_s, _AWAY, float(_LOSS))
    if due and me.tries > con.retries:
        return _give_up(c, job, _TRIED, float(con.retries))
    return _at_holder(c, job, k, due)


@part
def _at_holder(c: Shared, job: int, k: int, due: bool) -> int:  # noqa: FBT001  compiled
    """Say what is left to do for a job whose holder is away, shunned or without energy."""
    con, me = c.con[0], c.jobs[job]
    holder = c.nodes[me.holder]
    if due and is_kept_on_ground(c, job) and _is_shunned(c, me.holder):
        return _from_ground(c, job)
    if holder.down != THERE:
        look_s = con.mean_away_s[holder.down] / _LOOKS
        return _wait(c, job, con.t_s + look_s, _AWAY, float(holder.down))
    if due:
        return _leave(c, job, k)
    if holder.unpowered_s > con.t_s and me.deadline_s > con.t_s:
        row = new_decision(c, job, _WAIT)
        wait = c.decisions[row]
        wait.until_s, wait.cause, wait.why = holder.unpowered_s, _BATTERY, _UNPOWERED
        return row
    return NOTHING


@part
def _lost(c: Shared, job: int) -> int:
    """End a job whose data were lost, or begin it again from the ground that sent them."""
    if is_kept_on_ground(c, job):
        return _from_ground(c, job)
    return _give_up(c, job, _LOST_WITH, np.nan)


@part
def is_kept_on_ground(c: Shared, job: int) -> bool:
    """Whether a job can be begun again with the data that its ground node still has."""
    con, me = c.con[0], c.jobs[job]
    asked_there = con.routed > 0 and me.origin >= con.n_satellites
    return bool(asked_there and in_orbit(c, 0) and me.tries <= con.retries)


@part
def _is_shunned(c: Shared, node: int) -> bool:
    """Whether others heard that a satellite is away, which it still is, or suspect: jobs leave."""
    con, me = c.con[0], c.nodes[node]
    if node >= con.n_satellites:
        return False
    away = me.away != THERE and me.down != THERE and con.stays == 0
    return bool(away or (me.told_quarantine_s > con.t_s and con.stays_suspect == 0))


@part
def _waits_for_news(c: Shared, job: int) -> bool:
    """Whether the ground will begin a job anew once it hears what befell its satellite."""
    con, node = c.con[0], wide(c.jobs[job].holder)
    if node >= con.n_satellites or not is_kept_on_ground(c, job):
        return False
    me = c.nodes[node]
    silent = is_unheard(c, node) and (con.stays == 0 or me.down == _LOSS)
    unknown = me.quarantine_s > max(con.t_s, me.told_quarantine_s)
    return bool(silent or (unknown and con.stays_suspect == 0))


@part
def leaves(c: Shared, job: int, node: int) -> bool:
    """Whether a job in the queue of a satellite begins again elsewhere."""
    return _is_shunned(c, node) and is_kept_on_ground(c, job)


@part
def _from_ground(c: Shared, job: int) -> int:
    """Begin a job again from the ground, whatever was done of it; row of the decision."""
    me = c.jobs[job]
    forget(c, job)
    withdraw(c, job)
    cancel(c, job)
    set_out(c, job)
    me.holder, me.done, me.last, me.struck = me.origin, 0, NOTHING, 1
    return step_to_host(c, job)


@part
def _leave(c: Shared, job: int, k: int) -> int:
    """Send pixels away from a satellite that failed, or wait for the end of its quarantine."""
    me, until_s = c.jobs[job], c.nodes[c.jobs[job].holder].quarantine_s
    shunned = until_s > c.con[0].t_s
    if me.leave == me.holder or shunned:
        node, begin_s = first_host(c, job, k, 0)
        if node >= 0:
            tell_of_itself(c, wide(me.holder))  # else it might be sent back
            return go_to(c, job, 0, node, begin_s, _LEFT)
        set_out(c, job)
    return _wait(c, job, until_s, _QUARANTINED, np.nan) if shunned else NOTHING


@part
def wait_for_recovery(c: Shared, job: int, product: int, nbytes: float) -> int:
    """Wait for a node that is away if only with it a product could still come in time.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job, product : int
        Whose, and which.
    nbytes : float
        Its size [B].

    Returns
    -------
    int
        Row of the decision; -1 if nothing is away, or it would be too late all the same.
    """
    con, me = c.con[0], c.jobs[job]
    if con.away == 0:
        return NOTHING
    arrival_s = _arrival_despite(c, job, product, nbytes)
    if arrival_s == np.inf or arrival_s > me.deadline_s:
        return NOTHING
    me.struck = 1
    least_s = np.inf
    for node in range(len(c.nodes)):
        if c.nodes[node].away != THERE:
            least_s = min(least_s, con.mean_away_s[c.nodes[node].away])
    return _wait(c, job, con.t_s + least_s / _LOOKS, _WAYS_AWAY, np.nan)


@part
def _arrival_despite(c: Shared, job: int, product: int, nbytes: float) -> float:
    """When a product would be at a data centre if what will come back were there [s]."""
    if goes_in_parts(c, job, product, nbytes):
        free_despite(c, product)
        holder, opened = wide(c.jobs[job].holder), facts_of(c, job, product)
        count = time_parts(c, job, DESPITE, opened, holder, c.con[0].t_s, nbytes)
        return float(c.way[count - 1].t_arrival_s) if count > 0 else np.inf
    if not _search_despite(c, job, product, nbytes):
        return np.inf
    return float(best_exit(c, c.past, job, nbytes)[1])


@part
def _search_despite(c: Shared, job: int, product: int, nbytes: float) -> bool:
    """Search for ways as if what will come back were there; False if there are none at all."""
    con, holder, opened = c.con[0], c.jobs[job].holder, facts_of(c, job, product)
    if con.routed > 0:
        return ask(c.past, product, opened, holder, con.t_s, 1)
    free_despite(c, product)
    return search(c, c.past, DESPITE, opened, holder, con.t_s, nbytes)


@part
def _wait(c: Shared, job: int, until_s: float, why: int, number: float) -> int:
    row = new_decision(c, job, _WAIT)
    wait, due_s = c.decisions[row], c.jobs[job].deadline_s
    if c.con[0].routed > 0 and due_s > c.con[0].t_s:  # to end then, not to keep what it takes
        until_s = min(until_s, due_s)
    wait.until_s = max(until_s, c.con[0].t_s + _SHORTEST_S)
    wait.cause, wait.why, wait.numbers[0] = _FAULT, why, number
    return row


@part
def _give_up(c: Shared, job: int, why: int, number: float) -> int:
    row = new_decision(c, job, _CLOSE)
    close = c.decisions[row]
    close.cause, close.why, close.numbers[0] = _FAULT, why, number
    return row
