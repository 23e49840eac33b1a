"""Light and routes leg by leg."""

import dataclasses

import numpy as np

from perigrid.base.architecture import BENT_PIPE, ORBITAL
from perigrid.fleet.build import build_fleet
from perigrid.fleet.faults import draw_faults
from perigrid.fleet.network.legs import LEGS_PER_BLOCK, Sky
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.fleet.outlook import build_outlook
from perigrid.scenario.load import load_scenario

SMALL = (
    "groups.shell.orbit.walker.planes=6",
    "groups.shell.orbit.walker.satellites_per_plane=8",
    "groups.shell.laser.max_range_km=8000",
    "groups.shell.laser.grazing_altitude_km=0",
    "groups.shell.orbit.walker.altitude_km=1200",
    "stations.gateways.min_elevation_deg=10",
    "hours=0.4",
    "jobs.count=300",
)
STORM = (
    "faults.crash_every_hours=0.5",
    "faults.crash_minutes=3",
    "faults.station_every_hours=1",
    "faults.station_minutes=4",
)


def small(*changes):
    return load_scenario("mega-constellation", overrides=(*SMALL, *changes))


def faults_of(scenario, fleet):
    return draw_faults(scenario, fleet, None, np.random.default_rng(1))


def sky_of(scenario, architecture=ORBITAL):
    fleet = build_fleet(scenario)
    mesh = fleet_mesh(scenario, fleet, architecture)
    return Sky(scenario, fleet, mesh, faults_of(scenario, fleet))


def test_light_is_that_of_every_step():
    scenario = small("hours=0.2")
    outlook = build_outlook(dataclasses.replace(scenario, jobs=None), build_fleet(scenario))
    sky = sky_of(scenario)
    legs = list(sky.legs(0))
    assert len(legs) == sky.n_legs == 12
    for name in ("array_w", "environment_w"):
        told = np.vstack([getattr(leg, name) for leg in legs])
        np.testing.assert_array_equal(told, getattr(outlook, name).T[:-1])
    assert [leg.number for leg in legs] == list(range(12))
    assert [leg.t_s[0] for leg in legs] == [60.0 * k for k in range(12)]
    assert legs[-1].t_s[-1] == scenario.duration_s


def test_a_later_start_gives_the_same_bytes():
    scenario = small(*STORM)
    whole = list(sky_of(scenario).legs(0))[LEGS_PER_BLOCK:]
    assert whole
    for leg, again in zip(whole, sky_of(scenario).legs(LEGS_PER_BLOCK), strict=True):
        for field in dataclasses.fields(leg):
            np.testing.assert_array_equal(getattr(leg, field.name), getattr(again, field.name))


def test_nodes_out_of_order_have_no_routes():
    scenario = small(*STORM, "hours=1")
    fleet = build_fleet(scenario)
    faults, n, seen = faults_of(scenario, fleet), fleet.n_satellites, set()
    assert min(fleet.stations) == n
    for leg in sky_of(scenario).legs(0):
        gone = faults.node[(faults.t_start_s <= leg.t_s[0]) & (leg.t_s[0] < faults.t_end_s)]
        seen |= set(gone.tolist())
        assert not np.isfinite(leg.delay_s[:, gone[gone < n]]).any()
        assert not np.isfinite(leg.delay_s[gone[gone >= n] - n, :n]).any()
        assert not np.isin(leg.near, gone[gone < n]).any()
    assert any(row < n for row in seen)
    assert any(row >= n for row in seen)


def test_the_nearest_are_those_with_the_shortest_delays():
    leg = next(sky_of(small()).legs(0))
    for delay_s, near in zip(leg.delay_s[:, :48], leg.near, strict=True):
        reached = np.flatnonzero(np.isfinite(delay_s))
        wanted = reached[np.argsort(delay_s[reached], kind="stable")][:24]
        assert near[: len(wanted)].tolist() == wanted.tolist()
        assert (near[len(wanted) :] == -1).all()


def test_without_crosslinks_only_satellites_in_view_are_reached():
    (wide, narrow) = (
        next(sky_of(small(), architecture).legs(0)) for architecture in (ORBITAL, BENT_PIPE)
    )
    assert len(narrow.laser_s) == 0
    seen = np.isfinite(narrow.delay_s[:, :48])
    assert 0 < seen.sum() < np.isfinite(wide.delay_s[:, :48]).sum()
    np.testing.assert_array_equal(narrow.delay_s[:, :48][seen], wide.delay_s[:, :48][seen])


def test_each_group_has_its_own_bus_and_its_own_reach():
    scenario = small()
    (shell,) = scenario.flown
    bare = dataclasses.replace(
        shell,
        name="bare",
        array=dataclasses.replace(shell.array, area_m2=0.5 * shell.array.area_m2),
        laser=dataclasses.replace(shell.laser, max_range_m=1.0e3),
    )
    both = dataclasses.replace(scenario, groups=(*scenario.groups, bare))
    leg, alone = next(sky_of(both).legs(0)), next(sky_of(scenario).legs(0))
    np.testing.assert_allclose(leg.array_w[:, 48:], 0.5 * leg.array_w[:, :48])
    np.testing.assert_array_equal(leg.array_w[:, :48], alone.array_w)
    lasers = len(alone.laser_s)
    np.testing.assert_array_equal(leg.laser_s[:lasers], alone.laser_s)
    assert len(leg.laser_s) == 2 * lasers
    assert np.isinf(leg.laser_s[lasers:]).all()
