import numpy as np

from perigrid.report import svg


def test_text_and_attributes_are_escaped():
    made = svg.tag("text", "<script>&", title='"><b>')
    assert made == '<text title="&#34;&gt;&lt;b&gt;">&lt;script&gt;&amp;</text>'


def test_what_turns_lines_about_is_written_out():
    assert "a\\u202eb\\u001b" in svg.text(1.0, 2.0, "a\u202eb\x1b")
    assert "5\u00a0km" in svg.text(1.0, 2.0, "5\u00a0km")


def test_markup_is_kept():
    assert svg.group(svg.text(1, 2, "a")) == '<g><text x="1" y="2">a</text></g>'


def test_path_breaks_where_there_is_no_number():
    y = np.array([1.0, np.nan, 3.0, 4.0])
    assert svg.path_data(np.arange(4.0), y) == "M0 1M2 3L3 4"


def test_polyline_drops_only_points_on_a_level():
    x = np.arange(6.0)
    y = np.array([1.0, 1.0, 1.0, 5.0, 1.0, 1.0])
    assert 'd="M0 1L2 1L3 5L4 1L5 1"' in svg.polyline(x, y, "line")


def test_coordinates_are_brief():
    assert [svg.coordinate(value) for value in (1.0, 1.26, -0.01)] == ["1", "1.3", "0"]
