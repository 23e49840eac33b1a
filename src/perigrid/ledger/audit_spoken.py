"""Whether the tables of a run tell of people what its record holds of them as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, zip_longest
from typing import Any, Final

import polars as pl

from perigrid.base.messages import Acknowledge, ApprovalAnswered, EnvelopeAnswered, Ordered
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import ACTIONS, EVENTS
from perigrid.ledger.run_rows import ASK, NOTED

OF_PEOPLE: Final = tuple(one.__name__ for one in (ApprovalAnswered, EnvelopeAnswered, Ordered))
"""Kinds of events that the record holds as messages."""
TOLD: Final = ("t_s", "kind", "job_id")
"""Columns of the table of events that are compared."""
_JUDGED: Final = (*TOLD, "verdict", "rule", "verdict_reason")
_NOBODY: Final = -1
_NO_RECORD: Final = -1
"""In place of the number of a record."""
Told = tuple[object, ...]


def spoken_doubts(
    entries: Iterable[Mapping[str, Any]], actions: pl.DataFrame, events: pl.DataFrame
) -> Iterator[tuple[str, str]]:
    """Compare requests, notes and people's answers and orders, one by one.

    A message about the acts of many jobs is a row of each. What is of one instant is compared in
    the order of its columns.

    Parameters
    ----------
    entries : iterable of mapping
        The record, or all of it that holds messages.
    actions : polars.DataFrame
        Decisions of the run.
    events : polars.DataFrame
        Events of :data:`OF_PEOPLE`, columns :data:`TOLD`.

    Yields
    ------
    where, what : str
        Why not to believe them: the first of each table that differs.
    """
    listed = list(entries)
    asked = actions.filter(pl.col("kind").is_in([ASK, *NOTED])).select(_JUDGED)
    yield from _differs("actions/", asked, _wanted(listed))
    heard = events.select(TOLD)
    yield from _differs("events/", heard, _heard(listed, heard))


def _differs(
    table: str, frame: pl.DataFrame, messages: Iterable[tuple[int, Told]]
) -> Iterator[tuple[str, str]]:
    rows = _by_instant((_NO_RECORD, row) for row in frame.iter_rows())
    for told, found in zip_longest(rows, _by_instant(messages)):
        row = None if told is None else told[1]
        sequence, message = (None, None) if found is None else found
        if row != message:
            where = table if sequence is None else f"{RECORD}:{sequence + 1}"
            yield where, f"what {table} tells of people is not what the record holds of them"
            return


def _by_instant(told: Iterable[tuple[int, Told]]) -> Iterator[tuple[int, Told]]:
    """Sort what is of one instant."""
    for _, group in groupby(told, key=lambda one: one[1][0]):
        yield from sorted(group, key=lambda one: one[1])


def _wanted(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Told]]:
    """Decisions that the record holds as messages, as a table has them."""
    for entry in entries:
        for decision in entry["decisions"] if entry["kind"] == ACTIONS else ():
            action, verdict = decision["action"], decision["verdict"]
            kind = action["what"] if action["type"] == Acknowledge.__name__ else ASK
            said = (verdict["decision"], verdict["rule"], verdict["reason"])
            for job in [act[0] for act in action.get("acts", ())] or [action["job_id"]]:
                yield entry["sequence"], (entry["t_s"], kind, job, *said)


def _heard(entries: Iterable[Mapping[str, Any]], rows: pl.DataFrame) -> Iterator[tuple[int, Told]]:
    """Events that the record holds as messages, as a table has them."""
    answered = set(rows.filter(pl.col("kind") == ApprovalAnswered.__name__).iter_rows())
    for entry in entries:
        for event in entry["events"] if entry["kind"] == EVENTS else ():
            told = (event["t_s"], event["type"], event.get("job_id", _NOBODY))
            # Of jobs asked about together, some may have ended meanwhile.
            each = [(*told[:2], job) for job in event.get("jobs", ())]
            for one in [one for one in each if one in answered] or [told]:
                yield entry["sequence"], one
