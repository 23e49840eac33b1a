"""Against the five real Sentinel-2 scenes that eo-learn ships for its own cloud tests."""

from pathlib import Path

import numpy as np
import pytest

from perigrid.workload.cloud_detector import MODEL_BANDS, CloudDetector

SCENES = Path(__file__).parents[2].parent / "shared/data/s2_l1c/eolearn_REFERENCE_SCENES.npy"

pytestmark = [
    pytest.mark.validation,
    pytest.mark.skipif(not SCENES.is_file(), reason="eo-learn's reference scenes are not here"),
]


@pytest.fixture(scope="module")
def stack():
    return np.load(SCENES)[..., MODEL_BANDS]


def test_cloud_fractions_of_the_real_scenes(stack):
    detector = CloudDetector()
    fractions = [detector.cloud_fraction(scene) for scene in stack]
    assert fractions == pytest.approx([1.0, 0.9985, 0.0, 0.0, 0.0], abs=5e-5)


def test_masks_equal_those_of_the_package(stack):
    package = pytest.importorskip("s2cloudless")
    theirs = package.S2PixelCloudDetector(threshold=0.4, average_over=4, dilation_size=2)
    expected = theirs.get_cloud_masks(stack)
    detector = CloudDetector()
    for scene, mask in zip(stack, expected, strict=True):
        np.testing.assert_array_equal(detector.cloud_mask(scene), mask.astype(bool))
