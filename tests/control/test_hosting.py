"""Stages that may run in some places only, and pixels on their way there."""

import pytest

import core_cases
from core_cases import CENTRE, CROSS, DOWN, FLEET, JOB, fill, told
from core_cases import GROUND as STATION
from missions import SCENARIO, with_group
from perigrid.base.architecture import HOSTED, ONBOARD, ORBITAL, Architecture
from perigrid.base.jobs import Product
from perigrid.base.messages import (
    Captured,
    Close,
    Compute,
    Computed,
    Move,
    Moved,
    TimerRang,
    Wait,
)
from perigrid.control.controller import Controller
from perigrid.control.hosting import Hosting, Standing
from perigrid.fleet.model import ContactKind
from perigrid.scenario.model import Scenario

GATEWAY = next(row for row, place in FLEET.stations.items() if place.role == "gateway")
RELAY = ContactKind.RELAY
CENTRES = set(FLEET.data_centres)
ROWS = (
    (DOWN, 0, STATION, 600.0, 900.0),
    (DOWN, 1, STATION, 700.0, 1000.0),
    (RELAY, 0, GATEWAY, 100.0, 400.0),
    (CROSS, 0, 1, 50.0, 500.0),
    (CROSS, 0, 2, 60.0, 500.0),
)
HYBRID = Architecture.of(
    "hybrid", {"screen": ["origin"], "*": ["data-centre"]}, {"*": ["downlink"]}
)
PARTED = Architecture.of(
    "parted", {"screen": ["origin"], "*": ["satellite"]}, {"raw": ["crosslink"], "*": ["downlink"]}
)


def core(
    architecture: Architecture, scheduler: str = "fifo", scenario: Scenario = SCENARIO
) -> Controller:
    return core_cases.core(architecture, (JOB,), ROWS, scenario, scheduler=scheduler)


def hosting(architecture: Architecture, scenario: Scenario = SCENARIO) -> Hosting:
    belief = core(architecture, scenario=scenario).belief
    return Hosting(architecture, belief, scenario.pipeline)


@pytest.mark.parametrize("scheduler", ["fifo", "edf", "price", "planner", "lookahead"])
def test_pixels_go_to_another_satellite_whatever_the_scheduler(scheduler: str) -> None:
    controller = core(HOSTED, scheduler)
    (move,) = told(controller, Captured(10.0, JOB))
    assert isinstance(move, Move)
    assert (move.product, move.target) == (Product.RAW, 1)
    assert [leg.kind for leg in move.legs] == ["crosslink"]
    t_s = move.legs[-1].t_arrival_s
    (screen,) = told(controller, Moved(t_s, 0, 1, Product.RAW))
    assert (screen.node, screen.stage) == (1, "screen")
    (classify,) = told(controller, Computed(t_s + 2.0, 0, 1, "screen", 0.1))
    assert (classify.node, classify.stage) == (1, "classify")
    (answer,) = told(controller, Computed(t_s + 3.0, 0, 1, "classify", 0.1))
    assert (answer.product, answer.legs[0].kind) == (Product.ANSWER, "downlink")


@pytest.mark.parametrize("scheduler", ["fifo", "lookahead"])
def test_what_no_satellite_can_take_waits_and_is_missed_in_the_end(scheduler: str) -> None:
    controller = core(HOSTED, scheduler)
    for row in range(1, FLEET.n_satellites):
        fill(controller.belief, row)
    steps = told(controller, Captured(10.0, JOB))
    for _ in range(100):
        (step,) = steps
        if not isinstance(step, Wait):
            break
        assert step.until_s > controller.belief.t_s
        steps = told(controller, TimerRang(step.until_s, 0))
    assert isinstance(step, Close)
    assert not step.delivered
    assert controller.belief.t_s <= JOB.deadline_s + 300.0


def test_clear_pixels_go_down_between_the_stages() -> None:
    controller = core(HYBRID)
    (screen,) = told(controller, Captured(10.0, JOB))
    assert (screen.node, screen.stage) == (0, "screen")
    (move,) = told(controller, Computed(12.0, 0, 0, "screen", 0.1))
    assert (move.product, move.legs[0].nbytes) == (Product.RAW, JOB.raw_bytes)
    assert move.target in CENTRES
    (classify,) = told(controller, Moved(700.0, 0, move.target, Product.RAW))
    assert (classify.node, classify.stage) == (move.target, "classify")
    (close,) = told(controller, Computed(701.0, 0, move.target, "classify", 0.1))
    assert close.delivered


def test_cloudy_pixels_end_on_board() -> None:
    controller = core(HYBRID)
    told(controller, Captured(10.0, JOB))
    (close,) = told(controller, Computed(12.0, 0, 0, "screen", 0.99))
    assert (close.delivered, close.reason) == (False, "cloud")


