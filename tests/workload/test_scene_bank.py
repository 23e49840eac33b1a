import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from missions import two_stages
from perigrid.scenario.model import Demand
from perigrid.workload.classifier import Classifier
from perigrid.workload.cloud_detector import CloudDetector, DetectorProvenance
from perigrid.workload.scene_bank import Confusion, RealScene, build_bank, cloud_fractions

PIPELINE = two_stages()
DEMAND = Demand("land-grid", 0.1, 1.4, 3600.0, (), (), (), 86400.0, 0.66, 1.2)


@dataclass
class Thresholder:
    """A detector that calls everything bright in the blue a cloud: fast, and wrong on snow."""

    threshold: float = 0.3
    average_over: int = 0
    dilation: int = 0
    provenance = DetectorProvenance("thresholder", "1", "none", "0" * 64)

    def cloud_mask(self, reflectance):
        return reflectance[..., 1] > self.threshold

    def cloud_masks(self, scenes):
        return [self.cloud_mask(scene) for scene in scenes]


def bank(n_scenes=40, seed=3, **options):
    return build_bank(
        PIPELINE, DEMAND, np.random.default_rng(seed), n_scenes, Thresholder(), **options
    )


def test_columns_and_counts_agree():
    made = bank()
    assert len(made) == made.n_generated == 40
    assert set(made.origin) == {"generated"}
    assert made.executed_pixels == 40 * 64 * 64
    truth, seen = made.cloud_truth > 0.7, made.cloud_seen > 0.7
    assert made.scenes == Confusion.of(seen, truth)
    assert made.precision == np.mean(truth[seen])
    assert made.recall == np.mean(seen[truth])
    pixels = made.pixels
    counted = (
        pixels.true_positive + pixels.false_positive + pixels.false_negative + pixels.true_negative
    )
    assert counted == 40 * 64 * 64
    assert (pixels.true_positive + pixels.false_negative) / counted == pytest.approx(
        made.cloud_truth.mean()
    )
    assert (pixels.true_positive + pixels.false_positive) / counted == pytest.approx(
        made.cloud_seen.mean()
    )


def test_a_recipe_draws_the_scene_that_was_judged_again():
    made, look = bank(n_scenes=6), Thresholder()
    for recipe, seen, truth in zip(made.recipes, made.cloud_seen, made.cloud_truth, strict=True):
        for scene in (recipe.draw(), recipe.draw()):
            assert look.cloud_mask(scene.reflectance).mean() == seen
            assert scene.cloud_fraction == truth


def test_a_seed_gives_one_bank():
    np.testing.assert_array_equal(bank(seed=5).cloud_seen, bank(seed=5).cloud_seen)
    assert not np.array_equal(bank(seed=5).cloud_seen, bank(seed=6).cloud_seen)


def test_the_detectors_errors_reach_the_bank():
    made = bank(60)
    assert not np.array_equal(made.cloud_seen, made.cloud_truth)
    assert made.pixels.false_positive > 0
    assert made.pixels.false_negative > 0


def test_real_scenes_are_evidence_and_never_change_a_run():
    cloudy = np.full((20, 30, 13), 0.8)
    clear = np.full((20, 30, 13), 0.05)
    real = (
        RealScene("bright", cloudy, 1.0),
        RealScene("dark", clear, 0.0),
        RealScene("unjudged", clear, math.nan),
    )
    plain, made = bank(10), bank(10, real_scenes=real)
    assert made.origin[10:] == ("real:bright", "real:dark", "real:unjudged")
    np.testing.assert_array_equal(made.cloud_seen[:10], plain.cloud_seen)
    np.testing.assert_array_equal(made.cloud_seen[10:], [1.0, 0.0, 0.0])
    assert made.scenes.true_positive == plain.scenes.true_positive + 1
    assert made.scenes.true_negative == plain.scenes.true_negative + 1
    assert made.executed_pixels == plain.executed_pixels + 3 * 600
    assert made.n_generated == plain.n_generated == 10
    np.testing.assert_array_equal(made.cloud_seen[:10], plain.cloud_seen)


def test_progress_counts_to_the_end():
    calls = []
    bank(40, progress=lambda done, total: calls.append((done, total)))
    assert len(calls) > 1
    assert calls == sorted(calls)
    assert calls[-1] == (40, 40)


def test_the_classifier_runs_on_clear_pictures():
    made = bank(12, classifier=Classifier(), classified_patches=3)
    assert made.classified_patches == 3
    assert len(made.provenance["classifier_sha256"]) == 64
    assert bank(12).classified_patches == 0


def test_refuses_an_empty_bank():
    with pytest.raises(ValueError, match="n_scenes"):
        bank(0)


@pytest.mark.parametrize(("mean", "concentration"), [(0.66, 1.2), (0.3, 5.0), (0.5, 2.0)])
def test_fractions_follow_the_beta_distribution(mean, concentration):
    drawn = cloud_fractions(np.random.default_rng(0), 200, mean, concentration)
    assert drawn.mean() == pytest.approx(mean, abs=0.01)
    assert np.all((drawn >= 0.0) & (drawn <= 1.0))
    law = stats.beta(mean * concentration, (1.0 - mean) * concentration)
    # One from each slice: the empirical law is within one slice of the true one.
    levels = law.cdf(np.sort(drawn))
    assert np.abs(levels - (np.arange(200) + 0.5) / 200).max() <= 0.5 / 200 + 1e-9


def test_confusion_counts():
    seen = np.array([True, True, False, False, True])
    truth = np.array([True, False, True, False, True])
    counts = Confusion.of(seen, truth)
    assert counts == Confusion(2, 1, 1, 1)
    assert counts.precision == 2 / 3
    assert counts.recall == 2 / 3
    assert counts + counts == Confusion(4, 2, 2, 2)


def test_ratios_of_nothing_are_not_numbers():
    assert math.isnan(Confusion(0, 0, 3, 1).precision)
    assert math.isnan(Confusion(0, 2, 0, 1).recall)


def test_the_real_detector_is_good_and_imperfect_on_generated_scenes():
    """No figure is tuned: thresholds say only that screening is of use and makes mistakes."""
    made = build_bank(PIPELINE, DEMAND, np.random.default_rng(20260822), 32, CloudDetector())
    assert 0.8 < made.pixels.precision < 1.0
    assert 0.8 < made.pixels.recall < 1.0
    assert made.recall > 0.8
    assert made.precision > 0.6
    assert made.provenance["detector"].startswith("s2cloudless 1.")
