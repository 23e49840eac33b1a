"""Events as messages into rows of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Final

import numpy as np

from perigrid.base.jobs import Job
from perigrid.base.messages import (
    ApprovalAnswered,
    AuthorityExpired,
    Captured,
    CaptureRefused,
    Computed,
    EnvelopeAnswered,
    Event,
    Moved,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    Ordered,
    StateReported,
    TaskLost,
    TimerRang,
)
from perigrid.control.core.messages import (
    CAUSES,
    EVENT,
    FAULTS,
    NOTHING,
    PRODUCTS,
    ActionKind,
    EventKind,
    Table,
)
from perigrid.control.core.state import UNTAKEN, Core
from perigrid.fleet.faults import FaultKind

KINDS: Final = {
    StateReported: EventKind.STATE_REPORTED,
    Captured: EventKind.CAPTURED,
    CaptureRefused: EventKind.CAPTURE_REFUSED,
    Computed: EventKind.COMPUTED,
    Moved: EventKind.MOVED,
    MoveFailed: EventKind.MOVE_FAILED,
    TimerRang: EventKind.TIMER_RANG,
    NodeFailed: EventKind.NODE_FAILED,
    NodeRepaired: EventKind.NODE_REPAIRED,
    TaskLost: EventKind.TASK_LOST,
    ApprovalAnswered: EventKind.APPROVAL_ANSWERED,
    AuthorityExpired: EventKind.AUTHORITY_EXPIRED,
    EnvelopeAnswered: EventKind.ENVELOPE_ANSWERED,
    Ordered: EventKind.ORDERED,
}
"""Code of each class of event."""
_AWAY: Final = frozenset(FAULTS[: FaultKind.WEATHER + 1])
_ENDS: Final = {
    Computed: ActionKind.COMPUTE,
    Moved: ActionKind.MOVE,
    MoveFailed: ActionKind.MOVE,
    ApprovalAnswered: ActionKind.ASK,
}
"""What a job is busy with of which that is the end."""


def event_rows(events: Sequence[Event], names: Sequence[str], told: Sequence[Event] = ()) -> Table:
    """Write events of an instant as rows.

    Parameters
    ----------
    events : sequence of Event
        In order.
    names : sequence of str
        Stages of the pipeline.
    told : sequence of EnvelopeAnswered or Ordered
        Those that the host of people knows by number.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.messages.EVENT`.
    """
    rows = np.zeros(len(events), dtype=EVENT)
    for name in ("job", "node", "stage"):
        rows[name] = NOTHING
    rows["outcome"] = np.nan
    for row, event in zip(rows, events, strict=True):
        row["t_s"], row["kind"] = event.t_s, KINDS[type(event)]
        _fill(row, event, names)
        if isinstance(event, EnvelopeAnswered | Ordered):
            row["node"] = told.index(event)
    return rows


def _fill(row: Table, event: Event, names: Sequence[str]) -> None:
    """Write what an event says besides its time."""
    if isinstance(event, Captured | CaptureRefused):
        row["job"], row["node"] = event.job.job_id, event.job.origin
    else:
        for column, name in (("job", "job_id"), ("node", "node")):
            row[column] = getattr(event, name, NOTHING)
    match event:
        case CaptureRefused(cause=cause):
            row["cause"] = CAUSES.index(cause)
        case Computed():
            row["suspect"], row["stage"] = event.suspect, names.index(event.stage)
            row["outcome"] = event.outcome  # None becomes NaN
        case Moved():
            row["product"] = PRODUCTS.index(event.product)
        case MoveFailed() | NodeFailed():
            row["stage"] = getattr(event, "leg", NOTHING)
            row["fault"] = FAULTS.index(event.kind)
        case TaskLost():
            row["kept_s"], row["stage"] = event.kept_s, names.index(event.stage)


def demand_possible(events: Sequence[Event], core: Core, jobs: Sequence[Job]) -> None:
    """Refuse events that cannot be: the core looks nothing up that is not there.

    Parameters
    ----------
    events : sequence of Event
        Of an instant, perhaps from a record that somebody altered.
    core : Core
        As it is before them.
    jobs : sequence of Job
        All that may be taken.

    Raises
    ------
    ValueError
        That names the event.
    """
    seen: set[tuple[object, ...]] = set()
    for event in events:
        job = getattr(event, "job", None)
        job_id = getattr(event, "job_id", NOTHING) if job is None else job.job_id
        whom = (type(event), getattr(event, "node", NOTHING)) if job_id == NOTHING else (job_id,)
        told = isinstance(event, EnvelopeAnswered | Ordered)
        if not _is_possible(event, core, jobs) or (whom in seen and not told):
            raise ValueError(f"this cannot have happened then: {event!r}")
        seen.add(whom)


def _is_possible(event: Event, core: Core, jobs: Sequence[Job]) -> bool:
    """Whether an event is of what there is."""
    node = getattr(event, "node", 0)
    if not NOTHING <= node < len(core.nodes):
        return False
    if isinstance(event, NodeFailed | NodeRepaired):
        away = not isinstance(event, NodeFailed) or event.kind in _AWAY
        return node != NOTHING and away
    if isinstance(event, Captured | CaptureRefused):
        known = jobs[event.job.job_id : event.job.job_id + 1]
        new = all(core.jobs["doing"][one.job_id] == UNTAKEN for one in known)
        return new and len(known) == 1 and _is_same(known[0], event.job)
    if isinstance(event, StateReported | EnvelopeAnswered | Ordered):
        return True
    if not 0 <= event.job_id < len(jobs):
        return False
    doing = int(core.jobs["doing"][event.job_id])
    if doing == UNTAKEN or doing != _ENDS.get(type(event), doing):
        return False
    if isinstance(event, Computed):
        return bool(core.jobs["holder"][event.job_id] == node)
    return not isinstance(event, MoveFailed) or 0 <= event.leg < _legs(core, event.job_id)


def _is_same(one: Job, other: Job) -> bool:
    """Whether jobs are equal; what is from nobody knows where has no place that equals itself."""
    pairs = zip(astuple(one), astuple(other), strict=True)
    return all(a == b or (a != a and b != b) for a, b in pairs)


def _legs(core: Core, job_id: int) -> int:
    """Count the legs of a job's move."""
    row, count = int(core.jobs["first_leg"][job_id]), 0
    while row >= 0:
        row, count = int(core.under_way["next"][row]), count + 1
    return count


def tell(core: Core, event: StateReported) -> None:
    """Put a report where the core reads it.

    Parameters
    ----------
    core : Core
        Changed.
    event : StateReported
        Of all satellites, in fleet order.
    """
    core.told[:] = event.battery_j, event.computer_k, event.radiator_k, event.storage_bytes
