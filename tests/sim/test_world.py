from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.errors import ScenarioError
from perigrid.control.core.build import build_core
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import World, build_world


def test_every_observation_has_an_executed_scene(world: World) -> None:
    assert len(world.jobs) > 50
    assert {job.scene for job in world.jobs} <= set(range(world.bank.n_generated))
    seen = [world.outcome(job.job_id, "screen") for job in world.jobs]
    assert seen == [world.bank.cloud_seen[job.scene] for job in world.jobs]
    assert world.outcome(0, "classify") is None
    assert [job.job_id for job in world.jobs] == list(range(len(world.jobs)))
    assert np.all(np.diff([job.t_capture_s for job in world.jobs]) >= 0.0)


@pytest.mark.parametrize("name", ["bupt-1", "dawn-dusk-demo"])
def test_a_small_mission_of_the_library_sees_something(name: str) -> None:
    scenario = load_scenario(name, overrides=("pipeline.executed_scenes=4",))
    assert len(build_world(scenario).jobs) >= 10


def test_an_unknown_scheduler_is_a_typed_error(world: World) -> None:
    odd = replace(SCENARIO, scheduler="clairvoyant")
    with pytest.raises(ScenarioError, match="lookahead"):
        build_core(odd, world.fleet, world.outlook, ONBOARD, world.jobs)


def test_what_is_wanted_is_what_a_stage_delivers(world: World) -> None:
    seen = world.bank.cloud_seen[[job.scene for job in world.jobs]]
    np.testing.assert_array_equal(world.wanted, seen <= 0.7)
    np.testing.assert_array_equal(world.stages_run, [world.wanted, world.wanted])
    assert world.wanted.any()
    assert not world.wanted.all()
