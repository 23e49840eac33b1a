"""Whether the tables of a run of observations hold the decisions that its record committed to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit_records import Records
from perigrid.ledger.audit_spoken import OF_PEOPLE, TOLD, spoken_doubts
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.merkle import root
from perigrid.ledger.record import BATCH
from perigrid.ledger.record import WORDS as ADDED
from perigrid.ledger.run_rows import VERDICTS, WORDS, RunRows, joined, read_rows
from perigrid.ledger.seal import MANIFEST
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_file, understood
from perigrid.ledger.tables import RUN_ACTIONS, RUN_EVENTS
from perigrid.ledger.verdict import Verdict

TABLE: Final = "actions/"
"""Folder of the table of decisions;"""
HEARD: Final = "events/"
"""and of the one of events."""


def check_run_batches(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare the decisions in tables with the batches in the record.

    Parameters
    ----------
    source : Source
        Folder or bundle of one run.
    found : Records
        Its record, gone through.
    verdict : Verdict
        Takes the doubts; nothing is looked at if there are any.
    """
    if WORDS not in found.pins or verdict.doubts:
        return
    try:
        with understood(source.label):
            rows = _decisions(source, found)
            pins = joined(found.pins, found.batches)
            leaves = rows.leaves(pins, source.json(MANIFEST)["nodes"])
            doubts = [*_doubts(found, leaves, rows.actions), *_of_people(source, found, rows)]
    except RunFolderError as error:
        verdict.doubt(TABLE, error.problems[0].message)
        return
    for where, what in doubts:
        verdict.doubt(where, what)
    if not doubts:
        batches = sum(one["kind"] == BATCH for one in found.batches)
        said = f"decisions are leaves of {batches:,} batches, hashed before they were done"
        verdict.shown.append(f"{len(leaves):,} {said}")


def _decisions(source: Source, found: Records) -> RunRows:
    """Read all decisions."""
    rows = read_rows(source, (name for _, name, _ in found.parts))
    for sequence, name, _ in found.parts:
        if name.startswith(TABLE):
            told = read_file(source, name, RUN_ACTIONS, ("sequence",))["sequence"]
            if (told != sequence).any():
                raise ValueError(f"{name} says that it is of another record than {sequence}")
    if rows.actions.height and rows.actions["decision"][0] != 0:
        raise ValueError("the first decision is missing")
    return rows


def _of_people(source: Source, found: Records, rows: RunRows) -> Iterator[tuple[str, str]]:
    """Compare with the tables what the record holds of people."""
    parts = [name for _, name, _ in found.parts if name.startswith(HEARD)]
    where = pl.col("kind").is_in(OF_PEOPLE)
    heard = [read_file(source, name, RUN_EVENTS, TOLD, where) for name in parts]
    empty = pl.DataFrame(schema={name: RUN_EVENTS[name] for name in TOLD})
    events = pl.concat([empty, *heard])
    yield from spoken_doubts(found.batches, rows.actions, events)


def _doubts(
    found: Records, leaves: list[bytes], actions: pl.DataFrame
) -> Iterator[tuple[str, str]]:
    """Say of each batch whether it goes on where the last one ended, and has its rows' root."""
    rows, t_s, verdicts = 0, actions["t_s"], len(found.pins[WORDS][VERDICTS])
    for entry in found.batches:
        if entry["kind"] == ADDED:
            verdicts += len(entry[VERDICTS])
        if entry["kind"] != BATCH:
            continue
        where, first = f"{RECORD}:{entry['sequence'] + 1}", entry["first"]
        stop = first + entry["rows"]
        if first != rows or root(leaves[first:stop]).hex() != entry["root"]:
            yield (
                where,
                f"rows {first} to {stop - 1} of {TABLE} are not the decisions of this batch",
            )
        elif not (t_s[first:stop] <= entry["t_s"]).all():
            yield where, "a decision of this batch was made after it"
        elif not (actions["verdict_number"][first:stop] < verdicts).all():
            yield where, "a verdict of this batch was entered after it"
        rows = stop
    if rows != len(leaves):
        yield RECORD, f"{len(leaves) - rows} decisions are in no batch"
