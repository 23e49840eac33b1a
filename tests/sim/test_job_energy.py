import pytest

from perigrid.base.messages import Leg
from perigrid.sim.job_energy import compute_energy_j, leg_energy_j
from perigrid.sim.world import World


def leg(kind: str, target: int) -> Leg:
    return Leg(0, kind, 0, target, 0.0, 0.0, 10.0, 30.0, 30.5, 2e6)


def test_ground_computing_carries_the_facility(world: World) -> None:
    centre = next(iter(world.fleet.data_centres))
    assert compute_energy_j(world, 0, 100.0) == (100.0, 0.0)
    assert compute_energy_j(world, centre, 100.0) == (0.0, pytest.approx(130.0))


def test_every_link_class_is_charged_at_its_ends(world: World) -> None:
    fleet, scenario = world.fleet, world.scenario
    station = next(row for row, place in fleet.stations.items() if place.role == "operator")
    gateway = next(row for row, place in fleet.stations.items() if place.role == "gateway")
    radio_w = fleet.groups[0].radio.active_w
    assert leg_energy_j(world, leg("downlink", station)) == (20 * radio_w, 20 * 500.0)
    assert leg_energy_j(world, leg("crosslink", 1)) == (0.0, 0.0)
    relay_j = 2e6 * scenario.relay_energy_j_per_byte
    feeder_j = 2e6 * 8.0 / fleet.stations[gateway].feeder_rate_bps * 500.0
    assert leg_energy_j(world, leg("relay", gateway)) == (relay_j, feeder_j)
    fibre_j = 2e6 * scenario.terrestrial.energy_j_per_byte
    assert leg_energy_j(world, leg("terrestrial", 0)) == (0.0, fibre_j)
