"""Random element sets, and python-sgp4's answer for them."""

import numpy as np
from sgp4.api import WGS72, Satrec, SatrecArray
from sgp4.model import Satrec as PythonSatrec

from perigrid.base.elements import ElementArrays
from perigrid.base.time import Epoch

# A fraction of a day that is exact in binary: both sides then start from the same float.
START = Epoch.from_iso("2026-08-22T12:00:00Z")
EARTH_KM = 6378.135


def random_sets(count, seed, *, perigee_km, eccentricity, bstar=(-1e-4, 1e-2), inclination=None):
    """Draw elements; perigee height and eccentricity lie within the given bounds."""
    rng = np.random.default_rng(seed)
    e = rng.uniform(*eccentricity, count)
    axis_km = (EARTH_KM + rng.uniform(*perigee_km, count)) / (1.0 - e)
    low, high = inclination or (0.0, np.pi)
    return from_axis(rng, axis_km, e, rng.uniform(low, high, count), rng.uniform(*bstar, count))


def from_axis(rng, axis_km, e, inclination, bstar):
    """Elements with random angles and epochs."""
    count = len(e)
    return ElementArrays(
        jd_midnight=START.jd_midnight - rng.integers(0, 9, count).astype(float),
        day_s=rng.integers(0, 128, count) * 675.0,
        mean_motion_rad_s=np.sqrt(398600.8 / axis_km**3),
        eccentricity=e,
        inclination_rad=inclination,
        raan_rad=rng.uniform(0.0, 2.0 * np.pi, count),
        argument_of_perigee_rad=rng.uniform(0.0, 2.0 * np.pi, count),
        mean_anomaly_rad=rng.uniform(0.0, 2.0 * np.pi, count),
        bstar=bstar,
    )


def record(sets, row, kind=Satrec):
    """python-sgp4's record of one set."""
    one = kind()
    one.sgp4init(
        WGS72,
        "i",
        row % 9999,
        sets.jd_midnight[row] + sets.day_s[row] / 86400.0 - 2433281.5,
        sets.bstar[row],
        0.0,
        0.0,
        sets.eccentricity[row],
        sets.argument_of_perigee_rad[row],
        sets.inclination_rad[row],
        sets.mean_anomaly_rad[row],
        sets.mean_motion_rad_s[row] * 60.0,
        sets.raan_rad[row],
    )
    return one


def model_record(sets, row):
    """The same by python-sgp4's model in Python, which shows its coefficients."""
    return record(sets, row, PythonSatrec)


def library(sets, times):
    """Positions [m], velocities [m/s] and codes by python-sgp4."""
    records = SatrecArray([record(sets, row) for row in range(len(sets))])
    code, km, km_s = records.sgp4(*START.julian_dates(times))
    return 1e3 * km.transpose(2, 0, 1), 1e3 * km_s.transpose(2, 0, 1), code
