import math
from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, START
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.physics import coverage
from perigrid.physics.coverage import target_passes
from perigrid.physics.frames import geodetic_to_ecef
from perigrid.scenario.model import WalkerShell
from tests.physics.contacts.test_stations import ecef

LIMIT = math.radians(30.0)


def targets(count=60):
    rng = np.random.default_rng(4)
    latitude = np.arcsin(rng.uniform(-0.85, 0.85, count))
    longitude = rng.uniform(-math.pi, math.pi, count)
    return geodetic_to_ecef(latitude, longitude, np.zeros(count))


def truth(span_s):
    """Local minima of distance on a 1 s grid of SGP4, with a parabola through three samples."""
    times = np.arange(0.0, span_s + 1.0)
    position, _ = ecef(times)
    found = []
    for m, place in enumerate(targets().T):
        for n in range(position.shape[1]):
            offset = position[:, n] - place[:, None]
            squared = np.sum(offset**2, axis=0)
            middle = np.flatnonzero((squared[1:-1] < squared[:-2]) & (squared[1:-1] <= squared[2:]))
            for k in middle + 1:
                left, here, right = squared[k - 1 : k + 2]
                t = times[k] + 0.5 * (left - right) / (left - 2.0 * here + right)
                down = -position[:, n, k] / np.linalg.norm(position[:, n, k])
                angle = math.acos(-offset[:, k] @ down / math.sqrt(here))
                near_side = offset[:, k] @ place > 0.0
                found.append((t, n, m, angle, near_side))
    return [row for row in found if row[4]]


def test_every_pass_found_at_its_moment():
    span = 43200.0
    times = np.arange(0.0, span + 1.0, 30.0)
    passes = target_passes(*ecef(times), times, targets(), LIMIT)
    mine = {
        (n, m, round(t / 30.0)): (t, a)
        for t, n, m, a in zip(
            passes.t_s, passes.satellite, passes.target, passes.off_nadir_rad, strict=True
        )
    }
    inside = [row for row in truth(span) if row[3] < LIMIT - 1e-3]
    outside = [row for row in truth(span) if row[3] > LIMIT + 1e-3]
    assert len(inside) > 50
    for t, n, m, angle, _ in inside:
        near = [mine.get((n, m, round(t / 30.0) + shift)) for shift in (-1, 0, 1)]
        found = [one for one in near if one is not None and abs(one[0] - t) < 1.0]
        assert len(found) == 1
        assert found[0][0] == pytest.approx(t, abs=0.1)
        assert found[0][1] == pytest.approx(angle, abs=2e-3)
    assert len(inside) <= len(passes) <= len(truth(span)) - len(outside)


def test_sorted_and_within_the_limit():
    times = np.arange(0.0, 43201.0, 30.0)
    passes = target_passes(*ecef(times), times, targets(), LIMIT)
    assert np.all(np.diff(passes.t_s) >= 0.0)
    assert np.all(passes.off_nadir_rad <= LIMIT)
    assert len(passes) == len(passes.t_s)


def test_wider_pointing_only_adds_passes():
    times = np.arange(0.0, 43201.0, 60.0)
    state = ecef(times)
    narrow = target_passes(*state, times, targets(), math.radians(10.0))
    wide = target_passes(*state, times, targets(), math.radians(45.0))
    keys = {(n, m, round(t)) for n, m, t in zip(wide.satellite, wide.target, wide.t_s, strict=True)}
    assert len(wide) > len(narrow) > 0
    for n, m, t in zip(narrow.satellite, narrow.target, narrow.t_s, strict=True):
        assert (n, m, round(t)) in keys


def test_the_far_side_is_not_seen():
    # Straight overhead flight: the antipode is on the line through the Earth as well.
    times = np.array([-30.0, 30.0])
    position = np.array([[[7e6, 7e6]], [[-2.25e5, 2.25e5]], [[0.0, 0.0]]])
    velocity = np.array([[[0.0, 0.0]], [[7500.0, 7500.0]], [[0.0, 0.0]]])
    place = np.array([[6378137.0, -6378137.0], [0.0, 0.0], [0.0, 0.0]])
    passes = target_passes(position, velocity, times, place, math.radians(60.0))
    assert passes.target.tolist() == [0]
    assert passes.t_s[0] == pytest.approx(0.0, abs=1e-3)
    # The moment is found to 1 ms, in which 7.5 m are flown at 622 km.
    assert passes.off_nadir_rad[0] == pytest.approx(0.0, abs=1.3e-5)


@pytest.mark.parametrize("altitude_m", [550.0e3, 8000.0e3])
def test_no_pass_is_lost_by_looking_at_near_targets_only(altitude_m, monkeypatch):
    """Over poles and across the date line too: the same as by looking at all of them."""
    t_s = np.arange(0.0, 4.0 * 3600.0 + 1.0, 60.0)
    shell = WalkerShell(2, 2, 1, altitude_m, math.radians(89.0), 2.0 * math.pi, 0.0)
    track = group_ephemeris(replace(COMPUTE, orbit=shell), START, t_s)
    rng = np.random.default_rng(5)
    latitude = np.concatenate([rng.uniform(1.4, 1.57, 60), rng.uniform(-1.57, 1.57, 200)])
    longitude = np.concatenate([rng.uniform(3.0, math.pi, 30), rng.uniform(-math.pi, -3.0, 30),
                                rng.uniform(-math.pi, math.pi, 200)])  # fmt: skip
    place = geodetic_to_ecef(latitude, longitude, np.zeros(260))
    states = track.position_ecef_m, track.velocity_ecef_m_s

    def found():
        passes = target_passes(*states, t_s, place, 0.6)
        return [getattr(passes, name).tolist() for name in ("satellite", "target", "t_s")]

    near = found()
    monkeypatch.setattr(coverage, "_widest_rad", lambda *_: math.pi)
    assert near == found()
    assert len(near[0]) > 50
