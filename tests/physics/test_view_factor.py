"""Plate to sphere, against a numerical integral over the sphere's directions."""

import math

import numpy as np
import pytest

from perigrid.physics.view_factor import plate_sphere_view_factor

EARTH_KM = 6378.137


def integral(cosine, ratio, n=1500):
    """Mean of the plate's cosine over the directions that meet the sphere, by midpoints."""
    # Midpoints in the square of the sine: equal parts of projected solid angle on a level plate.
    sine_square = (np.arange(n) + 0.5) / n / ratio**2
    around = (np.arange(n) + 0.5) * np.pi / n
    sine, straight = np.sqrt(sine_square), np.sqrt(1.0 - sine_square)
    facing = cosine * straight[:, None] + np.sqrt(1.0 - cosine**2) * sine[:, None] * np.cos(around)
    # dOmega = d(sin^2) / (2 cos) d(around), twice for the half not walked.
    weight = np.pi / n / n / ratio**2 / straight[:, None]
    return float(np.sum(np.maximum(facing, 0.0) * weight) / np.pi)


@pytest.mark.parametrize("ratio", [1.02, 1.0784, 1.5, 6.6])
@pytest.mark.parametrize("cosine", [-1.0, -0.9, -0.3, 0.0, 0.2, 0.7, 0.95, 1.0])
def test_every_tilt_against_the_integral(cosine, ratio):
    ours = float(plate_sphere_view_factor(cosine, ratio))
    assert ours == pytest.approx(integral(cosine, ratio), abs=3e-5)


def test_level_plate_and_its_back():
    ratio = (EARTH_KM + 550.0) / EARTH_KM
    assert plate_sphere_view_factor(1.0, ratio) == pytest.approx(ratio**-2, rel=1e-15)
    assert plate_sphere_view_factor(-1.0, ratio) == 0.0


def test_upright_plate_closed_form():
    ratio = np.array([1.05, 1.0784, 2.0])
    # The level case of the published catalogue: [arctan(1/x) - x/H^2] / pi, x = sqrt(H^2 - 1).
    x = np.sqrt(ratio**2 - 1.0)
    published = (np.arctan(1.0 / x) - x / ratio**2) / np.pi
    np.testing.assert_allclose(plate_sphere_view_factor(0.0, ratio), published, rtol=1e-13)
    assert 0.25 < plate_sphere_view_factor(0.0, (EARTH_KM + 500.0) / EARTH_KM) < 0.30


def test_both_faces_of_a_plate_on_the_ground_see_everything():
    cosine = np.linspace(-1.0, 1.0, 21)
    both = plate_sphere_view_factor(cosine, 1.0)
    np.testing.assert_allclose(both, (1.0 + cosine) / 2.0, atol=1e-12)


def test_it_joins_where_the_plane_touches_the_sphere():
    for ratio in (1.08, 3.0):
        for edge in (1.0 / ratio, -1.0 / ratio):
            below, above = plate_sphere_view_factor(np.array([edge - 1e-9, edge + 1e-9]), ratio)
            assert above == pytest.approx(below, abs=1e-8)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="outside the sphere"):
        plate_sphere_view_factor(0.5, 0.9)
    with pytest.raises(ValueError, match="within -1 and 1"):
        plate_sphere_view_factor(1.5, 2.0)


@pytest.mark.parametrize("tilt_deg", [0.0, 30.0, 75.0, 90.0, 110.0, 150.0, 180.0])
def test_view_factor_against_a_sum_over_the_sphere(tilt_deg):
    ratio, tilt = 1.08, math.radians(tilt_deg)
    n = 1200
    # Directions within the disc of the Earth: dF = cos(plate) d(solid angle) / pi.
    half = math.asin(1.0 / ratio)
    off = (np.arange(n) + 0.5) / n * half
    turn = (np.arange(n) + 0.5) / n * math.tau
    off, turn = np.meshgrid(off, turn, indexing="ij")
    plate = np.cos(off) * math.cos(tilt) + np.sin(off) * np.cos(turn) * math.sin(tilt)
    summed = np.sum(np.maximum(plate, 0.0) * np.sin(off)) * (half / n) * (math.tau / n) / math.pi
    found = float(plate_sphere_view_factor(math.cos(tilt), ratio))
    assert found == pytest.approx(summed, abs=2e-6)
