"""Codes of the words of decisions: why an action was chosen, why what was weighed beside lost."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from perigrid.base.messages import REPORT_INTERVAL_S

SOON_S: Final = 1.0
"""A wait is at least so long. [s]"""
ASK_EVERY_S: Final = 30.0
"""People are asked about compute jobs together, in one request for all acts that are alike: so long
after the last time (assumed). [s]"""
RETRY_S: Final = REPORT_INTERVAL_S
"""When a job that no satellite can take is looked at again: with the next telemetry. [s]"""


class Why(IntEnum):
    """Words of an action; what numbers stand in them is said beside."""

    NONE = 0
    FOUND = 1  # where the pixels are, after a stage, or for what it found: last stage, outcome
    MYOPIC = 2  # first in, first out
    DUE = 3
    AT_ONCE = 4
    HERE = 5
    TAKEN_UP = 6
    CHOSEN = 7
    EARLIEST = 8
    EARLIEST_MESH = 9
    TO_HOST = 10
    NOT_LASTING = 11  # its cause would not last
    HELD = 12
    NO_HOST_NOW = 13  # of a scheduler
    NO_HOST_IN_REACH = 14  # of the controller
    NO_CONTACT_BEFORE_END = 15
    REFUSED = 16  # a verdict's own words: its place, the node
    DELIVERED = 17
    SHUTTER = 18
    RULED_OUT = 19  # the stage's outcome
    ANSWER_LATE = 20
    NO_ANSWER_IN_TIME = 21
    NO_HOST_IN_TIME = 22
    ALL_CLOSED = 23
    NO_CONTACT_BEFORE_DEADLINE = 24
    WAY_LATE = 25  # waits, arrives after the shutter, deadline after it [s]
    LOST_WITH = 26  # its satellite
    TRIED = 27  # how often it may be begun again
    AWAY = 28  # place of the fault that keeps its node away
    UNPOWERED = 29
    LEFT = 30  # a satellite at which it failed
    QUARANTINED = 31
    WAYS_AWAY = 32
    SPOKEN = 33  # words made while it flew: their place among them
    RESERVED = (
        34  # to people, by the rule of a verdict: its place, how many are asked about at once
    )
    NOT_LENT = 35  # where it was taken, since no grant holds it elsewhere
    RULED = 36  # node that a rule closes, NaN for all that compute; how long [s]; verdict's place
    ROUTE = 37  # over the routes of now
    NO_ROUTE = 38
    ANSWER_FIRST = 39  # a satellite from which it comes first
    HOSTS_CLOSED = 40  # every satellite, now and later
    UNHEARD = 41  # what befell its satellite, by those who would begin it anew
    LINK_GIVEN = 42  # what its way needs was booked in the same instant
    DISPLACED = 43  # by something more urgent
    IN_PARTS = 44


class Lost(IntEnum):
    """Why an alternative lost."""

    LATER = 0  # a way that only takes longer
    NO_ROOM = 1
    LINK_CLOSED = 2
    LINK_GIVEN = 3
    HEAT = 4  # would not last
    BATTERY = 5
    BEGINS_LATER = 6
    ANSWER_LATE = 7
    NO_WAY_DOWN = 8
    ANSWER_LATER = 9
    HOME_HEAT = 10  # where the pixels are: would not last, until [s] from now; NaN without end
    HOME_BATTERY = 11
    HOME_TAKEN = 12  # the computer is taken up
    WAY_LATE = 13  # the earliest way, after the deadline
    CLOSED = 14  # by a rule: place of the verdict
    SPOKEN = 15  # words made while it flew: their place among them
    CLOSED_NOW = 16  # by a rule, for now
    QUEUE = 17  # its answer comes later for the work before it
    MODEL = 18  # or for loading the model
    NO_MEMORY = 19
    AWAY = 20
    QUARANTINED = 21
    PEOPLE = 22  # have to allow it
    NO_ROUTE = 23  # for its answer now
    NOT_LENT = 24
    LENT = 25  # where a grant lends it
