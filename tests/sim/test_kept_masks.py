"""Cloud masks kept between runs: the same as the detector's, and believed only if they are ours."""

import numpy as np
import pytest

from perigrid.sim import kept_masks
from perigrid.sim.kept_masks import KeptDetector
from perigrid.workload.cloud_detector import CloudDetector


@pytest.fixture
def walked(monkeypatch):
    """How many scenes the trees were asked about, each time."""
    asked, whole = [], CloudDetector._probabilities

    def counted(self, scenes):
        asked.append(len(scenes))
        return whole(self, scenes)

    monkeypatch.setattr(CloudDetector, "_probabilities", counted)
    return asked


def scenes(seed=1):
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.0, 0.9, (*shape, 10)) for shape in ((9, 5), (3, 7))]


def same(one, other):
    assert [mask.shape for mask in one] == [mask.shape for mask in other]
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def kept(folder):
    return sorted(folder.iterdir())


def test_the_same_pixels_are_walked_once(tmp_path, walked):
    folder = tmp_path / "masks"
    first = KeptDetector(folder).cloud_masks(scenes())
    again = KeptDetector(folder).cloud_masks(scenes())
    same(first, again)
    same(first, CloudDetector().cloud_masks(scenes()))
    assert walked == [2, 2]  # the second of them is the detector without a folder
    assert any(mask.any() for mask in first)
    assert len(kept(folder)) == 1


def test_other_pixels_or_settings_are_other_questions(tmp_path, walked):
    detector = KeptDetector(tmp_path)
    detector.cloud_masks(scenes())
    detector.cloud_masks(scenes(2))
    detector.cloud_masks(scenes()[::-1])
    detector.cloud_masks([one.astype(np.float32) for one in scenes()])
    detector.threshold = 0.5
    detector.cloud_masks(scenes())
    assert len(walked) == len(kept(tmp_path)) == 5


@pytest.mark.parametrize("place", [0, 40])
def test_altered_or_foreign_masks_are_not_believed(tmp_path, walked, place):
    first = KeptDetector(tmp_path).cloud_masks(scenes())
    (file,) = kept(tmp_path)
    content = bytearray(file.read_bytes())
    content[place if place < len(content) else -1] ^= 1
    file.write_bytes(content)
    same(first, KeptDetector(tmp_path).cloud_masks(scenes()))
    file.write_bytes(b"")
    same(first, KeptDetector(tmp_path).cloud_masks(scenes()))
    assert walked == [2, 2, 2]


def test_under_another_key_they_are_not_believed(tmp_path, walked, monkeypatch):
    KeptDetector(tmp_path / "masks").cloud_masks(scenes())
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    KeptDetector(tmp_path / "masks").cloud_masks(scenes())
    assert walked == [2, 2]


def test_without_a_place_or_a_key_the_detector_runs(tmp_path, walked, monkeypatch):
    (tmp_path / "file").touch()
    KeptDetector(tmp_path / "file" / "masks").cloud_masks(scenes())
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    KeptDetector(tmp_path / "masks").cloud_masks(scenes())
    assert walked == [2, 2]
    assert kept(tmp_path) == [tmp_path / "file"]


def test_what_is_no_scene_is_refused_as_ever(tmp_path):
    with pytest.raises(ValueError, match="no data"):
        KeptDetector(tmp_path).cloud_masks([np.zeros((4, 4, 10))])
    assert KeptDetector(tmp_path).cloud_masks([]) == []
    assert not kept(tmp_path)


def test_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_masks, "MOST_FILES", 4)
    detector = KeptDetector(tmp_path)
    for seed in range(6):
        detector.cloud_masks(scenes(seed))
    assert len(kept(tmp_path)) == 4
