"""Places where a job could be computed, and what is told of those that lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from perigrid.base.jobs import Cause
from perigrid.base.messages import REPORT_INTERVAL_S, Alternative
from perigrid.control.contact_plan import Route
from perigrid.control.scheduling.base import Belief, Ready

SOON_S: Final = 1.0
"""A wait is at least so long. [s]"""

RETRY_S: Final = REPORT_INTERVAL_S
"""When a job that no satellite can take is looked at again: with the next telemetry. [s]"""

TAKEN_UP: Final = "the satellite that took it is taken up; "
CHOSEN: Final = "of the places that may compute it, "
DUE: Final = "of the jobs that waited here, the one due first"
GIVEN: Final = "the link is being given to another scene"
NEVER_S: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Place:
    """One satellite that could compute a job, and what rules it out, if anything does.

    Parameters
    ----------
    node : int
        Fleet row.
    start_s : float
        When its next stage would begin there; infinity if nothing is in sight [s].
    cause : Cause or None
        What it would wait for there beside other jobs.
    route : Route or None
        Of the pixels; None where they are.
    insight_s : float
        When the answer would be at a data centre [s].
    cost : float
        What the least is chosen of.
    out : str
        Why it is ruled out.
    """

    node: int
    start_s: float
    cause: Cause | None
    route: Route | None
    insight_s: float = NEVER_S
    cost: tuple[float, ...] = (NEVER_S,)
    out: str = ""


def best_of(home: Place, others: Sequence[Place]) -> Place:
    """Choose the place of the least cost; where the pixels are before any other.

    Parameters
    ----------
    home : Place
        Where the pixels are.
    others : sequence of Place
        Those that are ruled out are not chosen.

    Returns
    -------
    Place
        ``home`` if there is no better.
    """
    able = (home, *(place for place in others if not place.out))
    return min(able, key=lambda place: (place.cost, place is not home, place.node))


def why_lost(place: Place, belief: Belief) -> Alternative:
    """Say why a place lost.

    Parameters
    ----------
    place : Place
        That was not chosen.
    belief : Belief
        The fleet now.

    Returns
    -------
    Alternative
        As it is recorded beside the decision.
    """
    never = place.insight_s == NEVER_S
    why = place.out or ("no way down before the run ends" if never else "its answer comes later")
    if place.route is None and not place.out:  # where it is
        held = f"{place.cause} would not last" if place.cause else "the computer is taken up"
        until = "" if place.start_s == NEVER_S else f" until {place.start_s - belief.t_s:.0f} s"
        why = held + (until + " from then" if until else "")
    return Alternative(place.node, None if never else place.insight_s, why)


def why_at_once(one: Ready, belief: Belief, alone: str, gain: str) -> str:
    """Say why a job begins where its pixels are, no other waiting there.

    Parameters
    ----------
    one : Ready
        The job.
    belief : Belief
        The fleet now.
    alone, gain : str
        Why no other place was weighed, and what speaks for one that was; empty if none ever is.

    Returns
    -------
    str
        As it is recorded with the decision.
    """
    if one.node != one.job.origin:
        return "where the pixels are"
    weighed = belief.weighs_all and gain
    return CHOSEN + gain if weighed else f"where it was taken, at once: {alone}"
