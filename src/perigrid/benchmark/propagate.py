"""``perigrid bench propagate``: a day of orbits against python-sgp4 and skyfield."""

from __future__ import annotations

from typing import Any

import numpy as np

from perigrid.benchmark.measure import Timing, best_of
from perigrid.benchmark.reference import DATE, START, satellite_record, shell, skyfield_api
from perigrid.physics.orbit.propagate import propagate


def bench_propagate(
    planes: int = 12, satellites_per_plane: int = 10, step_s: float = 60.0, span_s: float = 86_400.0
) -> list[Timing]:
    """Time ``physics.orbit.propagate`` over a shell.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Size of the shell.
    step_s, span_s : float
        Time step and length [s].

    Returns
    -------
    list of Timing
        Against python-sgp4 one satellite at a time, and against skyfield. Both sides initialise
        their records from elements. The agreement is of positions with python-sgp4 (which gives
        the same frame), of distances from the centre of the Earth with skyfield.
    """
    elements = shell(planes, satellites_per_plane)
    times = np.arange(0.0, span_s + 0.5 * step_s, step_s)
    jd, fraction = START.julian_dates(times)
    ours_s, (position, _, _) = best_of(lambda: propagate(elements, START, times), 3)

    def with_sgp4() -> list[Any]:
        return [satellite_record(one).sgp4_array(jd, fraction)[1] for one in elements]

    api = skyfield_api()
    clock = api.load.timescale(builtin=True)

    def with_skyfield() -> list[Any]:
        instants = clock.utc(*DATE, 0, 0, times)
        make = api.EarthSatellite.from_satrec
        return [make(satellite_record(one), clock).at(instants).position.m for one in elements]

    sgp4_s, km = best_of(with_sgp4, 3)
    skyfield_s, metres = best_of(with_skyfield, 1)
    apart_m = float(np.abs(np.stack(km, axis=1).transpose(2, 1, 0) * 1000.0 - position).max())
    radius_m = np.linalg.norm(np.stack(metres, axis=1), axis=0)
    radial_m = float(np.abs(radius_m - np.linalg.norm(position, axis=0)).max())
    name = f"propagate: {len(elements)} satellites x {len(times)} times"
    return [
        Timing(name, ours_s, "python-sgp4", sgp4_s, agreement=apart_m, unit="m"),
        Timing(name, ours_s, "skyfield", skyfield_s, agreement=radial_m, unit="m"),
    ]
