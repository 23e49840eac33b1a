"""Changes of one fact that turn a verdict, and that the gate really says so."""

import pytest

from governed import comparison
from perigrid.base.architecture import ORBITAL
from perigrid.base.messages import AskApproval, Close, Compute, Move
from perigrid.ledger.source import open_source
from perigrid.report.run_book import open_book
from perigrid.sim.cores import Cores, pins_of
from perigrid.sim.revisit import revisit_flown


@pytest.fixture(scope="module")
def ask():
    source, cores = open_source(comparison() / "orbital"), Cores()
    book = open_book(source)
    decisions = list(book.decisions())
    world = cores.world(source, pins_of(source))

    def revisited(wanted):
        one = next(one for one in decisions if wanted(one))
        return revisit_flown(world, ORBITAL, one, book.number_of(one)).what_if

    return revisited


def turned(what_if, decision):
    return {turn.change for turn in what_if.turns if turn.decision == decision}


def test_a_request_is_turned_by_approvals_and_by_what_is_prohibited(ask):
    found = ask(lambda one: isinstance(one.action, AskApproval))
    assert (found.decision, found.rule) == ("ask", "hand")
    assert found.approved_by == ()
    assert {f"approved by {n} (roles flight-director)" for n in ("a person", "2 people")} <= turned(
        found, "allow"
    )
    assert "purpose social-scoring" in turned(found, "deny")
    assert found.tried > len(found.turns)


def test_an_approved_act_would_not_have_been_without_the_person(ask):
    found = ask(lambda one: isinstance(one.action, Compute) and one.verdict.decision == "allow")
    assert found.decision == "allow"
    assert found.approved_by == ("flight-director",)
    assert "approved by nobody" in turned(found, "ask")
    assert not any(change.startswith("approved by a person") for change in turned(found, "ask"))


def test_an_answer_may_not_end_in_the_country_that_a_rule_names(ask):
    found = ask(
        lambda one: (
            isinstance(one.action, Move)
            and one.action.product.value == "answer"
            and one.verdict.decision == "allow"
        )
    )
    assert found.decision == "allow"
    assert found.turns or found.tried


def test_what_the_rules_allow_and_a_grant_does_not_is_told_apart(ask):
    found = ask(lambda one: one.verdict.rule.startswith("grant:"))
    assert found.decision == "allow"


def test_the_gate_has_nothing_to_say_of_an_end(ask):
    assert ask(lambda one: isinstance(one.action, Close)) is None
