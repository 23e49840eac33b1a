"""The least work of any job that a run could deliver, whichever way it takes through the stages."""

from __future__ import annotations

from dataclasses import replace

from perigrid.control.scheduling.base import Belief
from perigrid.sim.world import World
from perigrid.workload.job_graph import Ways
from perigrid.workload.profile import stage_time_s


def at_best(belief: Belief, ways: Ways) -> Belief:
    """Take the least time and the least energy on any way for those of all jobs.

    Parameters
    ----------
    belief : Belief
        A controller's.
    ways : list of tuple of Stage
        That jobs take.

    Returns
    -------
    Belief
        The same in all else.
    """
    if not ways:
        return belief
    named = [[stage.name for stage in way] for way in ways]
    fast, cheap = (
        min(named, key=lambda way: sum(cost[name] for name in way))
        for cost in (belief.stage_s, belief.stage_j)
    )
    return replace(
        belief,
        stage_s={name: belief.stage_s[name] for name in fast},
        stage_j={name: belief.stage_j[name] for name in cheap},
    )


def ground_work_s(world: World, ways: Ways, wanted: frozenset[str]) -> float:
    """Give the least time that stages take in the fastest data centre.

    Parameters
    ----------
    world : World
        Data centres, and the size of scenes.
    ways : list of tuple of Stage
        That jobs take.
    wanted : frozenset of str
        Which of their stages count.

    Returns
    -------
    float
        0 without data centres [s].
    """
    sensor = world.fleet.satellites.sensor
    area_m2 = 0.0 if sensor is None else sensor.swath_m**2
    return min(
        (
            sum(stage_time_s(one, centre.computer, area_m2) for one in way if one.name in wanted)
            for centre in world.fleet.data_centres.values()
            for way in ways
        ),
        default=0.0,
    )
