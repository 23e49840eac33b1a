"""``perigrid bench sgp4``: propagation and initialisation against python-sgp4."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, duel, peak_memory_bytes
from perigrid.benchmark.reference import (
    LARGE_PLANE,
    START,
    large_shell,
    satellite_record,
    shell,
)
from perigrid.physics.chunks import limited_threads
from perigrid.physics.orbit.sgp4.model import Sgp4Set, States, propagate_ranges

Floats = npt.NDArray[np.float64]

_DEMAND: Final = 20.0
_THREAD_DEMAND: Final = 1.8
_STEP_S: Final = 60.0
_DAY_S: Final = 86_400.0
_MILLION_PLANES: Final = 1000


def bench_sgp4(
    satellites: int = 240, n_times: int = 1441, million_planes: int = _MILLION_PLANES
) -> list[Timing]:
    """Time SGP4 on prepared satellites, their preparation, threads, and a very large shell.

    Parameters
    ----------
    satellites : int
        Near-earth satellites; a third as many are in deep space.
    n_times : int
        Minutes propagated.
    million_planes : int
        Planes of a thousand satellites of the large shell; 0 leaves it out.

    Returns
    -------
    list of Timing
        Ours writes into memory that it used before, as a caller who goes through many satellites
        does; python-sgp4 always takes new memory. All but one row are on one thread. Agreement is
        of positions.
    """
    times = np.arange(n_times, dtype=np.float64) * _STEP_S
    near, deep = _drag_shell(satellites), _deep_orbits(max(3, satellites // 3))
    rows = [
        _against_library("near earth", near, times, _DEMAND),
        _against_library("deep space", deep, times, None),
        _initialisation(near),
        _threads(near, times),
    ]
    if million_planes:
        rows.append(_large_shell(million_planes))
    return rows


def _drag_shell(satellites: int) -> list[MeanElements]:
    """Spread a shell's satellites, with some eccentricity and drag as real ones have."""
    return [
        MeanElements(
            name=one.name,
            norad_id=0,
            epoch=one.epoch.plus(-675.0 * index),
            mean_motion_rad_s=one.mean_motion_rad_s,
            eccentricity=1.0e-3 + 2.0e-3 * index / satellites,
            inclination_rad=one.inclination_rad,
            raan_rad=one.raan_rad,
            argument_of_perigee_rad=math.tau * index / satellites,
            mean_anomaly_rad=one.mean_anomaly_rad,
            bstar=3.0e-4,
        )
        for index, one in enumerate(shell(satellites, 1))
    ]


def _deep_orbits(satellites: int) -> list[MeanElements]:
    """Mix geostationary, half-day eccentric and navigation orbits, a third each."""
    kinds = ((1.0027, 3.0e-4, 0.05), (2.006, 0.7, 63.4), (2.0056, 0.01, 55.0))
    found = []
    for index in range(satellites):
        turns, eccentricity, degrees = kinds[index % len(kinds)]
        found.append(
            MeanElements(
                name=f"deep-{index}",
                norad_id=0,
                epoch=START.plus(-5400.0 * index),
                mean_motion_rad_s=turns * math.tau / _DAY_S,
                eccentricity=eccentricity,
                inclination_rad=math.radians(degrees),
                raan_rad=math.tau * index / satellites,
                argument_of_perigee_rad=1.0,
                mean_anomaly_rad=2.0,
            )
        )
    return found


def _room(satellites: int, n_times: int) -> States:
    """Memory for states, used once so that its pages exist."""
    shape = (satellites, n_times)
    return np.full((3, *shape), 1.0), np.full((3, *shape), 1.0), np.full(shape, 1, dtype=np.uint8)


