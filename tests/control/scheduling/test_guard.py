"""Forecast says sun, reality is dark."""

from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Wait
from perigrid.control.scheduling.edf import Edf
from perigrid.control.scheduling.forecast import Load
from perigrid.control.scheduling.guard import Guard
from perigrid.control.scheduling.lookahead import Lookahead
from perigrid.control.scheduling.planner import Planner
from perigrid.control.scheduling.price import Price
from scheduling_cases import ask, belief_of, empty_outlook, report_of

JOB = Job(0, 0, 0.0, 1e5, 1e8, 1e9, 0.0, 0.0, 0, 0)
IN_DARK_S = 900.0
LOAD = Load(150.0, 54_000.0)


def reports(drop_j: float) -> tuple[object, object, object]:
    """A belief with a first report, its outlook of sun, and a report of satellite 0's loss."""
    belief = belief_of(SCENARIO)
    belief.telemetry = report_of(belief.fleet, soc=0.5)
    stored_j = list(belief.telemetry.battery_j)
    stored_j[0] -= drop_j
    later = replace(belief.telemetry, t_s=IN_DARK_S, battery_j=tuple(stored_j))
    return belief, empty_outlook(belief.fleet), later


@pytest.mark.parametrize("scheduler", [Edf, Lookahead, Price, Planner])
def test_sun_that_does_not_come_stops_new_work(scheduler: type) -> None:
    belief, outlook, later = reports(drop_j=0.15 * 7.2e6)
    one = scheduler()
    ask(one, [JOB], belief, outlook)
    belief.t_s, belief.telemetry = IN_DARK_S, later
    belief.busy_until_s[:] = 0.0
    (answer,) = ask(one, [replace(JOB, job_id=1)], belief, outlook)
    assert isinstance(answer, Wait)
    assert answer.until_s > IN_DARK_S
    trusting = scheduler()  # has no memory of what it was told, and counts on the sun again
    assert not isinstance(ask(trusting, [replace(JOB, job_id=2)], belief, outlook)[0], Wait)


def test_missing_power_is_measured_and_forgotten_when_the_sun_is_back() -> None:
    belief, outlook, later = reports(drop_j=0.0)
    guard = Guard()
    guard.look(belief, outlook)
    assert guard.missing_w.tolist() == [0.0] * belief.fleet.n_satellites
    # a sunny forecast gains; these lost a little (unchanged they would count as full)
    lost = tuple(0.99 * stored_j for stored_j in later.battery_j)
    belief.t_s, belief.telemetry = IN_DARK_S, replace(later, battery_j=lost)
    guard.look(belief, outlook)
    assert (guard.missing_w > 0.0).all()
    expected = Guard()
    expected.look(belief, outlook)
    gained = tuple(
        float(np.interp(2 * IN_DARK_S, expected.forecast.t_s, row))
        for row in expected.forecast.battery_j
    )
    belief.telemetry = replace(later, t_s=2 * IN_DARK_S, battery_j=gained)
    guard.look(belief, outlook)
    assert guard.missing_w.tolist() == [0.0] * belief.fleet.n_satellites


def test_energy_that_was_given_out_is_not_missed() -> None:
    belief, outlook, _ = reports(0.0)
    guard = Guard()
    guard.look(belief, outlook)
    for _ in range(4):
        guard.commit(0, 0.0, LOAD)
    stored_j = [float(np.interp(300.0, guard.forecast.t_s, r)) for r in guard.forecast.battery_j]
    stored_j[0] -= 4 * guard.forecast.drawn_j(0, LOAD)
    belief.telemetry = replace(belief.telemetry, t_s=300.0, battery_j=tuple(stored_j))
    guard.look(belief, outlook)
    assert guard.missing_w[0] == 0.0


def test_before_the_first_report_nothing_speaks_against_a_start() -> None:
    assert Guard().earliest_start(0, 5.0, LOAD) == (5.0, None)


def test_a_distrusted_satellite_has_no_last_resort() -> None:
    belief, outlook, _ = reports(0.0)
    guard = Guard()
    guard.look(belief, outlook)
    guard.forecast.headroom_j[:] = -1.0
    assert guard.earliest_start(0, 100.0, LOAD)[1] is None, "sunlight to spare"
    guard.missing_w[0] = 50.0
    assert guard.earliest_start(0, 100.0, LOAD)[1] is Cause.BATTERY


def test_a_battery_that_stays_where_it_was_in_sunlight_is_full() -> None:
    belief, outlook, later = reports(drop_j=0.0)
    guard = Guard()
    guard.look(belief, outlook)
    assert guard.forecast.battery_j[0].max() > later.battery_j[0], "it should have charged"
    belief.t_s, belief.telemetry = IN_DARK_S, later
    guard.look(belief, outlook)
    assert guard.missing_w[0] == 0.0
    assert guard.forecast.battery_j[0].max() == pytest.approx(later.battery_j[0])
    assert guard.earliest_start(0, IN_DARK_S, LOAD) == (IN_DARK_S, None)


def test_what_a_full_battery_cannot_take_is_not_there_in_the_next_eclipse() -> None:
    belief, outlook, later = reports(drop_j=0.0)
    dark = outlook.t_s >= 2 * IN_DARK_S
    outlook = replace(outlook, array_w=np.where(dark, 0.0, outlook.array_w))
    guard = Guard()
    guard.look(belief, outlook)
    trusting_j = guard.forecast.headroom_j[0, 0]
    belief.t_s, belief.telemetry = IN_DARK_S, later
    guard.look(belief, outlook)
    stored_j = guard.forecast.battery_j[0]
    spent_j = stored_j[0] - stored_j[-1]
    assert spent_j > 0.0
    assert guard.forecast.headroom_j[0, 0] < trusting_j
    floor_j = 7.2e6 * (0.3 + 0.02)
    assert guard.forecast.headroom_j[0, 0] == pytest.approx(stored_j[-1] - floor_j)
