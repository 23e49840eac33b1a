from __future__ import annotations

from dataclasses import replace

import numpy as np

from missions import LASER
from perigrid.fleet.relay_access import choose_relays, user_ranges_m
from perigrid.fleet.terminals import Terminals

_NO = np.inf


def test_the_nearest_relay_is_taken_first():
    here = np.array([[3.0, 1.0, 2.0]])
    assert choose_relays(here, here, None).tolist() == [1]


def test_the_current_relay_is_kept_while_it_holds():
    here = np.array([[3.0, 1.0, 2.0]])
    assert choose_relays(here, here, np.array([0])).tolist() == [0]
    gone_next = np.array([[_NO, 1.0, 2.0]])
    assert choose_relays(here, gone_next, np.array([0])).tolist() == [1]
    gone_now = np.array([[_NO, 1.0, 2.0]])
    assert choose_relays(gone_now, here, np.array([0])).tolist() == [1]


def test_a_relay_serves_one_user_and_whoever_keeps_it_comes_first():
    here = np.array([[1.0, 5.0, _NO], [2.0, 4.0, _NO], [3.0, _NO, _NO]])
    assert choose_relays(here, here, None).tolist() == [0, 1, -1]
    assert choose_relays(here, here, np.array([-1, -1, 0])).tolist() == [-1, 1, 0]


def test_a_link_must_hold_at_both_ends_of_the_interval():
    here = np.array([[1.0, 2.0], [1.0, _NO]])
    ahead = np.array([[_NO, 2.0], [_NO, 1.0]])
    assert choose_relays(here, ahead, None).tolist() == [1, -1]
    assert choose_relays(here, ahead, np.array([-1, -1])).tolist() == [1, -1]


def test_ranges_end_at_the_shorter_laser_and_at_the_earth():
    user = np.array([[7.0e6], [0.0], [0.0]])
    relay = np.array([[7.0e6, 7.0e6, -7.0e6], [1.0e6, 3.0e6, 0.0], [0.0, 0.0, 0.0]])
    short, endless = replace(LASER, max_range_m=2.0e6), replace(LASER, max_range_m=2.0e7)
    np.testing.assert_allclose(
        user_ranges_m(Terminals.of([endless]), endless, user, relay), [[1e6, 3e6, _NO]]
    )
    np.testing.assert_allclose(
        user_ranges_m(Terminals.of([short]), endless, user, relay), [[1e6, _NO, _NO]]
    )
    np.testing.assert_allclose(
        user_ranges_m(Terminals.of([endless]), short, user, relay), [[1e6, _NO, _NO]]
    )


def test_ranges_match_a_plain_loop():
    rng = np.random.default_rng(3)
    user, relay = (v / np.linalg.norm(v, axis=0) * 7.0e6 for v in rng.normal(size=(2, 3, 20)))
    ranges = user_ranges_m(Terminals.of([LASER] * user.shape[1]), LASER, user, relay)
    for a in range(20):
        for b in range(20):
            length = np.linalg.norm(user[:, a] - relay[:, b])
            if np.isfinite(ranges[a, b]):
                assert abs(ranges[a, b] - length) < 0.01
            else:
                # Within 4,000 km two satellites at this height always see each other.
                assert length > LASER.max_range_m
