"""Scales, ticks and axes."""

import pytest

from perigrid.report import axes


def test_logarithmic_scale_places_ratios_equally():
    scale = axes.Scale(1.0, 100.0, 0.0, 200.0, log=True)
    assert scale(10.0) == pytest.approx(100.0)
    assert scale(0.001) == 0.0
    assert scale(1e9) == 200.0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0.0, 0.5, 1.0]), (9.0, 31.0, [10.0, 20.0, 30.0]), (-4.0, 6.0, [0.0, 5.0])],
)
def test_ticks_are_round(low, high, expected):
    assert axes.nice_ticks(low, high, 3) == pytest.approx(expected)


def test_an_axis_marks_its_ticks_where_the_scale_puts_them():
    scale = axes.Scale(0.0, 10.0, 0.0, 100.0)
    drawn = str(axes.axis_bottom(scale, 50.0, 0.0, [0.0, 5.0], "{:g} h".format))
    assert 'x1="50" y1="0" x2="50" y2="50"' in drawn
    assert ">5 h<" in drawn