def test_stages_may_part_between_satellites() -> None:
    controller = core(PARTED)
    told(controller, Captured(10.0, JOB))
    taken_s = controller.belief.busy_until_s[0] - 10.0
    screen_s = controller.belief.work(0, JOB).stage_s["screen"]
    assert taken_s == pytest.approx(screen_s)  # the other stage is not here
    (move,) = told(controller, Computed(12.0, 0, 0, "screen", 0.1))
    assert (move.product, move.target) == (Product.RAW, 1)
    assert controller.belief.busy_until_s[1] > move.legs[-1].t_arrival_s
    (classify,) = told(controller, Moved(60.0, 0, 1, Product.RAW))
    assert (classify.node, classify.stage) == (1, "classify")


@pytest.mark.parametrize(
    ("carry", "kinds"),
    [
        ({"raw": ["downlink"], "answer": ["relay"]}, ("downlink", "relay")),
        ({"raw": ["relay"], "answer": ["downlink"]}, ("relay", "downlink")),
    ],
)
def test_each_product_has_its_own_links(carry: dict, kinds: tuple[str, str]) -> None:
    ground = Architecture.of("ground", {"*": ["data-centre"]}, carry)
    orbit = Architecture.of("orbit", {"*": ["origin"]}, carry)
    (pixels,) = told(core(ground), Captured(10.0, JOB))
    controller = core(orbit)
    told(controller, Captured(10.0, JOB))
    told(controller, Computed(12.0, 0, 0, "screen", 0.1))
    (answer,) = told(controller, Computed(13.0, 0, 0, "classify", 0.1))
    assert (pixels.legs[0].kind, answer.legs[0].kind) == kinds


def test_bookings_of_different_products_are_on_one_plan() -> None:
    carry = {"raw": ["downlink"], "answer": ["downlink", "relay"]}
    controller = core(Architecture.of("ground", {"*": ["data-centre"]}, carry))
    (first,) = told(controller, Captured(10.0, JOB))
    plan = controller.belief.plan
    answers = controller.belief.open_nodes(0, Product.ANSWER)
    pixels = controller.belief.open_nodes(0, Product.RAW)
    ready_s = first.legs[0].t_start_s
    behind = plan.to_data_centre(0, ready_s, 1e6, pixels)
    beside = plan.to_data_centre(0, 10.0, 1e6, answers)
    assert behind.legs[0].t_start_s == first.legs[0].t_end_s
    assert beside.legs[0].kind == "relay"


def test_a_satellite_without_a_computer_hosts_nothing() -> None:
    assert hosting(ORBITAL).may_run("screen", JOB, 1)
    bare = hosting(ORBITAL, with_group(SCENARIO, "compute", computer=None))
    assert not bare.may_run("screen", JOB, 1)
    assert not bare.may_run("screen", JOB, 0)
    assert not bare.may_run("screen", JOB, CENTRE)


def test_pixels_roam_where_answers_cannot() -> None:
    rows = ((CROSS, 0, 1, 50.0, 500.0), (DOWN, 1, STATION, 700.0, 1000.0))
    places = {"*": ["origin", "satellite"]}
    for carry, kind in (
        ({"raw": ["crosslink"], "answer": ["downlink"]}, Move),
        ({"*": ["crosslink", "downlink"]}, Compute),  # its answer takes the same way
    ):
        roaming = Architecture.of("roaming", places, carry)
        controller = core_cases.core(roaming, (JOB,), rows, scheduler="lookahead")
        (step,) = told(controller, Captured(10.0, JOB))
        assert isinstance(step, kind)


def test_a_choice_between_orbit_and_ground_takes_what_is_sooner() -> None:
    places = {"*": ["origin", "data-centre"]}
    sooner = Architecture.of("either", places, {"raw": ["relay"], "answer": ["downlink"]})
    (move,) = told(core(sooner, "lookahead"), Captured(10.0, JOB))
    assert isinstance(move, Move)
    assert move.target in CENTRES
    assert [leg.kind for leg in move.legs] == ["relay", "terrestrial"]
    assert move.alternatives[0].node == 0
    later = Architecture.of("either", places, {"raw": ["downlink"], "answer": ["relay"]})
    (compute,) = told(core(later, "lookahead"), Captured(10.0, JOB))
    assert isinstance(compute, Compute)
    assert compute.node == 0
    assert next(iter(compute.alternatives)).node in CENTRES


def test_a_job_is_put_before_a_scheduler_with_what_is_left_of_it() -> None:
    one = hosting(ORBITAL).ready(Standing(JOB, 4, {}))
    assert (one.node, one.stage, one.ahead, one.why) == (4, "screen", ("screen", "classify"), "")
    assert one.here
    assert one.may_leave
    left = hosting(ONBOARD).ready(Standing(JOB, 4, {"screen": 0.25}))
    assert left.ahead == ("classify",)
    assert "25%" in left.why
    assert not left.may_leave
    assert not left.here, "it may be computed on the satellite that took it only"
