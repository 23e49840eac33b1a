import hashlib
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from perigrid.base.errors import SceneError, WorkError
from perigrid.workload import cloud_detector
from perigrid.workload.cloud_detector import ALL_BANDS, BANDS, MODEL_BANDS, CloudDetector
from perigrid.workload.scenes import generate_scene


@pytest.fixture(scope="module")
def detector():
    return CloudDetector()


@pytest.fixture(scope="module")
def scenes():
    fractions = (0.0, 0.3, 0.7)
    return [
        generate_scene(np.random.default_rng(seed), cloud_fraction=fraction, size_px=48).reflectance
        for seed, fraction in enumerate(fractions)
    ]


@pytest.mark.parametrize(("average_over", "dilation"), [(4, 2), (0, 0), (1, 1), (2, 0)])
def test_equals_the_packages_own_detector(scenes, average_over, dilation):
    package = pytest.importorskip("s2cloudless")
    theirs = package.S2PixelCloudDetector(
        threshold=0.4, average_over=average_over, dilation_size=dilation
    )
    ours = CloudDetector(average_over=average_over, dilation=dilation)
    stack = np.stack(scenes)
    expected_probability = theirs.get_cloud_probability_maps(stack)
    expected_mask = theirs.get_cloud_masks(stack)
    for scene, probability, mask in zip(scenes, expected_probability, expected_mask, strict=True):
        np.testing.assert_allclose(ours.cloud_probability(scene), probability, atol=1e-6)
        np.testing.assert_array_equal(ours.cloud_mask(scene), mask.astype(bool))
        assert ours.cloud_fraction(scene) == mask.mean()


def test_band_order_is_the_packages(detector):
    utils = pytest.importorskip("s2cloudless.utils")
    assert tuple(utils.MODEL_BANDS) == BANDS
    assert tuple(utils.S2_BANDS) == ALL_BANDS
    assert tuple(utils.MODEL_BAND_IDS) == MODEL_BANDS


def test_answers_are_the_same_for_any_number_of_threads(detector, scenes):
    two = CloudDetector(threads=2)
    np.testing.assert_array_equal(
        detector.cloud_probability(scenes[1]), two.cloud_probability(scenes[1])
    )


def test_each_pixel_is_judged_alone(detector, scenes):
    whole = detector.cloud_probability(scenes[1])
    part = detector.cloud_probability(scenes[1][10:20, 5:9])
    np.testing.assert_array_equal(part, whole[10:20, 5:9])


def test_scenes_looked_at_together_are_seen_as_alone(detector, scenes):
    parts = [scenes[0], scenes[1][10:40, 5:60], scenes[2]]
    for mask, part in zip(detector.cloud_masks(parts), parts, strict=True):
        np.testing.assert_array_equal(mask, detector.cloud_mask(part))


def test_dilation_only_adds_cloud(scenes):
    plain = CloudDetector(dilation=0).cloud_mask(scenes[1])
    grown = CloudDetector(dilation=2).cloud_mask(scenes[1])
    assert np.all(grown[plain])
    assert grown.sum() > plain.sum()


def test_a_higher_threshold_sees_less_cloud(scenes):
    low = CloudDetector(threshold=0.2).cloud_fraction(scenes[1])
    high = CloudDetector(threshold=0.8).cloud_fraction(scenes[1])
    assert high < low


@pytest.mark.parametrize("shape", [(10,), (8, 8), (8, 8, 13), (1, 8, 8, 10)])
def test_refuses_other_shapes(detector, shape):
    with pytest.raises(SceneError, match="expected") as caught:
        detector.cloud_mask(np.zeros(shape))
    assert "B8A" in caught.value.problems[0].remedy


def clear_ground():
    return np.random.default_rng(3).uniform(0.02, 0.4, (12, 12, 10))


def with_gap(value):
    scene = clear_ground()
    scene[4, 5, 6] = value
    return scene


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (np.full((4, 4, 10), np.nan), "no data"),
        (np.zeros((4, 4, 10)), "no data"),
        (np.zeros((0, 4, 10)), "no data"),
        (np.ma.masked_all((4, 4, 10)), "no data"),
        (with_gap(np.nan), "1 of 1440 values are missing"),
        (with_gap(np.inf), "1 of 1440 values are missing"),
        (np.ma.masked_greater(clear_ground(), 0.35), "values are missing"),
        (np.round(clear_ground() * 10_000).astype(np.uint16), "no reflectance"),
        (clear_ground() * 100.0, "no reflectance"),
        (with_gap(-9999.0), "no reflectance"),
        (clear_ground().astype(str).astype(object) + "?", "no reflectance"),
    ],
)
def test_refuses_what_is_no_scene_of_reflectances(detector, scene, words):
    for ask in (detector.cloud_probability, detector.cloud_mask, detector.cloud_fraction):
        with pytest.raises(SceneError, match=words) as caught:
            ask(scene)
        assert isinstance(caught.value, ValueError)
        assert caught.value.exit_code == 2
        assert caught.value.problems[0].remedy
    with pytest.raises(SceneError, match=words):
        detector.cloud_masks([clear_ground(), scene])


def test_reads_bright_clouds_dark_water_and_single_precision(detector):
    scene = np.full((40, 40, 10), 0.05, dtype=np.float32)
    scene[:8], scene[30:] = 1.6, -0.02
    assert detector.cloud_masks([]) == []
    assert np.isfinite(detector.cloud_probability(scene)).all()
    assert detector.cloud_mask(scene).shape == (40, 40)


def test_provenance_names_package_and_checksum(detector):
    digest = hashlib.sha256(cloud_detector.model_path().read_bytes()).hexdigest()
    assert detector.provenance.sha256 == digest
    assert detector.provenance.package == "s2cloudless"
    assert detector.provenance.version[0].isdigit()


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(cloud_detector, "distribution", absent)
    with pytest.raises(WorkError, match="pip install s2cloudless"):
        cloud_detector.model_path()


def test_a_package_without_its_model_is_reported(monkeypatch):
    monkeypatch.setattr(cloud_detector, "MODEL_FILE", "s2cloudless/models/none.txt")
    with pytest.raises(WorkError, match=r"none\.txt"):
        cloud_detector.model_path()


@pytest.mark.parametrize("content", [b"", b"tree\nversion=v2\nnonsense", b"\xff\xfe"])
def test_a_damaged_model_is_reported(monkeypatch, tmp_path, content, capfd):
    path = tmp_path / "model.txt"
    path.write_bytes(content)
    monkeypatch.setattr(cloud_detector, "model_path", lambda: path)
    with pytest.raises(WorkError, match="damaged"):
        cloud_detector._load_model.__wrapped__()
