from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, LASER, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import group_ephemeris, step_edges_s
from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.fleet.model import Contacts
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.relay_mesh import ShortestWays
from perigrid.fleet.relay_network import relay_network
from perigrid.fleet.relay_paths import follow, path_share_bps, relay_intervals, relay_windows
from perigrid.physics.chunks import limited_threads
from perigrid.scenario.model import Scenario

_T_S = step_edges_s(SCENARIO.duration_s, 60.0)


def _users(scenario: Scenario) -> np.ndarray:
    return group_ephemeris(scenario.groups[0], scenario.start, _T_S).position_ecef_m


def _fly(scenario: Scenario, progress=None) -> Contacts:
    return relay_windows(scenario, build_fleet(scenario), _users(scenario), _T_S, progress)


@pytest.fixture(scope="module")
def flown() -> Contacts:
    return _fly(SCENARIO)


def test_light_takes_at_least_the_straight_line_and_the_hops(flown: Contacts):
    fleet, users = build_fleet(SCENARIO), _users(SCENARIO)
    assert len(flown) > 100
    site, _ = ground_sites([fleet.stations[row] for row in flown.target.tolist()])
    begin = np.searchsorted(_T_S, 0.5 * (flown.t_start_s + flown.t_end_s), side="right") - 1
    straight = np.linalg.norm(users[:, flown.source, begin] - site, axis=0) / 299_792_458.0
    assert (flown.light_time_s >= straight + flown.hops * SCENARIO.relay_hop_s).all()
    assert (flown.hops >= 1).all()


def test_a_satellite_has_one_way_at_a_time(flown: Contacts):
    for user in range(6):
        mine = np.flatnonzero(flown.source == user)
        order = mine[np.argsort(flown.t_start_s[mine])]
        assert (flown.t_start_s[order[1:]] >= flown.t_end_s[order[:-1]]).all()
    assert (flown.t_end_s > flown.t_start_s).all()
    assert flown.t_start_s.min() >= LASER.acquisition_s
    assert flown.t_end_s.max() <= SCENARIO.duration_s


def test_rates_stay_below_laser_and_feeder(flown: Contacts):
    assert (flown.rate_bps > 0.0).all()
    assert flown.rate_bps.max() <= LASER.max_rate_bps
    narrow = replace(
        SCENARIO,
        stations=tuple(replace(one, feeder_rate_bps=1.0e9) for one in SCENARIO.stations),
    )
    contacts = _fly(narrow)
    # At most what is left of 1 Gbit/s by all who use a gateway in one and the same interval.
    for moment in np.arange(45.0, SCENARIO.duration_s, 600.0):
        open_now = (contacts.t_start_s <= moment) & (moment < contacts.t_end_s)
        for gateway in np.unique(contacts.target[open_now]):
            load = contacts.rate_bps[open_now & (contacts.target == gateway)].sum()
            assert load <= 1.0e9 * (1.0 + 1.0e-12)


def test_faster_acquisition_never_shortens_the_service(flown: Contacts):
    quick = _fly(with_group(SCENARIO, "compute", laser=replace(LASER, acquisition_s=0.0)))
    assert (quick.t_end_s - quick.t_start_s).sum() > (flown.t_end_s - flown.t_start_s).sum()


def test_no_lasers_no_relays_no_windows():
    assert len(_fly(with_group(SCENARIO, "compute", laser=None))) == 0
    assert len(_fly(replace(SCENARIO, groups=(COMPUTE,)))) == 0


