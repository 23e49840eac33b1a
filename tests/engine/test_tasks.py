"""What stages take, and when a job has all that it delivers, against the plain functions."""

import math
from dataclasses import replace

import numpy as np
import pytest

from perigrid.base.architecture import ONBOARD
from perigrid.engine import storage
from perigrid.engine.state import Count, Trouble
from perigrid.engine.tasks import finish, give
from perigrid.scenario.pipeline import Condition, Pipeline
from perigrid.workload.job_graph import is_computed, next_stage
from perigrid.workload.measured import screen_stage
from perigrid.workload.profile import stage_power_w, stage_time_s
from tests.engine.plain import plain


@pytest.mark.parametrize("place", ["satellite", "data centre"])
def test_a_stage_takes_what_its_cost_says(world, place):
    w, pipeline = plain(world, ONBOARD), world.scenario.pipeline
    node = 2 if place == "satellite" else next(iter(world.fleet.data_centres))
    computer = world.fleet.computer(node)
    for stage, one in enumerate(pipeline.stages):
        give(w, stage, node, stage, np.inf, 50.0)
        assert w.jobs[stage].work_s == stage_time_s(one, computer, world.jobs[stage].area_m2)
        assert w.jobs[stage].power_w == stage_power_w(one, computer)
    work_j = float(w.jobs[0].work_s * w.jobs[0].power_w)
    finish(w, 0, 50.0 + float(w.jobs[0].work_s))
    pue = world.fleet.data_centres[node].pue if place == "data centre" else 0.0
    assert (w.jobs[0].space_j, w.jobs[0].ground_j) == ((0.0, pue * work_j) if pue else (work_j, 0))
    assert (w.jobs[0].node, w.jobs[0].done) == (node, 1)


def test_a_model_that_does_not_fit_never_ends(world):
    w = plain(world, ONBOARD)
    w.work[0, 0].fits = 0
    give(w, 0, 0, 0, np.inf, 5.0)
    assert w.jobs[0].work_s == math.inf
    assert w.counts[Count.QUEUED] == 0


def test_a_node_without_a_computer_is_noticed(world):
    w = plain(world, ONBOARD)
    give(w, 3, next(iter(world.fleet.stations)), 0, np.inf, 5.0)
    assert (w.counts[Count.TROUBLE], w.counts[Count.OF_JOB]) == (Trouble.NO_COMPUTER, 3)


def graph(rng):
    """A pipeline of any shape."""
    stages = []
    for place in range(int(rng.integers(1, 6))):
        when = None
        if place and rng.random() < 0.7:
            limits = [None, None]
            for side in (0, 1):
                if rng.random() < 0.6:
                    limits[side] = float(rng.uniform(0.2, 0.8))
            when = Condition(stages[int(rng.integers(place))].name, *limits)
        one = replace(screen_stage(), name=f"s{place}", when=when, deliver=rng.random() < 0.5)
        stages.append(one)
    stages[-1] = replace(stages[-1], deliver=True)
    return Pipeline(tuple(stages), "decisions", 8)


def test_pixels_are_freed_when_a_job_has_all_it_delivers(world):
    rng, freed, kept = np.random.default_rng(2), 0, 0
    for _ in range(150):
        pipeline = graph(rng)
        mission = replace(world, scenario=replace(world.scenario, pipeline=pipeline))
        found = {one.name: rng.uniform(0, 1, len(world.jobs)) for one in pipeline.stages[::2]}
        w = plain(replace(mission, outcomes=found), ONBOARD)
        storage.store(w, 0, 0)
        results, t_s = {}, 10.0
        while (stage := next_stage(pipeline, results)) is not None:
            give(w, 0, 0, pipeline.names.index(stage.name), np.inf, t_s)
            t_s += float(w.jobs[0].work_s)
            finish(w, 0, t_s)
            results[stage.name] = float(found[stage.name][0]) if stage.name in found else None
            assert (w.jobs[0].holder < 0) == is_computed(pipeline, results)
        freed, kept = freed + (w.jobs[0].holder < 0), kept + (w.jobs[0].holder == 0)
    assert freed > 20
    assert kept > 10


def test_a_task_takes_its_share_of_power_and_a_given_time_for_each_pixel(world):
    w = plain(world, ONBOARD)
    give(w, 0, 2, 0, np.inf, 5.0)
    w.work[0, 0].s_per_pixel, w.jobs[1].power_share = 1e-6, 0.25
    w.jobs[1].area_m2 = w.jobs[0].area_m2
    give(w, 1, 2, 0, np.inf, 5.0)
    pixels = w.jobs[0].area_m2 / world.scenario.pipeline.stages[0].pixel_m ** 2
    assert w.jobs[1].work_s == pytest.approx(w.jobs[0].work_s + 1e-6 * pixels, rel=1e-12)
    assert w.jobs[1].power_w == 0.25 * w.jobs[0].power_w
