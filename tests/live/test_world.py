from perigrid.live.world import LiveWorld
from perigrid.sim.world import World


def test_the_simulators_world_will_do(live_world: World) -> None:
    every = {name for kind in LiveWorld.__mro__ for name in vars(kind)}
    names = {name for name in every if not name.startswith("_")}
    assert names >= {"scenario", "fleet", "outlook", "bank", "jobs", "outcome", "under"}
    assert all(hasattr(live_world, name) for name in names)
