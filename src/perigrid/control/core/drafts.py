"""Rows of decisions that are being made."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.codes import Why
from perigrid.control.core.messages import Table
from perigrid.control.core.shared import Shared, wide
from perigrid.physics.compiled import part

_FOUND = int(Why.FOUND)


@part
def blank(table: Table, row: int, job: int, kind: int) -> None:
    """Begin a decision about a job.

    Parameters
    ----------
    table : Table
        Of decisions.
    row, job, kind : int
        Its row, the job, the kind of action.
    """
    new = table[row]
    new.kind, new.job, new.product, new.cause, new.delivered = kind, job, 0, 0, 0
    new.refused, new.stage, new.why, new.verdict, new.verdict_node = 0, -1, 0, 0, -1
    new.source, new.target, new.until_s = -1, -1, np.nan
    new.expires_s = np.inf
    new.first_leg, new.legs, new.first_other, new.others = 0, 0, 0, 0
    for k in range(4):
        new.numbers[k] = np.nan


@part
def draft(c: Shared, job: int, kind: int) -> int:
    """Begin an answer to a job, in place of an earlier one of this choice.

    Parameters
    ----------
    c : Shared
        Its drafts take it.
    job, kind : int
        Which, and the kind of action.

    Returns
    -------
    int
        Row of the draft.
    """
    row = c.jobs[job].draft
    if row < 0:
        row = c.con[0].drafts
        c.con[0].drafts += 1
        c.jobs[job].draft = row
    blank(c.drafts, row, job, kind)
    return int(row)


@part
def new_decision(c: Shared, job: int, kind: int) -> int:
    """Begin the next decision; it counts once it is issued.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job, kind : int
        Which, and the kind of action.

    Returns
    -------
    int
        Its row.
    """
    row = c.filled[0]
    if row >= len(c.decisions):
        c.con[0].overflow = 1
        row = 0
    blank(c.decisions, row, job, kind)
    return int(row)


@part
def found_words(c: Shared, table: Table, row: int) -> None:
    """Say that a stage comes next for what was found, or after what.

    Parameters
    ----------
    c : Shared
        What is known.
    table : Table
        Of decisions.
    row : int
        About a stage: its numbers are the stage done last and the outcome that was asked for.
    """
    job, asks = wide(table[row].job), c.stages[table[row].stage].asks
    table[row].why = _FOUND
    table[row].numbers[0] = c.jobs[job].last
    if asks >= 0:
        table[row].numbers[1] = c.found[job, asks]
