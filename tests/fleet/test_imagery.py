import numpy as np

from missions import SCENARIO
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.imagery import OBSERVATION_STREAM, Imagery
from perigrid.fleet.observations import observe


def test_jobs_are_observations_of_the_scenarios_seed() -> None:
    fleet, ephemeris = build_fleet(SCENARIO), satellite_ephemeris(SCENARIO)
    rng = np.random.default_rng([SCENARIO.seed, OBSERVATION_STREAM])
    jobs = Imagery().draw(SCENARIO, fleet, ephemeris, 8)
    assert jobs == observe(SCENARIO, fleet, ephemeris, 8, rng)
    assert len(jobs) > 50
