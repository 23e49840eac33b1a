import math
from dataclasses import replace

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import sun_synchronous_elements
from perigrid.physics.orbit.formation import (
    distances_m,
    neighbour_pairs,
    planar_lattice,
    relative_motion,
    relative_states,
)
from perigrid.physics.orbit.formation_elements import formation_elements, swarm_elements
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.orbit.relative_frame import mean_radius_m, to_relative

EPOCH = Epoch.from_iso("2026-03-21")
CHIEF = replace(
    sun_synchronous_elements("s", satellites=1, altitude_m=650e3, ltan_hours=6.0, epoch=EPOCH)[0],
    eccentricity=1e-3,
    argument_of_perigee_rad=math.pi / 2,
    mean_anomaly_rad=1.0,
)
MOTION = relative_motion(
    mean_radius_m(6378137.0 + 650e3, CHIEF.inclination_rad), CHIEF.inclination_rad
)
SWARM = planar_lattice(MOTION, 1000.0, 100.0)


def rows(arrays):
    return [arrays.one(row, "swarm") for row in range(len(arrays))]


def test_sgp4_keeps_the_swarm_together_for_a_month():
    elements = rows(formation_elements(CHIEF, MOTION, SWARM))
    orbit = np.linspace(0.0, math.tau / MOTION.in_plane_rad_s, 49)
    pairs = neighbour_pairs(MOTION, SWARM, 100.0)
    for day in (0.0, 30.0):
        position, _, error = propagate(elements, EPOCH, day * 86400.0 + orbit)
        assert not error.any()
        distance = distances_m(position, pairs)
        assert distance.min() == pytest.approx(100.0, abs=1.0)
        assert distance.max() == pytest.approx(200.0, abs=1.5)


def test_cross_track_motion_and_place():
    states = SWARM.copy()
    states[2], states[5] = 100.0, 0.05
    elements = rows(formation_elements(CHIEF, MOTION, states))
    times = np.array([0.0, 1000.0, 2000.0])
    position, velocity, _ = propagate([CHIEF, *elements], EPOCH, times)
    found = to_relative(position[:, 0], velocity[:, 0], position[:, 1:], velocity[:, 1:])
    wanted = relative_states(MOTION, states, 1.0 + math.pi / 2, times)
    # The chief's own eccentricity of 1e-3 distorts a swarm of 1 km by metres.
    np.testing.assert_allclose(found[:3], wanted[:3], atol=5.0)


def test_chief_must_be_nearly_circular():
    with pytest.raises(ValueError, match="nearly circular"):
        formation_elements(replace(CHIEF, eccentricity=0.1), MOTION, SWARM)


def test_swarm_about_a_designed_orbit():
    swarm = swarm_elements(
        altitude_m=650e3,
        ltan_hours=6.0,
        half_length_m=1000.0,
        spacing_m=100.0,
        hexagonal=True,
        epoch=EPOCH,
    )
    assert len(swarm) == 91
    centre = swarm.one(0, "centre")
    assert centre.eccentricity == pytest.approx(1.05e-3, abs=2e-5)
    # It starts near the equator, northbound, as the first satellite of a ring does: the mean
    # anomaly is 2 e ahead of the true one there, and J3 adds as much.
    position, velocity, _ = propagate([centre], EPOCH, np.zeros(1))
    assert abs(position[2, 0, 0]) < 4.1 * centre.eccentricity * 7028e3
    assert velocity[2, 0, 0] > 7e3
