"""What a live run tells those who sign: the time, what signatures are bound to, its nodes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from perigrid.base.codec import canonical_json, digest
from perigrid.base.errors import InputError, Problem
from perigrid.ledger.disk import replace_file
from perigrid.live.inbox_files import read_small

CLOCK: Final = "now.json"
NODES: Final = "nodes.json"
MOST_NAMES_BYTES: Final = 8_000_000
"""Of the list of nodes: a hundred thousand satellites."""
_NAMES_DIGITS: Final = 32


def run_name(nonce: str, names: Sequence[str]) -> str:
    """Name a live run so that its name says which nodes it has.

    Parameters
    ----------
    nonce : str
        What tells it from all others.
    names : sequence of str
        Of its nodes, by fleet row.

    Returns
    -------
    str
        What approvals are bound to: whoever is shown a row under another name signs another hash.
    """
    return f"{nonce}-{_names_digest(names)}"


def _names_digest(names: Sequence[str]) -> str:
    return digest(list(names))[:_NAMES_DIGITS]


class Notices:
    """Files in an inbox that the run writes and people's commands read.

    Parameters
    ----------
    folder : Path
        The inbox.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tell_time(self, t_s: float, context: Mapping[str, str]) -> None:
        """Say what mission time it is, and of which run.

        Parameters
        ----------
        t_s : float
            Mission time [s].
        context : mapping of str to str
            What approvals are bound to besides the action.
        """
        told = {"context": dict(context), "t_s": t_s}
        replace_file(self._folder / CLOCK, canonical_json(told).encode())

    def tell_nodes(self, names: Sequence[str]) -> None:
        """Say which nodes there are, so that an order can name only those.

        Parameters
        ----------
        names : sequence of str
            By fleet row.
        """
        replace_file(self._folder / NODES, canonical_json(list(names)).encode())

    def now(self) -> tuple[float, dict[str, str]]:
        """Read the run's mission time and what approvals are bound to.

        Returns
        -------
        t_s : float
            As last told [s].
        context : dict of str to str
            As last told.

        Raises
        ------
        InputError
            If the run has not told any.
        """
        told = self._read_clock()
        if told is None:
            remedy = "start the run, or wait until it has begun"
            problem = Problem("the run has told no time yet", remedy, path=str(self._folder))
            raise InputError([problem])
        return told

    def _read_clock(self) -> tuple[float, dict[str, str]] | None:
        """Read what was told last; None if that is nothing, or no time."""
        try:
            told = json.loads(read_small(self._folder / CLOCK) or b"")
            t_s = float(told["t_s"])
            context = {key: str(one) for key, one in told["context"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return (t_s, context) if math.isfinite(t_s) else None

    def nodes(self) -> tuple[str, ...]:
        """Read which nodes there are.

        Returns
        -------
        tuple of str
            By fleet row; empty if the run has not told them, or told others.
        """
        told = self._read_clock()
        content = read_small(self._folder / NODES, MOST_NAMES_BYTES)
        try:
            names = tuple(map(str, json.loads(content or b"")))
        except (ValueError, TypeError, RecursionError):
            return ()
        bound = "" if told is None else told[1].get("run", "")
        return names if bound.endswith(f"-{_names_digest(names)}") else ()
