from dataclasses import replace

from perigrid.base.digest import action_hash
from perigrid.base.jobs import Product
from perigrid.base.messages import AskApproval, Close, Compute
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import Approver
from policy_cases import gate, move, row, rule

WANTED = Compute(0, 0, "screen", "")
PERSON = (Approver("person", "operator"),)


def gate_of(*effects: str) -> Gate:
    changes = {"action": "compute", "product": "any", "to_country": "any"}
    return gate(tuple(rule(id=e, effect=e, reason=f"to {e}", **changes) for e in effects))


def test_what_no_rule_touches_is_authorised_as_it_is() -> None:
    decision = authorize(gate_of(), WANTED)
    assert decision == Authorized(WANTED, decision.verdict)
    assert decision.may_run


def test_a_denial_keeps_the_action_for_the_record_only() -> None:
    decision = authorize(gate_of("deny"), WANTED)
    assert isinstance(decision, Refused)
    assert decision.action == WANTED
    assert not decision.may_run


def test_a_reserved_action_becomes_a_request_that_carries_it() -> None:
    decision = authorize(gate_of("ask"), WANTED)
    assert decision.may_run
    assert decision.action == AskApproval(0, "ask", WANTED)
    assert authorize(gate_of("ask"), WANTED, approvers=PERSON).action == WANTED


def test_deny_wins_over_ask() -> None:
    for effects in (("ask", "deny"), ("deny", "ask")):
        assert isinstance(authorize(gate_of(*effects), WANTED, approvers=PERSON), Refused)


def test_only_allowed_actions_enter_custody() -> None:
    text = '@id("all") forbid (principal, action == Action::"move", resource) '
    judge = gate((rule(),), text=text + 'when { context.held_by.containsAll(["ada", "cos"]) };')
    assert isinstance(authorize(judge, move(Product.RAW, "gs-no")), Refused)
    assert judge.custody.scene(0, "raw").held_by == ("ada",)
    authorize(judge, move(Product.RAW, "gs-us-in-eu"))
    assert judge.custody.scene(0, "raw").held_by == ("ada", "cos")
    authorize(judge, Close(0, delivered=True, reason="", detail=""))
    assert judge.custody.scene(0, "raw") is None


def test_an_approval_is_bound_to_everything_in_the_action() -> None:
    wanted = move(Product.RAW, "gs-no")
    assert action_hash(wanted) == action_hash(move(Product.RAW, "gs-no"))
    for changed in (replace(wanted, target=row("gs-eu")), replace(wanted, product=Product.ANSWER)):
        assert action_hash(changed) != action_hash(wanted)
