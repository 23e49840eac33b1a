import math

import pytest

from perigrid.validation.case import compare


@pytest.mark.parametrize(
    ("ours", "passed"), [(10.0, True), (10.5, True), (9.5, True), (10.51, False), (math.nan, False)]
)
def test_verdict(ours, passed):
    case = compare("length", 10.0, ours, tolerance=0.5, source="a book", note="why", unit="m")
    assert case.passed is passed
    assert case.unit == "m"


def test_difference_has_a_sign():
    case = compare("length", 10.0, 9.0, tolerance=0.5, source="a book", note="why")
    assert case.difference == -1.0
