"""Which way down is taken, and what is said where none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

import core_cases
from core_cases import DOWN, FLEET, GROUND, report, told
from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, ONBOARD
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Action, Captured, Close, Computed, Move, TaskLost, Wait
from perigrid.scenario.model import PolicyFile, Rule, Scenario
from scheduling_cases import Row

JOB = Job(0, 0, 0.0, 5000.0, 1e8, 1e9, 0.5, 1.0, 0, 0)
END_S = 14_400.0


def step(rows: Sequence[Row], job: Job = JOB, scenario: Scenario = SCENARIO) -> Action:
    """What is done first with the pixels that have to come down."""
    controller = core_cases.core(BENT_PIPE, (job,), rows, scenario)
    return told(controller, Captured(0.0, job))[-1]


def ruled(*rules: Rule) -> Scenario:
    return replace(SCENARIO, rules=rules)


def test_the_first_pass_is_taken() -> None:
    move = step([(DOWN, 0, GROUND, 100.0, 200.0), (DOWN, 0, GROUND, 300.0, 400.0)])
    assert isinstance(move, Move)
    assert move.legs[0].t_start_s == 100.0


def test_a_pass_after_the_deadline_is_a_miss_that_names_the_way() -> None:
    close = step([(DOWN, 0, GROUND, 6000.0, 6100.0)])
    assert isinstance(close, Close)
    assert (close.delivered, close.reason) == (False, Cause.CONTACT)
    assert close.alternatives[0].node == GROUND
    assert close.alternatives[0].t_answer_s == pytest.approx(6000.8, abs=1.0)


def test_a_job_given_up_is_missed_for_its_way_down() -> None:
    rows = [(DOWN, 0, GROUND, 6000.0, 6100.0)]
    controller = core_cases.core(ONBOARD, (JOB,), rows, scheduler="edf")
    controller.belief.busy_until_s[0] = 100.0
    (wait,) = told(controller, Captured(0.0, JOB))
    assert isinstance(wait, Wait)
    controller.belief.busy_until_s[0] = 0.0
    (close,) = told(controller, report(FLEET, 100.0))
    assert isinstance(close, Close)
    assert close.reason == Cause.CONTACT


def test_or_for_its_computer_if_an_answer_that_were_there_now_would_be_in_time() -> None:
    late = replace(JOB, deadline_s=0.5)  # work takes longer
    controller = core_cases.core(ONBOARD, (late,), [(DOWN, 0, GROUND, 0.0, 100.0)], scheduler="edf")
    (close,) = told(controller, Captured(0.0, late))
    assert isinstance(close, Close)
    assert close.reason == Cause.COMPUTE


def test_a_job_that_faults_struck_is_missed_for_a_fault() -> None:
    rows = [(DOWN, 0, GROUND, 6000.0, 6100.0)]
    controller = core_cases.core(ONBOARD, (JOB,), rows, scheduler="fifo")
    told(controller, Captured(0.0, JOB))
    told(controller, TaskLost(0.1, 0, 0, "screen", 0.0))
    told(controller, Computed(5.0, 0, 0, "screen", 0.1))
    (close,) = told(controller, Computed(6.0, 0, 0, "classify", 0.1))
    assert isinstance(close, Close)
    assert close.reason == Cause.FAULT


def test_no_pass_before_the_end_is_waited_for_or_missed() -> None:
    close = step([])
    assert isinstance(close, Close)
    assert close.reason == Cause.CONTACT
    wait = step([], replace(JOB, deadline_s=99_000.0))
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (END_S, Cause.CONTACT)


def test_a_way_that_a_rule_closes_is_said_to_be_closed() -> None:
    rule = Rule("keep-up", "deny", "move", "raw", "any", "any", "pixels stay in orbit")
    close = step([(DOWN, 0, GROUND, 100.0, 200.0)], scenario=ruled(rule))
    assert isinstance(close, Close)
    assert close.reason == Cause.RULE
    assert "keep-up" in close.alternatives[0].why


def curfew(condition: str) -> PolicyFile:
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        f'when {{ context.level == "raw" && {condition} }};'
    )
    return PolicyFile("law/curfew.cedar", text)


def timed(rows: Sequence[Row], condition: str) -> Action:
    governance = replace(SCENARIO.governance, policies=(curfew(condition),))
    return step(rows, scenario=replace(SCENARIO, governance=governance))


PASSES = [(DOWN, 0, GROUND, 100.0, 200.0), (DOWN, 0, GROUND, 1000.0, 1200.0)]


def test_nothing_is_planned_to_begin_while_a_rule_closes_it() -> None:
    move = timed((*PASSES,), "context.now_s >= 50 && context.now_s < 300")
    assert isinstance(move, Move)
    assert move.legs[0].t_start_s == 1000.0


def test_a_product_waits_for_the_opening_with_the_rule_as_cause() -> None:
    wait = timed((*PASSES,), "context.now_s < 150")
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (150.0, Cause.RULE)


def test_what_opens_never_again_in_time_is_missed_for_the_rule() -> None:
    close = timed((*PASSES,), "context.now_s >= 50")
    assert isinstance(close, Close)
    assert close.reason == Cause.RULE
    late = timed([*PASSES, (DOWN, 0, GROUND, 7000.0, 7200.0)], "context.now_s < 6000")
    assert isinstance(late, Close)
    assert late.reason == Cause.RULE
    assert "closed by a rule" in late.detail
