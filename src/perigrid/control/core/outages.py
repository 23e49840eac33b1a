"""After a fault: what the core knows of it, and what becomes of the jobs that it struck.

The core hears that a node is away when it shows, and that it is back when it is. How long it will
stay away nobody knows: times away are exponential, so that the best guess is at any moment the
mean time from then on.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.base.messages import REPORT_INTERVAL_S
from perigrid.control.core.belief import block, cancel, relocate, withdraw
from perigrid.control.core.bookings import (
    end_move,
    exclude_contact,
    exclude_node,
    free_despite,
    keep_parts,
    leg_of,
)
from perigrid.control.core.codes import Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import in_orbit, next_stage
from perigrid.control.core.hosts import first_host, go_to, step_to_host
from perigrid.control.core.messages import CAUSES, FAULTS, NOTHING, ActionKind, Table
from perigrid.control.core.models import forget_models
from perigrid.control.core.parts import goes_in_parts, time_parts
from perigrid.control.core.queues import forget
from perigrid.control.core.routes import ask
from perigrid.control.core.rules import facts_of
from perigrid.control.core.search import best_exit, search
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import DESPITE, RAW, THERE
from perigrid.fleet.faults import FaultKind
from perigrid.physics.compiled import part

LOOKS_PER_REPAIR: Final = 4.0
"""How often a job that waits for a node looks whether it is back, in its mean time away. [1]"""
SHORTEST_WAIT_S: Final = 1.0
_WAIT, _CLOSE = int(ActionKind.WAIT), int(ActionKind.CLOSE)
_LOSS = int(FaultKind.LOSS)
_ACQUISITION, _ENERGY = FAULTS.index("acquisition"), FAULTS.index(Cause.BATTERY.value)
_FAULT, _BATTERY = CAUSES.index(Cause.FAULT), CAUSES.index(Cause.BATTERY)
_LOST_WITH, _TRIED, _AWAY, _UNPOWERED = (
    int(Why.LOST_WITH), int(Why.TRIED), int(Why.AWAY), int(Why.UNPOWERED)
)  # fmt: skip
_TOO_LATE = int(Why.NO_ANSWER_IN_TIME)
_LEFT, _QUARANTINED, _WAYS_AWAY = int(Why.LEFT), int(Why.QUARANTINED), int(Why.WAYS_AWAY)
_LOOKS, _SHORTEST_S, _REPORT_S = LOOKS_PER_REPAIR, SHORTEST_WAIT_S, REPORT_INTERVAL_S

# ------------------------------------------------------------------ what happened


@part
def node_failed(c: Shared, node: int, kind: int) -> None:
    """Take in that a node went away.

    Parameters
    ----------
    c : Shared
        Changed.
    node, kind : int
        Fleet row, and :class:`perigrid.fleet.faults.FaultKind`.
    """
    me, con, back_s = c.nodes[node], c.con[0], np.inf
    con.troubled = 1
    if kind == _LOSS:
        me.lost = 1
    else:
        con.away += me.away == THERE
        me.away = kind
        back_s = con.t_s + con.mean_away_s[kind]
    exclude_node(c, node, back_s)
    if node < con.n_satellites:
        block(c, node, back_s)
        forget_models(c, node)


@part
def node_repaired(c: Shared, node: int) -> None:
    """Take in that a node came back."""
    me, con = c.nodes[node], c.con[0]
    con.away -= me.away != THERE
    me.away = THERE
    exclude_node(c, node, -np.inf)
    if node < con.n_satellites:
        block(c, node, max(con.t_s, me.quarantine_s))


@part
def move_failed(c: Shared, event: Table) -> None:
    """Give back what a move had booked, and plan around what broke it.

    Parameters
    ----------
    c : Shared
        Changed.
    event : Table
        Which leg, by which fault, and who holds the product.
    """
    job, node, now_s = wide(event.job), wide(event.node), c.con[0].t_s
    me, leg = c.jobs[job], c.under_way[leg_of(c, job, wide(event.stage))]
    place, source, target = leg.place, leg.source, leg.target
    c.con[0].troubled = 1
    me.struck |= event.fault != _ENERGY
    if me.product == RAW:
        set_out(c, job)
        cancel(c, job)
        if node >= 0 and node != me.holder:
            relocate(c, job, node)
    keep_parts(c, job, wide(event.stage))
    end_move(c, job, wide(event.stage))
    withdraw(c, job)
    if event.fault == _ACQUISITION:
        if place >= 0:
            exclude_contact(c, place)
    elif event.fault == _ENERGY:
        empty = _emptier(c, source, target)
        c.nodes[empty].unpowered_s = now_s + _REPORT_S
        exclude_node(c, empty, now_s + _REPORT_S)
    _away_longer(c, source)
    _away_longer(c, target)
    me.holder = node


@part
def _away_longer(c: Shared, node: int) -> None:
    """Expect a node that is still away in the mean time from now on."""
    if c.nodes[node].away != THERE:
        exclude_node(c, node, c.con[0].t_s + c.con[0].mean_away_s[c.nodes[node].away])


@part
def _emptier(c: Shared, source: int, target: int) -> int:
    """Satellite of a leg's ends with the emptier battery, as told last."""
    n, told_j = c.con[0].n_satellites, c.told[0]
    if source >= n or target >= n:
        return min(source, target)  # satellites come first
    if c.con[0].reports == 0 or told_j[source] <= told_j[target]:
        return source
    return target


