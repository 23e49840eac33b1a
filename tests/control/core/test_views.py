"""What others know of a satellite: two satellites and one station, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import core_cases
from core_cases import CROSS, DOWN, FLEET, GROUND, JOB, report
from perigrid.base.architecture import ORBITAL
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Action, Captured, Compute, Move, NodeFailed, Wait
from perigrid.control.controller import Controller
from perigrid.control.core.forecast import STORED
from perigrid.control.core.views import telemetry_ages
from routed_cases import routed
from scheduling_cases import Row, empty_outlook

EARLY, LATE = (CROSS, 0, 1, 200.0, 550.0), (CROSS, 0, 1, 350.0, 550.0)
DOWNS = ((DOWN, 0, GROUND, 2500.0, 2900.0), (DOWN, 1, GROUND, 700.0, 850.0))
TAKEN_S = 400.0
HERE, THERE = (replace(JOB, origin=one, t_capture_s=TAKEN_S) for one in (0, 1))


def controller(*rows: Row, job: Job = HERE, scheduler: str = "lookahead") -> Controller:
    """It is dark; the first satellite is busy for long; of both it was heard at the beginning."""
    dark = empty_outlook(FLEET, array_w=0.0)
    made = core_cases.core(ORBITAL, (job,), (*rows, *DOWNS), outlook=dark, scheduler=scheduler)
    made.handle([report(FLEET, 0.0, 0.9)])
    made.belief.busy_until_s[0] = 2000.0
    return made


def chosen(made: Controller, job: Job = HERE, soc: float = 0.3) -> Action:
    """What is done with a scene, the second satellite's battery being low since."""
    made.handle([report(FLEET, 300.0, (0.9, soc, 0.9))])
    (action,) = core_cases.told(made, Captured(TAKEN_S, job))
    return action


def test_who_is_not_connected_at_a_report_knows_the_one_before() -> None:
    made = controller(LATE)
    move = chosen(made)
    assert isinstance(move, Move)
    assert move.target == 1, "its battery was full when it was last heard"
    assert move.reason.endswith("; it was last heard of 7 min before")
    assert telemetry_ages(made._core) == {"choices": 1, "mean": TAKEN_S, "worst": TAKEN_S}


def test_who_is_connected_knows_the_last_report() -> None:
    made = controller(EARLY)
    assert isinstance(chosen(made), Wait)
    assert telemetry_ages(made._core) is None
    made = controller(EARLY)
    move = chosen(made, soc=0.9)
    assert isinstance(move, Move)
    assert "heard" not in move.reason
    assert telemetry_ages(made._core) == {"choices": 1, "mean": 100.0, "worst": 100.0}


def test_itself_a_satellite_knows_at_once() -> None:
    wait = chosen(controller(LATE, job=THERE), THERE)
    assert isinstance(wait, Wait)
    assert wait.cause is Cause.BATTERY


def test_what_was_heard_is_reckoned_ahead_as_its_own_state_would_be() -> None:
    """Nothing happens on it: what others reckon is what it forecast itself, to their steps."""
    made = controller(LATE)
    n, own = FLEET.n_satellites, made._core.ahead[STORED, 1].copy()
    chosen(made)
    reckoned, times_s = made._core.ahead[STORED, n + 1], made._core.times_s
    assert times_s[0] == 300.0
    inside = times_s <= 7200.0
    expected = np.interp(times_s[inside], np.arange(len(own)) * 120.0, own)
    assert reckoned[inside] == pytest.approx(expected, rel=1e-6)
    assert made._core.ahead[STORED, 1, 0] == pytest.approx(0.3 * FLEET.buses.capacity_j[1])


def test_sunlight_that_was_missing_is_missing_since_it_was_heard() -> None:
    made = controller(LATE)
    n, plain = FLEET.n_satellites, controller(LATE)
    made._core.heard["missing_w"][1] = 50.0
    chosen(made)
    chosen(plain)
    less_j = plain._core.ahead[STORED, n + 1] - made._core.ahead[STORED, n + 1]
    assert less_j == pytest.approx(50.0 * plain._core.times_s)


def test_the_plan_is_made_with_what_the_ground_has_heard() -> None:
    move = chosen(controller(LATE, scheduler="planner"))
    assert isinstance(move, Move)
    assert move.target == 1


def test_over_routes_heat_is_known_as_it_was_heard() -> None:
    case = routed()
    n = case.fleet.n_satellites
    hot_k = float(case.fleet.buses.throttle_k[2] + case.fleet.buses.limit_k[2]) / 2.0
    cool = replace(report(case.fleet, 0.0), battery_j=tuple(0.9 * case.fleet.buses.capacity_j))
    case.told(cool)
    kelvin = tuple(hot_k if row == 2 else 290.0 for row in range(n))
    routes_s = case.core.route_delay_s.copy()
    case.feed({})
    case.told(replace(cool, t_s=5.0, computer_k=kelvin, radiator_k=kelvin))
    case.core.route_delay_s[:] = routes_s
    case.core.route_near[0, :2] = 2, 4
    (up,) = case.taken()
    assert up.target == 2, "it was cool when it had a way to report"
    assert up.reason.endswith("; it was last heard of 10 s before")


def test_work_begins_where_others_do_not_know_that_it_cannot() -> None:
    made = controller(LATE)
    made.handle([NodeFailed(310.0, 1, "crash", wiped=False)])
    move = chosen(made, soc=0.9)
    assert isinstance(move, Move)
    assert move.target == 1
    there = chosen(controller(LATE, job=THERE), THERE, soc=0.9)
    assert isinstance(there, Compute)
