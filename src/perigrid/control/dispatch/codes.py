"""Why a satellite does not get a job, as small numbers for compiled code and tables."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Reason(IntEnum):
    """What decided about one candidate."""

    CHOSEN = 0
    SLOWER = 1  # its answer would come later: farther, or slower
    QUEUE = 2  # its answer would come later for the work before
    MODEL = 3  # its answer would come later for loading the model
    LATE = 4  # after the deadline
    MEMORY = 5
    STORAGE = 6
    HOT = 7
    BATTERY = 8
    UNREACHABLE = 9
    FORBIDDEN = 10
    AWAY = 11
    BARRED = 12  # quarantined after suspect results
    FAULTS = 13  # of a job: begun again too often


NAMES: Final = tuple(one.name.lower() for one in Reason)
"""As they stand in tables."""
