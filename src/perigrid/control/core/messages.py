"""Events and decisions of an instant as columns: what the compiled decision core reads and fills.

One row here is one message of :mod:`perigrid.base.messages`. Words are codes and numbers, written
out by :mod:`perigrid.control.core.words` only where a person or a table asks for them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import numpy as np

from perigrid.base.jobs import Cause, Product
from perigrid.fleet.faults import FaultKind

Field = tuple[str, type[np.generic]] | tuple[str, type[np.generic], tuple[int, ...]]
Table = Any
"""A structured array: its fields are read as ``table[row].field`` by compiled code alone."""

CAUSES: Final = tuple(Cause)
PRODUCTS: Final = tuple(Product)
FAULTS: Final = (*(kind.name.lower() for kind in FaultKind), "away", Cause.BATTERY.value)
"""What a node or a move fails by: a fault, an end that is away already, or want of energy."""
NOTHING: Final = -1
"""In place of a job, a node, a stage or a row."""
CLOUD_CODE: Final = 254
NOTHING_FOUND_CODE: Final = 255
"""In place of a cause: the job ended for what a stage found."""


class EventKind(IntEnum):
    """What happened; each is a class of :mod:`perigrid.base.messages`."""

    STATE_REPORTED = 0
    CAPTURED = 1
    CAPTURE_REFUSED = 2
    COMPUTED = 3
    MOVED = 4
    TIMER_RANG = 5
    MOVE_FAILED = 6  # its ``stage`` is the number of the leg, its ``node`` who holds the product
    NODE_FAILED = 7
    NODE_REPAIRED = 8
    TASK_LOST = 9
    APPROVAL_ANSWERED = 10
    AUTHORITY_EXPIRED = 11
    ENVELOPE_ANSWERED = 12  # of no job: its ``node`` is its place among the events that are
    ORDERED = 13  # certain from the start; so of this one


class ActionKind(IntEnum):
    """What was decided; each is a class of :mod:`perigrid.base.messages`."""

    MOVE = 0
    COMPUTE = 1
    WAIT = 2
    CLOSE = 3
    ASK = 4  # refused: an answer that does not count
    ACKNOWLEDGE = 5  # of no job; numbers[0] is the place of its detail, numbers[1] of its word


EVENT: Final[list[Field]] = [
    ("t_s", np.float64),
    ("kind", np.uint8),  # EventKind
    ("product", np.uint8),  # place in PRODUCTS, of a move
    ("cause", np.uint8),  # place in CAUSES, of a refused capture
    ("fault", np.uint8),  # place in FAULTS, of a node or a move that failed
    ("stage", np.int8),  # place in the pipeline
    ("suspect", np.uint8),
    ("job", np.int32),
    ("node", np.int32),
    ("outcome", np.float64),  # NaN for a stage that finds nothing out
    ("kept_s", np.float64),  # work of a lost task that its checkpoints saved
]
"""An event of an instant, in the order in which the controller hears of them."""

DECISION: Final[list[Field]] = [
    ("t_s", np.float64),  # filled in where it is carried out, as is
    ("heard", np.int64),  # how many rows of the log tell of what came before it
    ("kind", np.uint8),  # ActionKind
    ("product", np.uint8),
    ("cause", np.uint8),  # what a wait waits for, what a job missed by; or one of the codes above
    ("delivered", np.uint8),
    ("refused", np.uint8),  # 1: recorded, not carried out
    ("stage", np.int8),
    ("why", np.uint8),  # code of its words
    ("verdict", np.int32),  # place in the list of verdicts
    ("verdict_node", np.int32),  # at which a rule bit; -1 where none did
    ("job", np.int32),
    ("source", np.int32),  # of a move; where a stage is computed
    ("target", np.int32),
    ("until_s", np.float64),  # of a wait; of a request, when people will have answered
    ("expires_s", np.float64),  # end of the authority of a stage: it has to begin before
    ("first_leg", np.int64),  # rows of LEG; of a close, the way that would be too late
    ("legs", np.int32),
    ("first_other", np.int64),  # rows of OTHER
    ("others", np.int32),
    ("numbers", np.float64, (4,)),  # that stand in its words
]
"""An action, with its verdict."""

LEG: Final[list[Field]] = [
    ("contact", np.int32),  # row in the outlook's contacts; -1 for terrestrial fibre
    ("kind", np.int8),  # fleet.model.ContactKind; -1 for terrestrial fibre
    ("source", np.int32),
    ("target", np.int32),
    ("t_ready_s", np.float64),
    ("t_window_s", np.float64),
    ("t_start_s", np.float64),
    ("t_end_s", np.float64),
    ("t_arrival_s", np.float64),
    ("nbytes", np.float64),
]
"""A part of a product's way."""

OTHER: Final[list[Field]] = [
    ("node", np.int32),  # -1 for several told together
    ("why", np.uint8),  # code of its words
    ("count", np.int32),  # of those told together
    ("t_answer_s", np.float64),  # NaN if it was not worked out, or never
    ("number", np.float64),  # that stands in its words
]
"""What was weighed beside a decision, and lost."""
