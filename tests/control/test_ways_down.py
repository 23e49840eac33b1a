"""Which way down is taken, and what is said where none is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Captured, Close, Move, Wait
from perigrid.control.closed import ClosedPlaces
from perigrid.control.open_nodes import OpenNodes
from perigrid.control.policy.build import build_gate
from perigrid.control.recovery import FaultHistory, Outages
from perigrid.control.ways_down import WaysDown
from perigrid.fleet.model import ContactKind
from perigrid.scenario.model import PolicyFile, Rule
from scheduling_cases import belief_of, first_station

JOB = Job(0, 0, 0.0, 5000.0, 1e8, 1e9, 0.5, 1.0, 0, 0)
DOWN = ContactKind.DOWNLINK
GROUND = first_station(belief_of(SCENARIO))


def ways(rows: list[tuple[ContactKind, int, int, float, float]], *rules: Rule) -> WaysDown:
    belief = belief_of(SCENARIO, rows)
    gate = build_gate(replace(SCENARIO, rules=rules), belief.fleet)
    gate.learn([Captured(0.0, JOB)])
    belief.open_nodes = OpenNodes(gate, belief.plan)
    closed = ClosedPlaces(gate, belief.open_nodes, belief.plan.exits())
    return WaysDown(belief, Outages(), closed, belief.fleet.names, 9000.0)


def step(
    down: WaysDown, job: Job = JOB, history: FaultHistory | None = None
) -> Move | Wait | Close:
    return down.step(job, 0, Product.RAW, job.raw_bytes, history or FaultHistory())


def test_the_first_pass_is_taken() -> None:
    move = step(ways([(DOWN, 0, GROUND, 100.0, 200.0), (DOWN, 0, GROUND, 300.0, 400.0)]))
    assert isinstance(move, Move)
    assert move.legs[0].t_start_s == 100.0


def test_a_pass_after_the_deadline_is_a_miss_that_names_the_way() -> None:
    close = step(ways([(DOWN, 0, GROUND, 6000.0, 6100.0)]))
    assert isinstance(close, Close)
    assert (close.delivered, close.reason) == (False, Cause.CONTACT)
    assert close.alternatives[0].node == GROUND
    assert close.alternatives[0].t_answer_s == pytest.approx(6000.8, abs=1.0)


def test_a_job_given_up_is_missed_for_its_way_down_or_else_for_its_computer() -> None:
    busy = Close(0, delivered=False, reason=Cause.COMPUTE.value, detail="taken up")
    late = ways([(DOWN, 0, GROUND, 6000.0, 6100.0)]).given_up(JOB, 0, FaultHistory(), busy)
    assert late.reason == Cause.CONTACT
    early = ways([(DOWN, 0, GROUND, 100.0, 200.0)]).given_up(JOB, 0, FaultHistory(), busy)
    assert early is busy


def test_a_job_that_faults_struck_is_missed_for_a_fault() -> None:
    history = FaultHistory()
    history.struck = True
    close = step(ways([(DOWN, 0, GROUND, 6000.0, 6100.0)]), history=history)
    assert isinstance(close, Close)
    assert close.reason == Cause.FAULT


def test_no_pass_before_the_end_is_waited_for_or_missed() -> None:
    close = step(ways([]))
    assert isinstance(close, Close)
    assert close.reason == Cause.CONTACT
    wait = step(ways([]), replace(JOB, deadline_s=99_000.0))
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (9000.0, Cause.CONTACT)


def test_a_way_that_a_rule_closes_is_said_to_be_closed() -> None:
    rule = Rule("keep-up", "deny", "move", "raw", "any", "any", "pixels stay in orbit")
    close = step(ways([(DOWN, 0, GROUND, 100.0, 200.0)], rule))
    assert isinstance(close, Close)
    assert close.reason == Cause.RULE
    assert "keep-up" in close.alternatives[0].why


def curfew(condition: str) -> PolicyFile:
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        f'when {{ context.level == "raw" && {condition} }};'
    )
    return PolicyFile("law/curfew.cedar", text)


def timed(rows: list[tuple[ContactKind, int, int, float, float]], condition: str) -> WaysDown:
    governance = replace(SCENARIO.governance, policies=(curfew(condition),))
    belief = belief_of(SCENARIO, rows)
    gate = build_gate(replace(SCENARIO, governance=governance), belief.fleet)
    gate.learn([Captured(0.0, JOB)])
    belief.open_nodes = OpenNodes(gate, belief.plan)
    closed = ClosedPlaces(gate, belief.open_nodes, belief.plan.exits())
    return WaysDown(belief, Outages(), closed, belief.fleet.names, 9000.0)


PASSES = [(DOWN, 0, GROUND, 100.0, 200.0), (DOWN, 0, GROUND, 1000.0, 1200.0)]


def test_nothing_is_planned_to_begin_while_a_rule_closes_it() -> None:
    move = step(timed(PASSES, "context.now_s >= 50 && context.now_s < 300"))
    assert isinstance(move, Move)
    assert move.legs[0].t_start_s == 1000.0


def test_a_product_waits_for_the_opening_with_the_rule_as_cause() -> None:
    wait = step(timed(PASSES, "context.now_s < 150"))
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (150.0, Cause.RULE)


def test_what_opens_never_again_in_time_is_missed_for_the_rule() -> None:
    close = step(timed(PASSES, "context.now_s >= 50"))
    assert isinstance(close, Close)
    assert close.reason == Cause.RULE
    late = step(
        timed([*PASSES, (DOWN, 0, GROUND, 7000.0, 7200.0)], "context.now_s < 6000"),
    )
    assert isinstance(late, Close)
    assert late.reason == Cause.RULE
    assert "closed by a rule" in late.detail
