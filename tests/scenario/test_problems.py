"""Places and suggestions."""

from __future__ import annotations

import pytest

from perigrid.scenario.problems import SourceText, did_you_mean, listed, nearest

SOURCE = SourceText.of("x", "ab\ncdéf\n\tg")


@pytest.mark.parametrize(("offset", "place"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (9, (3, 2)),
                                               (999, (3, 1))])  # fmt: skip
def test_offsets_become_lines_and_columns(offset, place):
    found = SOURCE.place_of_offset(offset)
    assert (found.line, found.column) == place


def test_carets_stay_within_the_line_and_under_their_characters():
    assert SOURCE.place(2, 3, 50).width == 2
    assert SOURCE.place(3, 2).problem("wrong").source_line == " g"
    assert SOURCE.place(77).source_line == ""
    rendered = SOURCE.place(2, 3, 1).problem("wrong").render().splitlines()
    assert rendered[-1].index("^") == rendered[-2].index("é")


def test_places_in_one_line_share_its_text():
    line = "x" * 100_000
    source = SourceText.of("x", line)
    assert all(source.place(1, column).source_line is line for column in range(1, 50))


def test_an_offset_is_found_without_going_through_the_lines(monkeypatch):
    source = SourceText.of("x", "ab\n" * 1000)

    class Unwalked(tuple):
        __slots__ = ()

        def __iter__(self):
            raise AssertionError("walks through all lines")

    object.__setattr__(source, "lines", Unwalked(source.lines))
    assert source.place_of_offset(3 * 700 + 1).line == 701


def test_suggestions_look_at_words_only():
    assert nearest("x" * 100_000, ["y" * 100_000]) is None
    assert nearest("bstar", [f"word {i}" for i in range(100_000)] + ["bstar_"]) is None


def test_suggestions():
    assert nearest("inclinaton_deg", ["altitude_km", "inclination_deg"]) == "inclination_deg"
    assert nearest("Three-Body", ["three-body"]) == "three-body"
    assert did_you_mean("zzz", ["three-body"]) == ""
    assert listed("abc", 2) == "a, b, ..."
