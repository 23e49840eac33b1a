"""Words of many decisions at once: each different text is put together once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.control.core.codes import Why
from perigrid.control.core.messages import ActionKind, Table
from perigrid.control.core.words import Words, cause_words

Longs = npt.NDArray[np.int64]
_REASON: Final = ("kind", "why", "cause", "delivered", "stage", "numbers")
_LOST: Final = ("why", "count", "number")


def reasons(words: Words, decisions: Table, legs: Table) -> list[str]:
    """Say why actions were chosen, as tables tell it: of a close its reason first.

    Parameters
    ----------
    words : Words
        Of the core that decided.
    decisions, legs : structured array
        Rows, and the legs that they name.

    Returns
    -------
    list of str
        For each row.
    """

    def told(row: Any) -> str:  # noqa: ANN401  a row of a structured array
        detail = words.reason(row, legs)
        missed = row["kind"] == ActionKind.CLOSE and not row["delivered"]
        return f"{cause_words(int(row['cause']))}: {detail}" if missed else detail

    late = np.flatnonzero(decisions["why"] == Why.WAY_LATE)  # each tells of its own legs
    return _each_once(decisions, _REASON, told, late.tolist())


def others_told(
    words: Words, decisions: Table, others: Table
) -> tuple[Longs, Longs, npt.NDArray[np.float64], list[str]]:
    """List the alternatives of decisions, those that are only counted told together.

    Parameters
    ----------
    words : Words
        Of the core that decided.
    decisions, others : structured array
        Rows, and the alternatives that they name.

    Returns
    -------
    decision, node : (n,) int array
        Place among the decisions, and fleet row; -1 for several.
    t_answer_s : (n,) float array
        NaN if it was not worked out, or never [s].
    why : list of str
        Why each lost.
    """
    counts = decisions["others"].astype(np.int64)
    owner = np.repeat(np.arange(len(decisions)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = others[np.repeat(decisions["first_other"], counts) + within]
    several = rows["node"] < 0
    joins = np.zeros(len(rows), dtype=np.bool_)
    joins[1:] = several[1:] & several[:-1] & (owner[1:] == owner[:-1])
    heads = np.flatnonzero(~joins)
    texts = _each_once(rows[heads], (*_LOST, "node"), _told_other(words))
    ends = np.append(heads[1:], len(rows))
    for place in np.flatnonzero(ends - heads > 1).tolist():
        texts[place] = words.counted(list(rows[heads[place] : ends[place]]))
    told = rows[heads]
    return owner[heads], told["node"].astype(np.int64), told["t_answer_s"].copy(), texts


def _told_other(words: Words) -> Callable[[Any], str]:
    return lambda row: words.counted([row]) if row["node"] < 0 else words.lost(row)


def _each_once(
    table: Table, names: Sequence[str], told: Callable[[Any], str], apart: Sequence[int] = ()
) -> list[str]:
    """Tell every row, rows alike in some fields once; some rows each for itself."""
    keys = np.zeros(len(table), dtype=[(name, table.dtype[name]) for name in names])
    for name in names:
        keys[name] = np.minimum(table[name], 0) if name == "node" else table[name]
    known: dict[bytes, str] = {}
    data, size, alone = keys.tobytes(), keys.itemsize, frozenset(apart)
    texts = []
    for row in range(len(table)):
        key = data[row * size : (row + 1) * size]
        if row in alone:
            texts.append(told(table[row]))
            continue
        if key not in known:
            known[key] = told(table[row])
        texts.append(known[key])
    return texts