@part
def task_lost(c: Shared, job: int, node: int) -> None:
    """Note that a crash threw out a job's stage."""
    _undone(c, job, node, wide(c.con[0].stays))


@part
def _undone(c: Shared, job: int, node: int, stays: int) -> None:
    me = c.jobs[job]
    c.con[0].troubled = 1
    me.struck = 1
    me.tries += 1
    me.stay, me.leave = stays, NOTHING if stays else node


@part
def is_thrown_away(c: Shared, job: int, node: int) -> bool:
    """Take in a suspect result.

    Parameters
    ----------
    c : Shared
        Changed.
    job, node : int
        Whose, and who computed it.

    Returns
    -------
    bool
        Whether the result is thrown away, to be computed again.
    """
    me, con = c.nodes[node], c.con[0]
    me.suspicions += 1
    con.troubled = 1
    if 0 < con.quarantine_after <= me.suspicions:
        me.suspicions = 0
        con.quarantines += 1
        me.quarantine_s = con.t_s + con.quarantine_s
        # Schedulers send nothing to a satellite that has so much to do.
        block(c, node, max(me.quarantine_s, c.satellites[node].busy_s))
    if con.accepts:
        return False
    _undone(c, job, node, wide(con.stays_suspect))
    return True


@part
def set_out(c: Shared, job: int) -> None:
    """Note that pixels were on their way: nothing has to be left any more."""
    c.jobs[job].leave = c.jobs[job].goal = NOTHING


# ------------------------------------------------------------------ what is wanted


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
    if holder.away != THERE:
        look_s = con.mean_away_s[holder.away] / _LOOKS
        return _wait(c, job, con.t_s + look_s, _AWAY, float(holder.away))
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
    """Whether what waits on a satellite goes elsewhere: it is away, or its results are suspect."""
    con, me = c.con[0], c.nodes[node]
    if node >= con.n_satellites:
        return False
    away = me.away != THERE and con.stays == 0
    return bool(away or (me.quarantine_s > con.t_s and con.stays_suspect == 0))


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
    wait = c.decisions[row]
    if c.con[0].routed > 0:  # to end then, not to keep what it takes
        until_s = min(until_s, c.jobs[job].deadline_s)
    wait.until_s = max(until_s, c.con[0].t_s + _SHORTEST_S)
    wait.cause, wait.why, wait.numbers[0] = _FAULT, why, number
    return row


@part
def _give_up(c: Shared, job: int, why: int, number: float) -> int:
    row = new_decision(c, job, _CLOSE)
    close = c.decisions[row]
    close.cause, close.why, close.numbers[0] = _FAULT, why, number
    return row
