from core_cases import DOWN, FLEET, GROUND, report
from perigrid.base.architecture import ANY, ONBOARD, Architecture
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Move, Wait
from waiting_cases import JOB, ask, at, core

EITHER = Architecture.of("either", {ANY: ["origin", "data-centre"]}, {ANY: ["downlink"]})


def test_a_rich_free_origin_computes_at_once() -> None:
    (action,) = ask(core("price"), JOB)
    assert isinstance(action, Compute)
    assert action.node == 0


def test_a_poor_battery_hands_over_to_a_richer_neighbour() -> None:
    poor = report(FLEET, soc=[0.3215, 0.9])
    (action,) = ask(core("price", array_w=230.0, told=poor), JOB)
    assert isinstance(action, Move)
    assert action.target == 1


def test_above_its_value_a_job_waits_and_at_the_last_chance_it_runs() -> None:
    poor = report(FLEET, soc=0.3215)
    (action,) = ask(core("price", architecture=ONBOARD, array_w=195.0, told=poor), JOB)
    assert isinstance(action, Wait)
    assert action.cause is Cause.BATTERY
    soon = at(0.0, JOB, 0, deadline_s=400.0)
    half = report(FLEET, soc=0.5)
    (begun,) = ask(core("price", [soon], architecture=ONBOARD, array_w=195.0, told=half), soon)
    assert isinstance(begun, Compute)


def test_a_data_centre_that_has_the_pixels_soon_is_cheaper_than_a_poor_battery() -> None:
    rows = [(DOWN, 0, GROUND, 0.0, 7200.0)]
    poor = report(FLEET, soc=0.35)
    (action,) = ask(core("price", rows=rows, architecture=EITHER, array_w=230.0, told=poor), JOB)
    assert isinstance(action, Move)
    assert action.target in FLEET.data_centres


def test_a_rich_origin_is_cheaper_than_a_data_centre_that_has_to_be_waited_for() -> None:
    rows = [(DOWN, 0, GROUND, 6000.0, 7200.0)]
    (action,) = ask(core("price", rows=rows, architecture=EITHER), JOB)
    assert isinstance(action, Compute)
    assert action.reason == "of the places that may compute it, it costs less there"
