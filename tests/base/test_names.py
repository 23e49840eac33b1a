"""What may be a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.names import MAX_NAME, name_fault, unprintable


@given(st.text())
def test_a_name_is_one_printable_line(text):
    joined = text.replace("\u200c", "").replace("\u200d", "")
    assert name_fault(text) or (joined.isprintable() and text == text.strip())


@pytest.mark.parametrize("name", ["ISS (ZARYA)", "Tromsø", "北京", "x" * MAX_NAME, "a.b", "(2)"])
def test_names_that_are_used(name):
    assert not name_fault(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "is no name"), (" a", "is no name"), ("a ", "is no name"), (".a", "is no name"),
     ("x" * (MAX_NAME + 1), "is no name"), ("a\nb", "U+000A"), ("\x1b[31m", "U+001B"),
     ("a\u202eb", "U+202E"), ("a\u00a0b", "is no name"), ("a\u3000b", "is no name"),
     ("a\u2028", "U+2028"), ("a\x85", "U+0085")],
)  # fmt: skip
def test_what_is_no_name(name, words):
    assert words in name_fault(name)


def test_text_of_several_lines_may_have_line_ends_and_tabs():
    assert unprintable("a\n\tb 5\u00a0km") == ""
    assert unprintable("a\n\x07b") == "U+0007"
