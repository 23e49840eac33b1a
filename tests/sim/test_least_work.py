import pytest

from own_stages import own_pipeline
from perigrid.sim.least_work import ground_work_s
from perigrid.sim.world import World
from perigrid.workload.profile import stage_time_s

STAGES = own_pipeline().stages
LONG, SHORT = STAGES, STAGES[:2]


def test_on_the_ground_the_fastest_centre_counts(world: World) -> None:
    area_m2 = 4.0e8
    every = frozenset(stage.name for stage in STAGES)
    least_s = min(
        sum(stage_time_s(stage, centre.computer, area_m2) for stage in SHORT)
        for centre in world.fleet.data_centres.values()
    )
    assert ground_work_s(world, [LONG, SHORT], every, area_m2) == pytest.approx(least_s)
    assert ground_work_s(world, [LONG, SHORT], frozenset(), area_m2) == 0.0
    assert ground_work_s(world, [LONG], every, area_m2) > least_s
