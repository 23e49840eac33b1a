"""``perigrid bench passes``: a day of station passes against skyfield's event search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.benchmark.measure import Timing, best_of
from perigrid.benchmark.reference import (
    DATE,
    START,
    satellite_record,
    shell,
    skyfield_api,
    spread_stations,
)
from perigrid.physics.contacts import Windows, station_windows
from perigrid.physics.frames import (
    ecef_velocity,
    geodetic_to_ecef,
    gmst_rad,
    teme_to_ecef,
    up_vector,
)
from perigrid.physics.orbit.propagate import propagate

DEMAND: Final = 400.0
"""Ratio to skyfield that the design asks for."""

_MASK_DEG: Final = 10.0
_STEP_S: Final = 60.0
_RISE: Final = 0
Floats = npt.NDArray[np.float64]
Places = tuple[Floats, Floats]
Edges = dict[tuple[int, int], Floats]


def bench_passes(
    planes: int = 5, satellites_per_plane: int = 4, n_stations: int = 50
) -> list[Timing]:
    """Time the search for passes of a shell over stations in a day.

    Parameters
    ----------
    planes, satellites_per_plane, n_stations : int
        Size.

    Returns
    -------
    list of Timing
        Ours includes propagation, as skyfield's does. The agreement is the largest distance from a
        rise that skyfield finds to the nearest of ours; skyfield stops at half a second.
    """
    elements = shell(planes, satellites_per_plane)
    stations = spread_stations(n_stations)
    api = skyfield_api()
    clock = api.load.timescale(builtin=True)
    dut1_s = float(clock.tt_jd(START.jd_midnight).dut1)
    ours_s, windows = best_of(lambda: _ours(elements, stations, dut1_s), 3)
    theirs_s, rises = best_of(lambda: _theirs(elements, stations, api, clock), 1)
    return [
        Timing(
            f"passes: {len(elements)} satellites x {n_stations} stations x 1 day",
            ours_s,
            "skyfield",
            theirs_s,
            demand=DEMAND,
            agreement=_apart_s(rises, _rises(windows)),
            unit="s",
        )
    ]


def _ours(elements: Sequence[MeanElements], stations: Places, dut1_s: float) -> Windows:
    """Propagate and search."""
    times = np.arange(0.0, SECONDS_PER_DAY + 0.5 * _STEP_S, _STEP_S)
    position, velocity, _ = propagate(elements, START, times)
    angle = gmst_rad(START.plus(dut1_s), times)
    fixed = teme_to_ecef(position, angle)
    return station_windows(
        fixed,
        ecef_velocity(fixed, velocity, angle),
        times,
        geodetic_to_ecef(*stations, np.zeros(len(stations[0]))),
        up_vector(*stations),
        np.full(len(stations[0]), math.radians(_MASK_DEG)),
    )


def _theirs(
    elements: Sequence[MeanElements],
    stations: Places,
    api: Any,  # noqa: ANN401  skyfield has no types
    clock: Any,  # noqa: ANN401  skyfield has no types
) -> Edges:
    """Rises that skyfield finds, by satellite and station [s]."""
    zero, end = clock.utc(*DATE), clock.utc(*DATE[:2], DATE[2] + 1)
    places = [
        api.wgs84.latlon(math.degrees(latitude), math.degrees(longitude))
        for latitude, longitude in zip(*stations, strict=True)
    ]
    found = {}
    for row, one in enumerate(elements):
        satellite = api.EarthSatellite.from_satrec(satellite_record(one), clock)
        for column, place in enumerate(places):
            instants, kinds = satellite.find_events(place, zero, end, _MASK_DEG)
            found[row, column] = (instants.tt[kinds == _RISE] - zero.tt) * SECONDS_PER_DAY
    return found


def _rises(windows: Windows) -> Edges:
    """Our rises, by satellite and station [s]."""
    pairs = set(zip(windows.satellite.tolist(), windows.station.tolist(), strict=True))
    return {
        pair: windows.rise_s[(windows.satellite == pair[0]) & (windows.station == pair[1])]
        for pair in pairs
    }


def _apart_s(theirs: Edges, ours: Edges) -> float:
    """Largest distance from one of their rises to the nearest of ours [s]."""
    worst_s = 0.0
    for pair, rises in theirs.items():
        own = ours.get(pair, np.array([math.inf]))
        for rise_s in rises:
            worst_s = max(worst_s, float(np.abs(own - rise_s).min()))
    return worst_s
