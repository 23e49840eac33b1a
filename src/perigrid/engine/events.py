"""Events of an instant, for the controller and for the record."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.messages import NOTHING, EventKind, Table
from perigrid.engine.state import Clock, Count, Filled, World
from perigrid.physics.compiled import part

_NOW, _EVENTS, _OLD_EVENTS = int(Clock.NOW), int(Filled.EVENTS), int(Count.OLD_EVENTS)
_FAILED, _REPAIRED = int(EventKind.NODE_FAILED), int(EventKind.NODE_REPAIRED)


@part
def note(w: World, kind: int, job: int, node: int) -> Table:
    """Log an event.

    Parameters
    ----------
    w : World
        Its log grows.
    kind : int
        :class:`perigrid.control.core.messages.EventKind`.
    job, node : int
        Whom it befell, and where; -1 for none.

    Returns
    -------
    record
        The event, for what else there is to say of it.
    """
    event = w.log.events[w.log.filled[_EVENTS]]
    w.log.filled[_EVENTS] += 1
    event.kind, event.job, event.node = kind, job, node
    event.product, event.cause, event.fault, event.stage, event.suspect = 0, 0, 0, NOTHING, 0
    event.outcome, event.kept_s = np.nan, 0.0
    event.t_s = w.clock[_NOW]
    return event


@part
def put_nodes_first(w: World) -> None:
    """Put what is away and back before anything else of the same instant; the rest keeps its order.

    Parameters
    ----------
    w : World
        Events of the instant in its log are moved; one row behind them is free.
    """
    events, filled = w.log.events, w.log.filled[_EVENTS]
    front = w.counts[_OLD_EVENTS]
    for row in range(front, filled):
        if events[row].kind == _FAILED or events[row].kind == _REPAIRED:
            events[filled] = events[row]
            for place in range(row, front, -1):
                events[place] = events[place - 1]
            events[front] = events[filled]
            front += 1
