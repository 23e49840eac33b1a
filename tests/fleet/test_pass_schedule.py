from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, EYES, RADIO, SCENARIO, station, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import position_at_m, satellite_ephemeris
from perigrid.fleet.link_rates import downlink_rate_bps
from perigrid.fleet.model import Contacts, NodeKind
from perigrid.fleet.pass_schedule import (
    Fate,
    all_passes,
    downlink_windows,
    ground_sites,
)
from perigrid.scenario.model import Scenario, SunSynchronous


def _fly(scenario: Scenario) -> Contacts:
    return downlink_windows(build_fleet(scenario), satellite_ephemeris(scenario))


def _volume_bits(contacts: Contacts) -> float:
    return float(((contacts.t_end_s - contacts.t_start_s) * contacts.rate_bps).sum())


def test_windows_lie_within_visibility():
    fleet, track = build_fleet(SCENARIO), satellite_ephemeris(SCENARIO)
    contacts = downlink_windows(fleet, track)
    assert len(contacts) > 5
    stations = [fleet.stations[row] for row in contacts.target.tolist()]
    site, up = ground_sites(stations)
    mask = np.array([one.min_elevation_rad for one in stations])
    for share in (0.0, 0.3, 0.7, 1.0):
        t_s = contacts.t_start_s + share * (contacts.t_end_s - contacts.t_start_s)
        offset = position_at_m(track, contacts.source, t_s) - site
        sine = (offset * up).sum(axis=0) / np.linalg.norm(offset, axis=0)
        assert (np.arcsin(sine) >= mask - 1.0e-5).all()
        assert (np.arcsin(sine) <= contacts.max_elevation_rad + 1.0e-3).all()


def test_the_rate_is_the_mean_over_the_window():
    weak = tuple(replace(one, g_over_t_db_k=16.0) for one in SCENARIO.stations[:2])
    scenario = replace(SCENARIO, stations=weak)
    fleet, track = build_fleet(scenario), satellite_ephemeris(scenario)
    contacts = downlink_windows(fleet, track)
    site, _ = ground_sites([fleet.stations[row] for row in contacts.target.tolist()])
    for row in range(len(contacts)):
        t_s = np.arange(contacts.t_start_s[row], contacts.t_end_s[row], 0.5)
        position = position_at_m(track, np.full(len(t_s), contacts.source[row]), t_s)
        range_m = np.linalg.norm(position - site[:, row, None], axis=0)
        mean = downlink_rate_bps(RADIO, 16.0, range_m).mean()
        assert contacts.rate_bps[row] == pytest.approx(mean, rel=0.02)
    assert np.ptp(contacts.rate_bps) > 0.0


def test_a_pass_is_a_contact_as_a_whole_however_many_others_are_in_sight():
    crowd = with_group(SCENARIO, "compute", orbit=SunSynchronous(20, 520.0e3, 10.5))
    one = replace(crowd, stations=tuple(replace(each, antennas=1) for each in crowd.stations))
    contacts = _fly(one)
    assert (contacts.t_start_s[:, None] < contacts.t_end_s).sum() > len(contacts)
    assert contacts.t_start_s.tolist() == _fly(crowd).t_start_s.tolist()
    passes = all_passes(build_fleet(one), satellite_ephemeris(one))
    used = passes.fate == Fate.OPEN
    assert contacts.t_start_s.tolist() == passes.rise_s[used].tolist()
    assert contacts.t_end_s.tolist() == passes.set_s[used].tolist()


def test_a_pass_that_is_no_longer_than_a_turn_is_too_short():
    fleet, track = build_fleet(SCENARIO), satellite_ephemeris(SCENARIO)
    lasts_s = _lasting(all_passes(fleet, track))
    turn_s = float(np.median(lasts_s))
    slow = tuple(replace(one, antenna_turnaround_s=turn_s) for one in SCENARIO.stations)
    passes = all_passes(build_fleet(replace(SCENARIO, stations=slow)), track)
    assert ((passes.fate == Fate.OPEN) == (lasts_s > turn_s)).all()
    assert (passes.fate[lasts_s <= turn_s] == Fate.TOO_SHORT).all()
    assert 0 < (lasts_s > turn_s).sum() < len(lasts_s)


