from dataclasses import replace

import pytest

from perigrid.base.jobs import Product
from perigrid.base.messages import AskApproval, Compute, Computed, Leg, Move, Wait
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import (
    ADMIT,
    DOWNLINK,
    LOAD_MODEL,
    MANOEUVRE,
    OPERATOR,
    TASK,
    Approver,
    Circumstances,
    Request,
)
from perigrid.control.policy.verdicts import NOT_PERMITTED
from perigrid.scenario.model import Handling
from policy_cases import BURN, JOB, LOAD, PLACES, SCENE, gate, move, place, row, rule

PERSON = (Approver("first", "flight-director"),)
TWO = (*PERSON, Approver("second", "safety-officer"))


def derive(judge, node: str = "sat-eu") -> None:
    """Let the gate see an answer being made."""
    for stage in ("screen", "classify"):
        authorize(judge, Compute(0, row(node), stage, ""))
        judge.learn([Computed(20.0, 0, row(node), stage, 0.1)])


def test_a_rule_denies_and_says_why_and_where() -> None:
    judge = gate((rule(),))
    refused = authorize(judge, move(Product.RAW, "gs-no"))
    assert isinstance(refused, Refused)
    assert not refused.may_run
    assert refused.verdict.rule == "no-raw-abroad"
    assert refused.verdict.reason == "raw pixels stay at home (no-raw-abroad): gs-no"
    assert isinstance(authorize(judge, move(Product.RAW, "gs-eu")), Authorized)


def test_without_rules_what_is_not_forbidden_may_happen() -> None:
    verdict = gate().judge(move(Product.RAW, "gs-no"))
    assert (verdict.decision, verdict.rule) == ("allow", "default")


def test_a_forbidden_stop_on_the_way_denies_the_whole_move() -> None:
    assert isinstance(authorize(gate((rule(),)), move(Product.RAW, "gs-no", "dc-eu")), Refused)


def test_asking_becomes_a_request_until_a_person_granted_it() -> None:
    judge = gate((rule(effect="ask"),))
    asked = authorize(judge, move(Product.RAW, "gs-no"))
    assert isinstance(asked, Authorized)
    assert isinstance(asked.action, AskApproval)
    assert asked.verdict.decision == "ask"
    granted = authorize(judge, move(Product.RAW, "gs-no"), approvers=PERSON)
    assert granted.action == move(Product.RAW, "gs-no")


def test_deny_wins_over_ask_whatever_the_order() -> None:
    ask = rule(id="ask-no", effect="ask")
    for rules in ((ask, rule()), (rule(), ask)):
        decision = authorize(gate(rules), move(Product.RAW, "gs-no"), approvers=PERSON)
        assert isinstance(decision, Refused)
        assert decision.verdict.rule == "no-raw-abroad"


def test_deny_wins_over_ask_on_another_stop() -> None:
    rules = (rule(id="ask-de", effect="ask", to_country="DE"), rule())
    judged = gate(rules).judge(move(Product.RAW, "gs-eu", "gs-no"))
    assert (judged.decision, judged.rule) == ("deny", "no-raw-abroad")


def test_compute_rules_and_harmless_actions() -> None:
    judge = gate((rule(action="compute", product="any", to_country="any"),))
    assert isinstance(authorize(judge, Compute(0, 0, "screen", "")), Refused)
    assert isinstance(authorize(judge, Wait(0, 2.0, "contact", "")), Authorized)


# ------------------------------------------------------------------ denial cases


def test_a_raw_eu_scene_goes_to_no_station_of_an_operator_from_outside() -> None:
    judge = gate(packs=("eu",))
    denied = judge.judge(move(Product.RAW, "gs-us-in-eu"))
    assert (denied.decision, denied.rule) == ("deny", "eu-raw-stays")
    assert judge.judge(move(Product.RAW, "gs-eu")).decision == "allow"
    derive(judge)
    assert judge.judge(move(Product.ANSWER, "gs-us-in-eu")).decision == "allow"


