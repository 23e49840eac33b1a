"""A seeded family of instances: a day in slots of 15 minutes, alike but for the details."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.control.planning.instance import Instance, Satellites, Work
from perigrid.fleet.model import Floats, Ints

SLOT_S: Final = 900.0
_WH_J: Final = 3600.0
_UNIT_BYTES: Final = 1e10
_ORBIT_SLOTS: Final = 6.33
"""A low orbit of 95 minutes, in slots."""

_SUNLIT_SHARE: Final = 0.63
_ARRAY_J: Final = 75.0 * _WH_J
_BUS_J: Final = 25.0 * _WH_J
_BATTERY_J: Final = (320.0 * _WH_J, 240.0 * _WH_J, 400.0 * _WH_J)
"""At first, at least, at most."""

_CONTACT_SHARE: Final = 0.085
"""Share of slots with a station in sight: 8 passes a day."""

_CONTACT_BYTES: Final = 4.0 * _UNIT_BYTES
_HOT_SHARE: Final = 0.3
"""Share of jobs that come up over the first fifth of the satellites."""

_MEMORY_BYTES: Final = 7.0 * _UNIT_BYTES
_COOLING_S: Final = 2700.0
"""Time constant of computer and radiator."""

_FULL_LOAD_K: Final = 75.0
"""What the heaviest kind of job would heat the computer by if it ran for ever."""

_LIMIT_K: Final = 50.0
_SUN_K: Final = 2.0
_CROSS_PLANE: Final = 10


def family(satellites: int, jobs: int, seed: int, *, full: bool = False) -> Instance:
    """Draw an instance.

    Parameters
    ----------
    satellites, jobs : int
        Its size.
    seed : int
        The same seed gives the same instance.
    full : bool
        With limits of memory and heat, and pixels that take one to four slots to move; else only
        battery, downlink and one slot to move them.

    Returns
    -------
    Instance
        96 slots of 15 minutes. Values are assumed, chosen so that energy, downlink and computers
        each bind somewhere: a list scheduler does about nine tenths of what a bound allows.

    Notes
    -----
    Satellites are numbered along their planes: neighbours are the next and the previous one, and
    the tenth before and after.
    """
    rng = np.random.default_rng([satellites, jobs, seed])
    slots = 96
    work = _work(rng, satellites, jobs, slots)
    return Instance(_satellites(rng, satellites, slots, full=full), _moved(rng, work, full), SLOT_S)


def _satellites(rng: np.random.Generator, count: int, slots: int, *, full: bool) -> Satellites:
    phase = rng.uniform(0.0, _ORBIT_SLOTS, (count, 1))
    lit = ((np.arange(slots) + phase) % _ORBIT_SLOTS) / _ORBIT_SLOTS < _SUNLIT_SHARE
    contact = rng.random((count, slots)) < _CONTACT_SHARE
    kept_share = math.exp(-SLOT_S / _COOLING_S)
    start_j, floor_j, capacity_j = (np.full(count, one) for one in _BATTERY_J)
    return Satellites(
        gain_j=np.where(lit, _ARRAY_J, 0.0) - _BUS_J,
        start_j=start_j,
        floor_j=floor_j,
        capacity_j=capacity_j,
        downlink_bytes=np.where(contact, _CONTACT_BYTES, 0.0),
        memory_bytes=np.full((count, slots), _MEMORY_BYTES if full else np.inf),
        closed=np.zeros((count, slots), dtype=np.bool_),
        start_k=np.zeros(count),
        limit_k=np.full(count, _LIMIT_K if full else np.inf),
        warming_k=np.where(lit, _SUN_K, 0.0),
        warming_k_per_j=_FULL_LOAD_K * (1.0 - kept_share) / (90.0 * _WH_J),
        kept_share=kept_share,
    )


def _work(rng: np.random.Generator, satellites: int, jobs: int, slots: int) -> Work:
    hot = rng.random(jobs) < _HOT_SHARE
    where = rng.integers(0, satellites, jobs)
    origin: Ints = np.where(hot, where % max(1, satellites // 5), where)
    release = rng.integers(0, slots - 14, jobs)
    duration = rng.integers(1, 5, jobs)
    neighbours = np.array([0, 1, -1, _CROSS_PLANE, -_CROSS_PLANE])
    return Work(
        origin=origin,
        release=release,
        deadline=np.minimum(slots - 1, release + rng.integers(10, 37, jobs)),
        duration=duration,
        energy_j=rng.choice([50.0, 75.0, 90.0], jobs) * _WH_J,
        memory_bytes=_UNIT_BYTES * rng.integers(1, 5, jobs).astype(np.float64),
        output_bytes=_UNIT_BYTES * rng.integers(1, 4, jobs).astype(np.float64),
        value=_worth(rng, duration),
        candidate=(origin[:, None] + neighbours) % satellites,
        delay=np.tile((neighbours != 0).astype(np.int64), (jobs, 1)),
    )


def _worth(rng: np.random.Generator, duration: Ints) -> Floats:
    value: Floats = np.ceil(np.exp(rng.normal(1.5, 0.8, len(duration))) * duration)
    return value


def _moved(rng: np.random.Generator, work: Work, full: bool) -> Work:  # noqa: FBT001  private
    """Let larger scenes take longer to move, and longer to another plane."""
    if not full:
        return work
    slots = rng.integers(1, 4, len(work.origin))[:, None]
    delay = np.where(work.delay > 0, slots, 0)
    delay[:, 3:] += 1
    parts = {name: getattr(work, name) for name in Work.__slots__ if name != "delay"}
    return Work(**parts, delay=delay)
