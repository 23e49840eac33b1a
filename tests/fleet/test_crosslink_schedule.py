from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, LASER, START
from perigrid.fleet import crosslink_schedule
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.fleet.terminals import Terminals
from perigrid.physics.crosslinks import line_of_sight
from perigrid.scenario.model import WalkerShell

_T_S = np.arange(0.0, 3.0 * 3600.0 + 1.0, 60.0)
_FAR = replace(LASER, max_range_m=5.0e6)


def links(laser, position_m, t_s, motion=None):
    """Windows between satellites that all carry the same terminals."""
    lasers = Terminals.of([laser] * position_m.shape[1])
    return crosslink_schedule.crosslink_windows(lasers, position_m, t_s, motion)


@pytest.fixture(scope="module")
def crowd() -> np.ndarray:
    """Twenty satellites in four polar planes: links come and go."""
    shell = WalkerShell(4, 5, 1, 700.0e3, np.radians(80.0), 2.0 * np.pi, 0.0)
    return group_ephemeris(replace(COMPUTE, orbit=shell), START, _T_S).position_ecef_m


@pytest.mark.parametrize("terminals", [1, 2, 4])
def test_no_satellite_holds_more_links_than_terminals(crowd: np.ndarray, terminals: int):
    contacts = links(replace(_FAR, terminals=terminals), crowd, _T_S)
    most = 0
    for satellite in range(20):
        mine = contacts.source == satellite
        for t in contacts.t_start_s[mine]:
            held = (contacts.t_start_s[mine] <= t) & (t < contacts.t_end_s[mine])
            most = max(most, int(held.sum()))
    assert most == terminals


def test_links_hold_range_and_line_of_sight_from_end_to_end(crowd: np.ndarray):
    contacts = links(_FAR, crowd, _T_S)
    assert len(contacts) > 20
    for row in range(len(contacts)):
        a, b = crowd[:, contacts.source[row]], crowd[:, contacts.target[row]]
        during = (contacts.t_start_s[row] - 30.0 <= _T_S) & (contacts.t_end_s[row] >= _T_S)
        assert line_of_sight(a, b, _FAR.grazing_altitude_m)[during].all()
        rate = laser_rate_bps(_FAR, np.linalg.norm(a - b, axis=0)[during])
        assert contacts.rate_bps[row] == pytest.approx(rate.min())
        assert rate.min() > 0.0


def test_light_time_is_that_of_the_range(crowd: np.ndarray):
    contacts = links(_FAR, crowd, _T_S)
    middle = 0.5 * (contacts.t_start_s + contacts.t_end_s)
    for row in range(len(contacts)):
        range_m = np.linalg.norm(
            crowd[:, contacts.source[row]] - crowd[:, contacts.target[row]], axis=0
        )
        near = np.searchsorted(_T_S, middle[row])
        light = contacts.light_time_s[row] * 299_792_458.0
        assert range_m[near - 1 : near + 1].min() - 1.0 <= light
        assert light <= range_m[near - 1 : near + 1].max() + 1.0


def test_each_window_runs_both_ways(crowd: np.ndarray):
    contacts = links(_FAR, crowd, _T_S)
    there = sorted(
        zip(contacts.source, contacts.target, contacts.t_start_s, contacts.t_end_s, strict=True)
    )
    back = sorted(
        zip(contacts.target, contacts.source, contacts.t_start_s, contacts.t_end_s, strict=True)
    )
    assert there == back


def test_acquisition_is_deducted(crowd: np.ndarray):
    quick = links(replace(_FAR, acquisition_s=0.0), crowd, _T_S)
    slow = links(replace(_FAR, acquisition_s=45.0), crowd, _T_S)
    assert len(quick) == len(slow)  # a run lasts at least 60 s
    lost = (quick.t_end_s - quick.t_start_s).sum() - (slow.t_end_s - slow.t_start_s).sum()
    assert lost == pytest.approx(45.0 * len(quick))


def test_no_lasers_no_links(crowd: np.ndarray):
    assert len(links(None, crowd, _T_S)) == 0
    assert len(links(replace(_FAR, terminals=0), crowd, _T_S)) == 0
    assert len(links(_FAR, crowd[:, :1], _T_S)) == 0


