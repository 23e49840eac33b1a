"""The instants at which a policy that reads the clock may answer otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import cedarpy
import pytest

from perigrid.base.errors import ScenarioError
from perigrid.control.policy.changes import comparisons, names_of, turns_s
from perigrid.control.policy.request import DOWNLINK, Circumstances, Request
from policy_cases import SCENE, places, policies

TEXT = '@id("q") forbid (principal, action == Action::"downlink", resource) when {{ {} }};'


def body(condition: str) -> dict:
    found = json.loads(cedarpy.policies_to_json_str(TEXT.format(condition)))["staticPolicies"]
    return next(iter(found.values()))


@pytest.mark.parametrize(
    ("condition", "turns"),
    [
        ("context.now_s >= 3600", (3600,)),
        ("context.now_s > 3600", (3601,)),
        ("3600 == context.now_s", (3600, 3601)),
        ("context.now_s < 60 * 60 || context.now_s >= 7200", (3600, 7200)),
        ("context.now_s - context.captured_s < 600", (610,)),
        ("-context.now_s < 0 - 5", (6,)),
        ("2 * context.now_s >= 7", (4,)),
        ("(context.now_s < 5) == (context.level == \"raw\")", (5,)),
        ("if context.now_s < 9 then true else false", (9,)),
        ("context.now_s >= 0 && context has now_s", ()),
        ("context.gsd_cm < 5", ()),
    ],
)  # fmt: skip
def test_no_answer_changes_between_two_turns(condition: str, turns: tuple[int, ...]) -> None:
    found = comparisons(body(condition))
    assert set(turns) <= set(turns_s(found, SCENE))
    judge = policies(places(), text=TEXT.format(condition))

    def allowed(t_s: int) -> bool:
        asked = Request(DOWNLINK, "gs-eu", SCENE, Circumstances(now_s=t_s))
        return judge.answer(asked).allowed

    for turn in turns_s(found, SCENE):
        assert allowed(turn) == allowed(max(turn, judge.since_s(turn + 0.5, SCENE)))
    edges = [0, *turns_s(found, SCENE), 10_000]
    for begin, end in pairwise(edges):
        assert allowed(begin) == allowed(end - 1)


@pytest.mark.parametrize(
    "condition",
    [
        "context.now_s * context.now_s > 9",
        "[1, 2].contains(context.now_s)",
        "context.now_s * 9223372036854775807 + 1 < 0",
        "context.now_s * 4000000 * 1000 > 3",
        "context.now_s * context.captured_s > 3",
    ],
)
def test_a_clock_whose_turns_cannot_be_said_is_refused(condition: str) -> None:
    assert comparisons(body(condition)) is None
    with pytest.raises(ScenarioError, match="now_s"):
        policies(places(), text=TEXT.format(condition))


def test_turns_that_hang_on_the_scene_are_worked_out_for_it() -> None:
    found = comparisons(body("context.now_s - context.captured_s < 600"))
    assert names_of(found) == {"captured_s"}
    assert turns_s(found, replace(SCENE, captured_s=100)) == (700, 701)
    assert turns_s(found, replace(SCENE, captured_s=None)) == ()
