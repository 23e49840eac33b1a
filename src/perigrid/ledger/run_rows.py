"""Decisions of a run by tables as rows of bytes: what is hashed into the ledger.

A decision is a leaf of the tree of its batch: ``SHA-256(0x00 || row || legs || others)``,
little-endian and packed as :data:`ROW`, :data:`LEG` and :data:`OTHER` say, legs and others in
their order in the tables. Nodes are numbered as the manifest lists them, words as the pins do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.approvals import ORDER_KINDS
from perigrid.ledger.merkle import leaf_hash
from perigrid.ledger.record import WORDS as ADDED
from perigrid.ledger.rows import Table, bytes_of
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import Schema, read_file
from perigrid.ledger.tables import RUN_ACTIONS, RUN_LEGS, RUN_OTHERS

Field = tuple[str, str] | tuple[str, str, tuple[int, ...]]

Numbers = Mapping[str, int]
Words = Mapping[str, Any]

NUMBERS: Final = 4
"""That may stand in the words of a decision."""
ROW: Final[list[Field]] = [
    ("t_s", "<f8"),
    ("until_s", "<f8"),  # planned arrival, or end of a wait; NaN else
    ("numbers", "<f8", (NUMBERS,)),  # in the words of why
    ("job", "<i4"),
    ("source", "<i4"),
    ("target", "<i4"),
    ("verdict", "<i4"),
    ("verdict_node", "<i4"),  # at which a rule bit
    ("legs", "<i4"),
    ("others", "<i4"),
    ("cause", "<i2"),
    ("kind", "i1"),
    ("product", "i1"),
    ("stage", "i1"),
    ("why", "u1"),
]
"""What is not of its kind is -1."""
LEG: Final[list[Field]] = [
    ("contact", "<i4"),
    ("kind", "i1"),  # -1 for fibre
    ("source", "<i4"),
    ("target", "<i4"),
    ("t_ready_s", "<f8"),
    ("t_window_s", "<f8"),
    ("t_start_s", "<f8"),
    ("t_end_s", "<f8"),
    ("t_arrival_s", "<f8"),
    ("nbytes", "<f8"),
]
"""A part of a move's way."""
OTHER: Final[list[Field]] = [
    ("node", "<i4"),  # -1 for several told together
    ("why", "u1"),
    ("count", "<i4"),
    ("t_answer_s", "<f8"),
    ("number", "<f8"),  # in the words of why
]
"""What was weighed beside a decision."""

WORDS: Final = "words"
"""Key of the pins of what the numbers in rows mean."""
VERDICTS: Final = "verdicts"
"""Key within of lists of decision, rule and reason by number; others hold numbers by word."""
SPOKEN: Final = "spoken"
"""Key of texts by number that were made while it flew, and word for these in a table."""
ASK: Final = "ask"
NOTED: Final = (*ORDER_KINDS, "envelope")
"""Kinds of decisions that stand whole in the record too: requests to people, and notes of what they
ordered or allowed."""
_TIMES: Final = ("t_ready_s", "t_window_s", "t_start_s", "t_end_s", "t_arrival_s", "nbytes")
_CODED: Final = {"cause": "causes", "kind": "kinds", "product": "products", "stage": "stages",
                 "why": "whys"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunRows:
    """Decisions with what belongs to them, from the tables of a run.

    Parameters
    ----------
    actions, legs, others : polars.DataFrame
        Columns of :data:`~perigrid.ledger.tables.RUN_ACTIONS`,
        :data:`~perigrid.ledger.tables.RUN_LEGS` and :data:`~perigrid.ledger.tables.RUN_OTHERS`;
        of the last two those that belong to the first.
    """

    actions: pl.DataFrame
    legs: pl.DataFrame
    others: pl.DataFrame

    def leaves(self, pins: Mapping[str, Any], nodes: Sequence[str]) -> list[bytes]:
        """Work the leaf hashes out again.

        Parameters
        ----------
        pins : mapping
            What the run was pinned to.
        nodes : sequence of str
            Names of all nodes, by fleet row.

        Returns
        -------
        list of bytes
            By row.

        Raises
        ------
        KeyError, ValueError, polars.exceptions.PolarsError
            If a word in a table is none of those pinned, or verdict, decision number, leg or
            alternative belong to nothing.
        """
        words, rows_of = pins[WORDS], {name: row for row, name in enumerate(nodes)}
        whose = self.actions["decision"].to_numpy()
        legs = _Belonging.of(self.legs, whose, _legs(self.legs, words, rows_of))
        others = _Belonging.of(self.others, whose, _others(self.others, words, rows_of))
        rows = _rows(self.actions, words, rows_of)
        rows["legs"], rows["others"] = legs.counts, others.counts
        _demand_verdicts(self.actions, words[VERDICTS])
        _demand_spoken(self.actions, words.get(SPOKEN, ()))
        every = zip(bytes_of(rows), legs.bytes(), others.bytes(), strict=True)
        return [leaf_hash(row.tobytes() + leg + other) for row, leg, other in every]


@dataclass(frozen=True, slots=True)
class _Belonging:
    """Rows of a table by the decision that each belongs to."""

    rows: Table
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, frame: pl.DataFrame, whose: npt.NDArray[np.int64], rows: Table) -> _Belonging:
        """Count the rows of each decision; both tables go by its number."""
        numbers = frame["decision"].to_numpy()
        if (np.diff(whose) != 1).any() or (np.diff(numbers) < 0).any():
            raise ValueError("decisions are not numbered in their order")
        first, stop = (np.searchsorted(numbers, whose, side=side) for side in ("left", "right"))
        counts = (stop - first).astype(np.int64)
        if counts.sum() != len(numbers):
            raise ValueError("something belongs to no decision")
        return cls(rows, counts)

    def bytes(self) -> Iterator[bytes]:
        """Bytes of the rows of each decision, one after the other."""
        stops = np.cumsum(self.counts).tolist()
        for count, stop in zip(self.counts.tolist(), stops, strict=True):
            yield self.rows[stop - count : stop].tobytes()


