"""What was decided in a run: one row per decision, refusals included, written as the run goes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.messages import (
    Acknowledge,
    Action,
    AskApproval,
    Close,
    Compute,
    Move,
    Verdict,
    Wait,
)
from perigrid.ledger.tables import ACTIONS
from perigrid.sim.parts import Parts

ROWS_HELD: Final = 8_192
"""At most this many rows are in memory."""


class Decisions:
    """Takes every decision; holds the last ones.

    Parameters
    ----------
    names : tuple of str
        Of the fleet's nodes.
    folder : Path
        Where parts are written until the run ends.
    """

    def __init__(self, names: tuple[str, ...], folder: Path) -> None:
        self._names = names
        self._parts = Parts(folder, "actions", ACTIONS)
        self._held: list[tuple[Any, ...]] = []

    @property
    def rows_held(self) -> int:
        """Rows in memory."""
        return len(self._held)

    def add(self, sequence: int, t_s: float, action: Action, verdict: Verdict) -> None:
        """Take a decision.

        Parameters
        ----------
        sequence : int
            Number of its record in the ledger.
        t_s : float
            When [s].
        action : Action
            What was wanted.
        verdict : Verdict
            What the gate said.
        """
        cells = _action_cells(self._names, action)
        said = (verdict.decision, verdict.rule, _why(action))
        self._held.append((sequence, t_s, action.job_id, *cells, *said))
        if len(self._held) == ROWS_HELD:
            self._flush()

    def finish(self, target: Path) -> None:
        """Write the whole table; nothing may be added after.

        Parameters
        ----------
        target : Path
            New Parquet file, columns of :data:`perigrid.ledger.tables.ACTIONS`.
        """
        if self._held:
            self._flush()
        self._parts.merge(target)

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint needs.

        Returns
        -------
        dict
            Rows held and the parts written.
        """
        return {"held": self._held, "parts": self._parts.digests()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        self._held = list(state["held"])
        self._parts.keep(state["parts"])

    def _flush(self) -> None:
        self._parts.write(pl.DataFrame(self._held, schema=ACTIONS, orient="row"))
        self._held = []


def _action_cells(names: tuple[str, ...], action: Action) -> tuple[str, str, str, str, str, float]:
    """Kind, product, stage, source, target, planned end."""
    match action:
        case Move():
            ends = names[action.source], names[action.target]
            return ("move", action.product.value, "", *ends, action.legs[-1].t_arrival_s)
        case Compute():
            return ("compute", "", action.stage, names[action.node], "", math.nan)
        case Wait():
            return ("wait", "", "", "", "", action.until_s)
        case AskApproval():
            return ("ask", "", "", "", "", math.nan)
        case Close():
            return ("close", "", "", "", "", math.nan)
        case Acknowledge(what=what):
            return (what, "", "", "", "", math.nan)


def _why(action: Action) -> str:
    match action:
        case AskApproval():
            return f"rule {action.rule} reserves this to people"
        case Close():
            return f"{action.reason}: {action.detail}" if action.reason else action.detail
        case Acknowledge():
            return action.detail
        case _:
            return action.reason
