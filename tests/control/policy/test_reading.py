"""Policies that cannot be taken, each with its place."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.packs import schema_text
from perigrid.control.policy.reading import MOST_PROBLEMS, PolicyText
from policy_cases import places

BODY = "forbid (principal, action, resource)"


def problems(text: str):
    with pytest.raises(ScenarioError) as caught:
        PolicySet([PolicyText("law/a.cedar", text)], schema_text(), places().entities())
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('@id("t")\npermit (principal == ?principal, action, resource);', "template", 1),
        (f'\n\n@id("t") permit (principal, action, resource in ?resource); @id("u") {BODY};',
         "template", 3),
        (f"{BODY};", "without @id", 1),
        (f'@id("stop") {BODY};', "cannot have the id", 1),
        (f'@id("a") {BODY};\n@id("a") {BODY};', "two policies have the id", 2),
        (f'@id("a") {BODY}', "not a valid policy", 1),
        (f'@id("a") {BODY} when {{ "no end }};', "not a valid policy", 1),
        (f'@id("a") {BODY} when {{ context.now_s * context.now_s > 4 }};', "now_s", 1),
        (f'@id("a") {BODY} when {{ {"(" * 3000}true{")" * 3000} }};', "too deep", 1),
        (f'@id("a") {BODY} when {{ {" && ".join(["context.safe_mode"] * 3000)} }};', "deep", 1),
        (f'@id("a") {BODY} when {{ {" && ".join(["context.safe_mode"] * 900)} }};', "deep", 1),
        (f'@id("a") {BODY} when {{ {"if true then " * 900}true{" else true" * 900} }};', "deep", 1),
        (f'@id("a") {BODY} when {{ {"!" * 50}true }};', "not a valid policy", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_has_a_line(text: str, said: str, line: int) -> None:
    first = problems(text)[0]
    assert said in first.message
    assert (first.path, first.line) == ("law/a.cedar", line)


def test_a_flood_of_problems_is_cut() -> None:
    assert len(problems(f"{BODY};\n" * 500)) == MOST_PROBLEMS


def test_a_hundred_conditions_are_no_trouble() -> None:
    text = f'@id("a") {BODY} when {{ {" || ".join(["context.safe_mode"] * 100)} }};'
    PolicySet([PolicyText("own", text)], schema_text(), places().entities())
