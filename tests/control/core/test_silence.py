"""Who hears when that a satellite failed, is back or is suspect: two satellites and a station."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import core_cases
from core_cases import CROSS, DOWN, FLEET, GROUND, JOB, report, told
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD, ORBITAL, Architecture
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import (
    Captured,
    Compute,
    Computed,
    Move,
    Moved,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    TaskLost,
    TimerRang,
    Wait,
)
from perigrid.control.controller import Controller
from perigrid.control.core.state import THERE
from perigrid.scenario.faults import Faults, Recovery

ROWS = (
    (CROSS, 0, 1, 350.0, 9000.0),
    (CROSS, 1, 0, 350.0, 9000.0),
    (DOWN, 0, GROUND, 5000.0, 5300.0),
    (DOWN, 1, GROUND, 580.0, 850.0),
    (DOWN, 1, GROUND, 1100.0, 1700.0),
)
THEIRS = replace(JOB, origin=1)
"""A scene that the second satellite took."""
CRASH = NodeFailed(310.0, 1, "crash", wiped=False)
REPAIR_S = 2000.0


def controller(
    job: Job = JOB, architecture: Architecture = ORBITAL, **policy: object
) -> Controller:
    faults = Faults(crash_between_s=3600.0, crash_repair_s=REPAIR_S)
    scenario = replace(SCENARIO, faults=faults, recovery=Recovery(**policy), scheduler="lookahead")
    made = core_cases.core(architecture, (job,), ROWS, scenario)
    made.handle([report(FLEET, 0.0)])
    return made


def is_known_away(made: Controller) -> bool:
    return bool(made._core.nodes["away"][1] != THERE)


def test_a_crash_is_known_at_the_next_report_at_which_it_should_be_heard() -> None:
    made = controller()
    told(made, CRASH)
    assert not is_known_away(made)
    told(made, report(FLEET, 540.0))
    assert not is_known_away(made), "it is below the horizon"
    told(made, report(FLEET, 600.0))
    assert is_known_away(made)
    assert made._core.nodes["away_s"][1] == 600.0 + REPAIR_S
    assert made._core.con["away"][0] == 1


def test_who_sends_to_it_sees_that_the_link_does_not_come_about() -> None:
    job = replace(JOB, t_capture_s=400.0)
    made = controller(job)
    told(made, CRASH)
    made.belief.busy_until_s[0] = 8000.0
    (move,) = told(made, Captured(400.0, job))
    assert isinstance(move, Move)
    assert move.target == 1
    (wait,) = told(made, MoveFailed(400.0, 0, 0, 0, "away"))
    assert is_known_away(made)
    assert not isinstance(wait, Move), "not to where it failed"


def test_a_leg_that_would_have_begun_later_shows_nothing() -> None:
    made = controller(THEIRS, architecture=ONBOARD)
    told(made, Captured(10.0, THEIRS))
    told(made, Computed(12.0, 0, 1, "screen", 0.1))
    (move,) = told(made, Computed(13.0, 0, 1, "classify", 0.1))
    assert move.legs[0].t_start_s == 580.0
    (wait,) = told(
        made, NodeFailed(310.0, 1, "loss", wiped=True), MoveFailed(310.0, 0, -1, 0, "loss")
    )
    assert isinstance(wait, Wait), "the ground counts on it still"
    assert made._core.nodes["lost"][1] == 0
    (close,) = told(made, report(FLEET, 600.0))
    assert close.detail == "what it had was lost with its satellite"


def test_itself_it_knows_at_once_that_it_is_back_and_others_once_they_hear_it() -> None:
    made = controller(THEIRS, architecture=ONBOARD, on_failure="retry-same")
    told(made, Captured(10.0, THEIRS))
    told(made, CRASH)
    (wait,) = told(made, TaskLost(310.0, 0, 1, "screen", 0.0))
    told(made, report(FLEET, 600.0))
    told(made, NodeRepaired(900.0, 1))
    assert is_known_away(made)
    assert made._core.nodes["away_s"][1] > 900.0, "nothing is sent to it"
    (compute,) = told(made, TimerRang(max(wait.until_s, 901.0), 0))
    assert isinstance(compute, Compute)
    told(made, Computed(1000.0, 0, 1, "screen", 0.1))
    (move,) = told(made, Computed(1001.0, 0, 1, "classify", 0.1))
    assert move.legs[0].t_start_s == 1100.0, "its own way down is free"
    told(made, report(FLEET, 1200.0))
    assert not is_known_away(made)
    assert made._core.nodes["away_s"][1] == -np.inf
    assert made._core.con["away"][0] == 0


def test_a_crash_that_nobody_could_hear_of_leaves_nothing_behind() -> None:
    made = controller()
    told(made, CRASH, NodeRepaired(500.0, 1))
    told(made, report(FLEET, 600.0))
    assert not is_known_away(made)
    assert made._core.con["away"][0] == 0


def test_a_quarantine_is_known_once_it_is_reported() -> None:
    made = controller(THEIRS, architecture=ONBOARD, quarantine_after=1, quarantine_s=1000.0)
    told(made, Captured(310.0, THEIRS))
    told(made, Computed(320.0, 0, 1, "screen", 0.1, suspect=True))
    nodes, heard = made._core.nodes, made._core.heard
    assert (nodes["quarantine_s"][1], nodes["told_quarantine_s"][1]) == (1320.0, -np.inf)
    assert heard["blocked_s"][1] < 320.0
    told(made, report(FLEET, 540.0))
    assert nodes["told_quarantine_s"][1] == -np.inf
    told(made, report(FLEET, 600.0))
    assert nodes["told_quarantine_s"][1] == 1320.0
    assert heard["blocked_s"][1] == made._core.satellites["blocked_s"][1] >= 1320.0


@pytest.mark.parametrize("known", [False, True])
def test_pixels_go_to_a_satellite_that_nobody_knows_to_be_away(*, known: bool) -> None:
    """The hosts of pixels that may not be computed where they are."""
    made = controller(on_failure="elsewhere")
    told(made, Captured(10.0, JOB))
    told(made, NodeFailed(11.0, 0, "crash", wiped=False), TaskLost(11.0, 0, 0, "screen", 0.0))
    told(made, NodeRepaired(100.0, 0), CRASH)
    if known:
        told(made, report(FLEET, 600.0))
    (step,) = told(made, TimerRang(700.0, 0))
    if known:
        assert isinstance(step, Compute), "there is no other"
    else:
        assert isinstance(step, Move)
        assert (step.product, step.target) == (Product.RAW, 1)


def test_what_leaves_a_suspect_satellite_says_so_and_is_not_sent_back() -> None:
    job = replace(JOB, t_capture_s=400.0)
    made = controller(job, quarantine_after=1, quarantine_s=1000.0)
    nodes = made._core.nodes
    made.belief.busy_until_s[0] = 8000.0
    (move,) = told(made, Captured(400.0, job))
    assert (move.source, move.target) == (0, 1)
    nodes["quarantine_s"][1] = 1400.0  # suspect at 400 s, and nobody heard of it
    made._core.con["troubled"] = 1
    arrival_s = move.legs[-1].t_arrival_s
    (back,) = told(made, Moved(arrival_s, 0, 1, Product.RAW))
    assert (back.source, back.target) == (1, 0)
    assert nodes["told_quarantine_s"][1] == 1400.0


@pytest.mark.parametrize("known", [False, True])
def test_nothing_is_sent_to_wait_for_the_end_of_a_quarantine_that_is_known(*, known: bool) -> None:
    """Its end may be nearer than that of the work at home; pixels would be sent on from there."""
    job = replace(JOB, t_capture_s=400.0)
    made = controller(job)
    made.belief.busy_until_s[0] = 8000.0
    made._core.nodes["quarantine_s"][1] = 500.0
    if known:
        made._core.nodes["told_quarantine_s"][1] = 500.0
    (step,) = told(made, Captured(400.0, job))
    assert isinstance(step, Wait if known else Move)
