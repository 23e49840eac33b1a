"""Whether the tables of a run of observations hold the decisions that its record committed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit_records import Records
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.merkle import root
from perigrid.ledger.record import BATCH
from perigrid.ledger.run_rows import WORDS, read_rows
from perigrid.ledger.seal import MANIFEST
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_file, understood
from perigrid.ledger.tables import RUN_ACTIONS
from perigrid.ledger.verdict import Verdict

TABLE: Final = "actions/"
"""Folder of the table of decisions."""


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
    batches = [one for one in found.batches if one["kind"] == BATCH]
    try:
        with understood(source.label):
            leaves, t_s = _decisions(source, found)
            doubts = list(_doubts(batches, leaves, t_s))
    except RunFolderError as error:
        verdict.doubt(TABLE, error.problems[0].message)
        return
    for where, what in doubts:
        verdict.doubt(where, what)
    if not doubts:
        said = f"decisions are leaves of {len(batches):,} batches, hashed before they were done"
        verdict.shown.append(f"{len(leaves):,} {said}")


def _decisions(source: Source, found: Records) -> tuple[list[bytes], pl.Series]:
    """Work the leaves of all decisions out again; with when they were made."""
    rows = read_rows(source, (name for _, name, _ in found.parts))
    for sequence, name, _ in found.parts:
        if name.startswith(TABLE):
            told = read_file(source, name, RUN_ACTIONS, ("sequence",))["sequence"]
            if (told != sequence).any():
                raise ValueError(f"{name} says that it is of another record than {sequence}")
    if rows.actions.height and rows.actions["decision"][0] != 0:
        raise ValueError("the first decision is missing")
    return rows.leaves(found.pins, source.json(MANIFEST)["nodes"]), rows.actions["t_s"]


def _doubts(
    batches: Sequence[Mapping[str, Any]], leaves: list[bytes], t_s: pl.Series
) -> Iterator[tuple[str, str]]:
    """Say of each batch whether it goes on where the last one ended, and has its rows' root."""
    rows = 0
    for entry in batches:
        where, first = f"{RECORD}:{entry['sequence'] + 1}", entry["first"]
        stop = first + entry["rows"]
        if first != rows or root(leaves[first:stop]).hex() != entry["root"]:
            yield (
                where,
                f"rows {first} to {stop - 1} of {TABLE} are not the decisions of this batch",
            )
        elif not (t_s[first:stop] <= entry["t_s"]).all():
            yield where, "a decision of this batch was made after it"
        rows = stop
    if rows != len(leaves):
        yield RECORD, f"{len(leaves) - rows} decisions are in no batch"
