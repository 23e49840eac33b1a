from dataclasses import replace

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.packs import schema_text
from perigrid.control.policy.reading import PolicyText
from perigrid.control.policy.request import DOWNLINK, MOVE, Circumstances, Request
from policy_cases import SCENE, places, policies

ENTITIES = places().entities()
GOOD = '@id("a") permit (principal, action == Action::"move", resource);\n'


def load(*texts: str, entities=ENTITIES) -> PolicySet:
    named = [PolicyText(f"p{n}.cedar", text) for n, text in enumerate(texts)]
    return PolicySet(named, schema_text(), entities)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("// a\n\nforbid (", 3, "unexpected end of input"),
        (GOOD + "permit (principal, action, resourc);", 2, "resourc"),
        (GOOD + '@id("b")\npermit (principal, action == Action::"fly", resource);', 2, "fly"),
        (
            '@id("b") forbid (principal, action == Action::"move", resource)\n'
            'when { context.terrritory.contains("EU") };',
            1,
            "terrritory",
        ),
        ('@id("b") forbid (principal, action, resource) when { context.gsd_cm > 3 };', 1, "gsd_cm"),
        ('@id("b") forbid (principal, action, resource) when { context.now_s == "x" };', 1, "Long"),
        (GOOD + "permit (principal, action, resource);", 2, "without @id"),
        (
            GOOD + '@id("stop") forbid (principal, action, resource);',
            2,
            "cannot have the id 'stop'",
        ),
        (GOOD + '@id("approval:too-early") forbid (principal, action, resource);', 2, "too-early"),
        (GOOD + "// c\n" + GOOD, 3, "two policies have the id 'a'"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(text, line, said) -> None:
    with pytest.raises(ScenarioError) as caught:
        load('@id("z") permit (principal, action, resource);', text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("p1.cedar", line)
    assert said in problem.message
    assert problem.remedy


def test_every_problem_of_every_file_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        load("forbid (;", GOOD + "permit (principal);")
    assert [(p.path, p.line) for p in caught.value.problems] == [("p0.cedar", 1), ("p1.cedar", 2)]


@pytest.mark.parametrize(
    "entity",
    [
        {"uid": {"type": "Node", "id": "x"}, "attrs": {}, "parents": []},
        {"uid": {"type": "Moon", "id": "x"}, "attrs": {}, "parents": []},
        {"uid": {"type": "Node", "id": "sat-eu"}, "attrs": {}, "parents": []},
        {"nonsense": 1},
    ],
)
def test_entities_have_to_fit(entity) -> None:
    with pytest.raises(ScenarioError, match="do not fit the schema"):
        load(GOOD, entities=[*ENTITIES, entity])


def test_digests_pin_texts_schema_and_entities() -> None:
    first = load(GOOD).digests()
    assert first == load(GOOD).digests()
    assert {len(one) for one in first.values()} == {64}
    assert load(GOOD + " ").digests()["policies"] != first["policies"]
    fewer = load(GOOD, entities=ENTITIES[:-1]).digests()
    assert fewer["entities"] != first["entities"]
    assert (fewer["policies"], fewer["schema"]) == (first["policies"], first["schema"])


def test_answers_name_policies_in_order_and_carry_errors() -> None:
    deny = '@id("{}") forbid (principal, action == Action::"downlink", resource);'
    made = policies(places(), text=deny.format("b") + deny.format("a"))
    answer = made.answer(Request(DOWNLINK, "gs-eu", SCENE))
    assert [policy.id for policy in answer.policies] == ["b", "a"]
    assert (answer.allowed, answer.errors) == (False, ())
    unknown = made.answer(Request(MOVE, "nowhere", SCENE))
    assert "does not exist" in unknown.errors[0]


def test_unread_facts_are_blanked_and_read_ones_are_not() -> None:
    ask = '@id("q") forbid (principal, action == Action::"move", resource) when {{ {} }};'
    later = Circumstances(now_s=7)
    request = Request(MOVE, "sat-eu", SCENE.__class__(**{
        **{name: getattr(SCENE, name) for name in SCENE.__slots__},
        "territory": ("DE", "EU", "FR"), "captured_s": 9}), later)  # fmt: skip
    plain = policies(places()).normal(request)
    assert (plain.about.territory, plain.about.captured_s, plain.circumstances.now_s) == ((), 0, 0)
    member = policies(places(), text=ask.format('context.territory.contains("EU")'))
    assert member.normal(request).about.territory == ("EU",)
    whole = policies(
        places(), text=ask.format("context.territory.containsAny(resource.place)")
    ).normal(request)
    assert whole.about.territory == ("DE", "EU", "FR")
    empty = policies(places(), text=ask.format("context.territory.isEmpty()")).normal(request)
    assert empty.about.territory == ("DE", "EU", "FR")
    timed = policies(places(), text=ask.format("context.now_s > context.captured_s"))
    assert timed.normal(request).circumstances.now_s == 0  # nothing turns before 10 s
    after = replace(request, circumstances=Circumstances(now_s=12))
    assert timed.normal(after).circumstances.now_s == 10
    assert timed.normal(request).about.captured_s == 9
