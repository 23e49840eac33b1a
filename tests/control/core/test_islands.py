"""Who is connected to whom at a report, over windows and over routes made by hand."""

from __future__ import annotations

import pytest

import core_cases
from core_cases import CROSS, DOWN, FLEET, GROUND, report
from perigrid.base.architecture import ONBOARD, ORBITAL, Architecture
from perigrid.base.messages import NodeFailed, StateReported
from perigrid.control.controller import Controller
from perigrid.control.core.islands import GROUND as EARTH
from perigrid.control.core.islands import MISSED, is_connected
from perigrid.control.core.shared import shared
from perigrid.physics.compiled import kernel
from routed_cases import FIRST, MIDDLE_S, NEAR_S, Routed, routed

ROWS = (
    (CROSS, 0, 1, 0.0, 400.0),
    (CROSS, 1, 2, 250.0, 700.0),
    (CROSS, 3, 4, 0.0, 900.0),
    (DOWN, 2, GROUND, 280.0, 500.0),
    (DOWN, 5, GROUND, 600.0, 650.0),
)


def controller(architecture: Architecture = ORBITAL) -> Controller:
    return core_cases.core(architecture, (), ROWS)


def islands(of: Controller, t_s: float) -> list[int]:
    of.handle([report(FLEET, t_s)])
    return [int(one) for one in of._core.satellites["island"]]


@pytest.mark.parametrize(
    ("t_s", "expected"),
    [
        (0.0, [0, 0, 2, 3, 3, 5]),
        (300.0, [EARTH, EARTH, EARTH, 3, 3, 5]),
        (400.0, [0, EARTH, EARTH, 3, 3, 5]),  # a window is open up to its end
        (600.0, [0, 1, 1, 3, 3, EARTH]),
        (900.0, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_chains_of_links_join_satellites_and_the_ground(t_s: float, expected: list[int]) -> None:
    assert islands(controller(), t_s) == expected


def test_links_that_an_architecture_has_not_join_nobody() -> None:
    assert islands(controller(ONBOARD), 300.0) == [0, 1, EARTH, 3, 4, 5]


def test_what_failed_passes_nothing_on_and_is_missed_where_it_should_be_heard() -> None:
    broken = controller()
    broken.handle([NodeFailed(10.0, 1, "crash", wiped=False)])
    assert islands(broken, 300.0) == [0, MISSED, EARTH, 3, 3, 5]
    broken.handle([NodeFailed(310.0, 2, "crash", wiped=False)])
    assert islands(broken, 310.0) == [0, 1, MISSED, 3, 3, 5], "silent nodes miss nobody"


@kernel
def connected(core, viewer, node):
    empty = core.con[:0]
    return is_connected(shared(core, empty, empty, empty, core.columns), viewer, node)


def test_two_that_are_missed_heard_nothing_of_each_other() -> None:
    broken = controller()
    broken.handle([NodeFailed(10.0, row, "crash", wiped=False) for row in (1, 2)])
    broken.handle([report(FLEET, 300.0)])
    # With both away no chain joins the ground; two passes would miss both.
    broken._core.satellites["island"][1:3] = MISSED
    assert not connected(broken._core, 1, 2)
    assert connected(broken._core, 1, 1)


def test_a_station_out_of_order_hears_nothing() -> None:
    deaf = controller()
    deaf.handle([NodeFailed(10.0, GROUND, "station", wiped=False)])
    assert islands(deaf, 300.0) == [0, 0, 0, 3, 3, 5]


# ---------------------------------------------------------------------- routes


def told(case: Routed, t_s: float) -> list[int]:
    n = case.fleet.n_satellites
    battery_j = tuple(0.9 * case.fleet.buses.capacity_j)
    case.told(StateReported(t_s, battery_j, (290.0,) * n, (285.0,) * n, (0.0,) * n))
    return [int(one) for one in case.core.satellites["island"]]


def test_what_has_a_route_is_with_the_ground() -> None:
    assert told(routed(), 5.0) == [0, 1, EARTH, 3, EARTH, 5]


def test_the_rest_are_joined_over_lasers() -> None:
    case = routed()
    case.feed({}, lasers_s=NEAR_S)
    assert set(told(case, 5.0)) == {0}, "one mesh, without the ground"
    case.feed({FIRST: {2: NEAR_S}}, lasers_s=NEAR_S)
    assert set(told(case, 6.0)) == {EARTH}, "one of them has a way down"


def test_who_has_a_laser_to_it_misses_what_failed() -> None:
    case = routed()
    partners = {int(one) for one in case.core.laser_to[slice(*case.core.laser_first[4:6].tolist())]}
    assert partners
    case.told(NodeFailed(5.0, 4, "crash", wiped=False))
    case.feed({FIRST: {(set(range(6)) - partners - {4}).pop(): MIDDLE_S}})
    case.core.laser_cut[:] = True
    assert told(case, 6.0)[4] == 4
    case.feed({FIRST: {partners.pop(): MIDDLE_S}})
    assert told(case, 7.0)[4] == MISSED
    case.core.laser_cut[:] = False
    assert told(case, 8.0)[4] == 4, "it is out of reach"


def test_who_has_it_in_sight_misses_what_failed() -> None:
    case = routed()
    case.told(NodeFailed(5.0, 4, "crash", wiped=False))
    case.feed({})
    assert told(case, 6.0)[4] == 4
    case.core.route_missed[4] = True
    assert told(case, 7.0)[4] == MISSED
