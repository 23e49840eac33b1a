import numpy as np
import pytest

from missions import RADIO
from perigrid.base.messages import Leg
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.world import World

RADIO_W = RADIO.active_w


def leg(kind: str, source: int, target: int, start_s: float, end_s: float) -> Leg:
    return Leg(0, kind, source, target, start_s, start_s, start_s, end_s, end_s + 0.01, 1e6)


def loads_of(world: World, held_w: float = 0.0) -> LinkLoads:
    shape = (world.fleet.n_satellites, len(world.outlook.t_s) - 1)
    return LinkLoads(world, np.full(shape, held_w))


def total_j(loads: LinkLoads, world: World) -> np.ndarray:
    steps = np.diff(world.outlook.t_s)
    return sum(loads.power_w(step) * dt_s for step, dt_s in enumerate(steps))


def test_a_transmission_is_spread_over_the_steps_it_touches(world: World) -> None:
    loads = loads_of(world)
    loads.add((leg("downlink", 2, 99, 50.0, 130.0),))
    power_w = RADIO_W
    shares = [loads.power_w(step)[2] / power_w for step in range(3)]
    assert shares == pytest.approx([10.0 / 60.0, 1.0, 10.0 / 60.0])
    assert total_j(loads, world).sum() == pytest.approx(80.0 * power_w)


def test_lasers_draw_while_linked_and_no_more_when_they_send(world: World) -> None:
    loads = loads_of(world, held_w=50.0)
    loads.add((leg("crosslink", 0, 1, 0.0, 30.0), leg("terrestrial", 9, 10, 0.0, 30.0)))
    assert loads.power_w(0) == pytest.approx(50.0)


def test_the_radio_is_reserved_beside_the_lasers_until_it_is_booked(world: World) -> None:
    loads = loads_of(world, held_w=50.0)
    assert loads.reserve_w(0) == pytest.approx(50.0 + RADIO_W)
    loads.add((leg("downlink", 0, 99, 0.0, 60.0),))
    assert loads.power_w(0)[:2] == pytest.approx([50.0 + RADIO_W, 50.0])
    assert loads.reserve_w(0)[:2] == pytest.approx([50.0 + RADIO_W, 50.0 + RADIO_W])


def test_what_lies_beyond_the_run_is_not_loaded(world: World) -> None:
    loads = loads_of(world)
    end_s = float(world.outlook.t_s[-1])
    loads.add((leg("downlink", 0, 99, end_s - 5.0, end_s + 60.0),))
    assert total_j(loads, world).sum() == pytest.approx(5.0 * RADIO_W)


def test_what_is_not_sent_after_all_is_taken_out_again(world: World) -> None:
    loads = loads_of(world)
    broken, kept = leg("downlink", 2, 99, 50.0, 130.0), leg("downlink", 2, 99, 130.0, 140.0)
    loads.add((broken, kept))
    loads.remove((broken,), 70.0)
    assert total_j(loads, world).sum() == pytest.approx(30.0 * RADIO_W)
    assert min(loads.power_w(step).min() for step in range(4)) >= 0.0
