"""What a live run leaves behind: how each observation fared, and how late the runner was."""

from __future__ import annotations

from dataclasses import dataclass, field

from perigrid.base.jobs import Job, Outcome


@dataclass(slots=True)
class LiveJob:
    """How an observation fared.

    Parameters
    ----------
    job : Job
        The observation.
    outcome, reason : str
        How it ended; the reason of a miss.
    t_end_s : float
        Delivery or miss; NaN in flight [s].
    node : int
        Fleet row that computed it last; -1 if none did.
    cloud_seen : float
        What the detector really said; NaN before it ran.
    land_cover : str
        What the classifier really said; empty before it ran.
    results : dict of str to float or None
        Stages that are done, with their outcomes [1].
    """

    job: Job
    outcome: Outcome = Outcome.IN_FLIGHT
    reason: str = ""
    t_end_s: float = float("nan")
    node: int = -1
    cloud_seen: float = float("nan")
    land_cover: str = ""
    results: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What a live run leaves behind besides its record.

    Parameters
    ----------
    jobs : tuple of LiveJob
        Observations that were captured or refused, in that order.
    head, records
        Last hash and length of the record.
    answer_late_s : float
        Worst delay of an answer behind the modelled time of its stage, in mission time [s].
    loop_late_s : float
        Worst delay with which the runner attended to something, in mission time [s].
    """

    jobs: tuple[LiveJob, ...]
    head: str
    records: int
    answer_late_s: float
    loop_late_s: float
