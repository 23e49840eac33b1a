"""A scheduling instance in time slots, and a schedule of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.errors import InputError, Problem
from perigrid.fleet.model import Floats, Ints

Bools = npt.NDArray[np.bool_]
UNPLACED = -1


@dataclass(frozen=True, slots=True)
class Satellites:
    """What the satellites of an instance can bear.

    Parameters
    ----------
    gain_j : (n_satellites, n_slots) float array
        Energy that a slot adds to the battery when nothing is computed; negative in shadow [J].
    start_j, floor_j, capacity_j : (n_satellites,) float array
        Battery at first, at least and at most [J].
    downlink_bytes : (n_satellites, n_slots) float array
        What can be sent to the ground in each slot [B].
    memory_bytes : (n_satellites, n_slots) float array
        Room for running jobs and for outputs that wait for the ground; infinite if it never
        binds [B].
    closed : (n_satellites, n_slots) bool array
        Slots in which the computer takes no job.
    start_k, limit_k : (n_satellites,) float array
        Computer's temperature above an idle one, at first and at most; an infinite limit never
        binds [K].
    warming_k : (n_satellites, n_slots) float array
        What sun and Earth add in each slot [K].
    warming_k_per_j : float
        What computing adds [K/J].
    kept_share : float
        Share of the temperature that is left after a slot of cooling.
    """

    gain_j: Floats
    start_j: Floats
    floor_j: Floats
    capacity_j: Floats
    downlink_bytes: Floats
    memory_bytes: Floats
    closed: Bools
    start_k: Floats
    limit_k: Floats
    warming_k: Floats
    warming_k_per_j: float
    kept_share: float


@dataclass(frozen=True, slots=True)
class Work:
    """The jobs of an instance.

    Parameters
    ----------
    origin : (n_jobs,) int array
        Satellite that holds the pixels.
    release, deadline : (n_jobs,) int array
        First slot in which a job may run at its origin, last one in which its output may be sent.
    duration : (n_jobs,) int array
        Slots that it runs, without a pause.
    energy_j : (n_jobs,) float array
        What it draws in each of them [J].
    memory_bytes, output_bytes : (n_jobs,) float array
        Room that it takes while it runs, and that its output takes until it is sent [B].
    value : (n_jobs,) float array
        What a delivered output is worth; nothing else is worth anything.
    candidate : (n_jobs, n_candidates) int array
        Satellites that may compute it, the origin first; -1 fills up.
    delay : (n_jobs, n_candidates) int array
        Slots that moving its pixels there takes.
    """

    origin: Ints
    release: Ints
    deadline: Ints
    duration: Ints
    energy_j: Floats
    memory_bytes: Floats
    output_bytes: Floats
    value: Floats
    candidate: Ints
    delay: Ints


@dataclass(frozen=True, slots=True)
class Instance:
    """Satellites, jobs and the length of a slot.

    Parameters
    ----------
    satellites : Satellites
        Battery, heat, memory and downlink.
    work : Work
        What is asked of them. A satellite runs one job at a time.
    slot_s : float
        Length of a slot [s].
    """

    satellites: Satellites
    work: Work
    slot_s: float

    def __post_init__(self) -> None:
        """Refuse shapes and times that contradict each other."""
        problems = [*self._shapes(), *self._times()]
        if problems:
            raise InputError([Problem(text, "correct the instance") for text in problems])

    def _shapes(self) -> list[str]:
        many, jobs = self.satellites.gain_j.shape, (len(self.work.origin),)
        wanted = {
            "downlink_bytes": (self.satellites.downlink_bytes, many),
            "warming_k": (self.satellites.warming_k, many),
            "memory_bytes": (self.satellites.memory_bytes, many),
            "closed": (self.satellites.closed, many),
            "delay": (self.work.delay, self.work.candidate.shape),
        }
        for name in ("start_j", "floor_j", "capacity_j", "start_k", "limit_k"):
            wanted[name] = (getattr(self.satellites, name), many[:1])
        for name in ("release", "deadline", "duration", "energy_j", "output_bytes", "value"):
            wanted[f"work.{name}"] = (getattr(self.work, name), jobs)
        return [
            f"{name} has the shape {array.shape}, not {shape}"
            for name, (array, shape) in wanted.items()
            if array.shape != shape
        ]

    def _times(self) -> list[str]:
        work, slots = self.work, self.n_slots
        faults = {
            "a job is released before slot 0": work.release.min(initial=0) < 0,
            "a deadline lies beyond the last slot": work.deadline.max(initial=0) >= slots,
            "a job runs for less than a slot": work.duration.min(initial=1) < 1,
            "a candidate is no satellite": work.candidate.max(initial=0) >= self.n_satellites,
        }
        return [text for text, wrong in faults.items() if wrong]

    @property
    def n_satellites(self) -> int:
        """Number of satellites."""
        return int(self.satellites.gain_j.shape[0])

    @property
    def n_slots(self) -> int:
        """Number of slots."""
        return int(self.satellites.gain_j.shape[1])

    @property
    def n_jobs(self) -> int:
        """Number of jobs."""
        return len(self.work.origin)

    @property
    def heat_binds(self) -> bool:
        """Whether any satellite has a limit of temperature."""
        return bool(np.isfinite(self.satellites.limit_k).any())

    @property
    def memory_binds(self) -> bool:
        """Whether any satellite has a limit of memory."""
        return bool(np.isfinite(self.satellites.memory_bytes).any())


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where and when each job runs and is sent.

    Parameters
    ----------
    satellite, start, sent : (n_jobs,) int array
        Satellite, first slot of the run and slot of the downlink; -1 where a job is not done.
    """

    satellite: Ints
    start: Ints
    sent: Ints

    @property
    def placed(self) -> Ints:
        """Jobs that are done, in order."""
        found: Ints = np.flatnonzero(self.start >= 0).astype(np.int64)
        return found

    def value(self, instance: Instance) -> float:
        """Sum what the delivered outputs are worth.

        Parameters
        ----------
        instance : Instance
            The instance that it schedules.

        Returns
        -------
        float
            Without asking whether it can be flown: see
            :func:`perigrid.control.planning.checker.faults`.
        """
        return float(instance.work.value[self.placed].sum())


def empty_schedule(n_jobs: int) -> Schedule:
    """Make a schedule that does nothing.

    Parameters
    ----------
    n_jobs : int
        Jobs of the instance.

    Returns
    -------
    Schedule
        To be filled in.
    """
    return Schedule(*(np.full(n_jobs, UNPLACED, dtype=np.int64) for _ in range(3)))
