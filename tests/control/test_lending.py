from dataclasses import replace
from functools import partial

from approval_cases import FLEET, JOB, MISSION
from missions import SCENARIO
from perigrid.base.grants import CapabilityGrant
from perigrid.base.jobs import StageName
from perigrid.base.messages import Compute, Computed
from perigrid.control.act_facts import facts_of
from perigrid.control.lending import Lending, operator_key
from perigrid.fleet.build import build_fleet
from perigrid.scenario.sharing import Sharing

GRANT = CapabilityGrant("g", "ADA", "North", "", 1000.0, 0.0, 5000.0, (), (), False, "g")
SHARED = replace(SCENARIO, sharing=Sharing((("North", FLEET.names[:1]),), (GRANT,)))
THEIRS = Compute(0, 1, StageName.SCREEN, "")


def facts(node: int = 1):
    from approval_cases import core

    belief = replace(core(MISSION).belief, fleet=build_fleet(SHARED))
    return facts_of(replace(THEIRS, node=node), JOB, belief, SCENARIO.pipeline)


def test_another_operators_computer_is_claimed_and_receipted():
    lending = Lending(SHARED, build_fleet(SHARED))
    assert lending.claim(THEIRS, facts, 10.0) == ""
    lending.learn([Computed(20.0, 0, 1, StageName.SCREEN, 0.1)])
    (receipt,) = lending.receipts
    assert (receipt.lender, receipt.borrower) == ("ADA", "North")
    assert receipt.used_s == facts().stage_s[StageName.SCREEN]
    assert receipt.lender_signature != receipt.borrower_signature
    assert [one.id for one in lending.grants] == ["g"]
    assert len(lending.keys()) == len({*build_fleet(SHARED).operators})
    lending.learn([Computed(21.0, 0, 1, StageName.SCREEN, 0.1)])
    assert len(lending.receipts) == 1


def test_ones_own_needs_no_grant_and_time_is_given_back():
    lending = Lending(SHARED, build_fleet(SHARED))
    assert lending.claim(replace(THEIRS, node=0), partial(facts, 0), 1e9) == ""
    assert lending.claim(THEIRS, facts, 5000.0) == "expired"
    lending.claim(THEIRS, facts, 10.0)
    lending.release(0)
    assert not lending.book.holds(0)


def test_a_stage_is_not_ordered_after_the_grant_that_set_it_aside_has_ended():
    lending = Lending(SHARED, build_fleet(SHARED))
    assert lending.claim(THEIRS, facts, 4990.0) == ""
    assert lending.ends_s(THEIRS, facts) == 5000.0
    assert lending.ends_s(replace(THEIRS, node=0), partial(facts, 0)) == float("inf")
    assert lending.claim(THEIRS, facts, 4999.0) == ""
    assert lending.claim(THEIRS, facts, 5000.0) == "expired"


def test_operators_have_keys_of_their_own():
    assert operator_key("A B", 1).name == "simulated/operator/A-B"
    assert operator_key("A B", 1) != operator_key("A B", 2)
