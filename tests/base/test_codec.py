import json

import pytest

from perigrid.base import messages
from perigrid.base.codec import canonical_json, decode, digest, encode
from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import (
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Leg,
    Move,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    StateReported,
    TaskLost,
    Wait,
)

JOB = Job(3, 1, 60.5, 7200.0, 1.5e8, 1.6e9, 0.1, -2.0, 17, 4)
LEG = Leg(5, "downlink", 1, 14, 60.5, 70.0, 70.0, 71.25, 71.253, 1.5e8)
MESSAGES = [
    Captured(60.5, JOB),
    Computed(61.0, 3, 1, "screen", 0.25),
    Computed(61.0, 3, 1, "screen", 0.25, suspect=True),
    CaptureRefused(60.5, JOB, Cause.FAULT),
    NodeFailed(62.0, 1, "crash", wiped=False),
    NodeRepaired(63.0, 1),
    MoveFailed(64.0, 3, 1, 0, "acquisition"),
    TaskLost(65.0, 3, 1, "classify", 30.0),
    StateReported(0.0, (1.0, 2.0), (293.0, 294.0), (290.0, 291.0), (0.0, 1e9)),
    Move(3, Product.RAW, 1, 14, (LEG, LEG), "why"),
    Wait(3, 99.0, Cause.BATTERY, "dark"),
    Close(3, delivered=False, reason="cloud", detail="80 %"),
    AskApproval(3, "two-people", Compute(3, 1, "classify", "here")),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_survives_json(message: object) -> None:
    assert decode(json.loads(canonical_json(encode(message)))) == message


def test_enums_come_back_as_enums() -> None:
    move = decode(
        json.loads(canonical_json(encode(next(one for one in MESSAGES if isinstance(one, Move)))))
    )
    assert move.product is Product.RAW


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        decode({"type": "Launch"})


def test_digest_does_not_depend_on_key_order() -> None:
    assert digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(float("nan"))


def test_alternatives_travel_and_are_left_out_where_there_are_none():
    lost = (messages.Alternative(4, 7.5, "later"), messages.Alternative(-1, None, "2 more: later"))
    plain = messages.Compute(1, 2, "screen", "free")
    told = messages.Compute(1, 2, "screen", "free", lost)
    assert "alternatives" not in encode(plain)
    assert decode(encode(plain)) == plain
    text = canonical_json(encode(told))
    assert decode(json.loads(text)) == told
