import numpy as np
import pytest

from perigrid.base.errors import InvariantError
from perigrid.fleet.state import initial_state
from perigrid.sim.executor import ComputeQueue, Task
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.stepper import Stepper
from perigrid.sim.world import World


def stepper(world: World) -> tuple[Stepper, dict[int, ComputeQueue]]:
    n = world.fleet.n_satellites
    computers = {row: ComputeQueue(1) for row in range(n)}
    laser_w = np.zeros((n, len(world.outlook.t_s) - 1))
    state = initial_state(world.fleet)
    return Stepper(world, state, computers, LinkLoads(world, laser_w)), computers


def test_work_done_in_a_step_is_power_of_that_step_only(world: World) -> None:
    steps, computers = stepper(world)
    idle_w = world.fleet.groups[0].computer.idle_w
    edges_s = world.outlook.t_s
    steps.set_speeds(0, float(edges_s[0]))
    computers[0].energy_j = 600.0
    _, compute_w, _, speeds = steps.advance(0, float(edges_s[1]))
    assert compute_w[0] == pytest.approx(idle_w + 600.0 / (edges_s[1] - edges_s[0]))
    assert compute_w[1] == idle_w
    assert speeds.tolist() == [1.0] * world.fleet.n_satellites
    steps.set_speeds(1, float(edges_s[1]))
    _, again_w, _, _ = steps.advance(1, float(edges_s[2]))
    assert again_w[0] == idle_w


def test_the_report_is_the_state(world: World) -> None:
    steps, _ = stepper(world)
    told = steps.report(7.0)
    assert told.t_s == 7.0
    assert told.battery_j == tuple(initial_state(world.fleet).battery_j)
    steps.set_speeds(0, 0.0)
    steps.advance(0, float(world.outlook.t_s[1]))
    assert steps.report(8.0).battery_j != told.battery_j or world.outlook.array_w[0, 0] > 0.0


def test_a_battery_out_of_its_limits_stops_the_run(world: World) -> None:
    steps, _ = stepper(world)
    steps._state.storage_bytes[0] = 2.0 * world.fleet.groups[0].storage_bytes
    steps.set_speeds(0, 0.0)
    with pytest.raises(InvariantError, match="storage"):
        steps.advance(0, float(world.outlook.t_s[1]))


def test_computers_at_rest_are_not_walked_and_know_their_speed_when_work_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, computers = stepper(world)
    walked: list[ComputeQueue] = []
    whole = ComputeQueue.catch_up

    def counted(self: ComputeQueue, t_s: float) -> None:
        walked.append(self)
        whole(self, t_s)

    monkeypatch.setattr(ComputeQueue, "catch_up", counted)
    edges_s = world.outlook.t_s.tolist()
    steps._state.computer_k[1] = world.fleet.buses.throttle_k[1] + 1.0
    for step in range(3):
        steps.set_speeds(step, edges_s[step])
        steps.advance(step, edges_s[step + 1])
    assert not walked
    steps._state.computer_k[1] = world.fleet.buses.throttle_k[1] + 1.0
    steps.set_speeds(3, edges_s[3])
    task = Task(0, "screen", 1e6, 10.0)
    computers[1].submit(edges_s[3], task)
    computers[1].start_waiting(edges_s[3])
    assert steps.working() == [1]
    _, compute_w, _, speeds = steps.advance(3, edges_s[4])
    assert walked == [computers[1]]
    assert 0.0 < speeds[1] < 1.0
    assert compute_w[1] - compute_w[0] == pytest.approx(10.0 * speeds[1])
