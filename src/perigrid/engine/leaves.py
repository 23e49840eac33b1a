"""Decisions of an instant hashed before they are carried out: leaves of the run's ledger."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.messages import NOTHING, ActionKind, Table
from perigrid.engine.books import trouble
from perigrid.engine.shared import whole
from perigrid.engine.state import MESSAGE_BYTES, ROW_BYTES, Clock, Count, Filled, Trouble, World
from perigrid.ledger.row_hash import Bytes, hash_parts
from perigrid.ledger.run_rows import NUMBERS
from perigrid.physics.compiled import part

_MOVE, _COMPUTE, _WAIT, _CLOSE = (int(one) for one in list(ActionKind)[:4])
_OLD, _NOW, _DECISIONS = int(Count.OLD_DECISIONS), int(Clock.NOW), int(Filled.DECISIONS)
_LONG = int(Trouble.LONG)


@part
def hash_instant(w: World) -> None:
    """Hash what was decided on the events of the instant.

    Parameters
    ----------
    w : World
        Its log gets the leaves, as :mod:`perigrid.ledger.run_rows` defines them.
    """
    for row in range(w.counts[_OLD], w.log.filled[_DECISIONS]):
        _hash(w, row)


@part
def _hash(w: World, row: int) -> None:
    log, wanted, told = w.log, w.log.decisions[row], w.log.row[0]
    told.t_s = w.clock[_NOW]
    _tell(told, wanted)
    if wanted.kind == _MOVE:
        told.until_s = log.legs[wanted.first_leg + wanted.legs - 1].t_arrival_s
        told.legs = wanted.legs
    size = _append(log.message, ROW_BYTES, log.leg_bytes, wanted.first_leg, whole(told.legs))
    size = _append(log.message, size, log.other_bytes, wanted.first_other, whole(wanted.others))
    if size > MESSAGE_BYTES:
        trouble(w, _LONG, whole(wanted.job))
        return
    hash_parts(0, log.message[:size], log.message[:0], log.words, log.leaves[row])


@part
def _tell(told: Table, wanted: Table) -> None:
    """Fill a row with what the table of decisions says; what is not of its kind is -1."""
    kind = wanted.kind
    move, compute, wait = kind == _MOVE, kind == _COMPUTE, kind == _WAIT
    missed = kind == _CLOSE and not wanted.delivered
    told.until_s = wanted.until_s if wait else np.nan
    for k in range(NUMBERS):
        told.numbers[k] = wanted.numbers[k]
    told.job, told.kind, told.why = wanted.job, kind, wanted.why
    told.verdict, told.verdict_node = wanted.verdict, wanted.verdict_node
    told.source = wanted.source if move or compute else NOTHING
    told.target = wanted.target if move else NOTHING
    told.product = wanted.product if move else NOTHING
    told.stage = wanted.stage if compute else NOTHING
    told.cause = wanted.cause if wait or missed else NOTHING
    told.legs, told.others = 0, wanted.others


@part
def _append(message: Bytes, size: int, table: Bytes, first: int, count: int) -> int:
    """Put rows of a table behind a message, if they fit; gives its length."""
    end = size + count * table.shape[1]
    if end <= len(message):
        for row in range(first, first + count):
            for k in range(table.shape[1]):
                message[size] = table[row, k]
                size += 1
    return int(end)
