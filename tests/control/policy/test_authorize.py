from perigrid.base.jobs import StageName
from perigrid.base.messages import AskApproval, Compute
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate, Places
from perigrid.scenario.model import Rule

WANTED = Compute(1, 0, StageName.SCREEN, "")


def gate(*effects: str) -> Gate:
    rules = tuple(Rule(e, e, "compute", "any", "any", "any", f"to {e}") for e in effects)
    return Gate(rules, Places(("ada",), ("CN",)))


def test_what_no_rule_touches_is_authorised_as_it_is() -> None:
    decision = authorize(gate(), WANTED)
    assert decision == Authorized(WANTED, decision.verdict)
    assert decision.may_run


def test_a_denial_keeps_the_action_for_the_record_only() -> None:
    decision = authorize(gate("deny"), WANTED)
    assert isinstance(decision, Refused)
    assert decision.action == WANTED
    assert not decision.may_run


def test_a_reserved_action_becomes_a_request_that_carries_it() -> None:
    decision = authorize(gate("ask"), WANTED)
    assert decision.may_run
    assert decision.action == AskApproval(1, "ask", WANTED)
    assert authorize(gate("ask"), WANTED, approved=True).action == WANTED


def test_the_first_rule_decides() -> None:
    assert isinstance(authorize(gate("ask", "deny"), WANTED, approved=True), Authorized)
    assert isinstance(authorize(gate("deny", "ask"), WANTED, approved=True), Refused)
