"""The spelled-out text of a message is the canonical JSON of its values, for every message."""

import dataclasses
import math
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.base import codec
from perigrid.base.codec import canonical_json, encode
from perigrid.base.decision_words import EXPLAINED, decision_words, decisions_text, words_digest
from perigrid.base.jobs import Cause
from perigrid.base.message_text import message_text, messages_text, number_text, unsigned_text
from perigrid.base.messages import Alternative, Compute, Computed, Leg, Verdict, Wait

PLAIN = {
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    str: st.text(),
    bool: st.booleans(),
    type(None): st.none(),
}
LEG = Leg(5, "downlink", 1, 14, 60.5, 70.0, 70.0, 71.25, 71.253, 1.5e8)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Everything that a field of this type may hold."""
    if hint in PLAIN:
        return PLAIN[hint]
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of([values(one) for one in get_args(hint)])
    if get_origin(hint) is tuple:
        one, *others = get_args(hint)
        if others in ([], [...]):
            return st.lists(values(one), max_size=3).map(tuple)
        return st.tuples(*map(values, (one, *others)))
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return messages(hint)


def messages(cls: type) -> st.SearchStrategy[Any]:
    return st.builds(cls, **{name: values(hint) for name, hint in get_type_hints(cls).items()})


@pytest.mark.parametrize("cls", codec._CLASSES.values(), ids=lambda cls: cls.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_the_text_is_that_of_the_json_values(cls, data):
    some = data.draw(st.lists(messages(cls), min_size=1, max_size=2))
    assert message_text(some[0]) == canonical_json(encode(some[0]))
    assert messages_text(some) == canonical_json(encode(some))


@pytest.mark.parametrize(
    "cls", [one for one in codec._CLASSES.values() if "signature" in codec._FIELDS[one.__name__]]
)
@given(data=st.data())
def test_what_is_signed_is_all_but_the_signature(cls, data):
    document = data.draw(messages(cls))
    body = encode(document)
    del body["signature"]
    assert unsigned_text(document) == canonical_json(body)


@given(
    decisions=st.lists(
        st.tuples(st.one_of([messages(Compute), messages(Wait)]), messages(Verdict)), max_size=3
    ),
    t_s=st.floats(allow_nan=False, allow_infinity=False),
)
def test_decisions_are_written_as_their_rows(decisions, t_s):
    names = ("A", "B")
    rows = [
        {
            "action": encode(action),
            "verdict": encode(verdict),
            EXPLAINED: words_digest(decision_words(t_s, action, verdict, names)),
        }
        for action, verdict in decisions
    ]
    assert decisions_text(t_s, decisions, names) == canonical_json(rows)


# What no field is meant to hold, but what a float or an int in Python may turn out to be.
ODD = [True, False, None, 0, -0.0, 1e16, 1e-7, 5e-324, 2**70, np.float64(0.1), "7", "é\u2028\x00"]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_value_of_another_kind_is_written_as_json_would(odd):
    assert number_text(odd) == canonical_json(odd)
    for good in (LEG, Alternative(1, 2.0, "later"), Computed(1.0, 3, 1, "screen", 0.2)):
        for field in dataclasses.fields(good):
            message = dataclasses.replace(good, **{field.name: odd})
            assert message_text(message) == canonical_json(encode(message))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_what_is_no_number_is_refused(bad):
    for message in (Wait(1, bad, Cause.LINK, ""), dataclasses.replace(LEG, nbytes=bad)):
        with pytest.raises(ValueError, match="Out of range"):
            message_text(message)


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError):
        message_text(dataclasses.replace(LEG, source=np.int64(3)))