def _lasting(passes):
    return passes.set_s - passes.rise_s


def test_no_radio_no_station_and_a_deaf_station_give_no_downlink():
    assert len(_fly(with_group(SCENARIO, "compute", radio=None))) == 0
    assert len(_fly(replace(SCENARIO, stations=()))) == 0
    assert (
        len(_fly(replace(SCENARIO, stations=(station("deaf", 60, 0, g_over_t_db_k=-50.0),)))) == 0
    )


def test_gateways_are_not_the_operators():
    fleet = build_fleet(SCENARIO)
    contacts = _fly(SCENARIO)
    assert set(contacts.target.tolist()) <= set(fleet.rows(NodeKind.STATION).tolist())


def test_a_station_that_plans_for_rain_plans_for_less():
    pytest.importorskip("itur")
    fleet = build_fleet(SCENARIO)
    track = satellite_ephemeris(SCENARIO)
    dry = downlink_windows(fleet, track)
    careful = replace(
        SCENARIO,
        stations=tuple(replace(one, availability=0.99999) for one in SCENARIO.stations),
    )
    wet = downlink_windows(build_fleet(careful), track)
    np.testing.assert_array_equal(wet.source, dry.source)
    np.testing.assert_array_equal(wet.t_start_s, dry.t_start_s)
    assert (wet.rate_bps <= dry.rate_bps).all()
    assert wet.rate_bps.sum() < dry.rate_bps.sum()


def _passes(**changes):
    stations = tuple(
        replace(one, **changes) if one.role == "operator" else one for one in SCENARIO.stations
    )
    scenario = replace(SCENARIO, stations=stations)
    return downlink_windows(build_fleet(scenario), satellite_ephemeris(scenario))


def _seconds(contacts: Contacts) -> float:
    return float((contacts.t_end_s - contacts.t_start_s).sum())


def test_limits_of_a_station_shorten_its_passes():
    free = _passes()
    assert len(free) > 0
    same = _passes(max_range_m=1e9, max_sun_elevation_rad=np.pi / 2)
    np.testing.assert_allclose(same.t_start_s, free.t_start_s, atol=1e-6)
    hill = ((0.0, np.radians(30.0)), (np.pi, np.radians(10.0)))
    for changes in ({"max_range_m": 1.2e6}, {"azimuth_mask_rad": hill}):
        assert 0.0 < _seconds(_passes(**changes)) < _seconds(free)
    night = _seconds(_passes(max_sun_elevation_rad=np.radians(-6.0)))
    assert 0.0 <= night < _seconds(free)


def test_every_pass_has_a_fate_and_those_open_are_the_contacts():
    slow = station("South", 67.0, 21.0, antenna_turnaround_s=500.0)
    two = replace(SCENARIO, stations=(station("North", 67.9, 21.0), slow))
    fleet = build_fleet(two)
    track = satellite_ephemeris(two)
    passes = all_passes(fleet, track)
    contacts = downlink_windows(fleet, track)
    used = passes.fate == Fate.OPEN
    assert 0 < used.sum() == len(contacts) < len(passes.fate)
    assert (passes.rate_bps > 0.0).tolist() == used.tolist()
    assert np.isfinite(passes.light_time_s).tolist() == used.tolist()
    weak = with_group(two, "compute", radio=None)
    assert (all_passes(build_fleet(weak), track).fate == Fate.TOO_WEAK).all()


def test_each_group_sends_with_its_own_radio_and_one_without_has_no_contact():
    mute = replace(COMPUTE, name="mute", radio=None)
    alone = replace(SCENARIO, groups=(EYES,))
    mixed = replace(SCENARIO, groups=(mute, EYES))
    own, both = (
        downlink_windows(build_fleet(one), satellite_ephemeris(one)) for one in (alone, mixed)
    )
    assert len(own) > 10
    assert (both.source >= 6).all()
    assert (both.source - 6).tolist() == own.source.tolist()
    for name in ("t_start_s", "t_end_s", "rate_bps", "light_time_s"):
        assert getattr(both, name).tolist() == getattr(own, name).tolist()
    fates = all_passes(build_fleet(mixed), satellite_ephemeris(mixed))
    assert set(fates.fate[fates.satellite < 6].tolist()) == {int(Fate.TOO_WEAK)}