def test_relabelling_does_not_derive() -> None:
    judge = gate(packs=("eu",))
    assert judge.judge(move(Product.ANSWER, "gs-us-in-eu")).rule == "eu-raw-stays"
    # A report of a computation that the gate never allowed proves nothing either, ...
    judge.learn([Computed(20.0, 0, row("sat-eu"), "classify", 0.1)])
    assert judge.judge(move(Product.ANSWER, "gs-us-in-eu")).rule == "eu-raw-stays"
    # ... nor does one on another node than the allowed one.
    authorize(judge, Compute(0, row("sat-eu"), "classify", ""))
    judge.learn([Computed(20.0, 0, row("dc-eu"), "classify", 0.1)])
    assert judge.judge(move(Product.ANSWER, "gs-us-in-eu")).decision == "deny"
    derive(judge)
    assert judge.custody.derivation(0).model_digest == "classify-digest"
    assert judge.judge(move(Product.ANSWER, "gs-us-in-eu")).decision == "allow"


def test_a_barred_class_reaches_nobody_barred_through_two_hops() -> None:
    nodes = dict(PLACES)
    nodes["dc-us"] = replace(PLACES["dc-us"], barred=("eu-dual-use",))
    judge = gate(nodes=nodes, handling=Handling(data_export_classes=("eu-dual-use",)))
    assert judge.judge(move(Product.RAW, "gs-eu", "dc-us")).rule == "barred-party"
    assert isinstance(authorize(judge, move(Product.RAW, "gs-no")), Authorized)  # first hop
    assert judge.judge(move(Product.RAW, "dc-us")).rule == "barred-party"  # second
    derive(judge)
    assert judge.judge(move(Product.ANSWER, "dc-us")).rule == "barred-party"


def test_what_a_barred_party_has_held_goes_no_further() -> None:
    nodes = {**PLACES, "sat-eu": replace(PLACES["sat-eu"], barred=("9x515",))}
    judge = gate(nodes=nodes, handling=Handling(data_export_classes=("9x515",)))
    assert judge.judge(move(Product.RAW, "gs-no")).rule == "barred-holder"


def test_barred_weights_are_used_on_no_barred_node() -> None:
    nodes = {**PLACES, "dc-us": replace(PLACES["dc-us"], barred=("4e091",))}
    judge = gate(nodes=nodes, weights_export_classes=("4e091",))
    barred = Compute(0, row("dc-us"), "classify", "")
    assert judge.judge(barred).rule == "barred-party"
    assert judge.judge(Compute(0, row("dc-eu"), "classify", "")).decision == "allow"
    assert judge.judge(move(Product.RAW, "dc-us")).decision == "allow"  # the data are not tagged
    load = Request(LOAD_MODEL, "dc-us", replace(LOAD, export_classes=("4e091",)))
    assert judge.decide(load).rule == "barred-party"


def test_weapon_adjacent_tasking_is_for_people() -> None:
    judge = gate()
    arms = replace(SCENE, customer="weapon-adjacent")
    automated = judge.decide(Request(TASK, "sat-eu", arms))
    assert (automated.decision, automated.rule) == ("deny", "weapon-adjacent-by-people")
    assert judge.decide(Request(TASK, "sat-eu", arms, principal=OPERATOR)).decision == "allow"


@pytest.mark.parametrize("missing", ["registry_state", "authorising_state"])
def test_an_object_for_which_no_state_answers_may_do_nothing(missing: str) -> None:
    stray = place("ada", "DE", "DE", "satellite", **{missing: ""})
    judge = gate(nodes={**PLACES, "sat-cn": stray})
    assert judge.judge(move(Product.RAW, "sat-cn")).rule == "no-state-answers-for-it"
    assert judge.judge(move(Product.RAW, "sat-eu")).decision == "allow"


# ------------------------------------------------------------------ every doubt is a denial


