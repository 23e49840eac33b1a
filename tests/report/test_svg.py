import numpy as np
import pytest

from perigrid.report import svg


def test_text_and_attributes_are_escaped():
    made = svg.tag("text", "<script>&", title='"><b>')
    assert made == '<text title="&#34;&gt;&lt;b&gt;">&lt;script&gt;&amp;</text>'


def test_markup_is_kept():
    assert svg.group(svg.text(1, 2, "a")) == '<g><text x="1" y="2">a</text></g>'


def test_logarithmic_scale_places_ratios_equally():
    scale = svg.Scale(1.0, 100.0, 0.0, 200.0, log=True)
    assert scale(10.0) == pytest.approx(100.0)
    assert scale(0.001) == 0.0
    assert scale(1e9) == 200.0


def test_path_breaks_where_there_is_no_number():
    y = np.array([1.0, np.nan, 3.0, 4.0])
    assert svg.path_data(np.arange(4.0), y) == "M0 1M2 3L3 4"


def test_polyline_drops_only_points_on_a_level():
    x = np.arange(6.0)
    y = np.array([1.0, 1.0, 1.0, 5.0, 1.0, 1.0])
    assert 'd="M0 1L2 1L3 5L4 1L5 1"' in svg.polyline(x, y, "line")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0.0, 0.5, 1.0]), (9.0, 31.0, [10.0, 20.0, 30.0]), (-4.0, 6.0, [0.0, 5.0])],
)
def test_ticks_are_round(low, high, expected):
    assert svg.nice_ticks(low, high, 3) == pytest.approx(expected)


def test_coordinates_are_brief():
    assert [svg.coordinate(value) for value in (1.0, 1.26, -0.01)] == ["1", "1.3", "0"]
