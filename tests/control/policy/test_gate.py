import itertools

import pytest

from perigrid.base.jobs import Product, StageName
from perigrid.base.messages import AskApproval, Compute, Leg, Move, Wait
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate, Places
from perigrid.scenario.model import Rule

PLACES = Places(("ada", "ada", "other"), ("CN", "CN", "NO"))


def rule(**changes: str) -> Rule:
    base = {
        "id": "no-raw-abroad",
        "effect": "deny",
        "action": "move",
        "product": "raw",
        "to_country": "NO",
        "to_operator": "any",
        "reason": "raw pixels stay at home",
    }
    return Rule(**{**base, **changes})


def move(product: Product, *stops: int) -> Move:
    legs = tuple(Leg(0, "downlink", 0, stop, 0, 0, 0, 1, 1, 1.0) for stop in stops)
    return Move(1, product, 0, stops[-1], legs, "")


def test_a_rule_denies_and_says_why() -> None:
    gate = Gate((rule(),), PLACES)
    refused = authorize(gate, move(Product.RAW, 2))
    assert isinstance(refused, Refused)
    assert not refused.may_run
    assert refused.verdict.rule == "no-raw-abroad"
    assert "stay at home" in refused.verdict.reason
    assert isinstance(authorize(gate, move(Product.ANSWER, 2)), Authorized)
    assert isinstance(authorize(gate, move(Product.RAW, 1)), Authorized)


def test_a_forbidden_stop_on_the_way_denies_the_whole_move() -> None:
    gate = Gate((rule(),), PLACES)
    assert isinstance(authorize(gate, move(Product.RAW, 2, 1)), Refused)


def test_asking_becomes_a_request_until_a_person_granted_it() -> None:
    gate = Gate((rule(effect="ask"),), PLACES)
    asked = authorize(gate, move(Product.RAW, 2))
    assert isinstance(asked, Authorized)
    assert isinstance(asked.action, AskApproval)
    assert asked.verdict.decision == "ask"
    granted = authorize(gate, move(Product.RAW, 2), approved=True)
    assert granted.action == move(Product.RAW, 2)


def test_deny_wins_over_ask_on_another_stop() -> None:
    rules = (rule(id="ask-cn", effect="ask", to_country="CN"), rule())
    gate = Gate(rules, PLACES)
    assert isinstance(authorize(gate, move(Product.RAW, 1, 2), approved=True), Refused)


def test_compute_rules_and_harmless_actions() -> None:
    gate = Gate((rule(action="compute", product="any", to_country="any"),), PLACES)
    assert isinstance(authorize(gate, Compute(1, 0, StageName.SCREEN, "")), Refused)
    assert isinstance(authorize(gate, Wait(1, 2.0, "contact", "")), Authorized)


@pytest.mark.parametrize("effect", ["deny", "ask"])
def test_prefilter_and_gate_agree_on_every_case(effect: str) -> None:
    actions, products = ("move", "compute", "any"), ("raw", "answer", "any")
    countries, operators = ("CN", "NO", "any"), ("ada", "other", "any")
    for action, product, country, operator in itertools.product(
        actions, products, countries, operators
    ):
        one = rule(
            effect=effect,
            action=action,
            product=product,
            to_country=country,
            to_operator=operator,
        )
        gate = Gate((one,), PLACES)
        for wanted in Product:
            forbidden = gate.forbidden_nodes(wanted)
            for node in range(3):
                denied = gate.judge(move(wanted, node), approved=True).decision == "deny"
                assert denied == (node in forbidden)
