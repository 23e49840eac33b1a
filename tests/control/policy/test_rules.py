"""Readable rules as Cedar, against their prose in plain Python, for gate and prefilter."""

import itertools
from dataclasses import replace

import pytest

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Compute, Computed, Leg, Move
from perigrid.control.policy.authorize import authorize
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import (
    DOWNLINK,
    LOAD_MODEL,
    PROCESS,
    TASK,
    Approver,
    Circumstances,
    Request,
    whole_cm,
)
from perigrid.control.policy.rules import quoted, rules_text
from perigrid.scenario.model import ClosedArea, Handling, Rule
from policy_cases import LOAD, PLACES, SCENE, gate, places, policies, rule
from policy_oracle import CASES, NODES, PACKS, expected

AREA = ClosedArea(0.0, 0.0, 1.0, 1.0, 100.0, 200.0)


def decision(one: Rule, action: str, node: str, **facts: object) -> str:
    about = LOAD if action == LOAD_MODEL else SCENE
    return gate((one,)).decide(Request(action, node, replace(about, **facts))).decision


def test_a_rule_reads_as_cedar() -> None:
    text = rules_text([rule(effect="ask", to_operator="dag", approvers=2, roles=("pilot",))])
    assert text == (
        '@id("no-raw-abroad")\n@reason("raw pixels stay at home")\n'
        '@ask("2 people, pilot among them")\n'
        'forbid (principal, action in [Action::"move", Action::"downlink"], resource)\n'
        'when { context.level == "raw" && resource.place.contains("NO") && '
        'resource.operator == "dag" }\n'
        'unless { context.approver_count >= 2 && context.approver_roles.containsAll(["pilot"]) };\n'
    )


def test_any_text_is_safe_as_a_reason() -> None:
    nasty = 'he said "no"; forbid(principal, action, resource); \\ \n // §'
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    verdict = gate((rule(reason=nasty),)).decide(Request(DOWNLINK, "gs-no", SCENE))
    assert verdict.reason.startswith('he said "no"; forbid(principal, action, resource); \\ ')


@pytest.mark.parametrize(
    ("action", "node", "facts", "wanted"),
    [
        (DOWNLINK, "gs-eu", {"territory": ("DE", "EU")}, "allow"),
        (DOWNLINK, "gs-us-in-eu", {"territory": ("DE", "EU")}, "deny"),
        (DOWNLINK, "gs-us-in-eu", {"territory": ("DE", "EU"), "level": "derived"}, "deny"),
        (DOWNLINK, "gs-us-in-eu", {"territory": ("US",)}, "allow"),
        (PROCESS, "sat-cn", {"territory": ("DE", "EU")}, "deny"),
    ],
)
def test_eu_only(action, node, facts, wanted) -> None:
    assert decision(rule(form="eu-only"), action, node, **facts) == wanted


def test_no_raw_export() -> None:
    stays = rule(form="no-raw-export", to_country="DE")
    assert decision(stays, DOWNLINK, "gs-us-in-eu") == "allow"
    assert decision(stays, DOWNLINK, "gs-no") == "deny"
    assert decision(stays, DOWNLINK, "gs-no", level="derived") == "allow"


@pytest.mark.parametrize(
    ("captured_s", "closed"), [(99, False), (100, True), (199, True), (200, False)]
)
def test_close_area(captured_s, closed) -> None:
    shut = rule(id="gulf", form="close-area", area=AREA)
    wanted = "deny" if closed else "allow"
    assert decision(shut, TASK, "sat-eu", areas=("gulf",), captured_s=captured_s) == wanted
    assert decision(shut, TASK, "sat-eu", areas=("bay",), captured_s=captured_s) == "allow"


def test_min_gsd_and_purpose() -> None:
    finest = rule(form="min-gsd", gsd_m=0.5)
    assert decision(finest, TASK, "sat-eu", gsd_cm=49) == "deny"
    assert decision(finest, TASK, "sat-eu", gsd_cm=50) == "allow"
    assert decision(finest, DOWNLINK, "gs-eu", gsd_cm=49, level="derived") == "allow"
    floods = rule(form="purpose", purposes=("floods", "fires"))
    assert decision(floods, PROCESS, "sat-eu", purpose="fires") == "allow"
    assert decision(floods, PROCESS, "sat-eu", purpose="traffic") == "deny"


