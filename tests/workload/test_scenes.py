import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.workload import scenes
from perigrid.workload.cloud_detector import BANDS
from perigrid.workload.scenes import generate_scene, smooth_field
from perigrid.workload.spectra import CLOUD_ALBEDO, ICE_ALBEDO, SURFACE, Cover

B02, B04, B08, B10, B11 = (BANDS.index(b) for b in ("B02", "B04", "B08", "B10", "B11"))


@settings(max_examples=25, deadline=None)
@given(
    fraction=st.floats(0.0, 1.0),
    seed=st.integers(0, 2**32 - 1),
    size_px=st.integers(8, 40),
)
def test_the_mask_holds_the_wanted_share(fraction, seed, size_px):
    scene = generate_scene(np.random.default_rng(seed), cloud_fraction=fraction, size_px=size_px)
    assert scene.cloud_truth.shape == (size_px, size_px)
    assert abs(scene.cloud_fraction - fraction) <= 0.5 / size_px**2 + 1e-12
    assert scene.reflectance.shape == (size_px, size_px, 10)
    assert scene.reflectance.dtype == np.float32
    assert np.all(np.isfinite(scene.reflectance))
    assert scene.reflectance.min() > 0.0
    assert scene.reflectance.max() < 1.2
    assert scene.cover.dtype == np.int8
    assert set(np.unique(scene.cover)) <= {int(c) for c in Cover}
    assert scene.rgb.shape == (size_px, size_px, 3)


def test_a_seed_gives_one_scene():
    a = generate_scene(np.random.default_rng(7), cloud_fraction=0.4)
    b = generate_scene(np.random.default_rng(7), cloud_fraction=0.4)
    c = generate_scene(np.random.default_rng(8), cloud_fraction=0.4)
    np.testing.assert_array_equal(a.reflectance, b.reflectance)
    assert not np.array_equal(a.reflectance, c.reflectance)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_refuses_impossible_fractions(fraction):
    with pytest.raises(ValueError, match="cloud_fraction"):
        generate_scene(np.random.default_rng(0), cloud_fraction=fraction)


def test_refuses_tiny_scenes():
    with pytest.raises(ValueError, match="size_px"):
        generate_scene(np.random.default_rng(0), cloud_fraction=0.5, size_px=4)


def test_every_landscape_and_kind_of_cloud_occurs_and_bright_ground_is_without_cloud():
    seen, kinds, bright_clear = set(), set(), 0
    for seed in range(150):
        scene = generate_scene(
            np.random.default_rng(seed), cloud_fraction=0.5 * (seed % 2), size_px=8
        )
        seen.add(scene.landscape)
        kinds.add(scene.cloud_kind)
        if scene.cloud_kind == "clear" and scene.reflectance[..., B04].mean() > 0.35:
            bright_clear += 1
    assert seen == set(scenes._LANDSCAPES)
    assert kinds == {"clear", "low", "high", "mixed"}
    assert bright_clear >= 3


def layered(rng_seed, cover, layers):
    ground = np.broadcast_to(SURFACE[cover], (1, 1, SURFACE.shape[1]))
    toa = scenes._top_of_atmosphere(np.random.default_rng(rng_seed), ground, layers)
    return toa[0, 0, scenes._COLUMNS]


def test_a_layer_reflects_as_the_two_stream_formula_says():
    """Over black ground in a band free of absorption, only R = (1-g) tau / (2 + (1-g) tau)."""
    thickness = np.full((1, 1), 20.0)
    layer = scenes._Layer(thickness, 2000.0, np.ones(SURFACE.shape[1]))
    black = np.zeros((1, 1, SURFACE.shape[1]))
    clear = scenes._top_of_atmosphere(np.random.default_rng(1), black, [])
    cloudy = scenes._top_of_atmosphere(np.random.default_rng(1), black, [layer])
    column = scenes._COLUMNS[B08]
    gain = (cloudy - clear)[0, 0, column] / (scenes.GAS_TRANSMISSION[column] - clear[0, 0, column])
    assert gain == pytest.approx(0.15 * 20.0 / (2.0 + 0.15 * 20.0), rel=1e-12)


def test_cirrus_shows_in_b10_and_low_cloud_does_not():
    cirrus = scenes._Layer(np.full((1, 1), 1.5), 10_000.0, ICE_ALBEDO)
    cumulus = scenes._Layer(np.full((1, 1), 15.0), 2_000.0, CLOUD_ALBEDO)
    clear = layered(3, Cover.VEGETATION, [])
    high = layered(3, Cover.VEGETATION, [cirrus])
    low = layered(3, Cover.VEGETATION, [cumulus])
    assert clear[B10] < 0.003  # the ground is out of sight
    assert high[B10] > 0.01  # the threshold of published cirrus tests
    assert low[B10] < 0.5 * high[B10]
    assert low[B02] > high[B02] > clear[B02]


def test_cloud_brightens_dark_ground_and_snow_stays_dark_in_the_shortwave_infrared():
    cumulus = scenes._Layer(np.full((1, 1), 30.0), 2_000.0, CLOUD_ALBEDO)
    assert layered(5, Cover.WATER, [cumulus])[B08] > 0.5
    assert layered(5, Cover.SNOW, [])[B11] < 0.2
    assert layered(5, Cover.SNOW, [])[B02] > 0.8


def test_water_vapour_below_the_cloud_is_hidden():
    whole = scenes._vapour_transmission(1.5, 0.0, np.inf)
    above = scenes._vapour_transmission(1.5, 9000.0, np.inf)
    below = scenes._vapour_transmission(1.5, 0.0, 9000.0)
    np.testing.assert_allclose(above * below, whole, rtol=1e-12)
    expected = np.exp(-scenes.B10_OVER_B09 * 1.5 * np.exp(-9000.0 / scenes.VAPOUR_SCALE_HEIGHT_M))
    assert above[scenes.B10] == pytest.approx(expected)
    assert whole[scenes.B10] < 0.002


def test_smooth_fields_are_normal_and_smoother_with_the_slope():
    rough = smooth_field(np.random.default_rng(2), 64, 1.0)
    smooth = smooth_field(np.random.default_rng(2), 64, 2.2)
    for field in (rough, smooth):
        assert field.mean() == pytest.approx(0.0, abs=1e-9)
        assert field.std() == pytest.approx(1.0)
    assert np.abs(np.diff(smooth)).mean() < 0.5 * np.abs(np.diff(rough)).mean()
