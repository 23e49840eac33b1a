"""Orbits, and windows by brute force on a grid of seconds, for the tests of contacts."""

import math

import numpy as np

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.frames import ecef_velocity, gmst_rad, teme_to_ecef
from perigrid.physics.orbit.propagate import propagate

START = Epoch.from_iso("2026-08-22")
MU_M3_S2 = 3.986004418e14


def orbit(perigee_m, apogee_m, inclination_deg, raan_deg=0.0, perigee_deg=270.0, anomaly_deg=0.0):
    """Mean elements from heights above 6378 km."""
    low, high = 6378e3 + perigee_m, 6378e3 + apogee_m
    axis = 0.5 * (low + high)
    return MeanElements(
        name="one",
        norad_id=0,
        epoch=START,
        mean_motion_rad_s=math.sqrt(MU_M3_S2 / axis**3),
        eccentricity=(high - low) / (high + low),
        inclination_rad=math.radians(inclination_deg),
        raan_rad=math.radians(raan_deg),
        argument_of_perigee_rad=math.radians(perigee_deg),
        mean_anomaly_rad=math.radians(anomaly_deg),
    )


def low_orbits(count=4):
    return [orbit(540e3, 560e3, 53.0, 77.0 * k, 40.0, 131.0 * k) for k in range(count)]


def teme(elements, times):
    position, velocity, _ = propagate(elements, START, times)
    return position, velocity


def ecef(elements, times):
    position, velocity = teme(elements, times)
    angle = gmst_rad(START, times)
    fixed = teme_to_ecef(position, angle)
    return fixed, ecef_velocity(fixed, velocity, angle)


def sines_of_elevation(position, place, up):
    """Of every satellite over one station, (n, n_times)."""
    offset = position - place[:, None, None]
    return np.einsum("int,i->nt", offset, up) / np.linalg.norm(offset, axis=0)


def runs(value, times):
    """Spans in which samples are positive, edges by linear interpolation."""
    above = value > 0.0
    change = np.flatnonzero(above[1:] != above[:-1])
    share = value[change] / (value[change] - value[change + 1])
    edges = times[change] + share * (times[change + 1] - times[change])
    first, last = times[:1][: int(above[0])], times[-1:][: int(above[-1])]
    return np.concatenate([first, edges, last]).reshape(-1, 2)


def worst_edge_s(found, expected):
    """Largest difference of edges, after the same number of windows on both sides."""
    assert len(found) == len(expected), (found, expected)
    return float(np.abs(found - expected).max(initial=0.0))
