"""Every start of every job that could be flown if the job were alone on its satellite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.control.planning.instance import Bools, Instance
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.compiled import compiled

_SLACK_J = 1e-6


@dataclass(frozen=True, slots=True)
class Starts:
    """Columns of a plan: a job on a satellite from a slot on, sorted by job, satellite and slot.

    Parameters
    ----------
    job, satellite, slot : (n_starts,) int array
        What starts where and when.
    first_of_job : (n_jobs + 1,) int array
        Where each job's starts begin.
    unpruned : int
        Starts that the times alone would allow.
    """

    job: Ints
    satellite: Ints
    slot: Ints
    first_of_job: Ints
    unpruned: int

    def between(self, first: int, last: int) -> Starts:
        """Keep the starts of a window.

        Parameters
        ----------
        first, last : int
            First slot, and the slot before which a start must be.

        Returns
        -------
        Starts
            Fewer starts of the same jobs.
        """
        kept = np.flatnonzero((self.slot >= first) & (self.slot < last))
        job = self.job[kept]
        first_of_job = np.searchsorted(job, np.arange(len(self.first_of_job)))
        return Starts(
            job,
            self.satellite[kept],
            self.slot[kept],
            first_of_job.astype(np.int64),
            self.unpruned,
        )

    def __len__(self) -> int:
        """Return the number of starts."""
        return len(self.job)


@compiled()
def _idle(
    gain_j: Floats, start_j: Floats, capacity_j: Floats, warming_k: Floats, start_k: Floats,
    kept: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Battery and temperature before each slot when nothing is computed."""
    count, slots = gain_j.shape
    battery = np.empty((count, slots + 1))
    warm = np.empty((count, slots + 1))
    for s in range(count):
        battery[s, 0] = start_j[s]
        warm[s, 0] = start_k[s]
        for t in range(slots):
            battery[s, t + 1] = min(capacity_j[s], battery[s, t] + gain_j[s, t])
            warm[s, t + 1] = kept * warm[s, t] + warming_k[s, t]
    return battery, warm


@compiled()
def _alone(
    s: int, t: int, slots_run: int, energy_j: float, battery: Floats, warm: Floats, gain_j: Floats,
    floor_j: Floats, capacity_j: Floats, warming_k: Floats, limit_k: Floats, per_j: float,
    kept: float,
) -> bool:  # fmt: skip
    """Whether a satellite bears one job and no other."""
    level, heat = battery[s, t], warm[s, t]
    for q in range(t, gain_j.shape[1]):
        drawn = energy_j if q < t + slots_run else 0.0
        level = min(capacity_j[s], level + gain_j[s, q] - drawn)
        heat = kept * heat + warming_k[s, q] + per_j * drawn
        if level < floor_j[s] - _SLACK_J or heat > limit_k[s] * (1.0 + 1e-12):
            return False
        if q >= t + slots_run and level == battery[s, q + 1] and heat >= 0.0:
            return True  # back on the idle satellite's path; heat only falls from here on
    return True


@compiled()
def _last_send(s: int, size: float, release: int, deadline: int, downlink: Floats) -> int:
    """Last slot in time that could take an output; -1 if none."""
    for q in range(deadline, release, -1):
        if downlink[s, q] >= size:
            return q
    return -1


@compiled()
def _open(s: int, t: int, slots_run: int, memory: float, room: Floats, closed: Bools) -> bool:
    """Whether the computer takes a job and has memory for it."""
    end = t + slots_run
    return not (closed[s, t:end].any() or (room[s, t:end] < memory).any())


@compiled()
def _enumerate(
    release: Ints, deadline: Ints, duration: Ints, energy_j: Floats, memory: Floats,
    output: Floats, candidate: Ints, delay: Ints, battery: Floats, warm: Floats, gain_j: Floats,
    floor_j: Floats, capacity_j: Floats, warming_k: Floats, limit_k: Floats, per_j: float,
    kept: float, downlink: Floats, room: Floats, closed: Bools, found: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Count the starts that pass, and write as many of them as ``found`` has rows."""
    n = 0
    everything = 0
    for j in range(len(release)):
        for k in range(candidate.shape[1]):
            s = candidate[j, k]
            if s < 0:
                continue
            last = _last_send(s, output[j], release[j], deadline[j], downlink)
            for t in range(release[j] + delay[j, k], last - duration[j] + 1):
                everything += 1
                if _open(s, t, duration[j], memory[j], room, closed) and _alone(
                    s, t, duration[j], energy_j[j], battery, warm, gain_j, floor_j, capacity_j,
                    warming_k, limit_k, per_j, kept,
                ):  # fmt: skip
                    if n < len(found):
                        found[n, 0], found[n, 1], found[n, 2] = j, s, t
                    n += 1
    return n, everything


def possible_starts(instance: Instance) -> Starts:
    """List the starts that a job could have if it were alone.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.

    Returns
    -------
    Starts
        A start is left out if battery or temperature would break a limit with no other job on the
        satellite, or if no contact after it could take the output in time. No schedule that can be
        flown has such a start, since further jobs only drain and warm a satellite more; a bound
        over the rest is therefore a bound over all, and a much tighter one.
    """
    sky, work = instance.satellites, instance.work
    battery, warm = _idle(
        sky.gain_j, sky.start_j, sky.capacity_j, sky.warming_k, sky.start_k, sky.kept_share
    )
    given = (
        work.release, work.deadline, work.duration, work.energy_j, work.memory_bytes,
        work.output_bytes, work.candidate, work.delay, battery, warm, sky.gain_j, sky.floor_j,
        sky.capacity_j, sky.warming_k, sky.limit_k, sky.warming_k_per_j, sky.kept_share,
        sky.downlink_bytes, sky.memory_bytes, sky.closed,
    )  # fmt: skip
    count, unpruned = _enumerate(*given, np.empty((0, 3), dtype=np.int64))
    found = np.empty((count, 3), dtype=np.int64)
    _enumerate(*given, found)
    first = np.searchsorted(found[:, 0], np.arange(instance.n_jobs + 1))
    job, satellite, slot = (np.ascontiguousarray(found[:, k]) for k in range(3))
    return Starts(job, satellite, slot, first.astype(np.int64), unpruned)
