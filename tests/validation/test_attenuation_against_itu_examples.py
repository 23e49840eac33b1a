"""Attenuation against the ITU's own worked examples (CG-3M3J-13-ValEx, rev 5.1, P.618-13 A_total).

Station, elevation, tilt, share of the time in per cent, and total attenuation as printed there,
for a 1 m dish of efficiency 0.65.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from perigrid.physics.attenuation import slant_attenuation_db

LONDON = (51.5, -0.14, 31.382984, 31.07699124, 0.0)
ROME = (41.9, 12.49, 46.122988, 40.232036, 0.0)
RIO = (22.9, -43.23, 0.0, 22.27833468, 0.0)
MIAMI = (25.78, -80.22, 8.61728, 52.67898486, 0.0)
DELHI = (28.717, 77.3, 209.383699, 48.24117054, 90.0)
ADDIS_ABABA = (9.05, 38.7, 2539.861878, 20.14335809, 90.0)

EXAMPLES = [
    (LONDON, 14.25, 1.0, 1.212790721),
    (LONDON, 14.25, 0.01, 7.507265316),
    (LONDON, 29.0, 0.1, 11.19917055),
    (ROME, 14.25, 0.001, 18.14136049),
    (ROME, 29.0, 1.0, 4.570302907),
    (RIO, 14.25, 1.0, 2.744154515),
    (RIO, 29.0, 0.01, 63.40311131),
    (MIAMI, 14.25, 0.1, 7.067190804),
    (MIAMI, 29.0, 0.001, 96.38191142),
    (DELHI, 14.25, 0.01, 15.85241845),
    (DELHI, 29.0, 1.0, 9.723245873),
    (ADDIS_ABABA, 14.25, 1.0, 1.961326222),
    (ADDIS_ABABA, 29.0, 0.1, 22.53547444),
]


@pytest.mark.validation
@pytest.mark.parametrize(("site", "ghz", "percent", "published_db"), EXAMPLES)
def test_total_attenuation_against_the_worked_examples(site, ghz, percent, published_db):
    pytest.importorskip("itur")
    latitude, longitude, height_m, elevation, tilt = site
    ours = slant_attenuation_db(
        np.radians([elevation]),
        latitude_rad=math.radians(latitude),
        longitude_rad=math.radians(longitude),
        frequency_hz=ghz * 1e9,
        exceedance_probability=percent / 100.0,
        antenna_m=1.0,
        antenna_efficiency=0.65,
        height_m=height_m,
        polarization_tilt_rad=math.radians(tilt),
    )
    assert ours[0] == pytest.approx(published_db, rel=5.0e-4)
