from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import World, build_controller, build_world


def test_every_observation_has_an_executed_scene(world: World) -> None:
    assert len(world.jobs) > 50
    assert {job.scene for job in world.jobs} <= set(range(world.bank.n_generated))
    assert world.cloud_seen.shape == (len(world.bank),)
    assert [job.job_id for job in world.jobs] == list(range(len(world.jobs)))
    assert np.all(np.diff([job.t_capture_s for job in world.jobs]) >= 0.0)


@pytest.mark.parametrize("name", ["bupt-1", "dawn-dusk-demo"])
def test_a_small_mission_of_the_library_sees_something(name: str) -> None:
    scenario = load_scenario(name, overrides=("pipeline.executed_scenes=4",))
    assert len(build_world(scenario).jobs) >= 10


def test_an_unknown_scheduler_is_a_typed_error(world: World) -> None:
    odd = replace(SCENARIO, scheduler="clairvoyant")
    with pytest.raises(ScenarioError, match="lookahead"):
        build_controller(odd, world.fleet, world.outlook, ONBOARD)


def test_stages_are_the_scenarios(world: World) -> None:
    assert (world.screen.name, world.classify.name) == ("screen", "classify")
