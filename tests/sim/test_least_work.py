from dataclasses import replace

import pytest

from missions import SCENARIO
from own_stages import own_pipeline
from perigrid.sim.least_work import at_best, ground_work_s
from perigrid.sim.world import World
from perigrid.workload.profile import stage_time_s
from scheduling_cases import belief_of

STAGES = own_pipeline().stages
LONG, SHORT = STAGES, STAGES[:2]


def test_the_cheapest_way_counts_for_all() -> None:
    belief = replace(
        belief_of(SCENARIO),
        stage_s={"screen": 1.0, "detect": 2.0, "outline": 4.0, "alert": 8.0},
        stage_j={"screen": 10.0, "detect": 20.0, "outline": 40.0, "alert": 80.0},
    )
    assert at_best(belief, [LONG]).work_s == belief.work_s == 15.0
    best = at_best(belief, [LONG, SHORT])
    assert (best.work_s, best.work_j) == (3.0, 30.0)
    assert at_best(belief, []) is belief


def test_on_the_ground_the_fastest_centre_counts(world: World) -> None:
    area_m2 = world.fleet.satellites.sensor.swath_m**2
    every = frozenset(stage.name for stage in STAGES)
    least_s = min(
        sum(stage_time_s(stage, centre.computer, area_m2) for stage in SHORT)
        for centre in world.fleet.data_centres.values()
    )
    assert ground_work_s(world, [LONG, SHORT], every) == pytest.approx(least_s)
    assert ground_work_s(world, [LONG, SHORT], frozenset()) == 0.0
    assert ground_work_s(world, [LONG], every) > least_s
