"""The unit of work, what is moved of it, and how it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Product(StrEnum):
    """What is moved or stored: the pixels, or what the stages that deliver made of them."""

    RAW = "raw"
    ANSWER = "answer"


class Cause(StrEnum):
    """What an observation waited for, or what made it miss; the keys of ``binding``."""

    CONTACT = "contact"
    HEAT = "heat"
    BATTERY = "battery"
    LINK = "link"
    COMPUTE = "compute"
    STORAGE = "storage"
    RULE = "rule"
    FAULT = "fault"


CLOUD: Final = "cloud"
NOTHING_FOUND: Final = "nothing found"
SCREENED: Final = (CLOUD, NOTHING_FOUND)
"""Reasons for which a job ends without an answer and nothing is lost: what a stage found."""


class Outcome(StrEnum):
    """How an observation ends."""

    DELIVERED = "delivered"
    MISSED = "missed"
    IN_FLIGHT = "in_flight"


OF_OTHER_WORK: Final = "of other work"
"""Marks fields that say nothing of a scene."""
_OTHER: Final = {OF_OTHER_WORK: True}


@dataclass(frozen=True, slots=True)
class Job:
    """One observation to be turned into an insight, or another piece of work.

    Parameters
    ----------
    job_id : int
        Dense from 0, in order of capture.
    origin : int
        Fleet row of the satellite that took it; of a ground node where a job is asked for there.
    t_capture_s, deadline_s : float
        Shutter time and latest useful delivery, seconds after the scenario's start [s].
    raw_bytes : float
        Size of the scene as stored on board [B].
    area_m2 : float
        Ground area of the scene; of other work its size, the median being 1 [m2].
    latitude_rad, longitude_rad : float
        Scene centre, geodetic [rad].
    target : int
        Index of the land cell or request.
    scene : int
        Index into the bank of executed scenes; what the detector said there is this job's answer.
    data_class : str
        What policy may ask about the data; ``eo-raw`` for pixels.
    user : int
        Fleet row of the ground node that the answer goes to; -1 for any that takes it first.
    answer_share : float
        Size of its answer, of that which its stages give [1].
    power_share : float
        Of the power of a slot above idle that it draws [1].
    model : int
        Which model its stages need in memory.
    model_bytes : float
        Size of that model; 0 where it is always there [B].
    value : float
        Of an answer in time [1].
    """

    job_id: int
    origin: int
    t_capture_s: float
    deadline_s: float
    raw_bytes: float
    area_m2: float
    latitude_rad: float
    longitude_rad: float
    target: int
    scene: int
    data_class: str = "eo-raw"
    user: int = field(default=-1, metadata=_OTHER)
    answer_share: float = field(default=1.0, metadata=_OTHER)
    power_share: float = field(default=1.0, metadata=_OTHER)
    model: int = field(default=0, metadata=_OTHER)
    model_bytes: float = field(default=0.0, metadata=_OTHER)
    value: float = field(default=1.0, metadata=_OTHER)

    @property
    def side_m(self) -> float:
        """Side of the square that its data show; 0 for what is asked for on the ground [m]."""
        return 0.0 if self.user >= 0 else math.sqrt(self.area_m2)

    @property
    def is_usual(self) -> bool:
        """Whether it is like a scene in all that only other work tells apart."""
        return (
            self.user == -1
            and self.model == 0
            and self.model_bytes == 0.0
            and self.answer_share == self.power_share == self.value == 1.0
        )
