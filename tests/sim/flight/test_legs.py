"""Light and routes leg by leg."""

import dataclasses

import numpy as np
import pytest
from tests.flight_cases import STORM, small

from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.physics.eclipse import illumination
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import LEGS_PER_BLOCK, Sky, ahead, fleet_mesh


def sky_of(scenario):
    flight = build_flight(scenario)
    return Sky(scenario, flight.fleet, flight.mesh, flight.faults)


def test_light_is_that_of_the_outlook():
    scenario = small("hours=0.2")
    fleet = build_fleet(scenario)
    track = satellite_ephemeris(scenario)
    lit = illumination(track.position_teme_m, track.sun_m)
    array_w = fleet_array_w(fleet.groups[0], track.t_s, track.position_teme_m,
                            track.velocity_teme_m_s, track.sun_m, lit)  # fmt: skip
    outside_w = fleet_environment_w(fleet.groups[0], track.position_teme_m,
                                    track.velocity_teme_m_s, track.sun_m, lit)  # fmt: skip
    legs = list(sky_of(scenario).legs(0))
    assert len(legs) == sky_of(scenario).n_legs == 12
    np.testing.assert_array_equal(np.vstack([leg.array_w for leg in legs]), array_w.T[:-1])
    np.testing.assert_array_equal(np.vstack([leg.environment_w for leg in legs]), outside_w.T[:-1])
    assert [leg.number for leg in legs] == list(range(12))
    assert legs[-1].t_s[-1] == scenario.duration_s


def test_a_later_start_gives_the_same_bytes():
    scenario = small("hours=0.4", *STORM)
    whole = list(sky_of(scenario).legs(0))[LEGS_PER_BLOCK:]
    for leg, again in zip(whole, sky_of(scenario).legs(LEGS_PER_BLOCK), strict=True):
        for field in dataclasses.fields(leg):
            np.testing.assert_array_equal(getattr(leg, field.name), getattr(again, field.name))


def test_nodes_out_of_order_have_no_routes():
    scenario = small(*STORM)
    flight = build_flight(scenario)
    faults = flight.faults
    seen = 0
    for leg in Sky(scenario, flight.fleet, flight.mesh, faults).legs(0):
        now = (faults.t_start_s <= leg.t_s[0]) & (leg.t_s[0] < faults.t_end_s) & (faults.kind < 4)
        gone = faults.node[now]
        seen += len(gone)
        assert not np.isfinite(leg.delay_s[:, gone[gone < 48]]).any()
        assert not np.isfinite(leg.delay_s[gone[gone >= 48] - 48, :48]).any()
        assert not np.isin(leg.near, gone[gone < 48]).any()
    assert seen > 20


def test_rings_and_listed_orbits_are_joined_too():
    ring = small("groups.shell.orbit={sun_synchronous: {satellites: 12, altitude_km: 700, "
                 "ltan_hours: 6}}")  # fmt: skip
    mesh = fleet_mesh(ring, build_fleet(ring))
    assert len(mesh.pairs) == 12
    dark = small("groups.shell.laser=null")
    assert len(fleet_mesh(dark, build_fleet(dark)).pairs) == 0


def test_what_fails_ahead_is_raised_where_legs_are_taken():
    def failing():
        yield from list(sky_of(small("hours=0.05")).legs(0))[:1]
        raise ArithmeticError("ahead")

    with pytest.raises(ArithmeticError, match="ahead"), ahead(failing()) as legs:
        list(legs)


def test_legs_left_untaken_do_not_hang():
    with ahead(sky_of(small()).legs(0)) as legs:
        next(legs)
