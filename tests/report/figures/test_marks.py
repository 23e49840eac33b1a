from itertools import pairwise

import pytest

from perigrid.report.figures.marks import architecture_classes, spread


def test_labels_keep_their_order_and_distance():
    moved = spread([10.0, 11.0, 50.0, 12.0], 15.0)
    ordered = sorted(moved)
    assert all(b - a >= 15.0 - 1e-9 for a, b in pairwise(ordered))
    assert moved[0] < moved[1] < moved[3] < moved[2]


def test_labels_far_apart_stay():
    assert spread([10.0, 90.0], 15.0) == pytest.approx([10.0, 90.0])


def test_unknown_architectures_share_a_class():
    classes = architecture_classes(["zeppelin", "orbital", "balloon"])
    assert classes == {"orbital": "a3", "balloon": "a7", "zeppelin": "a8"}
