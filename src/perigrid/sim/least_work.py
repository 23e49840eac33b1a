"""The least work of any job that a run could deliver, whichever way it takes through the stages."""

from __future__ import annotations

from perigrid.sim.world import World
from perigrid.workload.job_graph import Ways
from perigrid.workload.profile import stage_time_s


def ground_work_s(world: World, ways: Ways, wanted: frozenset[str], area_m2: float) -> float:
    """Give the least time that stages take in the fastest data centre.

    Parameters
    ----------
    world : World
        With its data centres.
    ways : list of tuple of Stage
        That jobs take.
    wanted : frozenset of str
        Which of their stages count.
    area_m2 : float
        Ground area of the scene [m2].

    Returns
    -------
    float
        0 without data centres [s].
    """
    return min(
        (
            sum(stage_time_s(one, centre.computer, area_m2) for one in way if one.name in wanted)
            for centre in world.fleet.data_centres.values()
            for way in ways
        ),
        default=0.0,
    )
