"""Compute jobs drawn from a seed."""

import dataclasses
import math

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.workload.requests import draw_jobs
from tests.flight_cases import small

START = Epoch.from_iso("2026-08-22T00:00:00Z")


def drawn(seed=1, **changes):
    asked = dataclasses.replace(small().jobs, **{"count": 20_000, **changes})
    longitude = np.radians([-120.0, 0.0, 120.0])
    return draw_jobs(asked, START, 86_400.0, 10, longitude, np.random.default_rng(seed)), longitude


def test_the_rate_follows_the_local_day():
    jobs, longitude = drawn(day_swing_share=0.8, peak_hours=15.0)
    local_h = (jobs.release_s / 3600.0 + longitude[jobs.source - 10] / math.tau * 24.0) % 24.0
    share, _ = np.histogram(local_h, bins=24, range=(0, 24))
    hours = np.arange(24) + 0.5
    wanted = len(jobs.release_s) / 24.0 * (1.0 + 0.8 * np.cos(math.tau * (hours - 15.0) / 24.0))
    assert np.abs(share - wanted).max() < 5.0 * math.sqrt(wanted.max())
    assert (np.diff(jobs.release_s) >= 0.0).all()


def test_sizes_have_the_medians_and_spreads_asked_for():
    jobs, _ = drawn(value_spread=0.5, data_spread=0.0, work_spread=1.0)
    assert np.median(jobs.value) == pytest.approx(1.0, rel=0.03)
    assert np.log(jobs.value).std() == pytest.approx(0.5, rel=0.03)
    assert np.log(jobs.size).std() == pytest.approx(1.0, rel=0.03)
    assert (jobs.input_bytes == 5e6).all()
    assert jobs.deadline_s - jobs.release_s == pytest.approx(900.0)


def test_models_follow_zipf():
    jobs, _ = drawn(models=4, popularity=1.0)
    counts = np.bincount(jobs.model, minlength=4) / len(jobs.model)
    assert counts == pytest.approx(np.array([12, 6, 4, 3]) / 25.0, abs=0.02)
    assert len(jobs.model_bytes) == 4


def test_satellites_can_hold_the_data_and_quantities_have_their_own_streams():
    jobs, _ = drawn(origin="satellites")
    assert set(jobs.source.tolist()) == set(range(10))
    other, _ = drawn(origin="satellites", work_spread=0.0)
    assert (other.size == 1.0).all()
    for name in ("release_s", "source", "input_bytes", "value", "model"):
        np.testing.assert_array_equal(getattr(jobs, name), getattr(other, name))


def test_power_is_spread_evenly_from_the_least_share():
    jobs, _ = drawn(least_power_share=0.25)
    assert 0.25 <= jobs.power_share.min() < 0.26
    assert jobs.power_share.max() <= 1.0
    assert jobs.power_share.mean() == pytest.approx(0.625, abs=0.01)
    whole, _ = drawn()
    assert (whole.power_share == 1.0).all()
    np.testing.assert_array_equal(whole.size, jobs.size)
