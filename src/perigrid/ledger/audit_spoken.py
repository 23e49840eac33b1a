"""Whether the tables of a run tell of people what its record holds of them as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
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
Told = tuple[object, ...]


def spoken_doubts(
    entries: Iterable[Mapping[str, Any]], actions: pl.DataFrame, events: pl.DataFrame
) -> Iterator[tuple[str, str]]:
    """Compare requests, notes and people's answers and orders, one by one.

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
    yield from _differs("actions/", asked.iter_rows(), _wanted(listed))
    yield from _differs("events/", events.select(TOLD).iter_rows(), _heard(listed))


def _differs(
    table: str, rows: Iterable[Told], messages: Iterable[tuple[int, Told]]
) -> Iterator[tuple[str, str]]:
    for row, found in zip_longest(rows, messages):
        sequence, message = (None, None) if found is None else found
        if row != message:
            where = table if sequence is None else f"{RECORD}:{sequence + 1}"
            yield where, f"what {table} tells of people is not what the record holds of them"
            return


def _wanted(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Told]]:
    """Decisions that the record holds as messages, as a table has them."""
    for entry in entries:
        for decision in entry["decisions"] if entry["kind"] == ACTIONS else ():
            action, verdict = decision["action"], decision["verdict"]
            kind = action["what"] if action["type"] == Acknowledge.__name__ else ASK
            said = (verdict["decision"], verdict["rule"], verdict["reason"])
            yield entry["sequence"], (entry["t_s"], kind, action["job_id"], *said)


def _heard(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Told]]:
    """Events that the record holds as messages, as a table has them."""
    for entry in entries:
        for event in entry["events"] if entry["kind"] == EVENTS else ():
            told = (event["t_s"], event["type"], event.get("job_id", _NOBODY))
            yield entry["sequence"], told
