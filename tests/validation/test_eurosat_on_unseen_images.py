"""Against 800 EuroSAT images that training never saw."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from perigrid.workload.classifier import Classifier

ARCHIVE = Path(__file__).parents[2].parent / "shared/data/eurosat/eurosat_rgb_test.tar"

pytestmark = [
    pytest.mark.validation,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="the unseen EuroSAT images are not here"),
]


@pytest.fixture(scope="module")
def answers():
    image = pytest.importorskip("PIL.Image")
    classifier = Classifier()
    pictures, truth = [], []
    with tarfile.open(ARCHIVE) as archive:
        for member in archive.getmembers():
            if member.name.endswith(".jpg"):
                data = archive.extractfile(member).read()
                pictures.append(np.asarray(image.open(io.BytesIO(data)).convert("RGB")))
                truth.append(classifier.classes.index(Path(member.name).parent.name))
    labels, _ = classifier.classify(np.stack(pictures))
    return labels, np.array(truth)


def test_accuracy_is_that_of_the_model_card(answers):
    labels, truth = answers
    assert len(truth) == 800
    assert np.mean(labels == truth) >= 0.9175


def test_no_class_is_hopeless(answers):
    labels, truth = answers
    recall = [np.mean(labels[truth == c] == c) for c in range(10)]
    assert min(recall) > 0.75
