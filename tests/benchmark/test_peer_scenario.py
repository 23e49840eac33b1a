"""A case of orbital-compute as a scenario of ours."""

import numpy as np
import pytest

from perigrid.base.units import ZERO_CELSIUS_K
from perigrid.benchmark.peer_scenario import PEAK_W, peer_case
from perigrid.scenario.load import parse_scenario

simulator = pytest.importorskip("orbital_compute.simulator")


@pytest.fixture(scope="module")
def case():
    return peer_case(3, 40)


def test_jobs_are_its_queue(case):
    simulation = simulator.Simulation(case.config)
    simulation.setup()
    queue = simulation.scheduler.job_queue
    np.testing.assert_allclose(case.jobs.power_share * PEAK_W, [job.power_watts for job in queue])
    work_s = case.jobs.size * parse_scenario(case.text, "peer", folder=None).jobs.work_s
    np.testing.assert_allclose(work_s, [job.duration_seconds for job in queue])
    assert not case.jobs.release_s.any()
    assert len(case.jobs.source) == 40


def test_bus_is_its_bus(case):
    scenario = parse_scenario(case.text, "peer", folder=None)
    bus = scenario.group("compute")
    assert bus.battery.capacity_j == pytest.approx(5000.0 * 3600.0)
    assert (bus.battery.charge_efficiency, bus.battery.discharge_efficiency) == (0.9, 0.95)
    assert bus.array.area_m2 * bus.array.efficiency * 1361.0 == pytest.approx(2000.0, rel=1e-3)
    heat = bus.thermal
    both_j_k = heat.computer_heat_capacity_j_k + heat.radiator_heat_capacity_j_k
    assert both_j_k == pytest.approx(50_000.0)
    assert heat.initial_k == pytest.approx(ZERO_CELSIUS_K + 25.0)
    assert bus.bus_load_w == 150.0
    assert bus.laser is None
