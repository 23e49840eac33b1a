"""Time-limited autonomy: a dead-man timer for every satellite, and what is safe when it ran out.

A satellite that has not heard from the ground for longer than its leave lasts does safe acts only.
The list of safe acts is closed: whatever is not on it is denied.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping
from typing import Final

from perigrid.base.messages import Action, AskApproval, Close, Compute, Move, Wait

SAFE_MODE: Final = "safe-mode"
SAFE_ACTS: Final = {
    "wait": "hold: look at a job again later",
    "charge": "gather energy, keep attitude and temperature; no action of the controller",
    "downlink": "send an already approved product straight to the ground",
    "ask": "ask people",
    "close": "end a job",
}
"""All that a satellite may do without leave, and why it is safe."""

_DOWN: Final = ("downlink", "terrestrial")


def is_safe(action: Action, *, approved: bool) -> bool:
    """Say whether an action is on the list of safe acts.

    Parameters
    ----------
    action : Action
        What is wanted.
    approved : bool
        Whether policy and people allow it already, so that nothing new has to be decided.

    Returns
    -------
    bool
        False for everything that is not on the list.
    """
    match action:
        case Wait() | Close() | AskApproval():
            return True
        case Move(legs=legs):
            return approved and bool(legs) and all(leg.kind in _DOWN for leg in legs)
        case Compute():
            return False
    return False


class Autonomy:
    """Dead-man timers.

    Parameters
    ----------
    life_s : float
        How long a satellite may act after it last heard from the ground [s].
    windows : mapping of int to iterable of (float, float)
        Begin and end of every authenticated contact with the ground, by fleet row; nodes left out
        are on the ground and need no timer [s].
    """

    def __init__(self, life_s: float, windows: Mapping[int, Iterable[tuple[float, float]]]) -> None:
        self._life_s = life_s
        self._windows = {row: _merged(spans) for row, spans in windows.items()}

    def last_contact_s(self, row: int, t_s: float) -> float:
        """Say when a satellite last heard from the ground.

        Parameters
        ----------
        row : int
            Fleet row.
        t_s : float
            Mission time [s].

        Returns
        -------
        float
            ``t_s`` while in contact or on the ground; 0, the start, if there was none since [s].
        """
        spans = self._windows.get(row)
        if spans is None:
            return t_s
        begun = bisect.bisect_right(spans, (t_s, float("inf")))
        return 0.0 if begun == 0 else min(spans[begun - 1][1], t_s)

    def has_leave(self, row: int, t_s: float) -> bool:
        """Say whether a satellite's timer still runs.

        Parameters
        ----------
        row : int
            Fleet row.
        t_s : float
            Mission time [s].

        Returns
        -------
        bool
            False in safe mode.
        """
        return t_s - self.last_contact_s(row, t_s) <= self._life_s

    def leave_ends_s(self, row: int, t_s: float) -> float:
        """Say until when a satellite may act if it hears nothing more.

        Parameters
        ----------
        row : int
            Fleet row.
        t_s : float
            Mission time [s].

        Returns
        -------
        float
            Infinity for nodes on the ground; the end of a window that is open counts [s].
        """
        spans = self._windows.get(row)
        if spans is None:
            return float("inf")
        begun = bisect.bisect_right(spans, (t_s, float("inf")))
        return self._life_s + (0.0 if begun == 0 else spans[begun - 1][1])

    def next_contact_s(self, row: int, t_s: float) -> float:
        """Say when a satellite hears from the ground again.

        Parameters
        ----------
        row : int
            Fleet row.
        t_s : float
            Mission time [s].

        Returns
        -------
        float
            Infinity if never [s].
        """
        if self.last_contact_s(row, t_s) == t_s and self.has_leave(row, t_s):
            return t_s
        spans = self._windows.get(row, [])
        after = bisect.bisect_right(spans, (t_s, float("inf")))
        return spans[after][0] if after < len(spans) else float("inf")


def _merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Put windows in order and join those that overlap."""
    merged: list[tuple[float, float]] = []
    for begin_s, end_s in sorted(spans):
        if merged and begin_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((begin_s, end_s))
    return merged
