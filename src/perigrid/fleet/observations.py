"""What the fleet photographs: one job per scene, in the order of the shutter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.jobs import Job
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.model import Fleet
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel
from perigrid.physics.coverage import Passes, target_passes
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef
from perigrid.physics.sun import sun_elevation_rad, sun_position_m
from perigrid.scenario.model import Demand, Scenario, Sensor
from perigrid.workload.land import land_cells

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_TOGETHER: Final = 16
"""Satellites whose passes are in memory before night is left out; that bounds it."""
_NONE: Final = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)


@dataclass(frozen=True, slots=True)
class _Shots:
    """Passes that are taken: satellite, target and time, sorted by time and satellite."""

    satellite: Ints
    target: Ints
    t_s: Floats


def observe(
    scenario: Scenario,
    fleet: Fleet,
    ephemeris: Ephemeris,
    bank_size: int,
    rng: np.random.Generator,
) -> tuple[Job, ...]:
    """Plan every observation of a run.

    Parameters
    ----------
    scenario : Scenario
        Demand and start.
    fleet : Fleet
        The satellites that carry the sensor.
    ephemeris : Ephemeris
        From :func:`perigrid.fleet.ephemeris.satellite_ephemeris`.
    bank_size : int
        How many executed scenes there are to draw from.
    rng : numpy Generator
        Draws one scene for each observation, in order of ``job_id``.

    Returns
    -------
    tuple of Job
        Sorted by capture time, then satellite; empty if the satellites carry no sensor.

    Notes
    -----
    Each target is taken at its first pass in reach and in daylight, then again at the first one
    once the revisit time has gone by; whichever satellite comes first takes it. An imager takes
    one scene at a time: the next one starts no sooner than the ground track has moved by a swath.
    """
    latitude, longitude = demand_targets(scenario.demand)
    if len(latitude) == 0 or not any(group.sensor for group in fleet.groups):
        return ()
    in_reach, spacing_s = [], np.zeros(fleet.n_satellites)
    for group, rows in fleet.spans():
        if group.sensor is not None:
            in_reach += _lit(scenario, group.sensor, rows, ephemeris, latitude, longitude)
            spacing_s[rows] = scene_spacing_s(group.sensor, ephemeris, rows)
    every = _Shots(*(np.concatenate(column) for column in zip(*in_reach, strict=True)))
    shots = _take(every, len(latitude), scenario.demand.revisit_s, spacing_s)
    scenes = rng.integers(0, bank_size, size=len(shots.t_s))
    return _jobs(scenario.demand, fleet, shots, latitude, longitude, scenes)


def _lit(
    scenario: Scenario,
    sensor: Sensor,
    rows: slice,
    ephemeris: Ephemeris,
    latitude_rad: Floats,
    longitude_rad: Floats,
) -> list[tuple[Ints, Ints, Floats]]:
    """Find passes in reach by day: satellite, target and time, for blocks of satellites."""
    edges = [*range(rows.start, rows.stop, _TOGETHER), rows.stop]
    found: list[tuple[Ints, Ints, Floats]] = [_NONE] * (len(edges) - 1)

    def look(first: int, stop: int) -> None:
        for block in range(first, stop):
            some = slice(edges[block], edges[block + 1])
            passes = _reached(sensor, some, ephemeris, latitude_rad, longitude_rad)
            lit = in_daylight(scenario, sensor, passes, latitude_rad, longitude_rad)
            owner = passes.satellite[lit] + some.start
            found[block] = owner, passes.target[lit], passes.t_s[lit]

    over_ranges(look, len(found))
    return found


def _reached(
    sensor: Sensor, rows: slice, ephemeris: Ephemeris, latitude_rad: Floats, longitude_rad: Floats
) -> Passes:
    """Find passes of some satellites over the targets, counted from the first of them."""
    return target_passes(
        ephemeris.position_ecef_m[:, rows],
        ephemeris.velocity_ecef_m_s[:, rows],
        ephemeris.t_s,
        geodetic_to_ecef(latitude_rad, longitude_rad, np.zeros(len(latitude_rad))),
        sensor.max_off_nadir_rad,
    )


def demand_targets(demand: Demand) -> tuple[Floats, Floats]:
    """Places to be observed.

    Parameters
    ----------
    demand : Demand
        A grid of land cells, or listed requests.

    Returns
    -------
    latitude_rad, longitude_rad : (n_targets,) float array
        Geodetic [rad]; ``Job.target`` counts them.
    """
    if demand.kind == "requests":
        return np.array(demand.request_latitude_rad), np.array(demand.request_longitude_rad)
    return land_cells(demand.cell_rad, demand.latitude_limit_rad)


def in_daylight(
    scenario: Scenario, sensor: Sensor, passes: Passes, latitude_rad: Floats, longitude_rad: Floats
) -> Bools:
    """Whether the Sun stands high enough over the target at each pass.

    Parameters
    ----------
    scenario : Scenario
        For the start.
    sensor : Sensor
        For the lowest Sun elevation.
    passes : Passes
        Who passes what, and when.
    latitude_rad, longitude_rad : (n_targets,) float array
        Targets [rad].

    Returns
    -------
    (n_passes,) bool array
        True by day.
    """
    sun = sun_position_m(scenario.start, passes.t_s)
    sun_ecef = teme_to_ecef(sun, gmst_rad(scenario.start, passes.t_s))
    elevation = sun_elevation_rad(
        latitude_rad[passes.target], longitude_rad[passes.target], sun_ecef
    )
    return np.asarray(elevation >= sensor.min_sun_elevation_rad, dtype=np.bool_)


def scene_spacing_s(sensor: Sensor, ephemeris: Ephemeris, rows: slice) -> Floats:
    """Shortest time between two scenes of each satellite.

    Parameters
    ----------
    sensor : Sensor
        For the swath.
    ephemeris : Ephemeris
        Of the satellites.
    rows : slice
        Those with the sensor.

    Returns
    -------
    (n_rows,) float array
        Time in which the sub-satellite point moves by a swath, on average [s].
    """
    radius = np.linalg.norm(ephemeris.position_ecef_m[:, rows], axis=0)
    speed = np.linalg.norm(ephemeris.velocity_ecef_m_s[:, rows], axis=0)
    ground_speed = speed * EARTH_EQUATORIAL_RADIUS_M / radius
    spacing: Floats = sensor.swath_m / ground_speed.mean(axis=1)
    return spacing


def _take(shots: _Shots, n_targets: int, revisit_s: float, spacing_s: Floats) -> _Shots:
    """Go through the passes in order of time and take those that are due and not blocked."""
    order = np.lexsort((shots.target, shots.satellite, shots.t_s))
    due_s, free_s = np.full(n_targets, -np.inf), np.full(len(spacing_s), -np.inf)
    taken = _due(
        order, shots.satellite, shots.target, shots.t_s, revisit_s, spacing_s, due_s, free_s
    )
    return _Shots(shots.satellite[taken], shots.target[taken], shots.t_s[taken])


@kernel
def _due(
    order: Ints,
    satellite: Ints,
    target: Ints,
    t_s: Floats,
    revisit_s: float,
    spacing_s: Floats,
    due_s: Floats,
    free_s: Floats,
) -> Ints:
    """Rows of the passes that are taken; given is when targets are due, and satellites free."""
    taken, count = np.empty(len(order), np.int64), 0
    for row in order:
        now_s = t_s[row]
        if now_s < due_s[target[row]] or now_s < free_s[satellite[row]]:
            continue
        due_s[target[row]] = now_s + revisit_s
        free_s[satellite[row]] = now_s + spacing_s[satellite[row]]
        taken[count] = row
        count += 1
    return taken[:count].copy()


def _jobs(
    demand: Demand,
    fleet: Fleet,
    shots: _Shots,
    latitude_rad: Floats,
    longitude_rad: Floats,
    scenes: Ints,
) -> tuple[Job, ...]:
    """One job per shot, as large as a scene of the imager that took it."""
    area_m2 = [0.0 if one.sensor is None else one.sensor.swath_m**2 for one in fleet.groups]
    raw_bytes = [0.0 if one.sensor is None else _raw_bytes(one.sensor) for one in fleet.groups]
    groups = fleet.group_of[shots.satellite].tolist()
    return tuple(
        Job(
            job_id=number,
            origin=satellite,
            t_capture_s=t_s,
            deadline_s=t_s + demand.deadline_s,
            raw_bytes=raw_bytes[group],
            area_m2=area_m2[group],
            latitude_rad=float(latitude_rad[target]),
            longitude_rad=float(longitude_rad[target]),
            target=target,
            scene=scene,
        )
        for number, (group, satellite, target, t_s, scene) in enumerate(
            zip(
                groups,
                shots.satellite.tolist(),
                shots.target.tolist(),
                shots.t_s.tolist(),
                scenes.tolist(),
                strict=True,
            )
        )
    )


def _raw_bytes(sensor: Sensor) -> float:
    """Pixels of a scene as the imager gives them [B]."""
    pixels = (sensor.swath_m / sensor.gsd_m) ** 2
    return pixels * sensor.raw_bits_per_pixel / BITS_PER_BYTE
