import builtins

import numpy as np
import pytest

from perigrid.base.errors import WorkError
from perigrid.base.time import Epoch
from perigrid.physics.atmosphere import SolarActivity, exponential_air
from perigrid.physics.msis import msis_air, msis_density_kg_m3

SPRING = Epoch.from_iso("2026-03-21")


def test_density_along_a_path_follows_the_day():
    pytest.importorskip("pymsis")
    night_and_day = msis_density_kg_m3(
        SPRING,
        np.zeros(2),
        np.zeros(2),
        np.radians([45.0, 210.0]),  # local times 3 h and 14 h
        np.full(2, 400e3),
        f107_sfu=140.0,
        f107_mean_sfu=140.0,
        ap_index=10.0,
    )
    assert 2.0 < night_and_day[1] / night_and_day[0] < 5.0
    assert 2e-12 < night_and_day.mean() < 7e-12


@pytest.mark.parametrize(("version", "tolerance"), [(0, 0.25), (2.1, 0.5)])
def test_mean_profile_is_near_the_default_at_its_flux(version, tolerance):
    pytest.importorskip("pymsis")
    heights = np.arange(250e3, 701e3, 50e3)
    for activity, flux, ap in (
        (SolarActivity.MINIMUM, 70.0, 4.0),
        (SolarActivity.MEAN, 136.0, 10.0),
        (SolarActivity.MAXIMUM, 200.0, 15.0),
    ):
        air = msis_air(SPRING, f107_sfu=flux, ap_index=ap, version=version)
        ratio = air.density_kg_m3(heights) / exponential_air(activity).density_kg_m3(heights)
        # One day of the year against the mean of the year; version 2 knows the lower fluxes of
        # the last minima better and is thinner.
        assert np.abs(np.log(ratio)).max() < tolerance


def test_a_noon_orbit_meets_denser_air_than_a_dusk_orbit():
    pytest.importorskip("pymsis")
    heights = np.array([400e3, 600e3])
    dusk, noon, drifting = (
        msis_air(
            SPRING, f107_sfu=140.0, ap_index=10.0, inclination_rad=1.71, ltan_hours=hours
        ).density_kg_m3(heights)
        for hours in (6.0, 14.0, None)
    )
    # The bulge stands at 14 h: half of that orbit is in it, the other half in the night.
    assert (noon != dusk).all()
    assert (np.abs(np.log(noon / drifting)) < 0.4).all()
    assert (np.abs(np.log(dusk / drifting)) < 0.4).all()
    assert noon[1] > dusk[1]


def test_missing_package_is_named(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "pymsis":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(WorkError, match=r"pip install 'perigrid\[atmosphere\]'"):
        msis_air(SPRING, f107_sfu=100.0, ap_index=4.0)
