"""Orbits, shadow and contacts of one fleet beside orbital-compute 0.3, and why they differ.

Positions agree. Its shadow is a cylinder of the mean radius and its stations stand on a sphere, on
a grid of minutes: with the same simplifications ours agree with it; without them they do not.
"""

from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from perigrid.benchmark.peer import fly_peer
from perigrid.benchmark.peer_scenario import peer_case
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.physics.contacts import station_windows
from perigrid.physics.eclipse import illumination
from perigrid.scenario.load import parse_scenario

simulator = pytest.importorskip("orbital_compute.simulator")
pytestmark = pytest.mark.validation

STEP_S = 60.0
SATELLITES = 4
MEAN_RADIUS_M = 6371.0e3


@pytest.fixture(scope="module")
def both():
    case = peer_case(SATELLITES, 4)
    scenario = parse_scenario(case.text, "peer", folder=None)
    fleet = build_fleet(scenario)
    t_s = np.arange(24 * 60 + 1) * STEP_S
    outcome, simulation = fly_peer(case)
    return SimpleNamespace(
        sky=group_ephemeris(fleet.groups[0], scenario.start, t_s),
        group=fleet.groups[0],
        epoch=scenario.start,
        stations=list(fleet.stations.values()),
        start=case.config.start_time,
        outcome=outcome,
        nodes=simulation.nodes,
    )


def test_positions_agree(both):
    for column in (0, 1, 333, 720, 1440):
        instant = both.start + timedelta(seconds=float(both.sky.t_s[column]))
        for row, node in enumerate(both.nodes):
            place = node.satellite.position_at(instant)
            theirs_m = 1000.0 * np.array([place.x_km, place.y_km, place.z_km])
            apart_m = np.linalg.norm(both.sky.position_teme_m[:, row, column] - theirs_m)
            assert apart_m < 0.1


def test_stations_are_its_stations(both):
    listed = simulator.DEFAULT_GROUND_STATIONS
    assert len(listed) == 10
    for ours, theirs in zip(both.stations, listed, strict=True):
        degrees = np.degrees([ours.latitude_rad, ours.longitude_rad, ours.min_elevation_rad])
        expected = [theirs.lat_deg, theirs.lon_deg, theirs.min_elevation_deg]
        np.testing.assert_allclose(degrees, expected)


def cylinder_share(position, sun, radius_m):
    """Share of times in a shadow that is a cylinder: orbital-compute's own rule."""
    towards = (sun / np.linalg.norm(sun, axis=0))[:, None, :]
    along_m = (position * towards).sum(axis=0)
    aside_m = np.linalg.norm(position - along_m * towards, axis=0)
    return ((along_m < 0.0) & (aside_m < radius_m)).mean(axis=1)


def test_shadow_agrees_as_a_cylinder_of_the_mean_radius(both):
    sky = both.sky
    share = cylinder_share(sky.position_teme_m[:, :, :-1], sky.sun_m[:, :-1], MEAN_RADIUS_M)
    # Its Sun and ours differ by up to 0.01 degrees: a step may fall on the other side.
    np.testing.assert_allclose(share, both.outcome.eclipse_share, atol=1.5 / 1440)


def test_the_difference_of_shadows_is_the_earths_radius_not_the_cone(both):
    # On steps of 4 s, as a minute rounds each night by more than what is looked for.
    t_s = np.arange(0.0, 86_400.0, 4.0)
    sky = group_ephemeris(both.group, both.epoch, t_s)
    cylinder = cylinder_share(sky.position_teme_m, sky.sun_m, MEAN_RADIUS_M)
    cone = 1.0 - illumination(
        sky.position_teme_m, sky.sun_m, earth_radius_m=MEAN_RADIUS_M, flattening=0.0
    ).mean(axis=1)
    true = 1.0 - illumination(sky.position_teme_m, sky.sun_m, flattening=0.0).mean(axis=1)
    np.testing.assert_allclose(cone, cylinder, atol=1.0e-4)
    assert (true - cylinder > 0.0008).all()
    assert (true - cylinder < 0.002).all()


def sphere_sites(stations):
    latitude = np.array([one.latitude_rad for one in stations])
    longitude = np.array([one.longitude_rad for one in stations])
    up = np.array([
        np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
        np.sin(latitude),
    ])  # fmt: skip
    return MEAN_RADIUS_M * up, up


def windows_by_pair(both, position, up):
    sky = both.sky
    masks = np.array([one.min_elevation_rad for one in both.stations])
    found = station_windows(
        sky.position_ecef_m, sky.velocity_ecef_m_s, sky.t_s, position, up, masks
    )
    pairs = {}
    for k in range(len(found)):
        key = (int(found.satellite[k]), int(found.station[k]))
        pairs.setdefault(key, []).append((found.rise_s[k], found.set_s[k]))
    return pairs


def test_contacts_agree_on_a_sphere_but_for_the_grid(both):
    pairs = windows_by_pair(both, *sphere_sites(both.stations))
    rank = {station.name: k for k, station in enumerate(simulator.DEFAULT_GROUND_STATIONS)}
    matched = 0
    for row, node in enumerate(both.nodes):
        for window in node.contact_windows:
            begin_s = (window.start - both.start).total_seconds()
            end_s = (window.end - both.start).total_seconds()
            near = [
                (rise_s, set_s)
                for rise_s, set_s in pairs[row, rank[window.station_name]]
                # It notes the first minute inside and the first one outside.
                if -0.5 < begin_s - rise_s < STEP_S + 0.5 and -0.5 < end_s - set_s < STEP_S + 0.5
            ]
            assert len(near) == 1, (node.name, window)
            matched += 1
    every = [span for spans in pairs.values() for span in spans]
    missed = len(every) - matched
    short = sum(set_s - rise_s < STEP_S for rise_s, set_s in every)
    assert 0 <= missed <= short


def test_contacts_on_the_ellipsoid_move_by_seconds(both):
    sphere = windows_by_pair(both, *sphere_sites(both.stations))
    true = windows_by_pair(both, *ground_sites(both.stations))
    shifts = [
        abs(a[0] - b[0])
        for key in true.keys() & sphere.keys()
        if len(true[key]) == len(sphere[key])
        for a, b in zip(true[key], sphere[key], strict=True)
    ]
    assert 1.0 < np.median(shifts) < 30.0
