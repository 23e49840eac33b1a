"""Words of decisions for whole columns: each text is made once for all rows that share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from perigrid.base.messages import Verdict
from perigrid.control.core.messages import ActionKind
from perigrid.control.core.words import Words as CoreWords
from perigrid.control.core.words import cause_words

Rows = npt.NDArray[Any]
_T = TypeVar("_T")
_SAID: Final = ["kind", "why", "cause", "stage", "delivered", "verdict", "verdict_node", "numbers"]
_JUDGED: Final = ["verdict", "verdict_node"]
_LOST: Final = ["why", "number"]


class ColumnWords:
    """What the numbers of decisions mean.

    Parameters
    ----------
    words : Words
        Of one decision core, for single decisions.
    """

    def __init__(self, words: CoreWords) -> None:
        self._words = words

    def reasons(self, decisions: Rows, legs: Rows) -> Sequence[str]:
        """Say why, for each decision of a log.

        Parameters
        ----------
        decisions, legs : structured array
            Of a log.

        Returns
        -------
        sequence of str
            With what a job was missed for before it.
        """
        # What is told of a way that came too late names its stops: no two are alike.
        own = (decisions["kind"] == ActionKind.CLOSE) & (decisions["legs"] > 0)
        return _for_each(decisions, _SAID, lambda row: self._reason(row, legs), own)

    def _reason(self, row: Any, legs: Rows) -> str:  # noqa: ANN401  a structured scalar
        said = self._words.reason(row, legs)
        if row["kind"] != ActionKind.CLOSE or row["delivered"]:
            return said
        return f"{cause_words(int(row['cause']))}: {said}"

    def verdicts(self, decisions: Rows) -> Sequence[Verdict]:
        """Say what the policy gate said of each.

        Parameters
        ----------
        decisions : structured array
            Of a log.

        Returns
        -------
        sequence of Verdict
            In order.
        """

        def verdict(row: Any) -> Verdict:  # noqa: ANN401  a structured scalar
            return self._words.verdict(int(row["verdict"]), int(row["verdict_node"]))

        return _for_each(decisions, _JUDGED, verdict)

    def whys(self, others: Rows) -> Sequence[str]:
        """Say why alternatives lost.

        Parameters
        ----------
        others : structured array
            Rows that decisions name.

        Returns
        -------
        sequence of str
            In order.
        """
        return _for_each(others, _LOST, self._words.lost)

    def said(self) -> Sequence[Verdict]:
        """List the verdicts that the numbers of verdicts stand for.

        Returns
        -------
        sequence of Verdict
            Without the nodes at which rules bite.
        """
        return self._words.verdicts

    def news(self) -> dict[str, Any] | None:
        """Say what was added to the words since it was last asked.

        Returns
        -------
        dict or None
            JSON values; None if nothing was.
        """
        return self._words.news()

    def noted(self, decisions: Rows) -> Sequence[str]:
        """Say of what decisions take note.

        Parameters
        ----------
        decisions : structured array
            Of a log; acknowledgements alone.

        Returns
        -------
        sequence of str
            ``stop``, ``resume``, ``override`` or ``envelope``.
        """
        return [self._words.spoken[int(row["numbers"][1])] for row in decisions]


def _for_each(
    rows: Rows, names: list[str], made: Callable[[Any], _T], own: Rows | None = None
) -> list[_T]:
    """Make something of each row: once for all whose named fields have the same bits."""
    packed = np.zeros(len(rows), dtype=[*((name, rows.dtype[name]) for name in names), ("k", "i8")])
    for name in names:
        packed[name] = rows[name]
    if own is not None:
        packed["k"] = np.where(own, 1 + np.arange(len(rows)), 0)
    keys = packed.view(np.dtype((np.void, packed.dtype.itemsize)))
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    texts = [made(rows[row]) for row in first.tolist()]
    return [texts[one] for one in which.tolist()]
