"""Answers reach the jobs that wait for them, and no others."""

import numpy as np
from tests.flight_cases import small

from perigrid.sim.flight.answers import answered
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.world import Count, Happening, Phase


def waiting():
    """A flight in which the first three jobs wait for people, with no event but one."""
    world = build_flight(small("jobs.count=5")).world
    world.jobs["phase"][:3] = Phase.ASKING
    world.jobs["place"][0], world.heap[0], world.counts[Count.HEAP] = 0, 0, 1
    world.jobs["due_s"][0] = 900.0
    return world


def test_granted_jobs_are_decided_anew_with_what_was_granted():
    world = waiting()
    answered(world, np.array([0, 1, 4], np.int32), 30.0, 60.0, 2, 1, 3)
    jobs = world.jobs
    assert jobs["phase"].tolist() == [
        Phase.WAITING, Phase.WAITING, Phase.ASKING, Phase.PENDING, Phase.PENDING,
    ]  # fmt: skip
    assert jobs["due_s"][:2].tolist() == [30.0, 30.0]
    assert set(jobs["kind"][:2]) == {Happening.DECIDE}
    assert world.counts[Count.HEAP] == 2
    granted = jobs[["granted_until_s", "granted_span", "granted_place", "granted_receiver"]]
    assert granted[0].tolist() == granted[1].tolist() == (60.0, 2, 1, 3)
    assert not jobs["refused"].any()


def test_refused_jobs_are_asked_about_no_more():
    world = waiting()
    answered(world, np.array([1], np.int32), 30.0, -1.0, 2, 1, 3)
    assert world.jobs["refused"].tolist() == [0, 1, 0, 0, 0]
    assert world.jobs["phase"][1] == Phase.WAITING
    assert world.jobs["granted_span"][1] == -1
