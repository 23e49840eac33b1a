"""The shipped grid against AE8 and AP8 themselves, at random points and over orbits."""

from __future__ import annotations

import numpy as np
import pytest

from perigrid.physics.frames import ecef_to_geodetic, geodetic_to_ecef
from perigrid.physics.radiation.belts import FIELD_RADIUS_M
from perigrid.physics.radiation.flux_grid import integral_flux_m2_s

pytestmark = pytest.mark.validation

POINTS = 1500


def direct_m2_s(particle, solar, energy_mev, lat, lon, altitude):
    """Flux of the models. aep8 divides by astropy's Earth radius where IRBEM's unit is meant."""
    aep8 = pytest.importorskip("aep8", reason="needs aep8, of the development environment")
    from astropy import units as u
    from astropy.coordinates import EarthLocation
    from astropy.time import Time

    position = geodetic_to_ecef(lat, lon, altitude) / FIELD_RADIUS_M
    location = EarthLocation.from_geocentric(*(position * u.earthRad))
    flux = aep8.model(particle, solar).integral_flux(
        location, Time("2000-01-01"), energy_mev * u.MeV
    )
    return np.maximum(0.0, np.nan_to_num(flux.to_value(u.m**-2 / u.s)))


@pytest.mark.filterwarnings("ignore:invalid value encountered in flux")
@pytest.mark.parametrize(
    ("particle", "solar", "energy_mev", "median", "most", "mean"),
    [
        ("p", "min", 10.0, 0.01, 0.15, 0.005),
        ("p", "max", 10.0, 0.01, 0.15, 0.005),
        ("p", "min", 100.0, 0.01, 0.15, 0.005),
        ("e", "max", 1.0, 0.01, 0.10, 0.005),
        ("e", "min", 1.0, 0.01, 0.10, 0.005),
    ],
)
def test_flux_in_low_orbit_at_random_points(particle, solar, energy_mev, median, most, mean):
    rng = np.random.default_rng(20)
    lat = np.arcsin(rng.uniform(-1.0, 1.0, POINTS))
    lon = rng.uniform(-np.pi, np.pi, POINTS)
    altitude = rng.uniform(400.0e3, 1500.0e3, POINTS)
    published = direct_m2_s(particle, solar, energy_mev, lat, lon, altitude)
    energies, flux = integral_flux_m2_s(particle, solar, lat, lon, altitude)
    ours = flux[list(energies).index(energy_mev)]
    # Where it counts: above a thousandth of the mean.
    felt = published > 1.0e-3 * published.mean()
    assert np.count_nonzero(felt) > 150
    error = np.abs(ours[felt] / published[felt] - 1.0)
    assert np.median(error) < median
    assert np.quantile(error, 0.95) < most
    assert ours.mean() == pytest.approx(published.mean(), rel=mean)


def orbit(altitude_m, inclination_deg, points=4000):
    """Points spread evenly over argument of latitude and longitude."""
    u = 2.0 * np.pi * (np.arange(points) + 0.5) / points
    lon = 2.0 * np.pi * ((np.arange(points) * 0.618_033_988_75) % 1.0)
    lat = np.arcsin(np.sin(np.radians(inclination_deg)) * np.sin(u))
    radius = 6_378_137.0 + altitude_m
    direction = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return ecef_to_geodetic(radius * direction)


@pytest.mark.filterwarnings("ignore:invalid value encountered in flux")
@pytest.mark.parametrize(
    ("altitude_m", "inclination_deg"), [(500.0e3, 97.4), (650.0e3, 97.99), (550.0e3, 53.0)]
)
def test_orbit_averages(altitude_m, inclination_deg):
    where = orbit(altitude_m, inclination_deg)
    for particle, solar, energy in (("p", "min", 10.0), ("e", "max", 1.0)):
        energies, flux = integral_flux_m2_s(particle, solar, *where)
        ours = flux[list(energies).index(energy)].mean()
        published = direct_m2_s(particle, solar, energy, *where).mean()
        assert ours == pytest.approx(published, rel=0.015)
