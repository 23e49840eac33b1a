"""The unit of work, what is moved of it, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
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
    user: int = -1
    answer_share: float = 1.0
    power_share: float = 1.0
    model: int = 0
    model_bytes: float = 0.0
    value: float = 1.0
