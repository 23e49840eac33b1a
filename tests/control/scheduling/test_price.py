from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Move, Wait
from perigrid.control.scheduling.price import Price
from scheduling_cases import (
    DOWN,
    JOB,
    ask,
    belief_of,
    empty_outlook,
    first_station,
    linked,
    report_of,
)


def test_a_rich_free_origin_computes_at_once() -> None:
    belief = linked(SCENARIO)
    (action,) = ask(Price(), [JOB], belief)
    assert isinstance(action, Compute)
    assert action.node == 0


def test_a_poor_battery_hands_over_to_a_richer_neighbour() -> None:
    belief = linked(SCENARIO)
    poor_j = 0.3215 * belief.fleet.groups[0].battery.capacity_j
    told = report_of(belief.fleet, soc=0.9)
    belief.telemetry = replace(told, battery_j=(poor_j, *told.battery_j[1:]))
    (action,) = ask(Price(), [JOB], belief, empty_outlook(belief.fleet, array_w=230.0))
    assert isinstance(action, Move)
    assert action.target == 1


def test_above_its_value_a_job_waits_and_at_the_last_chance_it_runs() -> None:
    belief = linked(SCENARIO, may_migrate=False)
    belief.telemetry = report_of(belief.fleet, soc=0.3215)
    outlook = empty_outlook(belief.fleet, array_w=195.0)
    (action,) = ask(Price(), [JOB], belief, outlook)
    assert isinstance(action, Wait)
    assert action.cause is Cause.BATTERY
    belief.telemetry = report_of(belief.fleet, soc=0.5)
    soon = replace(JOB, deadline_s=400.0)
    assert isinstance(ask(Price(), [soon], belief, outlook)[0], Compute)


def test_a_data_centre_that_has_the_pixels_soon_is_cheaper_than_a_poor_battery() -> None:
    ground = first_station(belief_of(SCENARIO))
    belief = belief_of(SCENARIO, [(DOWN, 0, ground, 0.0, 7200.0)])
    belief.on_ground = belief.weighs_all = True
    belief.telemetry = report_of(belief.fleet, soc=0.35)
    (action,) = ask(Price(), [JOB], belief, empty_outlook(belief.fleet, array_w=230.0))
    assert isinstance(action, Move)
    assert action.target in belief.fleet.data_centres


def test_a_rich_origin_is_cheaper_than_a_data_centre_that_has_to_be_waited_for() -> None:
    ground = first_station(belief_of(SCENARIO))
    belief = belief_of(SCENARIO, [(DOWN, 0, ground, 6000.0, 7200.0)])
    belief.on_ground = belief.weighs_all = True
    (action,) = ask(Price(), [JOB], belief)
    assert isinstance(action, Compute)
