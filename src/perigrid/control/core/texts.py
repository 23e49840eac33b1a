"""Texts of codes that are the same in every mission of a kind of work."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from perigrid.base.jobs import Cause
from perigrid.control.alternatives import LATER
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.messages import FAULTS, Table
from perigrid.fleet.model import Fleet, NodeKind

_S_PER_MINUTE: Final = 60.0
TAKEN_UP: Final = "the satellite that took it is taken up; "
CHOSEN: Final = "of the places that may compute it, "
"""Words before what speaks for a place."""

FIXED: Final = {
    Why.NONE: "",
    Why.MYOPIC: "first in, first out, where taken: no other place is asked",
    Why.DUE: "of the jobs that waited here, the one due first",
    Why.HERE: "where {data} are",
    Why.NOT_LENT: "where it was taken",
    Why.EARLIEST: "earliest arrival over the booked contacts",
    Why.TO_HOST: "it may not be computed where it is; no other satellite could begin sooner",
    Why.HELD: "held back until what is due before is done",
    Why.NO_HOST_NOW: "no satellite that may compute it can now",
    Why.DISPLACED: "its booking was given up for a more urgent product",
    Why.IN_PARTS: "in parts, as it fits into no window: each as early as the booked contacts allow",
    Why.LINK_GIVEN: "its link was just given to {other}",
    Why.NO_HOST_IN_REACH: "no satellite in reach can take it now",
    Why.NO_CONTACT_BEFORE_END: "no contact that could carry it opens before the run ends",
    Why.DELIVERED: "answer at the centre",
    Why.ANSWER_LATE: "the answer came after the deadline",
    Why.NO_ANSWER_IN_TIME: "no answer could be in time any more",
    Why.NO_HOST_IN_TIME: "no other satellite could be done in time",
    Why.ALL_CLOSED: "every way down is closed by a rule",
    Why.HOSTS_CLOSED: "every satellite that may compute it is closed to it by a rule",
    Why.NO_CONTACT_BEFORE_DEADLINE: "no contact that could carry it opens before the deadline",
    Why.LOST_WITH: "what it had was lost with its satellite",
    Why.UNPOWERED: "the battery of its satellite is at its floor: nothing is sent",
    Why.LEFT: "its satellite failed at it; no other could begin sooner than this one",
    Why.QUARANTINED: "its satellite is in quarantine",
    Why.WAYS_AWAY: "every way in time is over a node away",
    Why.ROUTE: "earliest arrival over the routes of now",
    Why.NO_ROUTE: "there is no way down now; routes will be others soon",
    Why.ANSWER_FIRST: "of the satellites in reach, the one whose answer would come first",
    Why.UNHEARD: "the ground has not heard yet what befell its satellite",
}
"""Why an action was chosen."""
LOST: Final = {
    Lost.LATER: LATER,
    Lost.NO_ROOM: "no room for {data}",
    Lost.LINK_CLOSED: "a link is not open yet",
    Lost.LINK_GIVEN: "the link is being given to {other}",
    Lost.HEAT: f"{Cause.HEAT} would not last",
    Lost.BATTERY: f"{Cause.BATTERY} would not last",
    Lost.BEGINS_LATER: "would begin later",
    Lost.ANSWER_LATE: "its answer would come too late",
    Lost.NO_WAY_DOWN: "no way down before the run ends",
    Lost.ANSWER_LATER: "its answer comes later",
    Lost.WAY_LATE: "the earliest way, after the deadline",
    Lost.CLOSED_NOW: "closed by a rule for now",
    Lost.QUEUE: "its answer comes later for the work before it",
    Lost.MODEL: "its answer comes later for loading the model",
    Lost.NO_MEMORY: "no memory for the model",
    Lost.AWAY: "out of order",
    Lost.QUARANTINED: "in quarantine",
    Lost.PEOPLE: "a person has to allow it",
    Lost.NO_ROUTE: "no way for its answer now",
    Lost.NOT_LENT: "another operator's, which lends it to nobody",
    Lost.LENT: "another operator's, which would have to lend it",
}
"""Why an alternative lost."""
HOME: Final = {
    Lost.HOME_HEAT: f"{Cause.HEAT} would not last",
    Lost.HOME_BATTERY: f"{Cause.BATTERY} would not last",
    Lost.HOME_TAKEN: "the computer is taken up",
}
"""Why the place where the pixels are lost, with a time behind it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one kind of work.

    Parameters
    ----------
    begin : str
        Where the time to an answer begins.
    fixed, lost : dict of int to str
        :data:`FIXED` and :data:`LOST` with its own words.
    """

    begin: str
    fixed: dict[int, str]
    lost: dict[int, str]


def _texts(begin: str, **own: str) -> Texts:
    """Put what stands for a kind of work into the texts."""
    fixed = {int(why): text.format(**own) for why, text in FIXED.items()}
    return Texts(begin, fixed, {int(why): text.format(**own) for why, text in LOST.items()})


OBSERVED: Final = _texts("the shutter", data="the pixels", other="another scene")
ASKED: Final = _texts("the request", data="the data", other="another job")
"""Of observations, and of compute jobs."""


def mesh_words(fleet: Fleet) -> str:
    """Say whose satellites the relay network is made of.

    Parameters
    ----------
    fleet : Fleet
        With or without one.

    Returns
    -------
    str
        ``relay satellite of OPERATOR (STATE)``, all of them.
    """
    rows = fleet.rows(NodeKind.RELAY).tolist()
    owners = dict.fromkeys((fleet.operators[row], fleet.countries[row]) for row in rows)
    return "relay satellite of " + ", ".join(f"{who} ({state or '?'})" for who, state in owners)


def reserved(rule: str, acts: int, *, waits: bool) -> str:
    """Say that an act is left to people, who are asked about so many acts at once, or soon."""
    said = f"rule {rule} reserves this to people"
    if waits:
        return f"{said}, who are asked soon"
    return f"{said}, who are asked about {acts} like it at once" if acts > 1 else said


def spell(seconds_s: float) -> str:
    """Write a time span as ``2 h 05 min`` or ``12 s``."""
    if seconds_s < _S_PER_MINUTE:
        return f"{seconds_s:.0f} s"
    hours, minutes = divmod(round(seconds_s / _S_PER_MINUTE), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def known_words(age_s: float) -> str:
    """Say how old what was known of another satellite was; nothing where that is NaN."""
    return "" if math.isnan(age_s) else f"; it was last heard of {spell(age_s)} before"


def tried_words(row: Table) -> str:
    """Say how often a stage was begun again."""
    return f"begun again {int(row['numbers'][0])} times, and failed again"


def away_words(row: Table) -> str:
    """Say what keeps a node away."""
    return f"its node is away by a {FAULTS[int(row['numbers'][0])]}"