def test_bar_export() -> None:
    state = rule(form="bar-export", export_class="tag", to_country="US", to_operator="any")
    tagged = {"export_classes": ("tag",)}
    assert decision(state, DOWNLINK, "gs-us-in-eu", **tagged) == "deny"  # by its seat
    assert decision(state, LOAD_MODEL, "dc-us", **tagged) == "deny"
    assert decision(state, DOWNLINK, "gs-us-in-eu") == "allow"
    assert decision(state, DOWNLINK, "gs-eu", **tagged) == "allow"
    operator = rule(form="bar-export", export_class="tag", to_country="any", to_operator="bao")
    assert decision(operator, DOWNLINK, "gs-cn", **tagged) == "deny"
    assert decision(operator, DOWNLINK, "gs-eu", **tagged, held_by=("ada", "bao")) == "deny"
    assert decision(operator, DOWNLINK, "gs-eu", **tagged) == "allow"


def test_approve_by_number_and_role() -> None:
    two = rule(form="approve", effect="ask", product="any", approvers=2, roles=("pilot",))
    judge = gate((two,))

    def with_leave(*roles: str) -> str:
        now = Circumstances(tuple(sorted(roles)), len(roles))
        return judge.decide(Request(DOWNLINK, "gs-no", SCENE, now)).decision

    assert with_leave() == "ask"
    assert with_leave("pilot") == "ask"
    assert with_leave("cook", "maid") == "ask"
    assert with_leave("cook", "pilot") == "allow"


# ------------------------------------------------------------------ every plain rule, every case


def plain(one: Rule, action: str, level: str, node: str) -> bool:
    """Whether a rule without a form matches, from its keys' meaning."""
    at = PLACES[node]
    kinds = {"move": ("move", "downlink"), "compute": ("process",)}
    kinds["any"] = kinds["move"] + kinds["compute"]
    return (
        action in kinds[one.action]
        and (one.product == "any" or {"raw": "raw", "answer": "derived"}[one.product] == level)
        and one.to_country in ("any", at.state)
        and one.to_operator in ("any", at.operator)
    )


def plain_rules() -> list[Rule]:
    keys = itertools.product(
        ("deny", "ask"),
        ("move", "compute", "any"),
        ("raw", "answer", "any"),
        ("DE", "NO", "any"),
        ("ada", "dag", "any"),
    )
    return [
        rule(id=f"r{n}", effect=e, action=a, product=p, to_country=c, to_operator=o)
        for n, (e, a, p, c, o) in enumerate(keys)
    ]


def test_plain_rules_on_every_case() -> None:
    """162 rules, each alone: 10,368 requests."""
    count = 0
    approved = Circumstances(("x",), 1)
    for one in plain_rules():
        asked = [
            (Request(action, node, replace(SCENE, level=level), now), action, level, node, now)
            for action in ("process", "move", "downlink", "task")
            for level in ("raw", "derived")
            for node in ("sat-eu", "gs-eu", "gs-us-in-eu", "gs-no")
            for now in (Circumstances(), approved)
        ]
        judge = policies(places(), (one,))
        for answer, (_, action, level, node, now) in zip(
            judge.answers([request for request, *_ in asked]), asked, strict=True
        ):
            hit = plain(one, action, level, node)
            spared = one.effect == "ask" and now is approved
            assert answer.allowed == (not hit or spared), (one, action, level, node)
            count += 1
    assert count == 10_368


# ------------------------------------------------------------------ prefilter and gate


def derived_gate(one: Rule) -> Gate:
    judge = gate((one,))
    judge.custody.note(Compute(0, 0, "classify", ""))
    judge.learn([Computed(20.0, 0, 0, "classify", 0.1)])
    return judge


def test_prefilter_and_gate_agree_on_plain_rules() -> None:
    leg = Leg(0, "downlink", 0, 0, 0, 0, 0, 1, 1, 1.0)
    for one in plain_rules()[::3]:
        judge = derived_gate(one)
        for product in Product:
            forbidden = judge.forbidden_nodes(0, product)
            for node in range(len(PLACES)):
                wanted = Move(0, product, 0, node, (replace(leg, target=node),), "")
                assert (judge.judge(wanted).decision == "deny") == (node in forbidden)


