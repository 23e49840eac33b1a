"""What is certain of people, as the loop is given it."""

from dataclasses import replace

import numpy as np
import pytest

from flights import world_of
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.control.core.messages import NOTHING
from perigrid.control.policy.approval.orders import lifts
from perigrid.control.stop_reach import stop_reach
from perigrid.engine.build import build_world
from perigrid.engine.foreseen import Foreseen
from perigrid.engine.people import is_stopped
from perigrid.engine.state import Count, Due
from perigrid.sim.oversight import Oversight
from tests.engine.stops import STOPS, mission


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


def in_force(orders, names, row, t_s):
    """Whether people's orders hold a node, counted order by order as it hears of them."""
    held = []
    for event, reaches in orders:
        heard_s = event.t_s + (reaches[row].latency_s if row < len(reaches) else 0.0)
        order = event.order
        if heard_s > t_s:
            continue
        if order.kind == "resume":
            held = [one for one in held if not lifts(order, one)]
        elif not order.nodes or not names.isdisjoint(order.nodes):
            held.append(order)
    return any(t_s < one.expires_s for one in held)


def test_nodes_are_stopped_when_they_have_heard_of_it(stopped):
    """At every time and node, and over the relay network, as people's orders say."""
    foreseen, fleet = Oversight(stopped).foreseen(), stopped.fleet
    assert foreseen.signers == len(stopped.scenario.oversight.people)
    orders = [
        (one, stop_reach(stopped.outlook, fleet.n_satellites, one.t_s))
        for one in sorted(foreseen.opening, key=lambda one: one.t_s)
    ]
    w, nodes = built(stopped, foreseen), len(fleet.names)
    times_s = np.linspace(0.0, SCENARIO.duration_s * 1.1, 997)
    times_s = np.concatenate([times_s, foreseen.stops_s.ravel()])
    counts = [0, 0]
    for row in range(nodes + 1):
        names = frozenset(fleet.called(row)) if row < nodes else fleet.mesh()
        for t_s in times_s.tolist():
            said = in_force(orders, names, row, t_s)
            assert is_stopped(w, row, t_s) == said
            counts[said] += 1
    assert min(counts) > 1000
