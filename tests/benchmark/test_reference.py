"""The same satellites and stations for both sides of a benchmark."""

import math

import numpy as np
import pytest

from perigrid.benchmark.reference import (
    LARGE_PLANE,
    START,
    large_shell,
    satellite_record,
    shell,
    spread_stations,
)


def test_the_shell_has_its_planes():
    elements = shell(3, 4)
    assert len(elements) == 12
    assert len({round(one.raan_rad, 6) for one in elements}) == 3


def test_the_large_shell_is_laid_out_in_columns():
    columns = large_shell(3, START)
    assert len(columns) == 3 * LARGE_PLANE
    assert len(set(columns.raan_rad.tolist())) == 3


def test_python_sgp4_flies_the_shell_at_its_altitude():
    jd, fraction = START.julian_dates(np.array([0.0, 1800.0]))
    error, km, _ = satellite_record(shell(1, 1)[0]).sgp4_array(jd, fraction)
    assert not error.any()
    assert np.linalg.norm(km, axis=1) == pytest.approx(6378.137 + 550.0, abs=20.0)


def test_stations_are_spread():
    latitude, longitude = spread_stations(50)
    assert np.abs(latitude).max() < math.radians(75.0)
    assert np.abs(longitude).max() <= math.pi
    assert len(np.unique(np.round(longitude, 6))) == 50
