from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.radiation import ENDS_A_JOB, group_exposure, group_radiation, year_of
from perigrid.physics.radiation.anomaly import anomaly_passes
from perigrid.physics.radiation.checkpoints import daly_interval_s
from perigrid.physics.radiation.devices import TPU_V6E, FaultClass
from perigrid.physics.radiation.faults import fault_rates, sample_faults
from perigrid.scenario.model import Radiation, SunSynchronous

SHIELDED = Radiation(shield_m=0.01, device="tpu-v6e", checkpoint_s=30.0)
DAY = replace(
    SCENARIO,
    duration_s=86_400.0,
    groups=(replace(COMPUTE, radiation=SHIELDED, orbit=SunSynchronous(2, 650.0e3, 6.0)),),
    stations=(),
)


def radiation_of(scenario, start=None):
    fleet = build_fleet(scenario)
    group, rows = fleet.spans()[0]
    return group_radiation(group, build_outlook(scenario, fleet), rows, start)


def test_a_day_of_two_satellites():
    result = radiation_of(DAY, START)
    assert result.device is TPU_V6E
    assert result.dose_gy_per_year.shape == (2,)
    # 150 rad a year published for this orbit and shield, and the belts known to a factor of two.
    assert (result.dose_gy_per_year > 0.75).all()
    assert (result.dose_gy_per_year < 3.0).all()
    assert (result.proton_gy_per_year <= result.dose_gy_per_year).all()
    assert ((result.anomaly_share > 0.04) & (result.anomaly_share < 0.15)).all()
    np.testing.assert_allclose(result.tolerated_years, 20.0 / result.dose_gy_per_year)


def test_rates_and_checkpoints_follow_from_the_dose_of_protons():
    result = radiation_of(DAY)
    per_gy = np.array([one.value for one in TPU_V6E.sensitivities])
    year_s = 365.25 * 86_400.0
    np.testing.assert_allclose(result.rate_s * year_s, per_gy[:, None] * result.proton_gy_per_year)
    assert (result.low_rate_s <= result.rate_s).all()
    assert (result.rate_s <= result.high_rate_s).all()
    ends = result.rate_s[list(ENDS_A_JOB)].sum(axis=0)
    np.testing.assert_allclose(result.checkpoint_interval_s, daly_interval_s(30.0, 1.0 / ends))
    assert FaultClass.SILENT not in ENDS_A_JOB


def test_the_drift_of_the_anomaly_hardly_changes_a_day():
    then, now = radiation_of(DAY), radiation_of(DAY, START)
    assert (then.dose_gy_per_year != now.dose_gy_per_year).any()
    np.testing.assert_allclose(then.dose_gy_per_year.mean(), now.dose_gy_per_year.mean(), rtol=0.15)
    assert year_of(START) == pytest.approx(2026.64, abs=0.01)


@pytest.mark.parametrize("missing", ["radiation", "computer"])
def test_nothing_to_say_without_shield_or_computer(missing):
    assert (
        radiation_of(with_group(replace(DAY, duration_s=3600.0), "compute", **{missing: None}))
        is None
    )


def test_faults_drawn_along_the_orbit_fall_into_the_anomaly():
    fleet = build_fleet(DAY)
    outlook = build_outlook(DAY, fleet)
    exposed = group_exposure(fleet.groups[0], outlook, slice(0, 2), START)
    passes = anomaly_passes(exposed.outside_flux_m2_s, outlook.t_s)
    # About half of the fifteen orbits of a day meet it, each satellite.
    assert 10 <= len(passes) <= 26
    assert ((passes.t_end_s - passes.t_start_s) < 1800.0).all()
    # Ten years in a day, so that there are enough to count.
    rates = 3.65e3 * fault_rates(TPU_V6E, exposed)
    drawn = sample_faults(rates, outlook.t_s, np.random.default_rng(3))
    assert len(drawn) > 1000
    within = [
        ((passes.satellite == row) & (passes.t_start_s <= t) & (t <= passes.t_end_s)).any()
        for t, row in zip(drawn.t_s, drawn.satellite, strict=True)
    ]
    assert np.mean(within) > 0.98
    assert group_exposure(COMPUTE, outlook, slice(0, 2)) is None