class Known(Custody):
    """Custody that knows the scenes of a grid instead of observations."""

    def __init__(self, scenes) -> None:
        gsd_m = [10.0] * len(NODES)
        super().__init__(places(NODES), Handling(), gsd_m, {}, frozenset(), (), None)
        self._scenes_of = scenes

    def level(self, job_id, _product):
        return self._scenes_of[job_id].level

    def scene(self, job_id, level, _held=frozenset()):
        return self._normal(replace(self._scenes_of[job_id], level=level))


@pytest.mark.parametrize("name", PACKS)
def test_prefilter_gate_and_oracle_agree_on_packs(name) -> None:
    cases = {}
    for case in CASES[name]():
        if case.request.action in ("move", "downlink"):
            cases.setdefault(case.request.about, case.states)
    scenes = list(cases)[:: 1 + len(cases) // 120]
    known = places(NODES)
    judge = Gate(policies(known, (), (name,)), known, Known(scenes))
    names = list(NODES)
    count = 0
    for job_id, scene in enumerate(scenes):
        product = Product.RAW if scene.level == "raw" else Product.ANSWER
        forbidden = judge.forbidden_nodes(job_id, product)
        for at, node in enumerate(names):
            action = "downlink" if NODES[node].kind == "station" else "move"
            case = next(iter(CASES[name]()))
            request = Request(action, node, scene)
            wanted, _ = expected(
                replace(case, request=request, node=NODES[node], states=cases[scene]), (name,)
            )
            leg = Leg(0, "downlink", 0, at, 0, 0, 0, 1, 1, 1.0)
            said = judge.judge(Move(job_id, product, 0, at, (leg,), "")).decision
            assert said == wanted
            assert (at in forbidden) == (wanted == "deny")
            count += 1
    assert count >= 200


def test_an_area_closes_for_the_scenes_that_touch_it() -> None:
    closed = ClosedArea(0.8, 0.1, 0.9, 0.3, 0.0, 50.0)
    judge = gate((rule(id="bavaria", form="close-area", area=closed),))
    wanted = Compute(0, 0, "screen", "")
    assert judge.judge(wanted).rule == "bavaria"
    late = Job(1, 0, 60.0, 9000.0, 1e8, 1.6e9, 0.85, 0.19, 3, 2)
    elsewhere = Job(2, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.2, 0.19, 3, 2)
    judge.learn([Captured(60.0, late), Captured(10.0, elsewhere)])
    for job_id in (1, 2):
        assert judge.judge(replace(wanted, job_id=job_id)).decision == "allow"
    assert authorize(judge, wanted, approvers=(Approver("x", "y"),)).may_run is False


@pytest.mark.parametrize(
    ("until_s", "captured_s", "wanted"), [(50.9, 50.5, "deny"), (50.9, 51.0, "allow")]
)
def test_an_area_stays_closed_to_the_end_of_its_last_second(until_s, captured_s, wanted) -> None:
    closed = ClosedArea(0.8, 0.1, 0.9, 0.3, 0.0, until_s)
    judge = gate((rule(id="bavaria", form="close-area", area=closed),))
    job = Job(1, 0, captured_s, 9000.0, 1e8, 1.6e9, 0.85, 0.19, 3, 2)
    judge.learn([Captured(captured_s, job)])
    assert judge.judge(Compute(1, 0, "screen", "")).decision == wanted


@pytest.mark.parametrize(
    ("gsd_m", "finest_m", "wanted"),
    [(0.496, 0.5, "deny"), (0.5, 0.504, "deny"), (0.5, 0.5, "allow"), (0.29, 0.29, "allow")],
)
def test_no_rounding_makes_pixels_coarser_than_they_are(gsd_m, finest_m, wanted) -> None:
    finest = rule(form="min-gsd", gsd_m=finest_m)
    assert decision(finest, TASK, "sat-eu", gsd_cm=whole_cm(gsd_m)) == wanted
