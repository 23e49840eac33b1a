import numpy as np
import pytest

from perigrid.base.errors import WorkError
from perigrid.workload.classifier import BATCH, Classifier


@pytest.fixture(scope="module")
def classifier():
    return Classifier()


@pytest.fixture(scope="module")
def patches():
    rng = np.random.default_rng(11)
    flat = rng.integers(0, 256, (BATCH + 6, 1, 1, 3))
    noise = rng.integers(-20, 21, (BATCH + 6, 64, 64, 3))
    return np.clip(flat + noise, 0, 255).astype(np.uint8)


def test_probabilities_sum_to_one_and_name_the_label(classifier, patches):
    labels, probabilities = classifier.classify(patches)
    assert labels.shape == (len(patches),)
    assert probabilities.shape == (len(patches), 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(labels, probabilities.argmax(axis=1))
    assert len(np.unique(labels)) > 1


def test_repeats_bit_for_bit(classifier, patches):
    _, first = classifier.classify(patches)
    _, second = Classifier().classify(patches)
    np.testing.assert_array_equal(first, second)


def test_the_batch_does_not_change_an_answer(classifier, patches):
    labels, together = classifier.classify(patches)
    alone = [classifier.classify(patch[None]) for patch in patches[:5]]
    np.testing.assert_allclose(
        np.concatenate([probability for _, probability in alone]), together[:5], atol=1e-5
    )
    assert [int(label[0]) for label, _ in alone] == labels[:5].tolist()


def test_blue_water_is_water(classifier):
    blue = np.tile(np.array([20, 45, 80], dtype=np.uint8), (1, 64, 64, 1))
    labels, _ = classifier.classify(blue)
    assert classifier.classes[labels[0]] == "SeaLake"


def test_no_patches_give_no_answers(classifier):
    labels, probabilities = classifier.classify(np.empty((0, 64, 64, 3), dtype=np.uint8))
    assert labels.shape == (0,)
    assert probabilities.shape == (0, 10)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((64, 64, 3), dtype=np.uint8),
        np.zeros((1, 32, 32, 3), dtype=np.uint8),
        np.zeros((1, 3, 64, 64), dtype=np.uint8),
        np.zeros((1, 64, 64, 3), dtype=np.float32),
    ],
)
def test_refuses_other_arrays(classifier, array):
    with pytest.raises(ValueError, match="expected uint8"):
        classifier.classify(array)


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x08"])
def test_a_damaged_model_is_reported(content):
    with pytest.raises(WorkError):
        Classifier(content)


def test_the_model_card_names_the_shipped_file(classifier):
    from importlib.resources import files

    card = (files("perigrid.workload") / "models" / "eurosat.md").read_text(encoding="utf-8")
    assert classifier.provenance.sha256 in card
    assert classifier.provenance.model_file == "eurosat.onnx"
