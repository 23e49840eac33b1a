"""After a fault: what the core knows of it, and others by and by.

A satellite that fails is silent: others take note of it at the next report at which it should
have been heard, or when a link to it breaks; and that it is back once they hear it. Itself it knows
at once. Nodes on the ground are heard at any time. How long a node will stay away nobody knows:
times away are exponential, so that the best guess is at any moment the mean time from then on.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.base.messages import REPORT_INTERVAL_S
from perigrid.control.core.belief import block, cancel, relocate, withdraw
from perigrid.control.core.bookings import (
    end_move,
    exclude_contact,
    exclude_node,
    keep_parts,
    leg_of,
)
from perigrid.control.core.messages import FAULTS, NOTHING, Table
from perigrid.control.core.models import forget_models
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW, THERE
from perigrid.control.core.views import battery_j
from perigrid.fleet.faults import FaultKind
from perigrid.physics.compiled import part

_LOSS, _REPORT_S = int(FaultKind.LOSS), REPORT_INTERVAL_S
_ACQUISITION, _ENERGY = FAULTS.index("acquisition"), FAULTS.index(Cause.BATTERY.value)


@part
def node_failed(c: Shared, node: int, kind: int) -> None:
    """Take in that a node went away, which others have not heard yet if it is a satellite.

    Parameters
    ----------
    c : Shared
        Changed.
    node, kind : int
        Fleet row, and :class:`perigrid.fleet.faults.FaultKind`.
    """
    con = c.con[0]
    con.troubled = 1
    c.nodes[node].down = kind
    if node < con.n_satellites:
        block(c, node, _back_s(c, node))
        forget_models(c, node)
    else:
        note_silence(c, node)


@part
def _back_s(c: Shared, node: int) -> float:
    """When a node that failed is believed to be back; infinity if it is lost [s]."""
    kind = c.nodes[node].down
    return float(np.inf if kind == _LOSS else c.con[0].t_s + c.con[0].mean_away_s[kind])


@part
def is_unheard(c: Shared, node: int) -> bool:
    """Whether a node has failed and no other has heard of it."""
    me = c.nodes[node]
    if me.down == THERE or me.lost > 0:
        return False
    return bool(me.away == THERE or me.down == _LOSS)


@part
def note_silence(c: Shared, node: int) -> None:
    """Let others take note that a node is away: they plan nothing over it."""
    me, con = c.nodes[node], c.con[0]
    if me.down == _LOSS:
        me.lost = 1
    else:
        con.away += me.away == THERE
        me.away = me.down
    me.gone_s = _back_s(c, node)
    exclude_node(c, node, me.gone_s)
    if node < con.n_satellites:
        c.heard[node].blocked_s = c.satellites[node].blocked_s


@part
def node_repaired(c: Shared, node: int) -> None:
    """Take in that a node came back, which others hear later if it is a satellite."""
    me, con = c.nodes[node], c.con[0]
    me.down, me.gone_s = THERE, -np.inf
    exclude_node(c, node, me.away_s)  # what it sends itself is free
    if node < con.n_satellites:
        block(c, node, max(con.t_s, me.quarantine_s))
    else:
        note_return(c, node)


@part
def note_return(c: Shared, node: int) -> None:
    """Let others take note that a node is back."""
    c.con[0].away -= c.nodes[node].away != THERE
    c.nodes[node].away = THERE
    exclude_node(c, node, -np.inf)


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
        c.nodes[empty].unpowered_s = c.nodes[empty].gone_s = now_s + _REPORT_S
        exclude_node(c, empty, now_s + _REPORT_S)
    _away_longer(c, source)
    _away_longer(c, target)
    me.holder = source if node < 0 and is_unheard(c, source) else node


@part
def _away_longer(c: Shared, node: int) -> None:
    """Expect a node that is still away in the mean time from now on."""
    me = c.nodes[node]
    if me.away != THERE:
        until_s = c.con[0].t_s + c.con[0].mean_away_s[me.away]
        me.gone_s = until_s if me.down != THERE else me.gone_s
        exclude_node(c, node, until_s)


@part
def _emptier(c: Shared, source: int, target: int) -> int:
    """Satellite of a leg's ends with the emptier battery, as the sender knows them."""
    n = c.con[0].n_satellites
    if source >= n or target >= n:
        return min(source, target)  # satellites come first
    return source if battery_j(c, source, source) <= battery_j(c, source, target) else target


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
