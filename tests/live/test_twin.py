from dataclasses import replace

import numpy as np
import pytest

from missions import LASER, RADIO
from perigrid.base.messages import Leg
from perigrid.live import twin as twin_module
from perigrid.live.twin import Twin
from perigrid.sim import engine
from perigrid.sim.world import World


def fly(world: World, steps: int, **loads: tuple) -> Twin:
    twin = Twin(world.fleet, world.outlook)
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
    twin = Twin(live_world.fleet, live_world.outlook)
    idle_j = twin._compute_j.copy()
    twin.computes(1, 30.0, 150.0, 100.0)
    added_j = twin._compute_j - idle_j
    assert added_j[1, :4] == pytest.approx([3000.0, 6000.0, 3000.0, 0.0])
    assert added_j.sum() == pytest.approx(12_000.0)


@pytest.mark.parametrize(
    ("kind", "target", "loaded", "power_w"),
    [
        ("downlink", 20, {0}, RADIO.active_w),
        ("relay", 21, {0}, LASER.active_w),
        ("crosslink", 3, {0, 3}, LASER.active_w),
    ],
)
def test_a_transmission_loads_the_terminals_in_orbit(
    live_world: World, kind: str, target: int, loaded: set[int], power_w: float
) -> None:
    twin = Twin(live_world.fleet, live_world.outlook)
    twin.sends([leg(kind, 0, target)])
    assert set(np.flatnonzero(twin._link_j.sum(axis=1)).tolist()) == loaded
    assert twin._link_j[0].sum() == pytest.approx(180.0 * power_w)


def test_nodes_on_the_ground_are_no_load(live_world: World) -> None:
    centre = next(iter(live_world.fleet.data_centres))
    loads = {"computes": (centre, 0.0, 100.0, 1e6), "sends": ([leg("terrestrial", 20, centre)],)}
    assert fly(live_world, 5, **loads).report(300.0) == fly(live_world, 5).report(300.0)


def test_storage_refuses_what_does_not_fit_and_forgets_what_is_released(live_world: World) -> None:
    first, second, *_ = live_world.jobs
    second = replace(second, origin=first.origin)
    bus = replace(live_world.fleet.satellites, storage_bytes=1.5 * first.raw_bytes)
    twin = Twin(replace(live_world.fleet, satellites=bus), live_world.outlook)
    assert twin.capture(first)
    assert not twin.capture(second)
    assert twin.report(0.0).storage_bytes[first.origin] == first.raw_bytes
    elsewhere = (first.origin + 1) % 6
    twin.arrive(first, elsewhere)
    assert twin.report(0.0).storage_bytes[elsewhere] == first.raw_bytes
    assert twin.capture(second)
    twin.release(first)
    twin.release(first)
    assert twin.report(0.0).storage_bytes[elsewhere] == 0.0
    assert sum(twin.report(0.0).storage_bytes) == second.raw_bytes


def test_telemetry_comes_as_often_as_in_the_simulator() -> None:
    assert twin_module.REPORT_INTERVAL_S == engine.REPORT_INTERVAL_S
