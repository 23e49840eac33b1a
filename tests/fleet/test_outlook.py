from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, LASER, SCENARIO, with_group
from perigrid.base.architecture import COMPARED, GROUND_ANYWHERE, HOSTED, Architecture
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.fleet.outlook import build_outlook, outlook_under
from perigrid.scenario.model import SunSynchronous

_NEAR = with_group(
    SCENARIO, "compute", laser=replace(LASER, max_range_m=7.5e6, grazing_altitude_m=-2.0e6)
)


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return build_outlook(SCENARIO, build_fleet(SCENARIO))


def test_columns_cover_the_step_edges(outlook: Outlook):
    assert outlook.t_s.tolist() == list(np.arange(0.0, 14_401.0, 60.0))
    for name in ("illumination", "array_w", "environment_w", "latitude_rad", "longitude_rad"):
        assert getattr(outlook, name).shape == (6, 241), name
    assert outlook.altitude_m.min() > 480.0e3
    assert outlook.altitude_m.max() < 560.0e3


def test_power_follows_the_light(outlook: Outlook):
    dark, lit = outlook.illumination == 0.0, outlook.illumination == 1.0
    assert 0.3 < dark.mean() < 0.4
    assert (outlook.array_w[dark] == 0.0).all()
    array = COMPUTE.array
    nominal = 1361.0 * array.area_m2 * array.efficiency * (1.0 - 0.02) ** 1.5
    # In late August the Sun is 1.1 % farther than one astronomical unit.
    assert outlook.array_w[lit] == pytest.approx(nominal / 1.011**2, rel=0.005)
    assert outlook.environment_w[lit].mean() > outlook.environment_w[dark].mean() > 0.0


@pytest.mark.parametrize("step_s", [20.0, 180.0, 700.0])
def test_the_step_changes_neither_light_nor_contacts(outlook: Outlook, step_s: float):
    other = build_outlook(replace(SCENARIO, step_s=step_s), build_fleet(SCENARIO))
    common = np.intersect1d(other.t_s, outlook.t_s)
    here, there = np.searchsorted(outlook.t_s, common), np.searchsorted(other.t_s, common)
    assert len(common) > 3
    np.testing.assert_allclose(other.array_w[:, there], outlook.array_w[:, here], atol=1.0e-6)
    assert len(other.contacts) == len(outlook.contacts)
    np.testing.assert_allclose(other.contacts.t_start_s, outlook.contacts.t_start_s, atol=0.1)


def test_contacts_are_sorted_and_of_three_kinds():
    contacts = build_outlook(_NEAR, build_fleet(_NEAR)).contacts
    assert (np.diff(contacts.t_start_s) >= 0.0).all()
    assert set(contacts.kind.tolist()) == {0, 1, 2}
    down = contacts.kind == ContactKind.DOWNLINK
    assert np.isfinite(contacts.max_elevation_rad[down]).all()
    assert np.isnan(contacts.max_elevation_rad[~down]).all()
    assert (contacts.t_end_s > contacts.t_start_s).all()
    assert (contacts.rate_bps > 0.0).all()
    assert (contacts.light_time_s > 0.0).all()
    assert contacts.t_end_s.max() <= SCENARIO.duration_s


def test_removing_lasers_leaves_only_downlinks():
    bare = with_group(SCENARIO, "compute", laser=None)
    contacts = build_outlook(bare, build_fleet(bare)).contacts
    assert set(contacts.kind.tolist()) == {int(ContactKind.DOWNLINK)}


def test_a_given_ephemeris_changes_nothing_and_progress_is_told(outlook: Outlook):
    told: list[tuple[str, float]] = []
    again = build_outlook(
        SCENARIO,
        build_fleet(SCENARIO),
        satellite_ephemeris(SCENARIO),
        progress=lambda stage, share: told.append((stage, share)),
    )
    for name in Contacts.__dataclass_fields__:
        np.testing.assert_array_equal(
            getattr(again.contacts, name), getattr(outlook.contacts, name)
        )
    np.testing.assert_array_equal(again.array_w, outlook.array_w)
    assert {stage for stage, _ in told} >= {"orbits", "downlinks", "relay paths", "light"}
    assert all(0.0 <= share <= 1.0 for _, share in told)


