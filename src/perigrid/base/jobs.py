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
    """One observation to be turned into an insight.

    Parameters
    ----------
    job_id : int
        Dense from 0, in order of capture.
    origin : int
        Fleet row of the satellite that took it.
    t_capture_s, deadline_s : float
        Shutter time and latest useful delivery, seconds after the scenario's start [s].
    raw_bytes : float
        Size of the scene as stored on board [B].
    area_m2 : float
        Ground area of the scene [m2].
    latitude_rad, longitude_rad : float
        Scene centre, geodetic [rad].
    target : int
        Index of the land cell or request.
    scene : int
        Index into the bank of executed scenes; what the detector said there is this job's answer.
    data_class : str
        What policy may ask about the data; ``eo-raw`` for pixels.
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
