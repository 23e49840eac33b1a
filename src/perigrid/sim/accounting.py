"""What every observation waited for, moved and burned: each second belongs to exactly one cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Cause, Job, Outcome
from perigrid.base.messages import Leg

WAIT_TOLERANCE_S = 1e-6

_LATE: Final = (Cause.CONTACT, Cause.LINK, Cause.COMPUTE)
"""What the decision core says stands in the way of a job that cannot be in time any more."""


@dataclass(slots=True)
class Account:
    """The books of one job.

    Parameters
    ----------
    job : Job
        The observation.
    outcome, reason : str
        How it ended; the reason of a miss: ``cloud``, the rule, fault or full storage that ended
        it, or of one that was late the cause with most seconds.
    node : int
        Fleet row that computed it; -1 if none did.
    results : dict of str to float or None
        Stages that are done, with their outcomes [1].
    t_end_s : float
        Delivery or miss, a late one at its deadline; NaN in flight [s].
    waits_s : dict of Cause to float
        Seconds by cause; they add up to ``t_end_s - t_capture_s`` [s].
    moved_bytes : dict of str to float
        Bytes by link class [B].
    space_j, ground_j : float
        Energy spent on this job in orbit and on the ground [J].
    """

    job: Job
    outcome: Outcome = Outcome.IN_FLIGHT
    reason: str = ""
    node: int = -1
    results: dict[str, float | None] = field(default_factory=dict)
    t_end_s: float = float("nan")
    waits_s: dict[Cause, float] = field(default_factory=lambda: dict.fromkeys(Cause, 0.0))
    moved_bytes: dict[str, float] = field(default_factory=dict)
    space_j: float = 0.0
    ground_j: float = 0.0

    def add(self, waits_s: Mapping[Cause, float]) -> None:
        """Book seconds by cause.

        Parameters
        ----------
        waits_s : mapping of Cause to float
            Seconds [s].
        """
        for cause, seconds_s in waits_s.items():
            self.waits_s[cause] += seconds_s

    def moved(self, leg: Leg) -> None:
        """Book the bytes of one transmission by link class.

        Parameters
        ----------
        leg : Leg
            What was sent.
        """
        self.moved_bytes[leg.kind] = self.moved_bytes.get(leg.kind, 0.0) + leg.nbytes

    def spend(self, space_j: float, ground_j: float) -> None:
        """Book energy.

        Parameters
        ----------
        space_j, ground_j : float
            In orbit and on the ground [J].
        """
        self.space_j += space_j
        self.ground_j += ground_j

    def close(self, t_s: float, *, delivered: bool, reason: str) -> None:
        """End the job and check that its seconds add up.

        Parameters
        ----------
        t_s : float
            Now [s].
        delivered : bool
            Or missed.
        reason : str
            Of a miss.

        Raises
        ------
        InvariantError
            If the job had ended before, or its waits do not add up to its life.

        Notes
        -----
        A job that can no longer be in time is given up at once, but is missed when its deadline
        passes: until then it would have waited for what stands in its way. What it is missed for
        is what took most of that time, not what happened to come last.
        """
        if self.outcome is not Outcome.IN_FLIGHT:
            raise InvariantError(f"job {self.job.job_id} ended twice")
        self.outcome = Outcome.DELIVERED if delivered else Outcome.MISSED
        self.reason = reason
        if not delivered and reason in _LATE:
            self.add({Cause(reason): max(0.0, self.job.deadline_s - t_s)})
            t_s = max(t_s, self.job.deadline_s)
            self.reason = max(Cause, key=lambda cause: self.waits_s[cause]).value
        self.t_end_s = t_s
        life_s = t_s - self.job.t_capture_s
        booked_s = sum(self.waits_s.values())
        if abs(booked_s - life_s) > WAIT_TOLERANCE_S * max(1.0, life_s):
            raise InvariantError(
                f"job {self.job.job_id} lived {life_s} s but {booked_s} s are accounted for"
            )


def leg_waits_s(legs: tuple[Leg, ...], until_s: float) -> dict[Cause, float]:
    """Split the time a route takes by cause.

    Parameters
    ----------
    legs : tuple of Leg
        In order.
    until_s : float
        Stop counting here; infinity for a route that is over [s].

    Returns
    -------
    dict of Cause to float
        ``contact`` until a window opens, ``link`` while queueing for it, sending and under way [s].
    """
    contact_s = link_s = 0.0
    for leg in legs:
        ready_s, opens_s = min(leg.t_ready_s, until_s), min(leg.t_window_s, until_s)
        contact_s += opens_s - ready_s
        link_s += min(leg.t_arrival_s, until_s) - opens_s
    return {Cause.CONTACT: contact_s, Cause.LINK: link_s}