def _rows(actions: pl.DataFrame, words: Words, nodes: Numbers) -> Table:
    rows: Table = np.zeros(actions.height, dtype=ROW)
    rows["t_s"], rows["until_s"] = actions["t_s"], actions["t_until_s"]
    for k in range(NUMBERS):
        rows["numbers"][:, k] = actions[f"number{k + 1}"]
    rows["job"], rows["verdict"] = actions["job_id"], actions["verdict_number"]
    for name in ("source", "target", "verdict_node"):
        rows[name] = _codes(actions, name, nodes)
    for name, key in _CODED.items():
        rows[name] = _codes(actions, name, words[key])
    return rows


def _legs(legs: pl.DataFrame, words: Words, nodes: Numbers) -> Table:
    rows: Table = np.zeros(legs.height, dtype=LEG)
    rows["contact"], rows["kind"] = legs["contact"], _codes(legs, "kind", words["links"])
    rows["source"], rows["target"] = _codes(legs, "source", nodes), _codes(legs, "target", nodes)
    for name in _TIMES:
        rows[name] = legs[name]
    return rows


def _others(others: pl.DataFrame, words: Words, nodes: Numbers) -> Table:
    rows: Table = np.zeros(others.height, dtype=OTHER)
    rows["node"] = _codes(others, "node", nodes)
    rows["why"] = _codes(others, "lost", words["losses"])
    for name in ("count", "t_answer_s", "number"):
        rows[name] = others[name]
    return rows


def _codes(frame: pl.DataFrame, column: str, numbers: Numbers) -> npt.NDArray[np.int64]:
    """Numbers of words; -1 for none."""
    found = frame[column].cast(pl.Enum(["", *numbers])).to_physical().cast(pl.Int64).to_numpy()
    codes: npt.NDArray[np.int64] = np.array([-1, *numbers.values()], dtype=np.int64)[found]
    return codes


def _demand_verdicts(actions: pl.DataFrame, verdicts: Sequence[Sequence[str]]) -> None:
    """Have what is said of each verdict be what is pinned under its number."""
    said = actions.select("verdict_number", "verdict", "rule", "verdict_reason").unique()
    for number, decision, rule, reason in said.iter_rows():
        pinned = verdicts[number] if 0 <= number < len(verdicts) else None
        where = reason[len(pinned[2]) :] if pinned and reason.startswith(pinned[2]) else "?"
        if not pinned or [decision, rule] != list(pinned[:2]) or where[:2] not in ("", ": "):
            raise ValueError(f"verdict {number} is another one")


def _demand_spoken(actions: pl.DataFrame, spoken: Sequence[str]) -> None:
    """Have words that were made while it flew be those recorded under their number."""
    said = actions.filter(pl.col("why") == SPOKEN).select("number1", "reason").unique()
    for number, reason in said.iter_rows():
        # What a job is missed for stands before it.
        if not 0 <= number < len(spoken) or not reason.endswith(spoken[int(number)]):
            raise ValueError(f"words {number:.0f} are other ones")


def joined(pins: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Put what was added to the words of a run while it flew to those it was pinned to.

    Parameters
    ----------
    pins : mapping
        Of a run that is recorded by tables.
    entries : iterable of mapping
        Its record, or all of it that tells of words.

    Returns
    -------
    dict
        The pins, with all verdicts and spoken texts.
    """
    added = [one for one in entries if one["kind"] == ADDED]
    words = pins[WORDS]
    verdicts = [*words[VERDICTS], *(row for one in added for row in one[VERDICTS])]
    spoken = [text for one in added for text in one[SPOKEN]]
    return {**pins, WORDS: {**words, VERDICTS: verdicts, SPOKEN: spoken}}


def read_rows(
    run: Source, parts: Iterable[str], first: int = 0, stop: int | None = None
) -> RunRows:
    """Read decisions with what belongs to them.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.
    parts : iterable of str
        Names of all parts of tables in its record, in order.
    first, stop : int
        Numbers of the decisions, the second behind the last; all if left out.

    Returns
    -------
    RunRows
        Of them.

    Raises
    ------
    RunFolderError
        If a table cannot be read.
    """
    number, files = pl.col("decision"), list(parts)
    mine = None if stop is None else number.is_between(first, stop - 1)

    def read(table: str, schema: Schema) -> pl.DataFrame:
        found = [file for file in files if file.startswith(f"{table}/")]
        frames = [read_file(run, file, schema, (), mine) for file in found]
        return pl.concat([pl.DataFrame(schema=pl.Schema(schema)), *frames])

    return RunRows(read("actions", RUN_ACTIONS), read("legs", RUN_LEGS), read("others", RUN_OTHERS))
