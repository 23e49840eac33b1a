"""What the loop has logged as tables: events, decisions, their legs and alternatives.

Codes become words column by column.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.jobs import CLOUD, NOTHING_FOUND
from perigrid.base.messages import Verdict
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    FAULTS,
    NOTHING,
    NOTHING_FOUND_CODE,
    PRODUCTS,
    ActionKind,
    EventKind,
)
from perigrid.engine.state import LINKS, Filled, Log
from perigrid.ledger.run_rows import NOTED, NUMBERS, VERDICTS, WORDS
from perigrid.ledger.tables import RUN_ACTIONS, RUN_EVENTS, RUN_LEGS, RUN_OTHERS

Rows = npt.NDArray[Any]
Frames = dict[str, pl.DataFrame]
Schema = dict[str, type[pl.DataType]]

EVENTS: Final = tuple(
    "".join(word.capitalize() for word in kind.name.split("_")) for kind in EventKind
)
"""Names of events by their code: classes of :mod:`perigrid.base.messages`."""
_KINDS: Final = tuple(kind.name.lower() for kind in ActionKind)
_WHYS: Final = tuple(one.name.lower() for one in Why)
_LOSSES: Final = tuple(one.name.lower() for one in Lost)
_NAMED: Final = {CLOUD_CODE: CLOUD, NOTHING_FOUND_CODE: NOTHING_FOUND}
REASONS: Final = tuple(
    _NAMED.get(code, CAUSES[code].value if code < len(CAUSES) else "") for code in range(256)
)
"""What codes of causes stand for."""


class Words(Protocol):
    """What numbers of decisions mean, written out column by column."""

    def reasons(self, decisions: Rows, legs: Rows) -> Sequence[str]:
        """Say why, for each decision of a log."""

    def verdicts(self, decisions: Rows) -> Sequence[Verdict]:
        """Say what the policy gate said of each."""

    def whys(self, others: Rows) -> Sequence[str]:
        """Say why alternatives lost."""

    def said(self) -> Sequence[Verdict]:
        """List the verdicts that the numbers of verdicts stand for."""

    def noted(self, decisions: Rows) -> Sequence[str]:
        """Say of what acknowledgements take note: ``stop``, ``envelope``."""

    def news(self) -> dict[str, Any] | None:
        """Say what was added to the words since it was last asked."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of nodes by fleet row, and of the pipeline's stages."""

    nodes: tuple[str, ...]
    stages: tuple[str, ...]


def words_pinned(words: Words, stages: Sequence[str]) -> dict[str, Any]:
    """Say what the numbers of decisions mean, for the pins of a run.

    Parameters
    ----------
    words : Words
        Of the decision core.
    stages : sequence of str
        Names of the pipeline's.

    Returns
    -------
    dict
        JSON values.
    """
    links = {name: number for number, name in enumerate(LINKS)} | {LINKS[-1]: NOTHING}
    verdicts = [list(dataclasses.astuple(one)) for one in words.said()]
    lists = {"kinds": _KINDS, "products": PRODUCTS, "causes": REASONS, "stages": stages,
             "whys": _WHYS, "losses": _LOSSES}  # fmt: skip
    numbers = {
        key: {str(word): number for number, word in enumerate(words) if word}
        for key, words in lists.items()
    }
    numbers["kinds"] |= dict.fromkeys(NOTED, int(ActionKind.ACKNOWLEDGE))
    return {WORDS: {**numbers, "links": links, VERDICTS: verdicts}}


def log_frames(
    log: Log, jobs: Rows, names: Names, words: Words, sequence: int, first: tuple[int, int]
) -> Frames:
    """Lay out a log.

    Parameters
    ----------
    log : Log
        Left as it is.
    jobs : structured array
        Observations.
    names : Names
        Of nodes and stages.
    words : Words
        Of the decision core.
    sequence : int
        Number of the record that its decisions will have.
    first : tuple of int
        Decisions, and events, before them.

    Returns
    -------
    dict of str to polars.DataFrame
        By the name of the table: ``actions``, ``legs``, ``others``, ``events``.
    """
    decisions = log.decisions[: log.filled[Filled.DECISIONS]]
    numbers = first[0] + np.arange(len(decisions))
    moved = decisions["legs"] * (decisions["kind"] == ActionKind.MOVE)
    legs, of_legs = _named(log.legs, decisions["first_leg"], moved)
    others, of_others = _named(log.others, decisions["first_other"], decisions["others"])
    return {
        "actions": _actions(decisions, log.legs, names, words, sequence, first),
        "legs": _legs(legs, names, numbers[of_legs]),
        "others": _others(others, names, words, numbers[of_others]),
        "events": _events(log.events[: log.filled[Filled.EVENTS]], jobs, names),
    }


def _named(table: Rows, first: Rows, count: Rows) -> tuple[Rows, Rows]:
    """Take the rows that decisions name; with each, whose it is."""
    whose = np.repeat(np.arange(len(first)), count)
    inside = np.arange(len(whose)) - np.repeat(np.cumsum(count) - count, count)
    return table[np.repeat(first, count) + inside], whose


