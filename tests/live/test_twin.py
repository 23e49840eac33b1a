from dataclasses import replace

import numpy as np
import pytest

from missions import LASER, RADIO
from perigrid.base.messages import Leg
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind
from perigrid.live.twin import Twin
from perigrid.sim.world import World


def dark_twin(world: World) -> Twin:
    """No laser links held."""
    return Twin(world.fleet, world.outlook, held_laser_w(world.fleet, world.outlook, ()))


def fly(world: World, steps: int, **loads: tuple) -> Twin:
    twin = dark_twin(world)
    for name, arguments in loads.items():
        getattr(twin, name)(*arguments)
    for step in range(steps):
        twin.advance(step)
    return twin


def leg(kind: str, source: int, target: int) -> Leg:
    return Leg(0, kind, source, target, 0.0, 0.0, 30.0, 210.0, 210.1, 1.0e6)


def test_work_on_a_satellite_is_heat_and_energy_of_that_satellite(live_world: World) -> None:
    idle = fly(live_world, 5).report(300.0)
    busy = fly(live_world, 5, computes=(2, 30.0, 250.0, 360.0)).report(300.0)
    hotter = np.array(busy.computer_k) - np.array(idle.computer_k)
    assert hotter[2] > 1.0
    assert np.delete(hotter, 2) == pytest.approx(0.0)


def test_a_load_is_spread_over_the_steps_it_touches(live_world: World) -> None:
    twin = dark_twin(live_world)
    idle_j = twin._compute_j.copy()
    twin.computes(1, 30.0, 150.0, 100.0)
    added_j = twin._compute_j - idle_j
    assert added_j[1, :4] == pytest.approx([3000.0, 6000.0, 3000.0, 0.0])
    assert added_j.sum() == pytest.approx(12_000.0)


@pytest.mark.parametrize(
    ("kind", "target", "power_w"),
    [("downlink", 20, RADIO.active_w), ("relay", 21, 0.0), ("crosslink", 3, 0.0)],
)
def test_a_transmission_loads_the_radio_and_no_laser_that_is_held_anyway(
    live_world: World, kind: str, target: int, power_w: float
) -> None:
    twin = dark_twin(live_world)
    twin.sends([leg(kind, 0, target)])
    assert twin._link_j[0].sum() == pytest.approx(180.0 * power_w)
    assert not twin._link_j[1:].any()


def test_a_move_that_is_recalled_leaves_no_load_and_no_room_kept(live_world: World) -> None:
    twin = dark_twin(live_world)
    job, legs = live_world.jobs[0], [leg("downlink", 0, 20)]
    held_bytes = twin._storage.held_bytes.copy()
    twin.set_out(job, 3)
    twin.sends(legs)
    twin.recall(job, legs)
    assert twin._link_j == pytest.approx(np.zeros_like(twin._link_j))
    assert twin._storage.held_bytes.tolist() == held_bytes.tolist()


def test_lasers_draw_while_they_hold_a_link(live_world: World) -> None:
    fleet, outlook = live_world.fleet, live_world.outlook
    held_w = held_laser_w(fleet, outlook, {ContactKind.RELAY})
    assert held_w.max() == pytest.approx(LASER.active_w)
    twin = Twin(fleet, outlook, held_w)
    assert twin._link_j.sum() == pytest.approx((held_w * np.diff(outlook.t_s)).sum())


def test_nodes_on_the_ground_are_no_load(live_world: World) -> None:
    centre = next(iter(live_world.fleet.data_centres))
    loads = {"computes": (centre, 0.0, 100.0, 1e6), "sends": ([leg("terrestrial", 20, centre)],)}
    assert fly(live_world, 5, **loads).report(300.0) == fly(live_world, 5).report(300.0)


def test_storage_refuses_what_does_not_fit_and_forgets_what_is_released(live_world: World) -> None:
    first, second, *_ = live_world.jobs
    second = replace(second, origin=first.origin)
    bus = replace(live_world.fleet.groups[0], storage_bytes=1.5 * first.raw_bytes)
    twin = dark_twin(replace(live_world, fleet=replace(live_world.fleet, groups=(bus,))))
    assert twin.capture(first)
    assert not twin.capture(second)
    assert twin.report(0.0).storage_bytes[first.origin] == first.raw_bytes
    elsewhere = (first.origin + 1) % 6
    twin.set_out(first, elsewhere)
    assert twin.report(0.0).storage_bytes[elsewhere] == first.raw_bytes, "room is kept"
    twin.arrive(first)
    assert twin.report(0.0).storage_bytes[elsewhere] == first.raw_bytes
    assert twin.capture(second)
    twin.release(first)
    twin.release(first)
    assert twin.report(0.0).storage_bytes[elsewhere] == 0.0
    assert sum(twin.report(0.0).storage_bytes) == second.raw_bytes
