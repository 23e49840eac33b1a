"""Generated reflectance against real Sentinel-2 level-1C pixels of eo-learn and Sen1Floods11."""

from pathlib import Path

import numpy as np
import pytest

from perigrid.workload.cloud_detector import BANDS, MODEL_BANDS
from perigrid.workload.scenes import generate_scene
from perigrid.workload.spectra import Cover

FOLDER = Path(__file__).parents[2].parent / "shared/data/s2_l1c"
EOLEARN = FOLDER / "eolearn_REFERENCE_SCENES.npy"
FLOODS = FOLDER / "sen1floods11_Spain_7370579_S2Hand.tif"
LABELS = FOLDER / "sen1floods11_Spain_7370579_LabelHand.tif"

FOREST = [Cover.VEGETATION, Cover.CONIFER]
FIELDS = [Cover.VEGETATION, Cover.DRY_VEGETATION, Cover.SOIL]

pytestmark = [
    pytest.mark.validation,
    pytest.mark.skipif(not EOLEARN.is_file(), reason="the real Sentinel-2 scenes are not here"),
]


def generated(covers):
    """Clear pixels of some covers from many scenes, (n, 10)."""
    pixels = []
    for seed in range(80):
        scene = generate_scene(np.random.default_rng(seed), cloud_fraction=0.0, size_px=32)
        pixels.append(scene.reflectance[np.isin(scene.cover, covers)])
    return np.concatenate(pixels)


def assert_median_in_range(real, made):
    """The real median lies within the generated 1st to 99th percentile in every band."""
    low, high = np.percentile(made, [1, 99], axis=0)
    median = np.median(real, axis=0)
    outside = [
        f"{band}: {m:.4f} not in {a:.4f}..{b:.4f}"
        for band, m, a, b in zip(BANDS, median, low, high, strict=True)
        if not a <= m <= b
    ]
    assert not outside, outside


def test_forest_against_the_clear_eolearn_scenes():
    stack = np.load(EOLEARN)[2:, ..., MODEL_BANDS].reshape(-1, len(BANDS))
    assert_median_in_range(stack, generated(FOREST))


def test_water_and_land_against_the_hand_labelled_flood_scene():
    tifffile = pytest.importorskip("tifffile")
    scene = np.moveaxis(tifffile.imread(FLOODS), 0, -1)[..., MODEL_BANDS] / 1e4
    label = tifffile.imread(LABELS)
    clearest = scene[label == 1]
    # Hand-drawn water has mixed shores and silt: the darkest half in near infrared is open water.
    near_infrared = clearest[:, BANDS.index("B08")]
    assert_median_in_range(
        clearest[near_infrared < np.median(near_infrared)], generated([Cover.WATER])
    )
    assert_median_in_range(scene[label == 0], generated(FIELDS))


def test_cloud_against_the_covered_eolearn_scenes():
    stack = np.load(EOLEARN)[:2, ..., MODEL_BANDS].reshape(-1, len(BANDS))
    made = np.concatenate(
        [
            generate_scene(
                np.random.default_rng(seed), cloud_fraction=1.0, size_px=32
            ).reflectance.reshape(-1, len(BANDS))
            for seed in range(40)
        ]
    )
    assert_median_in_range(stack, made)