@pytest.mark.parametrize("name", ["territory", "level", "gsd_cm", "export_classes", "captured_s"])
def test_a_missing_attribute_is_a_denial(name: str) -> None:
    request = Request(DOWNLINK, "gs-eu", replace(SCENE, **{name: None}))
    verdict = gate().decide(request)
    assert (verdict.decision, verdict.rule) == ("deny", "error:missing-attribute")
    assert name in verdict.reason


def test_a_missing_probability_is_a_denial() -> None:
    request = Request(MANOEUVRE, "sat-eu", replace(BURN, pc_1e9=None), principal=OPERATOR)
    assert gate().decide(request).rule == "error:missing-attribute"


def test_an_unknown_job_or_node_is_a_denial() -> None:
    judge = gate()
    assert judge.judge(replace(move(Product.RAW, "gs-eu"), job_id=7)).rule == (
        "error:missing-attribute"
    )
    assert judge.judge(Compute(0, 99, "screen", "")).rule == "error:unknown-entity"
    assert judge.decide(Request(DOWNLINK, "nowhere", SCENE)).rule == "error:unknown-entity"
    assert judge.forbidden_nodes(7, Product.RAW) == frozenset(range(len(PLACES)))


def test_a_rule_that_cannot_be_evaluated_is_a_denial() -> None:
    text = '@id("odd") forbid (principal, action, resource) when { 9223372036854775807 * '
    text = text.replace("action, resource", 'action == Action::"move", resource')
    judge = gate(text=text + 'context.gsd_cm > 5 && context.level == "derived" };')
    verdict = judge.judge(move(Product.RAW, "sat-eu"))
    assert (verdict.decision, verdict.rule) == ("deny", "error:evaluation")
    assert "overflow" in verdict.reason
    assert judge.judge(move(Product.RAW, "gs-eu")).decision == "allow"


def test_an_engine_that_fails_is_a_denial_and_is_asked_again(monkeypatch) -> None:
    judge = gate()

    def fail(_request):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(judge.policies, "answer", fail)
        verdict = judge.judge(move(Product.RAW, "gs-eu"))
    assert (verdict.decision, verdict.rule) == ("deny", "error:engine")
    assert "out of memory" in verdict.reason
    assert judge.judge(move(Product.RAW, "gs-eu")).decision == "allow"


def test_an_answer_that_comes_too_late_is_a_denial() -> None:
    ticks = iter([0.0, 1.0, 2.0, 2.01])
    judge = gate(clock=lambda: next(ticks), budget_s=0.05)
    assert judge.judge(move(Product.RAW, "gs-eu")).rule == "error:timeout"
    assert judge.judge(move(Product.RAW, "gs-eu")).decision == "allow"


# ------------------------------------------------------------------ manoeuvres and tenants


@pytest.mark.parametrize(
    ("approvers", "burn", "decision"),
    [
        ((), BURN, "deny"),
        (PERSON, BURN, "deny"),
        (TWO, BURN, "allow"),
        ((Approver("one", "flight-director"), Approver("one", "safety-officer")), BURN, "deny"),
        ((), replace(BURN, pc_1e9=100_000, commit_deadline_s=899), "allow"),
        ((), replace(BURN, pc_1e9=99_999, commit_deadline_s=899), "deny"),
        ((), replace(BURN, pc_1e9=100_000, commit_deadline_s=900), "deny"),
        (TWO, replace(BURN, propellant_after_g=999), "deny"),
        (TWO, replace(BURN, propellant_after_g=0, purpose="disposal"), "allow"),
    ],
)
def test_manoeuvres_take_two_people_or_real_danger(approvers, burn, decision) -> None:
    from perigrid.control.policy.request import circumstances

    request = Request(MANOEUVRE, "sat-eu", burn, circumstances(approvers, 5.0))
    assert gate().decide(request).decision == decision


def test_models_and_tenants() -> None:
    judge = gate()
    assert judge.decide(Request(LOAD_MODEL, "sat-eu", LOAD)).rule == "known-model"
    unknown = Request(LOAD_MODEL, "sat-eu", replace(LOAD, model_known=False))
    assert judge.decide(unknown).rule == NOT_PERMITTED
    assert judge.decide(Request(ADMIT, "sat-eu", LOAD)).decision == "allow"
    assert judge.decide(Request(ADMIT, "sat-eu", replace(LOAD, licence=""))).decision == "deny"


