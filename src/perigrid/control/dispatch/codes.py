"""Why a satellite does not get a job, as small numbers for compiled code and tables."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Cause


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
    PEOPLE = 14  # a person has to allow it first


NAMES: Final = tuple(one.name.lower() for one in Reason)
"""As they stand in tables."""

CONTACT, HEAT, BATTERY, LINK, COMPUTE, STORAGE, RULE, FAULT = range(len(Cause))
"""Places of :class:`perigrid.base.jobs.Cause`, in its order."""

_WAITS_FOR: Final = {
    Reason.STORAGE: STORAGE,
    Reason.HOT: HEAT,
    Reason.BATTERY: BATTERY,
    Reason.UNREACHABLE: CONTACT,
    Reason.FORBIDDEN: RULE,
    Reason.AWAY: FAULT,
    Reason.BARRED: FAULT,
    Reason.FAULTS: FAULT,
    Reason.PEOPLE: RULE,
}
WAITS_FOR: Final[npt.NDArray[np.uint8]] = np.array(
    [_WAITS_FOR.get(one, COMPUTE) for one in Reason], dtype=np.uint8
)
"""What a job waits for where most candidates are out for a reason; else for free computers."""