def environment_w(**changes):
    thermal = replace(COMPUTE.thermal, **changes)
    scenario = with_group(SCENARIO, "compute", thermal=thermal)
    return build_outlook(scenario, build_fleet(scenario)).environment_w


def test_an_attitude_replaces_the_given_view_and_incidence(outlook: Outlook):
    edge_on = environment_w(attitude="sun-edge-on")
    facing = environment_w(attitude="sun")
    dark, lit = outlook.illumination == 0.0, outlook.illumination == 1.0
    assert facing[lit].mean() > edge_on[lit].mean()
    # Upright plates near 500 km see the Earth by about 0.27 on each face.
    view = edge_on[dark] / (COMPUTE.thermal.radiator_area_m2 * COMPUTE.thermal.emissivity * 237.0)
    assert 0.25 < np.median(view) < 0.30
    other = environment_w(attitude="sun-edge-on", earth_view_factor=0.9, sun_incidence=0.9)
    np.testing.assert_array_equal(other, edge_on)


def test_a_darkened_coating_takes_up_more_light(outlook: Outlook):
    aged = environment_w(absorptivity_per_year=0.02, age_years=5.0)
    dark, lit = outlook.illumination == 0.0, outlook.illumination == 1.0
    assert (aged[lit] > outlook.environment_w[lit]).all()
    # In the umbra only the Earth's own infrared is left, and albedo near the terminator.
    assert (aged[dark] >= outlook.environment_w[dark]).all()
    new = environment_w(absorptivity_per_year=0.02, age_years=0.0)
    np.testing.assert_array_equal(new, outlook.environment_w)


RING = replace(
    with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5), laser=LASER),
    duration_s=2 * 3600.0,
)


@pytest.fixture(scope="module")
def ring() -> tuple[Fleet, Outlook]:
    fleet = build_fleet(RING)
    return fleet, build_outlook(RING, fleet)


@pytest.mark.parametrize("architecture", [*COMPARED, GROUND_ANYWHERE])
def test_windows_of_one_kind_of_laser_link_stay_as_they_are(
    ring: tuple[Fleet, Outlook], architecture: Architecture
) -> None:
    fleet, outlook = ring
    assert outlook_under(RING, fleet, outlook, architecture) is outlook


def most_links(contacts: Contacts, row: int) -> int:
    """Laser links that a satellite holds at once, at the most."""
    mine = contacts.some(
        (contacts.source == row)
        & np.isin(contacts.kind, [int(ContactKind.CROSSLINK), int(ContactKind.RELAY)])
    )
    moments_s = np.concatenate([mine.t_start_s, mine.t_end_s])
    change = np.concatenate([np.ones(len(mine)), -np.ones(len(mine))])
    order = np.lexsort((change, moments_s))  # one that ends frees its terminal first
    return int(np.cumsum(change[order]).max(initial=0))


def test_no_terminal_is_used_twice_where_both_kinds_are(ring: tuple[Fleet, Outlook]) -> None:
    fleet, outlook = ring
    terminals = RING.groups[0].laser.terminals
    shared = outlook_under(RING, fleet, outlook, HOSTED)
    rows = range(fleet.n_satellites)
    assert max(most_links(outlook.contacts, row) for row in rows) > terminals
    assert max(most_links(shared.contacts, row) for row in rows) <= terminals
    for kind in (ContactKind.DOWNLINK, ContactKind.RELAY):
        before, after = (one.contacts.some(one.contacts.kind == kind) for one in (outlook, shared))
        assert np.array_equal(before.t_start_s, after.t_start_s)
    again = outlook_under(RING, fleet, shared, HOSTED)
    assert np.array_equal(again.contacts.t_start_s, shared.contacts.t_start_s)


def test_without_a_relay_crosslinks_keep_all_terminals() -> None:
    alone = replace(RING, groups=RING.groups[:1])
    fleet = build_fleet(alone)
    outlook = build_outlook(alone, fleet)
    assert outlook_under(alone, fleet, outlook, HOSTED) is outlook