def test_safe_mode_starts_nothing_new_and_brings_answers_home() -> None:
    judge = gate()
    derive(judge)
    judge.safe_mode = True
    assert judge.judge(Compute(0, 0, "screen", "")).rule == "safe-mode"
    assert judge.judge(move(Product.ANSWER, "gs-eu")).decision == "allow"


# ------------------------------------------------------------------ once asked, always known


def test_equal_questions_are_asked_once(monkeypatch) -> None:
    judge = gate(packs=("eu",))
    first = judge.judge(move(Product.RAW, "gs-eu"), t_s=1.0)
    monkeypatch.setattr(judge.policies, "answer", None)
    assert judge.judge(move(Product.RAW, "gs-eu"), t_s=2.0) == first  # no policy reads the time


def test_time_counts_where_a_policy_reads_it() -> None:
    text = (
        '@id("curfew") @reason("not yet") forbid (principal, action == Action::"downlink", '
        "resource) when { context.now_s < 100 };"
    )
    judge = gate(text=text)
    wanted = move(Product.RAW, "gs-eu")
    assert judge.judge(wanted, t_s=99.0).rule == "curfew"
    assert judge.judge(wanted, t_s=100.0).decision == "allow"
    assert not judge.forbidden_nodes(0, Product.RAW, 99.0)  # it opens later


def test_what_closes_for_good_is_forbidden_from_then_on() -> None:
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        "when { context.now_s >= 100 };"
    )
    judge, station = gate(text=text), row("gs-eu")
    assert station not in judge.forbidden_nodes(0, Product.RAW, 99.0)
    assert station in judge.forbidden_nodes(0, Product.RAW, 100.0)


def test_each_leg_is_judged_when_it_begins() -> None:
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        "when { context.now_s >= 100 };"
    )
    judge = gate(text=text)
    booked = move(Product.RAW, "gs-eu")
    for begins_s, decision in ((99.9, "allow"), (100.0, "deny")):
        legs = (replace(booked.legs[0], t_start_s=begins_s, t_end_s=200.0),)
        assert judge.judge(replace(booked, legs=legs), t_s=5.0).decision == decision


# ------------------------------------------------------------------ what lies on a way


RELAYED = {
    **PLACES,
    "relay-1": place("net", "US", "US", "relay"),
    "relay-2": place("net", "US", "US", "relay"),
    "gw-eu": place("ada", "DE", "DE", "gateway"),
}


def relayed(judge: Gate, *stops: str) -> Move:
    """Raw pixels over the relay network to a gateway."""
    names = list(RELAYED)
    legs = tuple(Leg(0, "relay", 0, names.index(one), 0, 0, 0, 1, 1, 1.0) for one in stops)
    return Move(0, Product.RAW, 0, names.index(stops[-1]), legs, "")


def test_every_operator_and_state_that_a_relay_leg_may_cross_is_asked() -> None:
    judge = gate(packs=("eu",), nodes=RELAYED)
    denied = judge.judge(relayed(judge, "gw-eu"))
    assert denied.rule == "eu-raw-stays"
    assert denied.reason.endswith("2 relay satellites of net (registered in US) on the way")
    gateway = list(RELAYED).index("gw-eu")
    assert gateway in judge.forbidden_nodes(0, Product.RAW)
    assert row("gs-eu") not in judge.forbidden_nodes(0, Product.RAW)
    derive(judge)
    assert judge.judge(replace(relayed(judge, "gw-eu"), product=Product.ANSWER)).decision == "allow"


