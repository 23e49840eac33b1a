"""Texts that are made while a run flies, beside those that are known from the start."""

from __future__ import annotations

from typing import Any

from perigrid.base.messages import Verdict


class News:
    """Verdicts and texts by place; what is not known yet is put behind all others.

    Parameters
    ----------
    verdicts : list of Verdict
        That are known from the start.
    """

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts
        self.spoken: list[str] = []
        self._known = len(verdicts)
        self._told = (len(verdicts), 0)
        self._place_of = {one: place for place, one in enumerate(verdicts)}
        self._text_at: dict[str, int] = {}

    def place_of(self, verdict: Verdict) -> int:
        """Give the place of a verdict with all of its words."""
        place = self._place_of.setdefault(verdict, len(self.verdicts))
        if place == len(self.verdicts):
            self.verdicts.append(verdict)
        return place

    def say(self, text: str) -> int:
        """Give the place of a text among those spoken."""
        place = self._text_at.setdefault(text, len(self.spoken))
        if place == len(self.spoken):
            self.spoken.append(text)
        return place

    def news(self) -> dict[str, list[Any]] | None:
        """List what came since this was asked last, for the record.

        Returns
        -------
        dict or None
            JSON values: ``verdicts``, lists of decision, rule and reason, and ``spoken``; None if
            nothing came.
        """
        new = self.verdicts[self._told[0] :], self.spoken[self._told[1] :]
        self._told = len(self.verdicts), len(self.spoken)
        if not any(new):
            return None
        said = [[one.decision, one.rule, one.reason] for one in new[0]]
        return {"verdicts": said, "spoken": new[1]}

    def state(self) -> dict[str, Any]:
        """Show what a checkpoint needs."""
        return {"verdicts": self.verdicts[self._known :], "spoken": self.spoken, "told": self._told}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        for verdict in state["verdicts"]:
            self.place_of(verdict)
        for text in state["spoken"]:
            self.say(text)
        self._told = tuple(state["told"])
