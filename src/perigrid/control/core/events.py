"""Events as messages into rows of the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

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
    EventKind,
    Table,
)
from perigrid.control.core.state import Core

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