def test_whoever_a_leg_may_cross_has_held_it() -> None:
    barred = replace(RELAYED["relay-1"], barred=("eu-dual-use",))
    nodes = {**RELAYED, "relay-1": barred, "relay-2": barred}
    judge = gate(nodes=nodes, handling=Handling(data_export_classes=("eu-dual-use",)))
    assert judge.judge(relayed(judge, "gw-eu")).rule == "barred-party"
    free = gate(nodes=RELAYED, text=HELD_BY_NET)
    free.custody.note(relayed(free, "gw-eu"))
    assert free.custody.scene(0, "raw").held_by == ("net",)
    before = gate(nodes=RELAYED, text=HELD_BY_NET)
    assert before.judge(relayed(before, "gw-eu")).rule == "not-after-net"


def test_what_one_relay_satellite_held_may_be_barred_from_the_next() -> None:
    text = (
        '@id("not-on") forbid (principal, action == Action::"move", resource) when '
        '{ context.held_by.contains("net") && resource.operator == "bao" };'
    )
    mixed = {**RELAYED, "relay-2": place("bao", "CN", "CN", "relay")}
    judge = gate(nodes=mixed, text=text)
    assert judge.judge(relayed(judge, "gw-eu")).rule == "not-on"
    assert gate(nodes=RELAYED, text=text).judge(relayed(judge, "gw-eu")).decision == "allow"


HELD_BY_NET = (
    '@id("not-after-net") forbid (principal, action == Action::"downlink", resource) '
    'when { context.held_by.contains("net") };'
)


def test_one_relay_satellite_named_or_different_among_many_closes_the_way() -> None:
    text = (
        '@id("not-that-one") forbid (principal, action == Action::"move", '
        'resource == Node::"relay-2");'
    )
    judge = gate(nodes=RELAYED, text=text)
    refused = judge.judge(relayed(judge, "gw-eu"))
    assert (refused.rule, refused.reason[-7:]) == ("not-that-one", "relay-2")
    mixed = {**RELAYED, "relay-2": place("bao", "CN", "CN", "relay")}
    assert gate((rule(to_country="CN"),), nodes=mixed).judge(relayed(judge, "gw-eu")).decision == (
        "deny"
    )


def test_a_thousand_relay_satellites_alike_cost_no_more_questions() -> None:
    many = {**RELAYED, **{f"more-{n}": RELAYED["relay-1"] for n in range(1000)}}
    judge = gate(packs=("eu",), nodes=many)
    few = gate(packs=("eu",), nodes=RELAYED)
    assert len(judge.requests(relayed(judge, "gw-eu"))) == len(few.requests(relayed(few, "gw-eu")))


def test_a_policy_may_name_a_node_that_looks_like_others() -> None:
    nodes = {**PLACES, "gs-eu-2": PLACES["gs-eu"]}
    text = (
        '@id("not-there") forbid (principal, action == Action::"downlink", '
        'resource == Node::"gs-eu-2");'
    )
    judge = gate(nodes=nodes, text=text)
    assert judge.forbidden_nodes(0, Product.RAW) == {list(nodes).index("gs-eu-2")}
    assert JOB.job_id == 0


def test_a_verdict_that_is_kept_answers_no_other_question() -> None:
    """Every fact that a policy may read, in both orders, against a gate that was asked nothing."""
    rules = (rule(effect="ask"), rule(id="not-to-de", product="answer", to_country="DE"))
    asked = [
        Request(action, node, replace(SCENE, **facts), now)
        for action in (DOWNLINK, "move", "process")
        for node in ("gs-no", "gs-eu", "sat-eu")
        for facts in (
            {},
            {"level": "derived"},
            {"territory": ("NO",)},
            {"captured_s": 99},
            {"held_by": ("dag",)},
            {"purpose": None},
        )
        for now in (
            Circumstances(),
            Circumstances(safe_mode=True),
            Circumstances(("flight-director",), 1),
            Circumstances(now_s=5000),
        )
    ]
    fresh = [gate(rules).decide(request) for request in asked]
    for order in (range(len(asked)), range(len(asked) - 1, -1, -1)):
        judge = gate(rules)
        for n in (*order, *order):
            assert judge.decide(asked[n]) == fresh[n]
    assert len(set(fresh)) > 3
