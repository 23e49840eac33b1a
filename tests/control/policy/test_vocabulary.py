"""Policies that ask for what nothing can be."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.packs import schema_text
from perigrid.control.policy.places import KINDS
from perigrid.control.policy.reading import PolicyText
from perigrid.control.policy.vocabulary import CUSTOMERS, NODE_KINDS, Words
from perigrid.scenario.schema.governance import HandlingSpec
from perigrid.scenario.vocabulary import Vocabulary
from policy_cases import PLACES, places

NAMES = Vocabulary(
    states=frozenset({"DE", "GB", "FR"}),
    regions=frozenset({"EU"}),
    operators=frozenset({"ada", "bao"}),
    roles=frozenset({"pilot"}),
    classes=frozenset({"eu-dual-use"}),
    areas=frozenset({"gulf"}),
)
WORDS = Words.known(NAMES, PLACES)
HEAD = '@id("q")\nforbid (principal, action == Action::"move", resource)\nwhen {{ {} }};'


def read(text: str) -> None:
    own = PolicyText("law/own.cedar", text, is_own=True)
    PolicySet([own], schema_text(), places().entities(), WORDS)


def problem_of(text: str):
    with pytest.raises(ScenarioError) as caught:
        read(text)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    "condition",
    [
        'context.level == "raw" && "derived" != context.level',
        'context.territory.contains("DE") || context.territory.containsAny(["EU", "FR"])',
        '["civil", "government"].contains(context.customer)',
        'context.level like "r*" && resource.kind like "*"',
        'resource.operator == "ada" && context.held_by.contains("bao")',
        'resource == Node::"gs-eu" || resource in Node::"gs-no"',
        'principal == Agent::"scheduler"',
        'context.approver_roles.contains("pilot") && resource.registry_state == ""',
        'context.purpose == "anything" && context.licence == "tier-9"',
        'context.areas.contains("gulf") && context.export_classes.contains("eu-dual-use")',
        '(if context.safe_mode then "raw" else "derived") == context.level',
        'resource.operator == principal.operator',
    ],
)  # fmt: skip
def test_words_that_occur_pass(condition: str) -> None:
    read(HEAD.format(condition))


@pytest.mark.parametrize(
    ("condition", "said", "remedy"),
    [
        ('context.level == "Raw"', "context.level is never 'Raw'", "'raw'"),
        ('"Raw" == context.level', "'Raw'", "'raw'"),
        ('context.territory.contains("Germany")', "'Germany'", "write 'DE'"),
        ('context.territory.contains("UK")', "'UK'", "'GB'"),
        ('context.territory.containsAny(["DE", "EL"])', "'EL'", ""),
        ('resource.place.contains("Eu")', "'Eu'", "'EU'"),
        ('resource.home.containsAll(["FR", "uk"])', "'uk'", ""),
        ('["raw", "derivd"].contains(context.level)', "'derivd'", "'derived'"),
        ('resource.kind == "satelite"', "'satelite'", "'satellite'"),
        ('resource.operator == "adda"', "'adda'", "'ada'"),
        ('context.held_by.contains("boa")', "'boa'", "'bao'"),
        ('context.approver_roles.containsAll(["pilot", "pilt"])', "'pilt'", "'pilot'"),
        ('context.customer == "Civil"', "'Civil'", "'civil'"),
        ('context.areas.contains("gulp")', "'gulp'", "'gulf'"),
        ('context.export_classes.contains("dual-use")', "'dual-use'", "eu-dual-use"),
        ('context.level like "Ra*"', "'Ra*'", ""),
        ('resource == Node::"gs-eux"', "no Node is called 'gs-eux'", "'gs-eu'"),
        ('principal == Agent::"schedular"', "no Agent is called 'schedular'", "'scheduler'"),
        ('principal == Human::"opertor"', "no Human is called 'opertor'", "'operator'"),
        ('(if context.safe_mode then "raw" else "Raw") == context.level', "'Raw'", "'raw'"),
        ('!(context.safe_mode && context.level != "Raw")', "'Raw'", "'raw'"),
    ],
)  # fmt: skip
def test_a_word_that_never_occurs_is_an_error_at_its_place(condition, said, remedy) -> None:
    problem = problem_of(HEAD.format(condition))
    assert said in problem.message
    assert remedy in problem.remedy
    assert (problem.path, problem.line) == ("law/own.cedar", 3)
    word = said.split("'")[1]
    at = problem.source_line[problem.column - 1 : problem.column - 1 + problem.width]
    assert at == f'"{word}"'


def test_names_in_the_head_are_checked_too() -> None:
    text = '@id("q") @reason("x; y")\nforbid (principal, action, resource == Node::"gs-nö");'
    assert problem_of(text).line == 2
    both = 'permit (principal == Human::"me", action, resource in Node::"gs-eu");'
    assert "no Human is called 'me'" in problem_of(f'@id("q") {both}').message


def test_of_two_equal_strings_the_wrong_one_is_shown() -> None:
    problem = problem_of(HEAD.format('context.purpose == "Raw" && context.level == "Raw"'))
    assert problem.column == problem.source_line.rindex('"Raw"') + 1


def test_a_string_over_lines_moves_no_line() -> None:
    text = '@id("q") @reason("a;\nb; // c\n")\n' + HEAD.format("true").split("\n", 1)[1]
    read(text)
    wrong = text.replace("true", 'context.purpose == "x\ny;" &&\n context.level == "Raw"')
    assert problem_of(wrong).line == 7


@pytest.mark.parametrize("variable", ["context", "resource", "principal"])
def test_an_attribute_that_is_asked_for_is_one_that_there_is(variable: str) -> None:
    read(HEAD.format("principal has operator || context has level && resource has home"))
    assert (
        f"{variable} has no 'operatr'" in problem_of(HEAD.format(f"{variable} has operatr")).message
    )


def test_the_context_as_a_whole_is_not_compared() -> None:
    with pytest.raises(ScenarioError):
        read(HEAD.format('context == {level: "raw"}'))


def test_packs_may_speak_of_what_a_mission_lacks() -> None:
    text = PolicyText("pack", HEAD.format('context.areas.contains("elsewhere")'))
    PolicySet([text], schema_text(), places().entities(), WORDS)


def test_the_lists_are_those_of_schema_and_fleet() -> None:
    assert set(HandlingSpec.model_fields["customer"].annotation.__args__) == set(CUSTOMERS)
    assert set(NODE_KINDS) == set(KINDS.values())


def test_entities_of_the_folder_are_known_by_name() -> None:
    more = Words.known(NAMES, (), [{"uid": {"type": "Node", "id": "guest"}}, {"uid": 3}])
    assert more.of["Node"] == {"guest"}
