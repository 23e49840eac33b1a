"""Texts of codes that are the same in every mission."""

from __future__ import annotations

from typing import Final

from perigrid.base.jobs import Cause
from perigrid.control.alternatives import LATER
from perigrid.control.core.codes import Lost, Why
from perigrid.control.scheduling.places import DUE, GIVEN

FIXED: Final = {
    Why.NONE: "",
    Why.MYOPIC: "first in, first out, where taken: no other place is asked",
    Why.DUE: DUE,
    Why.HERE: "where the pixels are",
    Why.NOT_LENT: "where it was taken",
    Why.EARLIEST: "earliest arrival over the booked contacts",
    Why.TO_HOST: "it may not be computed where it is; no other satellite could begin sooner",
    Why.HELD: "held back until what is due before is done",
    Why.NO_HOST_NOW: "no satellite that may compute it can now",
    Why.NO_HOST_IN_REACH: "no satellite in reach can take it now",
    Why.NO_CONTACT_BEFORE_END: "no contact that could carry it opens before the run ends",
    Why.DELIVERED: "answer at the centre",
    Why.ANSWER_LATE: "the answer came after the deadline",
    Why.NO_ANSWER_IN_TIME: "no answer could be in time any more",
    Why.NO_HOST_IN_TIME: "no other satellite could be done in time",
    Why.ALL_CLOSED: "every way down is closed by a rule",
    Why.NO_CONTACT_BEFORE_DEADLINE: "no contact that could carry it opens before the deadline",
    Why.LOST_WITH: "what it had was lost with its satellite",
    Why.UNPOWERED: "the battery of its satellite is at its floor: nothing is sent",
    Why.LEFT: "its satellite failed at it; no other could begin sooner than this one",
    Why.QUARANTINED: "its satellite is in quarantine",
    Why.WAYS_AWAY: "every way in time is over a node away",
}
"""Why an action was chosen."""
LOST: Final = {
    Lost.LATER: LATER,
    Lost.NO_ROOM: "no room for the pixels",
    Lost.LINK_CLOSED: "a link is not open yet",
    Lost.LINK_GIVEN: GIVEN,
    Lost.HEAT: f"{Cause.HEAT} would not last",
    Lost.BATTERY: f"{Cause.BATTERY} would not last",
    Lost.BEGINS_LATER: "would begin later",
    Lost.ANSWER_LATE: "its answer would come too late",
    Lost.NO_WAY_DOWN: "no way down before the run ends",
    Lost.ANSWER_LATER: "its answer comes later",
    Lost.WAY_LATE: "the earliest way, after the deadline",
}
"""Why an alternative lost."""
HOME: Final = {
    Lost.HOME_HEAT: f"{Cause.HEAT} would not last",
    Lost.HOME_BATTERY: f"{Cause.BATTERY} would not last",
    Lost.HOME_TAKEN: "the computer is taken up",
}
"""Why the place where the pixels are lost, with a time behind it."""
