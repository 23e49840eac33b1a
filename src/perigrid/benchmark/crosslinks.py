"""``perigrid bench crosslinks``: links of whole constellations against numpy and libraries."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, best_of, duel
from perigrid.benchmark.reference import DATE, START, satellite_record, shell
from perigrid.physics.attenuation import (
    attenuation_table,
    slant_attenuation_db,
    slant_loss_db,
)
from perigrid.physics.chunks import limited_threads
from perigrid.physics.crosslinks import (
    CrosslinkGeometry,
    crosslink_geometry,
    line_of_sight,
    links_open,
    range_m,
)
from perigrid.physics.neighbours import nearest_visible
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.topology import nearest_pairs, plus_grid_pairs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_REACH_M = 5.0e6
_GRAZING_M = 80.0e3
_STEP_S = 60.0
_NEIGHBOURS = 4


def bench_crosslinks(
    sizes: tuple[tuple[int, int, int], ...] = ((72, 22, 60), (100, 100, 12)),
    n_paths: int = 10_000,
) -> list[Timing]:
    """Time the geometry of +Grid lasers, and the search for nearest neighbours.

    Parameters
    ----------
    sizes : tuple of (planes, satellites per plane, times)
        Shells; the nearest neighbours are those of the last one.
    n_paths : int
        Downlink paths whose attenuation is looked up.

    Returns
    -------
    list of Timing
        On one thread, without propagation. The agreement is the largest difference of range,
        altitude and range rate in metres and m/s, or the share of answers that differ.
    """
    rows: list[Timing] = []
    with limited_threads(1):
        for planes, slots, n_times in sizes:
            times = np.arange(n_times, dtype=np.float64) * _STEP_S
            position, velocity, _ = propagate(shell(planes, slots), START, times)
            pairs = plus_grid_pairs(planes, slots, 1)
            rows += [
                _geometry(position, velocity, pairs),
                _openness(position, pairs),
            ]
        rows += [_against_skyfield(), *_neighbours(position[:, :, 0]), _attenuation(n_paths)]
    return rows


def _geometry(position: Floats, velocity: Floats, pairs: Ints) -> Timing:
    """Everything about each line, against the same formulas in numpy."""
    n_times = position.shape[2]
    out = CrosslinkGeometry.empty(len(pairs), n_times)
    timed = duel(
        lambda: crosslink_geometry(position, velocity, pairs, out),
        lambda: numpy_geometry(position, velocity, pairs),
    )
    ours = timed.ours
    columns = (ours.range_m, ours.grazing_altitude_m, ours.range_rate_m_s, ours.turn_rate_rad_s)
    apart = max(
        float(np.abs(own - other).max())
        for own, other in zip(columns, timed.reference, strict=True)
    )
    return Timing(
        f"crosslinks: {len(pairs)} lines x {n_times} times, range, grazing, Doppler, turn rate",
        timed.ours_s,
        "numpy",
        timed.reference_s,
        agreement=apart,
        unit="m, m/s",
    )


def numpy_geometry(
    position: Floats, velocity: Floats, pairs: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """Write the geometry down in numpy, as one would without compiled kernels.

    Parameters
    ----------
    position, velocity : (3, n_satellites, n_times) float array
        In an inertial frame [m], [m/s].
    pairs : (n_pairs, 2) int array
        Rows of both ends.

    Returns
    -------
    range_m, grazing_altitude_m, range_rate_m_s, turn_rate_rad_s : (n_pairs, n_times) float array
        As in :class:`perigrid.physics.crosslinks.CrosslinkGeometry`.
    """
    ends = [(position[:, rows], velocity[:, rows]) for rows in pairs.T]
    (a, va), (b, vb) = ends
    line, speed = b - a, vb - va
    length = np.linalg.norm(line, axis=0)
    share = np.clip(-np.sum(a * line, axis=0) / length**2, 0.0, 1.0)
    lowest = np.linalg.norm(a + share * line, axis=0) - EARTH_EQUATORIAL_RADIUS_M
    direction = line / length
    along = np.sum(direction * speed, axis=0)
    turning = (speed - direction * along) / length
    turns = [
        np.linalg.norm(
            turning - np.cross(np.cross(r, v, axis=0) / np.sum(r * r, axis=0), direction, axis=0),
            axis=0,
        )
        for r, v in ends
    ]
    return length, lowest, along, np.maximum(*turns)


def _openness(position: Floats, pairs: Ints) -> Timing:
    """Whether each link is open, against numpy."""
    n_times = position.shape[2]
    out = np.empty((len(pairs), n_times), dtype=np.bool_)

    def with_numpy() -> npt.NDArray[np.bool_]:
        first, second = position[:, pairs[:, 0]], position[:, pairs[:, 1]]
        near = range_m(first, second) <= _REACH_M
        both: npt.NDArray[np.bool_] = near & line_of_sight(first, second, _GRAZING_M)
        return both

    timed = duel(
        lambda: links_open(
            position, pairs, max_range_m=_REACH_M, grazing_altitude_m=_GRAZING_M, out=out
        ),
        with_numpy,
    )
    return Timing(
        f"crosslinks: {len(pairs)} links x {n_times} times, open or not",
        timed.ours_s,
        "numpy",
        timed.reference_s,
        agreement=float(np.mean(timed.ours != timed.reference)),
        unit="share",
    )


def _against_skyfield(n_times: int = 500) -> Timing:
    """Line of sight of all pairs of a few satellites; where they are is known before the clock."""
    elements = shell(2, 6)
    times = np.arange(n_times, dtype=np.float64) * _STEP_S
    position, _, _ = propagate(elements, START, times)
    pairs = np.stack(np.triu_indices(len(elements), k=1), axis=1)
    api = development_module("skyfield.api")
    clock = api.load.timescale(builtin=True)
    instants = clock.utc(*DATE, 0, 0, times)
    orbits = [api.EarthSatellite.from_satrec(satellite_record(one), clock) for one in elements]
    lines = [(orbits[b] - orbits[a]).at(instants) for a, b in pairs.tolist()]
    timed = duel(
        lambda: links_open(position, pairs, max_range_m=np.inf, grazing_altitude_m=0.0),
        lambda: ~np.array([line.is_behind_earth() for line in lines]),
    )
    return Timing(
        f"crosslinks: {len(pairs)} lines x {n_times} times, behind the Earth or not",
        timed.ours_s,
        "skyfield is_behind_earth",
        timed.reference_s,
        agreement=float(np.mean(timed.ours != timed.reference)),
        unit="share",
    )


def _neighbours(position: Floats) -> list[Timing]:
    """Nearest neighbours, and the links made of them."""
    limits = {"max_range_m": _REACH_M, "grazing_altitude_m": _GRAZING_M}
    count = position.shape[1]
    timed = duel(
        lambda: nearest_visible(position, neighbours=_NEIGHBOURS, **limits),
        lambda: cKDTree(position.T).query(position.T, k=_NEIGHBOURS + 1),
    )
    near = Timing(
        f"crosslinks: {_NEIGHBOURS} nearest of each of {count} satellites, in line of sight",
        timed.ours_s,
        "SciPy cKDTree, which knows no Earth",
        timed.reference_s,
        agreement=float(np.abs(timed.ours[1] - timed.reference[0][:, 1:]).max()),
        unit="m",
    )
    linked_s, links = best_of(
        lambda: nearest_pairs(position, neighbours=_NEIGHBOURS, terminals=4, **limits), 3
    )
    linked = Timing(f"crosslinks: {len(links)} links of them, 4 terminals each", linked_s)
    return [near, linked]


def _attenuation(count: int) -> Timing:
    """Rain and gases on the paths of many passes, looked up against computed anew."""
    site = {
        "latitude_rad": math.radians(40.4),
        "longitude_rad": math.radians(-4.25),
        "frequency_hz": 26.5e9,
        "exceedance_probability": 0.01,
        "antenna_m": 11.0,
    }
    table = attenuation_table(**site)
    elevation = np.radians(np.linspace(5.0, 88.9, count))
    timed = duel(
        lambda: slant_loss_db(table, elevation), lambda: slant_attenuation_db(elevation, **site), 1
    )
    return Timing(
        f"crosslinks: attenuation of {count} downlink paths from a station's table",
        timed.ours_s,
        "itur on all paths at once",
        timed.reference_s,
        agreement=float(np.abs(timed.ours - timed.reference).max()),
        unit="dB",
    )
