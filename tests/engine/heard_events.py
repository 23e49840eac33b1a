"""Events of the compiled loop and of the engine in Python in the same plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields

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
from perigrid.control.core.messages import CAUSES, FAULTS, PRODUCTS, EventKind

KINDS = {
    StateReported: EventKind.STATE_REPORTED,
    Captured: EventKind.CAPTURED,
    CaptureRefused: EventKind.CAPTURE_REFUSED,
    Computed: EventKind.COMPUTED,
    Moved: EventKind.MOVED,
    TimerRang: EventKind.TIMER_RANG,
    MoveFailed: EventKind.MOVE_FAILED,
    NodeFailed: EventKind.NODE_FAILED,
    NodeRepaired: EventKind.NODE_REPAIRED,
    TaskLost: EventKind.TASK_LOST,
    ApprovalAnswered: EventKind.APPROVAL_ANSWERED,
    AuthorityExpired: EventKind.AUTHORITY_EXPIRED,
    EnvelopeAnswered: EventKind.ENVELOPE_ANSWERED,
    Ordered: EventKind.ORDERED,
}


def seen(row: np.void, stages: Sequence[str]) -> tuple[object, ...]:
    """An event of the log in plain values."""
    kind = EventKind(int(row["kind"]))
    outcome = None if math.isnan(row["outcome"]) else float(row["outcome"])
    fault = FAULTS[row["fault"]]
    stage = "" if kind is EventKind.MOVE_FAILED else stages[row["stage"]]
    here = (int(row["job"]), int(row["node"]))
    told: dict[EventKind, tuple[object, ...]] = {
        EventKind.STATE_REPORTED: (),
        EventKind.CAPTURED: here,
        EventKind.CAPTURE_REFUSED: (*here, CAUSES[row["cause"]]),
        EventKind.COMPUTED: (*here, stage, outcome, bool(row["suspect"])),
        EventKind.MOVED: (*here, PRODUCTS[row["product"] % len(PRODUCTS)]),
        EventKind.TIMER_RANG: here[:1],
        EventKind.MOVE_FAILED: (*here, int(row["stage"]), fault),
        EventKind.NODE_FAILED: (here[1], fault, fault == "loss"),
        EventKind.NODE_REPAIRED: here[1:],
        EventKind.TASK_LOST: (*here, stage, float(row["kept_s"])),
        EventKind.APPROVAL_ANSWERED: here[:1],
        EventKind.AUTHORITY_EXPIRED: here,
        EventKind.ENVELOPE_ANSWERED: here,
        EventKind.ORDERED: here,
    }
    return kind, float(row["t_s"]), *told[kind]


def expected(event: Event, opening: Sequence[Event]) -> tuple[object, ...]:
    """An event of the engine in Python, in the same values."""
    kind = KINDS[type(event)]
    match event:
        case StateReported():
            return kind, event.t_s
        case Captured(t_s, job):
            return kind, t_s, job.job_id, job.origin
        case CaptureRefused(t_s, job, cause):
            return kind, t_s, job.job_id, job.origin, cause
        case ApprovalAnswered(t_s, job_id):
            return kind, t_s, job_id
        case EnvelopeAnswered() | Ordered():
            return kind, event.t_s, -1, opening.index(event)
    return kind, *(getattr(event, one.name) for one in fields(event))