def test_it_is_the_same_every_time_and_tells_how_far_it_is(flown: Contacts):
    told: list[float] = []
    again = _fly(SCENARIO, told.append)
    for name in Contacts.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(again, name), getattr(flown, name))
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_blocks_of_snapshots_do_not_show(flown: Contacts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("perigrid.fleet.relay_paths._SNAPSHOTS_PER_BLOCK", 37)
    again = _fly(SCENARIO)
    np.testing.assert_array_equal(again.target, flown.target)
    np.testing.assert_allclose(again.light_time_s, flown.light_time_s, rtol=1.0e-12)


def test_users_keep_their_relay_while_they_see_it():
    network = relay_network(SCENARIO, build_fleet(SCENARIO))
    assert network is not None
    users = _users(SCENARIO)
    relays = group_ephemeris(SCENARIO.groups[1], SCENARIO.start, _T_S).position_ecef_m
    n = 40
    snapshots = ((users[:, :, k], relays[:, :, k]) for k in range(n + 1))
    lasers = build_fleet(SCENARIO).terminals()
    found = relay_intervals(network, lasers, snapshots, n)
    assert found.relay.shape == (6, n)
    for user in range(6):
        for k in range(1, n):
            before, now = found.relay[user, k - 1], found.relay[user, k]
            if before != now and before >= 0:
                reach = np.linalg.norm(
                    users[:, user, k : k + 2] - relays[:, before, k : k + 2], axis=0
                )
                assert reach.max() > LASER.max_range_m  # 4,000 km always clears the Earth here


def test_way_down_is_followed_to_the_gateway():
    ways = ShortestWays(np.zeros((2, 4)), np.array([[4, 0, 1, -1, -1], [1, 4, -1, -1, -1]]))
    trails = follow(ways, np.array([[2, -1, 0], [-1, 0, 1]]), 4)
    assert trails.gateway.tolist() == [[0, -1, 0], [-1, 0, 0]]
    assert trails.hops.tolist() == [[3, 0, 1], [0, 2, 1]]
    assert trails.interval.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert trails.user.tolist() == [0, 0, 0, 2, 1, 1, 2]
    assert trails.node.tolist() == [2, 1, 0, 0, 0, 1, 1]
    assert trails.following.tolist() == [1, 0, 4, 4, 1, 4, 4]


def test_shared_links_are_shared_evenly():
    network = relay_network(SCENARIO, build_fleet(SCENARIO))
    assert network is not None
    relays = group_ephemeris(SCENARIO.groups[1], SCENARIO.start, _T_S[:2]).position_ecef_m
    snapshots = np.moveaxis(relays, 2, 0)
    mesh = [
        float(
            laser_rate_bps(
                network.laser, np.linalg.norm(relays[:, 0, k] - relays[:, 1, k], keepdims=True)
            )[0]
        )
        for k in range(2)
    ]
    wide = replace(
        network, feeder_bps=np.array([1.0e15, 1.0e15, 3.0e9]), antennas=np.array([1, 1, 1])
    )
    next_node = np.full((2, 147), -1)
    next_node[:, 0], next_node[:, 1], next_node[:, 5], next_node[1, 7] = 1, 144, 146, 146
    ways = ShortestWays(np.zeros((2, 144)), next_node)
    # In the second interval two relay satellites feed one gateway.
    trails = follow(ways, np.array([[0, 0, 5, -1], [0, 7, 5, -1]]), 144)
    share = path_share_bps(wide, snapshots, trails)
    assert share[0] == pytest.approx([mesh[0] / 2, mesh[0] / 2, 3.0e9, np.inf])
    assert share[1] == pytest.approx([mesh[1], 1.5e9, 1.5e9, np.inf])
    # Each through an antenna of its own; a third antenna has nobody to turn to.
    for antennas in (2, 3):
        several = replace(wide, antennas=np.full(3, antennas))
        share = path_share_bps(several, snapshots, trails)
        assert share[0] == pytest.approx([mesh[0] / 2, mesh[0] / 2, 3.0e9, np.inf])
        assert share[1] == pytest.approx([mesh[1], 3.0e9, 3.0e9, np.inf])


def test_blocks_of_intervals_and_threads_do_not_show(
    flown: Contacts, monkeypatch: pytest.MonkeyPatch
):
    for bytes_each, threads in ((1.0, 1), (3.0e5, 2), (1.0e9, 5)):
        monkeypatch.setattr("perigrid.fleet.relay_paths._BLOCK_BYTES", bytes_each)
        with limited_threads(threads):
            again = _fly(SCENARIO)
        for name in Contacts.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(again, name), getattr(flown, name))
