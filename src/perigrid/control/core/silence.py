"""What others hear of satellites that failed, and begin elsewhere then."""

from __future__ import annotations

from perigrid.control.core.bookings import leg_of
from perigrid.control.core.heard import is_heard, note_free, reported
from perigrid.control.core.islands import MISSED
from perigrid.control.core.issue import issue
from perigrid.control.core.messages import NOTHING, ActionKind, EventKind, Table
from perigrid.control.core.outages import (
    is_unheard,
    node_failed,
    node_repaired,
    note_return,
    note_silence,
)
from perigrid.control.core.outside import Question, ask_outside
from perigrid.control.core.queues import forget
from perigrid.control.core.recovery import leaves, recover
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import THERE
from perigrid.fleet.faults import FaultKind
from perigrid.physics.compiled import part

_WAIT, _ASK = int(ActionKind.WAIT), int(ActionKind.ASK)
_REPORTED, _NODE_FAILED, _REPAIRED = (
    int(EventKind.STATE_REPORTED), int(EventKind.NODE_FAILED), int(EventKind.NODE_REPAIRED)
)  # fmt: skip
_TELL, _LOSS, _MISSED = int(Question.TOLD), int(FaultKind.LOSS), MISSED


@part
def hear_of_nodes(c: Shared, event: Table) -> None:
    """Take in an event of no job: a report, a node that failed or is back, what people said."""
    node = wide(event.node)
    if event.kind == _REPORTED:
        reported(c)
        if c.con[0].troubled > 0:
            _hear_of_troubles(c)
    elif event.kind == _NODE_FAILED:
        node_failed(c, node, wide(event.fault))
    elif event.kind == _REPAIRED:
        node_repaired(c, node)
        if node < c.con[0].n_satellites:
            note_free(c, node)
    else:
        ask_outside(c, _TELL, node)


@part
def _hear_of_troubles(c: Shared) -> None:
    """Take in, at a report, which satellites are silent, back, or in quarantine."""
    for node in range(c.con[0].n_satellites):
        if is_heard(c, node):
            if c.nodes[node].away != THERE:
                note_return(c, node)
            if c.nodes[node].told_quarantine_s > c.con[0].t_s:
                _empty_queue(c, node)
        elif c.satellites[node].island == _MISSED and is_unheard(c, node):
            _miss(c, node)


@part
def see_silence(c: Shared, event: Table, job: int) -> None:
    """See that an end of a link is away: it broke off, or did not come about."""
    leg = c.under_way[leg_of(c, job, wide(event.stage))]
    if leg.start_s <= c.con[0].t_s:
        for node in (wide(leg.source), wide(leg.target)):
            if is_unheard(c, node):
                _miss(c, node)


@part
def _miss(c: Shared, node: int) -> None:
    """Take note that a satellite is silent, and begin elsewhere what it had."""
    note_silence(c, node)
    if c.nodes[node].lost > 0:
        _abandon(c, node)
    _empty_queue(c, node)


@part
def _empty_queue(c: Shared, node: int) -> None:
    """Begin what waits on a satellite that is shunned again elsewhere."""
    job = c.satellites[node].queue_first if node < c.con[0].n_satellites else NOTHING
    while job >= 0:
        following = c.jobs[job].queue_next
        step = recover(c, job) if leaves(c, job, node) else NOTHING
        if step >= 0:
            forget(c, job)
            issue(c, step)
        job = following


@part
def count_abandoned(c: Shared) -> int:
    """Count the jobs that rest on satellites that are lost, of which others may hear now."""
    count = 0
    for node in range(c.con[0].n_satellites):
        if c.nodes[node].down == _LOSS and is_unheard(c, node):
            for job in range(len(c.jobs)):
                count += _rests(c, job, node)
    return count


@part
def _rests(c: Shared, job: int, node: int) -> bool:
    me = c.jobs[job]
    return bool((me.doing == _WAIT or me.doing == _ASK) and me.holder == node)


@part
def _abandon(c: Shared, node: int) -> None:
    """End the jobs that rested on a satellite that was lost."""
    for job in range(len(c.jobs)):
        if _rests(c, job, node):
            issue(c, recover(c, job))
