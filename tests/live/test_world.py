from perigrid.live.world import LiveWorld
from perigrid.sim.world import World


def test_the_simulators_world_will_do(live_world: World) -> None:
    names = {name for name in vars(LiveWorld) if not name.startswith("_")}
    assert names >= {"scenario", "fleet", "outlook", "bank", "jobs", "outcome"}
    assert all(hasattr(live_world, name) for name in names)
