"""Every kind of decision in words, and the digest that holds on to them."""

import dataclasses
import json

import pytest

from perigrid.base.decision_words import EXPLAINED, decision_words, decisions_text, words_digest
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Acknowledge,
    Alternative,
    AskApproval,
    Close,
    Compute,
    Leg,
    Move,
    Verdict,
    Wait,
)

NAMES = ("A", "B", "Kiruna")
ALLOW = Verdict("allow", "default", "no rule speaks against it")
LEG = Leg(0, "downlink", 0, 2, 1.0, 1.0, 1.0, 2.0, 2.5, 8.0)
LOST = (Alternative(1, 9.0, "later"), Alternative(-1, None, "3 more: away"))
MOVE = Move(7, Product.RAW, 0, 2, (LEG,), "soonest", LOST)
COMPUTE = Compute(7, 1, "screen", "free")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (MOVE, "At 1.500 s: move the raw of job 7, A > Kiruna, there at 2.500 s."),
        (COMPUTE, "At 1.500 s: screen job 7 on B."),
        (Compute(7, 9, "screen", ""), "At 1.500 s: screen job 7 on #9."),
        (Wait(7, 5.0, Cause.CONTACT, "no way"), "job 7 waits for contact until 5.000 s."),
        (Close(7, True, "", "answer"), "job 7 ends, delivered."),
        (Close(7, False, "rule", "denied"), "Because: rule: denied."),
        (AskApproval(7, "hand", COMPUTE), "ask a person whether to screen job 7 on B."),
        (
            AskApproval(7, "hand", COMPUTE, people=2, roles=("chief", "ops")),
            "ask 2 people (chief, ops) whether to screen job 7 on B.",
        ),
        (Acknowledge(-1, "stop", "smoke"), "take note of: stop."),
    ],
)
def test_words_of_every_action(action, words):
    assert words in decision_words(1.5, action, ALLOW, NAMES)


def test_verdict_and_what_lost_stand_in_the_words():
    assert decision_words(1.5, MOVE, ALLOW, NAMES).split("\n")[1:] == [
        "Because: soonest.",
        "Verdict: allow by default: no rule speaks against it.",
        "Not B: later, answer at 9.000 s.",
        "Not: 3 more: away.",
    ]


def test_the_stored_digest_notices_every_part():
    (stored,) = json.loads(decisions_text(1.5, [(MOVE, ALLOW)], NAMES))
    assert stored[EXPLAINED] == words_digest(decision_words(1.5, MOVE, ALLOW, NAMES))
    others = [
        (1.6, MOVE, ALLOW, NAMES),
        (1.5, dataclasses.replace(MOVE, reason="because"), ALLOW, NAMES),
        (1.5, dataclasses.replace(MOVE, alternatives=LOST[:1]), ALLOW, NAMES),
        (1.5, MOVE, Verdict("deny", "default", ALLOW.reason), NAMES),
        (1.5, MOVE, ALLOW, ("A", "B", "Svalbard")),
    ]
    for t_s, action, verdict, names in others:
        assert words_digest(decision_words(t_s, action, verdict, names)) != stored[EXPLAINED]
