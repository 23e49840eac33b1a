"""Line of sight and Doppler of a shell's satellites against skyfield."""

from __future__ import annotations

import numpy as np
import pytest
from skyfield import api

from perigrid.base.elements import MeanElements
from perigrid.benchmark.reference import DATE, START, satellite_record, shell
from perigrid.physics.crosslinks import crosslink_geometry, line_of_sight
from perigrid.physics.orbit.propagate import propagate

_SKYFIELD_RADIUS_M = 6_378_136.6  # of its sphere (IERS 2010), ours is WGS84's


def _tracks(elements: list[MeanElements], times: np.ndarray):
    clock = api.load.timescale(builtin=True)
    instants = clock.utc(*DATE, 0, 0, times)
    make = api.EarthSatellite.from_satrec
    return [make(satellite_record(one), clock) for one in elements], instants


@pytest.mark.validation
def test_line_of_sight_against_skyfield():
    elements = shell(2, 9)
    times = np.arange(0.0, 6000.0, 120.0)
    position, velocity, _ = propagate(elements, START, times)
    satellites, instants = _tracks(elements, times)
    pairs = np.stack(np.triu_indices(len(elements), k=1), axis=1)
    found = crosslink_geometry(position, velocity, pairs)
    for row, (a, b) in enumerate(pairs.tolist()):
        seen_from_a = (satellites[b] - satellites[a]).at(instants)
        behind = seen_from_a.is_behind_earth()
        # Ours also asks that both ends stand above the surface, which they do.
        clear = found.grazing_altitude_m[row] >= _SKYFIELD_RADIUS_M - 6_378_137.0
        sure = np.abs(found.grazing_altitude_m[row]) > 1.0
        np.testing.assert_array_equal(clear[sure], ~behind[sure])
        np.testing.assert_array_equal(
            line_of_sight(position[:, a], position[:, b], 0.0)[sure], ~behind[sure]
        )
        np.testing.assert_allclose(found.range_m[row], seen_from_a.distance().m, atol=1e-3)
        apart = seen_from_a.position.m
        rate = np.sum(apart * seen_from_a.velocity.m_per_s, axis=0) / np.linalg.norm(apart, axis=0)
        np.testing.assert_allclose(found.range_rate_m_s[row], rate, atol=1e-3)
    both = found.grazing_altitude_m >= 0.0
    assert 0.05 < both.mean() < 0.95
