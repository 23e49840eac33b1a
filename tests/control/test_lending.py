from dataclasses import replace
from functools import partial
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from approval_cases import FLEET, JOB, outlook_of
from missions import SCENARIO
from perigrid.base.architecture import ORBITAL
from perigrid.base.grants import CapabilityGrant
from perigrid.base.messages import Captured, Compute, Computed
from perigrid.control.act_facts import facts_of
from perigrid.control.controller import Controller
from perigrid.control.core.outside import Question
from perigrid.control.lending import Lending, operator_key
from perigrid.fleet.build import build_fleet
from perigrid.scenario.sharing import Sharing

GRANT = CapabilityGrant("g", "ADA", "North", "", 1000.0, 0.0, 5000.0, (), (), False, "g")
SHARED = replace(SCENARIO, sharing=Sharing((("North", FLEET.names[:1]),), (GRANT,)))
THEIRS = Compute(0, 1, "screen", "")


def facts(node: int = 1):
    known = SimpleNamespace(fleet=build_fleet(SHARED), t_s=0.0)
    return facts_of(replace(THEIRS, node=node), JOB, known, SCENARIO.pipeline.stages)


def test_another_operators_computer_is_claimed_and_receipted():
    lending = Lending(SHARED, build_fleet(SHARED))
    assert lending.claim(THEIRS, facts, 10.0) == ""
    lending.learn([Computed(20.0, 0, 1, "screen", 0.1)])
    (receipt,) = lending.receipts
    assert (receipt.lender, receipt.borrower) == ("ADA", "North")
    assert receipt.used_s == facts().stage_s["screen"]
    assert receipt.lender_signature != receipt.borrower_signature
    assert [one.id for one in lending.grants] == ["g"]
    assert len(lending.keys()) == len({*build_fleet(SHARED).operators})
    lending.learn([Computed(21.0, 0, 1, "screen", 0.1)])
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


def test_what_one_node_lent_counts_on_no_other_node():
    narrow = replace(GRANT, nodes=FLEET.names[1:2])
    scenario = replace(SHARED, sharing=replace(SHARED.sharing, grants=(narrow,)))
    lending = Lending(scenario, build_fleet(scenario))
    assert lending.claim(THEIRS, facts, 10.0) == ""
    assert lending.claim(replace(THEIRS, node=2), partial(facts, 2), 11.0) == "node"
    assert lending.claim(THEIRS, facts, 12.0) == ""


def test_what_was_computed_elsewhere_is_charged_to_nobody():
    lending = Lending(SHARED, build_fleet(SHARED))
    assert lending.claim(THEIRS, facts, 10.0) == ""
    lending.learn([Computed(20.0, 0, 0, "screen", 0.1)])
    assert lending.receipts == []
    lending.learn([Computed(30.0, 0, 1, "screen", 0.1)])
    assert len(lending.receipts) == 1


ROWS = st.integers(-1, len(FLEET.names))
STAGES = st.sampled_from(["screen", "classify"])
ORIGINS = st.integers(0, FLEET.n_satellites - 1)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(ROWS, ORIGINS, STAGES, st.booleans()), max_size=8))
def test_the_shortcut_of_a_known_owner_allows_nothing_that_the_full_check_refuses(steps):
    fleet = FLEET
    seen, unseen = Lending(SHARED, fleet), Lending(SHARED, fleet)
    jobs = {}
    for number, (row, origin, stage, ends) in enumerate(steps):
        job_id, t_s = number % 2, 10.0 * number
        if ends or job_id not in jobs:
            jobs[job_id] = replace(JOB, job_id=job_id, origin=origin)
            seen.release(job_id)
            unseen.release(job_id)
            seen.learn([Captured(t_s, jobs[job_id])])
        in_orbit = 0 <= row < fleet.n_satellites
        told = replace(
            facts(),
            owner=fleet.operators[jobs[job_id].origin],
            stage_s={stage: 400.0} if in_orbit else {},
        )
        action, done = Compute(job_id, row, stage, ""), Computed(t_s, job_id, row, stage, 0.1)
        answers = []
        for lending in (seen, unseen):
            why = lending.claim(action, partial(replace, told), t_s)
            lending.learn([done] if not why else [])
            answers.append((why, lending.ends_s(action, partial(replace, told)), lending.receipts))
        assert answers[0] == answers[1]


def test_a_delivered_job_gives_back_what_it_did_not_use():
    fleet = build_fleet(SHARED)
    controller = Controller(SHARED, fleet, outlook_of((0, 600.0, 900.0)), ORBITAL, (JOB,))
    lending = controller.lender
    lending.learn([Captured(10.0, JOB)])
    assert lending.claim(THEIRS, facts, 10.0) == ""
    assert lending.book.holds(0)
    controller._people.answers[Question.CLOSED](0)
    assert not lending.book.holds(0)
