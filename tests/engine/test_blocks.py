"""Steps that are all there, and steps that come block by block."""

import numpy as np

from flight_cases import small
from perigrid.base.architecture import BENT_PIPE, ORBITAL, RELAY
from perigrid.engine.blocks import blocks_of, edges_of, held_j
from perigrid.sim import world as sim
from tests.engine.plain import built


def test_a_run_by_windows_has_all_its_steps(world):
    mission = world.scenario, world.fleet, world.outlook
    blocks = blocks_of(*mission, ORBITAL)
    assert blocks.first == 0
    assert blocks.array_w is world.outlook.array_w
    assert edges_of(world.scenario, world.outlook) is blocks.t_s is world.outlook.t_s
    w = built(world, RELAY)
    assert held_j(w) == np.sum(w.held_w * np.diff(w.t_s)) > 0.0


def test_a_routed_run_asks_for_its_first_block_and_holds_its_lasers():
    scenario = small("hours=0.1", "step_s=20")
    world = sim.build_world(scenario)
    mission = scenario, world.fleet, world.outlook
    blocks = blocks_of(*mission, ORBITAL)
    assert blocks.first == -3
    assert blocks.array_w.shape == (48, 3)
    assert blocks.t_s[:3].tolist() == [0.0, 20.0, 40.0]
    assert blocks.t_s[-1] == 360.0
    assert set(world.outlook.t_s) <= set(blocks.t_s)
    assert (blocks.held_w == 4 * 50.0).all()
    assert not blocks_of(*mission, BENT_PIPE).held_w.any()
    assert held_j(built(world, ORBITAL)) == 48 * 200.0 * 360.0
