"""What a live run tells those who sign: the time, what signatures are bound to, its nodes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from perigrid.base.codec import canonical_json
from perigrid.base.errors import InputError, Problem
from perigrid.ledger.disk import replace_file

CLOCK: Final = "now.json"
NODES: Final = "nodes.json"


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
            told = json.loads((self._folder / CLOCK).read_bytes())
            t_s = float(told["t_s"])
            context = {key: str(one) for key, one in told["context"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return (t_s, context) if math.isfinite(t_s) else None

    def nodes(self) -> tuple[str, ...]:
        """Read which nodes there are.

        Returns
        -------
        tuple of str
            By fleet row; empty if the run has not told them.
        """
        try:
            return tuple(map(str, json.loads((self._folder / NODES).read_bytes())))
        except (OSError, ValueError, TypeError):
            return ()
