from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions import COMPUTE, EYES, RADIO, SCENARIO, station, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import position_at_m, satellite_ephemeris
from perigrid.fleet.link_rates import downlink_rate_bps
from perigrid.fleet.model import Contacts, NodeKind
from perigrid.fleet.pass_schedule import (
    SHORTEST_PASS_S,
    Fate,
    assign_antennas,
    downlink_windows,
    ground_sites,
    shared_passes,
)
from perigrid.scenario.model import Scenario, SunSynchronous

_PASSES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 2), st.floats(0.0, 3000.0), st.floats(5.0, 900.0)),
    max_size=30,
)


def _columns(passes: list[tuple[int, int, float, float]]):
    satellite = np.array([one[0] for one in passes], dtype=np.int64)
    site = np.array([one[1] for one in passes], dtype=np.int64)
    rise_s = np.array([one[2] for one in passes])
    return satellite, site, rise_s, rise_s + np.array([one[3] for one in passes])


def _most_at_once(start_s: np.ndarray, end_s: np.ndarray) -> int:
    return max((int(((start_s <= t) & (t < end_s)).sum()) for t in start_s), default=0)


@given(_PASSES, st.tuples(*[st.integers(0, 3)] * 3))
def test_antennas_and_radios_are_never_overbooked(passes, antennas):
    satellite, site, rise_s, set_s = _columns(passes)
    kept, start_s = assign_antennas(satellite, site, rise_s, set_s, np.array(antennas))
    assert len(set(kept.tolist())) == len(kept)
    assert (start_s >= rise_s[kept]).all()
    assert (set_s[kept] - start_s >= SHORTEST_PASS_S).all()
    for index, count in enumerate(antennas):
        here = site[kept] == index
        assert _most_at_once(start_s[here], set_s[kept][here]) <= count
    for craft in range(5):
        mine = satellite[kept] == craft
        assert _most_at_once(start_s[mine], set_s[kept][mine]) <= 1


@given(_PASSES)
def test_nobody_waits_while_an_antenna_and_its_radio_are_free(passes):
    satellite, site, rise_s, set_s = _columns(passes)
    kept, start_s = assign_antennas(satellite, site, rise_s, set_s, np.ones(3, dtype=np.int64))
    begins = dict(zip(kept.tolist(), start_s.tolist(), strict=True))
    for row in range(len(passes)):
        until = begins.get(row, set_s[row] - SHORTEST_PASS_S)
        busy = (site[kept] == site[row]) | (satellite[kept] == satellite[row])
        for moment in np.linspace(rise_s[row], until, 7)[:-1] if until > rise_s[row] else []:
            assert (busy & (start_s <= moment) & (moment < set_s[kept])).any()


@given(_PASSES, st.tuples(*[st.integers(0, 2)] * 3))
def test_of_all_that_could_start_the_least_served_does(passes, antennas):
    """The rule by its words: at every instant all who wait are looked at anew."""
    satellite, site, rise_s, set_s = _columns(passes)
    kept, start_s = assign_antennas(satellite, site, rise_s, set_s, np.array(antennas))
    begun: dict[int, float] = {}

    def served_s(row):
        return sum(set_s[one] - t for one, t in begun.items() if satellite[one] == satellite[row])

    def can_start(row, now_s):
        lasts = rise_s[row] <= now_s and set_s[row] - now_s >= SHORTEST_PASS_S
        at_work = [one for one in begun if set_s[one] > now_s]
        here = sum(site[one] == site[row] for one in at_work)
        sending = any(satellite[one] == satellite[row] for one in at_work)
        return lasts and row not in begun and here < antennas[site[row]] and not sending

    for now_s in sorted({*rise_s.tolist(), *set_s.tolist()}):
        while ready := [row for row in range(len(passes)) if can_start(row, now_s)]:
            begun[min(ready, key=lambda row: (served_s(row), rise_s[row], row))] = now_s
    # What happens in one instant is handled one after the other: the rule is silent about that.
    if len({*rise_s.tolist(), *set_s.tolist()}) == 2 * len(passes):
        assert dict(zip(kept.tolist(), start_s.tolist(), strict=True)) == begun


def test_a_cluster_takes_turns():
    """Satellite 0 comes first; 1 and 2 wait for it, together, each time they fly over."""
    satellite = np.tile([0, 1, 2], 3)
    rise_s = np.repeat([0.0, 6000.0, 12_000.0], 3) + np.tile([0.0, 100.0, 150.0], 3)
    set_s = np.repeat([0.0, 6000.0, 12_000.0], 3) + np.tile([600.0, 800.0, 800.0], 3)
    kept, start_s = assign_antennas(satellite, np.zeros(9, np.int64), rise_s, set_s, np.array([1]))
    assert satellite[kept].tolist() == [0, 1, 0, 2, 0, 1]
    assert start_s.tolist() == [0.0, 600.0, 6000.0, 6600.0, 12_000.0, 12_600.0]


def test_a_later_pass_starts_when_the_antenna_is_free():
    kept, start_s = assign_antennas(
        np.array([0, 1, 2]),
        np.zeros(3, dtype=np.int64),
        np.array([0.0, 100.0, 200.0]),
        np.array([400.0, 700.0, 420.0]),
        np.array([1]),
    )
    assert kept.tolist() == [0, 1]
    assert start_s.tolist() == [0.0, 400.0]


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


@pytest.mark.parametrize("satellites", [2, 6, 15])
def test_doubling_the_stations_never_lowers_the_volume(satellites: int):
    few = with_group(SCENARIO, "compute", orbit=SunSynchronous(satellites, 520.0e3, 10.5))
    twins = tuple(replace(one, name=one.name + " 2") for one in few.stations)
    more = replace(few, stations=few.stations + twins)
    assert _volume_bits(_fly(more)) >= _volume_bits(_fly(few)) > 0.0


def test_more_antennas_serve_a_crowd_better():
    crowd = with_group(SCENARIO, "compute", orbit=SunSynchronous(20, 520.0e3, 10.5))
    more = replace(crowd, stations=tuple(replace(one, antennas=3) for one in crowd.stations))
    assert _volume_bits(_fly(more)) > 1.2 * _volume_bits(_fly(crowd))


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


def test_every_pass_has_a_fate_and_those_served_are_the_contacts():
    two = replace(SCENARIO, stations=(station("North", 67.9, 21.0), station("South", 67.0, 21.0)))
    fleet = build_fleet(two)
    track = satellite_ephemeris(two)
    passes = shared_passes(fleet, track)
    contacts = downlink_windows(fleet, track)
    served = passes.fate == Fate.SERVED
    assert 0 < served.sum() == len(contacts) < len(passes.fate)
    assert sorted(passes.start_s[served]) == sorted(contacts.t_start_s)
    assert (passes.rate_bps > 0.0).tolist() == served.tolist()
    assert (passes.start_s[served] >= passes.rise_s[served]).all()
    lost = passes.fate == Fate.BUSY
    assert np.isnan(passes.start_s[lost]).all()
    weak = with_group(two, "compute", radio=None)
    assert (shared_passes(build_fleet(weak), track).fate == Fate.TOO_WEAK).all()


def test_each_group_sends_with_its_own_radio_and_one_without_takes_no_antenna():
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
    fates = shared_passes(build_fleet(mixed), satellite_ephemeris(mixed))
    assert set(fates.fate[fates.satellite < 6].tolist()) == {int(Fate.TOO_WEAK)}