def test_a_string_of_clusters_is_linked_through_and_not_in_islands():
    """Six satellites in two close triples: by length alone each triple would close its ring."""
    x_m = np.array([0.0, 10.0e3, 21.0e3, 500.0e3, 510.0e3, 521.0e3])
    at = np.stack([x_m, np.full(6, 7.0e6), np.zeros(6)])
    still = np.repeat(at[:, :, None], 5, axis=2)
    contacts = links(LASER, still, _T_S[:5])
    reached = {0}
    for _ in range(6):
        reached |= {
            b for a, b in zip(contacts.source, contacts.target, strict=True) if a in reached
        }
    assert reached == set(range(6))


def test_links_are_kept_while_a_shorter_pair_comes_by():
    """One terminal each: 0-1 stay linked although 2 flies through between them."""
    n = 9
    positions = np.zeros((3, 3, n))
    positions[1] = 7.0e6
    positions[0, 1] = 300.0e3
    positions[0, 2] = np.linspace(2.0e6, 150.0e3, n)
    contacts = links(replace(LASER, terminals=1), positions, _T_S[:n])
    assert {(a, b) for a, b in zip(contacts.source, contacts.target, strict=True)} == {
        (0, 1),
        (1, 0),
    }
    assert contacts.t_end_s.tolist() == [480.0, 480.0]


def test_terminals_that_turn_slowly_start_later():
    shell = WalkerShell(4, 5, 1, 700.0e3, np.radians(80.0), 2.0 * np.pi, 0.0)
    track = group_ephemeris(replace(COMPUTE, orbit=shell), START, _T_S)
    motion = (track.position_teme_m, track.velocity_teme_m_s)
    laser = replace(_FAR, acquisition_s=10.0)
    plain = links(laser, track.position_ecef_m, _T_S, motion)
    slow = links(replace(laser, slew_rate_rad_s=0.1), track.position_ecef_m, _T_S, motion)
    starts = {
        (a, b, end): t
        for a, b, end, t in zip(
            plain.source.tolist(), plain.target.tolist(), plain.t_end_s.tolist(),
            plain.t_start_s.tolist(), strict=True,
        )
    }  # fmt: skip
    later = [
        t - starts[a, b, end]
        for a, b, end, t in zip(
            slow.source.tolist(), slow.target.tolist(), slow.t_end_s.tolist(),
            slow.t_start_s.tolist(), strict=True,
        )
    ]  # fmt: skip
    assert min(later) >= 0.0
    assert 1.0 < max(later) <= np.pi / 0.1


def test_unlike_terminals_do_what_both_can(crowd: np.ndarray):
    short = replace(_FAR, terminals=1, max_range_m=3.0e6, max_rate_bps=1.0e9, acquisition_s=50.0)
    lasers = Terminals.of([_FAR] * 10 + [short] * 8 + [None] * 2)
    found = crosslink_schedule.crosslink_windows(lasers, crowd, _T_S)
    across = (found.source < 10) != (found.target < 10)
    assert across.any()
    assert max(found.source.max(), found.target.max()) < 18
    assert found.rate_bps[across].max() <= 1.0e9 < found.rate_bps[~across].max()
    assert (found.light_time_s[across] * 299_792_458.0).max() <= 3.0e6
    # Snapshots are whole minutes, and the slower end sets the acquisition.
    assert set(np.round(found.t_start_s[across] % 60.0, 6).tolist()) == {50.0}
    for one in range(10, 18):
        mine = found.source == one
        for t in found.t_start_s[mine]:
            assert ((found.t_start_s[mine] <= t) & (t < found.t_end_s[mine])).sum() == 1


def test_a_fleet_of_like_terminals_links_as_one_kind(crowd: np.ndarray):
    same = crosslink_schedule.crosslink_windows(
        Terminals((_FAR, replace(_FAR)), np.array([0, 1] * 10)), crowd, _T_S
    )
    plain = links(_FAR, crowd, _T_S)
    for name in ("source", "target", "t_start_s", "t_end_s", "rate_bps"):
        assert getattr(same, name).tolist() == getattr(plain, name).tolist()
