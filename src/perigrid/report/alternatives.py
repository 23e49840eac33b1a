"""What was weighed beside a decision, read from the record and told with names and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from perigrid.control.alternatives import LATER
from perigrid.report.words import exact_duration


@dataclass(frozen=True, slots=True)
class Lost:
    """One alternative.

    Parameters
    ----------
    place : str
        Name of the node; empty for several told together.
    t_answer_s : float or None
        When its answer would be at a data centre; None if that is not known, or never [s].
    later_s : float or None
        How much later than with what was decided; None if either is not known [s].
    why : str
        Why it lost.
    """

    place: str
    t_answer_s: float | None
    later_s: float | None
    why: str

    @property
    def words(self) -> str:
        """One line for a person."""
        if not self.place:
            return self.why
        if self.later_s is not None:
            side = "later" if self.later_s >= 0.0 else "sooner"
            when = f"{exact_duration(abs(self.later_s))} {side}"
            return f"{self.place}: {when if self.why == LATER else f'{self.why} ({when})'}"
        if self.t_answer_s is not None:
            when = exact_duration(self.t_answer_s)
            return f"{self.place}: {self.why} (answer {when} after the start of the run)"
        return f"{self.place}: {self.why}"

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values.

        Returns
        -------
        dict
            Keys ``place`` (None for several told together), ``t_answer_s``, ``later_s``, ``why``.
        """
        return {
            "place": self.place or None,
            "t_answer_s": self.t_answer_s,
            "later_s": self.later_s,
            "why": self.why,
        }


def lost_to(
    message: Mapping[str, Any], name: Callable[[int], str], arrives_s: float | None = None
) -> tuple[Lost, ...]:
    """Read the alternatives of a decision.

    Parameters
    ----------
    message : mapping
        The recorded action.
    name : callable
        Name of a fleet row.
    arrives_s : float, optional
        When what was decided brings the answer; not known if left out [s].

    Returns
    -------
    tuple of Lost
        As recorded; none in records of versions that did not keep them.
    """
    found = []
    for one in message.get("alternatives", ()):
        place = name(int(one["node"])) if one["node"] >= 0 else ""
        t_s = None if one["t_answer_s"] is None else float(one["t_answer_s"])
        later_s = None if t_s is None or arrives_s is None else t_s - arrives_s
        found.append(Lost(place, t_s, later_s, str(one["why"])))
    return tuple(found)
