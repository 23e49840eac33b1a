"""What is certain of people, as the loop is given it."""

from dataclasses import replace

import numpy as np
import pytest

from flights import world_of
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.control.core.messages import NOTHING
from perigrid.engine.build import build_world
from perigrid.engine.foreseen import Foreseen
from perigrid.engine.people import is_stopped
from perigrid.engine.state import Count, Due
from perigrid.sim.oversight import Oversight
from tests.engine.test_people import STOPS, mission


@pytest.fixture(scope="module")
def stopped(world):
    return world_of(mission(oversight={"orders": STOPS}), world.bank)


def built(world, foreseen):
    return build_world(
        world.scenario, world.fleet, world.outlook, world.jobs, world.outcomes, ONBOARD, foreseen
    )


def test_what_is_certain_is_the_beginning_of_the_queue(stopped):
    late, early, *_ = Oversight(stopped).opening()
    opening = [replace(late, t_s=9e3), replace(early, t_s=1e3), replace(early, t_s=9e3)]
    foreseen = replace(Foreseen.nothing(len(stopped.fleet.names)), opening=opening)
    w = built(stopped, foreseen)
    first, queued = len(stopped.jobs), w.queue[: w.counts[Count.QUEUED]]
    assert queued["t_s"].tolist() == [1e3, 9e3, 9e3]
    assert queued["part"].tolist() == [1, 0, 2]
    assert queued["order"].tolist() == [first + 1, first, first + 2], "as they were entered"
    assert set(queued["kind"]) == {Due.ORDER}
    assert set(queued["job"]) == {NOTHING}
    assert (w.counts[Count.ORDER], w.con["opening"][0]) == (first + 3, 3)


def test_nodes_are_stopped_when_they_have_heard_of_it(stopped):
    """At every time and node, and over the relay network, as people's orders say."""
    foreseen, people = Oversight(stopped).foreseen(), Oversight(stopped)
    assert foreseen.signers == len(stopped.scenario.oversight.people)
    for event in people.opening():
        people.ordered(event)
    w, nodes = built(stopped, foreseen), len(stopped.fleet.names)
    times_s = np.linspace(0.0, SCENARIO.duration_s * 1.1, 997)
    times_s = np.concatenate([times_s, foreseen.stops_s.ravel()])
    counts = [0, 0]
    for t_s in times_s.tolist():
        for row in range(nodes):
            said = people.is_barred(row, t_s)
            assert is_stopped(w, row, t_s) == said
            counts[said] += 1
        assert is_stopped(w, nodes, t_s) == people._is_stopped(people._mesh, nodes, t_s)
    assert min(counts) > 1000
