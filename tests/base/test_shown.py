"""Text from outside on one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.shown import printable


@given(st.text())
def test_nothing_in_it_ends_a_line_or_moves_a_cursor(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


def test_what_prints_stays():
    assert printable("Tromsø 北京 😀") == "Tromsø 北京 😀"
    assert printable("a\n\x1b[2J\u202e\u2028") == "a\\n\\x1b[2J\\u202e\\u2028"