def _against_library(
    kind: str, elements: Sequence[MeanElements], times_s: Floats, demand: float | None
) -> Timing:
    """Propagate prepared satellites on one thread."""
    ours = Sgp4Set.from_elements(elements)
    theirs = development_module("sgp4.api").SatrecArray([satellite_record(one) for one in elements])
    jd, fraction = START.julian_dates(times_s)
    room = _room(len(elements), len(times_s))
    with limited_threads(1):
        fight = duel(
            lambda: ours.propagate(START, times_s, room), lambda: theirs.sgp4(jd, fraction)
        )
    apart = np.abs(fight.ours[0] - 1000.0 * fight.reference[1].transpose(2, 0, 1)).max()
    return Timing(
        f"sgp4: {kind}, {len(elements)} x {len(times_s)}",
        fight.ours_s,
        "SatrecArray",
        fight.reference_s,
        demand=demand,
        agreement=float(apart),
        unit="m",
    )


def _initialisation(elements: Sequence[MeanElements]) -> Timing:
    """Prepare satellites from columns, against one record after another."""
    repeated = list(elements) * 10
    columns = ElementArrays.of(repeated)
    fight = duel(
        lambda: Sgp4Set.from_arrays(columns),
        lambda: [satellite_record(one) for one in repeated],
    )
    name = f"sgp4: prepare {len(repeated)} satellites"
    return Timing(name, fight.ours_s, "sgp4init", fight.reference_s)


def _threads(elements: Sequence[MeanElements], times_s: Floats) -> Timing:
    """Propagate on two threads and on one, by the wall clock."""
    # Long enough that starting a thread does not count.
    ours = Sgp4Set.from_elements(list(elements) * 8)
    room = _room(len(ours), len(times_s))
    other = _room(len(ours), len(times_s))

    def with_threads(count: int, into: States) -> States:
        with limited_threads(count):
            return ours.propagate(START, times_s, into)

    fight = duel(
        lambda: with_threads(2, room), lambda: with_threads(1, other), 20, time.perf_counter
    )
    return Timing(
        f"sgp4: {len(ours)} x {len(times_s)}, two threads",
        fight.ours_s,
        "one thread",
        fight.reference_s,
        demand=_THREAD_DEMAND,
        agreement=float(np.abs(fight.ours[0] - fight.reference[0]).max()),
        unit="m",
    )


def _large_shell(planes: int) -> Timing:
    """Propagate a day of a very large shell, in a process of its own for its memory's sake."""
    command = [sys.executable, "-m", "perigrid.benchmark.sgp4", str(planes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  ours
    wall_s, cpu_s, peak_bytes = (float(word) for word in done.stdout.split())
    return Timing(
        f"sgp4: prepare and fly {planes * LARGE_PLANE} for a day at 60 s",
        wall_s,
        cpu_s=cpu_s,
        peak_bytes=peak_bytes,
    )


def fly_large_shell(planes: int) -> tuple[float, float, float]:
    """Prepare a shell of ``planes`` times 1,000 satellites and propagate it over a day.

    Parameters
    ----------
    planes : int
        Planes of a thousand satellites.

    Returns
    -------
    wall_s, cpu_s : float
        Time of both [s].
    peak_bytes : float
        Largest resident memory of the process so far [B].
    """
    times = np.arange(0.0, _DAY_S + 0.5 * _STEP_S, _STEP_S)
    lowest_m = np.inf

    def consume(_first: int, position_m: Floats, _velocity_m_s: Floats, _error: Any) -> None:  # noqa: ANN401  codes are not looked at
        nonlocal lowest_m
        lowest_m = min(lowest_m, float(np.abs(position_m[:, 0, 0]).max()))

    with limited_threads(1):
        started_s, started_cpu_s = time.perf_counter(), time.process_time()
        columns = large_shell(planes, START)
        propagate_ranges(Sgp4Set.from_arrays(columns), START, times, consume)
    wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    return wall_s, cpu_s, peak_memory_bytes()


if __name__ == "__main__":
    sys.stdout.write(" ".join(str(value) for value in fly_large_shell(int(sys.argv[1]))))
