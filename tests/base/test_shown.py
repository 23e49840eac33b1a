"""Text from outside on one line."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.shown import printable


def obeyed(text):
    """Characters that a terminal obeys, or that end a line."""
    obeyed = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    joiners = "\u200c\u200d"
    return [one for one in text if unicodedata.category(one) in obeyed and one not in joiners]


@given(st.text())
def test_nothing_in_it_ends_a_line_or_moves_a_cursor(text):
    shown = printable(text)
    assert not obeyed(shown)
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown
    assert set(obeyed(printable(text, lines=True))) <= {"\n", "\t"}


def test_what_prints_stays():
    assert printable("Troms\u00f8 \u5317\u4eac 5\u00a0km \U0001f600").endswith(
        "5\u00a0km \U0001f600"
    )
    assert printable("a\n\x1b[2J\u202e\u2028") == "a\\u000a\\u001b[2J\\u202e\\u2028"


@given(st.text())
def test_a_json_document_stays_the_same(text):
    document = json.dumps({"a": text}, ensure_ascii=False, indent=1)
    assert json.loads(printable(document, lines=True)) == {"a": text}