def _actions(
    decisions: Rows, legs: Rows, names: Names, words: Words, sequence: int, first: tuple[int, int]
) -> pl.DataFrame:
    move, compute, wait, close = (decisions["kind"] == kind for kind in list(ActionKind)[:4])
    verdicts = words.verdicts(decisions)
    last = np.where(move, decisions["first_leg"] + decisions["legs"] - 1, 0)
    until_s = np.where(move, legs["t_arrival_s"][last], np.nan)
    missed = close & (decisions["delivered"] == 0)
    data: dict[str, Any] = {
        "sequence": np.full(len(decisions), sequence),
        "t_s": decisions["t_s"],
        "job_id": decisions["job"],
        "kind": _kinds(decisions, words),
        "product": gathered(_where(move, decisions["product"]), PRODUCTS),
        "stage": gathered(_where(compute, decisions["stage"]), names.stages),
        "source": gathered(_where(move | compute, decisions["source"]), names.nodes),
        "target": gathered(_where(move, decisions["target"]), names.nodes),
        "t_until_s": np.where(wait, decisions["until_s"], until_s),
        "verdict": [one.decision for one in verdicts],
        "rule": [one.rule for one in verdicts],
        "reason": words.reasons(decisions, legs),
        "decision": first[0] + np.arange(len(decisions)),
        "heard": first[1] + decisions["heard"],
        "cause": gathered(_where(wait | missed, decisions["cause"]), REASONS),
        "verdict_reason": [one.reason for one in verdicts],
        "verdict_number": decisions["verdict"],
        "verdict_node": gathered(decisions["verdict_node"], names.nodes),
        "why": gathered(decisions["why"], _WHYS),
        **{f"number{k + 1}": decisions["numbers"][:, k] for k in range(NUMBERS)},
    }
    return framed(data, RUN_ACTIONS)


def _kinds(decisions: Rows, words: Words) -> pl.Series:
    """Name what was decided; an acknowledgement by that of which it takes note."""
    kinds = gathered(decisions["kind"], _KINDS)
    notes = np.flatnonzero(decisions["kind"] == ActionKind.ACKNOWLEDGE)
    return kinds.scatter(notes, words.noted(decisions[notes])) if len(notes) else kinds


def _legs(legs: Rows, names: Names, numbers: Rows) -> pl.DataFrame:
    times = ("t_ready_s", "t_window_s", "t_start_s", "t_end_s", "t_arrival_s", "nbytes")
    data: dict[str, Any] = {
        "decision": numbers,
        "contact": legs["contact"],
        "kind": gathered(
            np.where(legs["kind"] < 0, LINKS.index("terrestrial"), legs["kind"]), LINKS
        ),
        "source": gathered(legs["source"], names.nodes),
        "target": gathered(legs["target"], names.nodes),
        **{name: legs[name] for name in times},
    }
    return framed(data, RUN_LEGS)


def _others(others: Rows, names: Names, words: Words, numbers: Rows) -> pl.DataFrame:
    data: dict[str, Any] = {
        "decision": numbers,
        "node": gathered(others["node"], names.nodes),
        "t_answer_s": others["t_answer_s"],
        "why": words.whys(others),
        "lost": gathered(others["why"], _LOSSES),
        "number": others["number"],
        "count": others["count"],
    }
    return framed(data, RUN_OTHERS)


def _events(events: Rows, jobs: Rows, names: Names) -> pl.DataFrame:
    kind = events["kind"]
    failed = kind == EventKind.MOVE_FAILED
    staged = (kind == EventKind.COMPUTED) | (kind == EventKind.TASK_LOST)
    refused = kind == EventKind.CAPTURE_REFUSED
    by_fault = failed | (kind == EventKind.NODE_FAILED)
    taken = refused | (kind == EventKind.CAPTURED)
    causes = np.where(by_fault, len(REASONS) + events["fault"].astype(np.int64), events["cause"])
    whose = _where(taken, events["job"])
    data: dict[str, Any] = {
        "t_s": events["t_s"],
        "kind": gathered(kind, EVENTS),
        "job_id": events["job"],
        "node": gathered(_where(kind < EventKind.ENVELOPE_ANSWERED, events["node"]), names.nodes),
        "product": gathered(_where(kind == EventKind.MOVED, events["product"]), PRODUCTS),
        "cause": gathered(_where(by_fault | refused, causes), (*REASONS, *FAULTS)),
        "stage": gathered(_where(staged, events["stage"]), names.stages),
        "leg": _where(failed, events["stage"]),
        "outcome": events["outcome"],
        "suspect": events["suspect"] > 0,
        "kept_s": events["kept_s"],
        "t_deadline_s": _of(jobs, "deadline_s", whose),
        "area_m2": _of(jobs, "area_m2", whose),
    }
    return framed(data, RUN_EVENTS)


def _of(jobs: Rows, name: str, rows: Rows) -> Rows:
    """Take a column of jobs by row; NaN for -1, which is behind the last."""
    return np.append(jobs[name], np.nan)[rows]


def _where(mask: Rows, codes: Rows) -> Rows:
    """Codes where a mask holds; -1 elsewhere."""
    return np.where(mask, codes.astype(np.int64), NOTHING)


def gathered(codes: Rows, words: Sequence[str]) -> pl.Series:
    """Write codes as words; -1 as none."""
    texts = pl.Series(["", *map(str, words)], dtype=pl.String)
    return texts.gather(np.asarray(codes, dtype=np.int64) + 1)


def framed(data: dict[str, Any], schema: Schema) -> pl.DataFrame:
    """Put columns into the order and kinds of a contract."""
    # One after the other: of a million rows no second copy of all columns is made.
    return pl.DataFrame([_column(name, data[name], kind) for name, kind in schema.items()])


def _column(name: str, value: Any, kind: type[pl.DataType]) -> pl.Series:  # noqa: ANN401
    own = np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value
    return pl.Series(name, own).cast(kind)
