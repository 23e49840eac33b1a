"""Every index of a flight's state, led astray."""

import numpy as np
import pytest
from tests.flight_cases import STORM, flown, small

from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.ranges import demand_ranges
from perigrid.sim.flight.world import Count, Phase, state_arrays
from perigrid.sim.frozen import FrozenError


@pytest.fixture(scope="module")
def worlds():
    """One as it was built, one as it is in the midst of a flight through a storm."""
    scenario = small("hours=0.5", "jobs.count=300", *STORM)
    seen = []

    def look(flight, t_s):
        world = flight.world
        busy = (world.sats["head"] >= 0).any() and world.counts[Count.HEAP] > 1
        if busy and not seen:
            seen.append(copied(world))
            seen[0].counts[Count.LOGGED] = 0

    flown(scenario, look)
    return build_flight(scenario).world, seen[0]


def copied(world):
    return world._replace(**{name: array.copy() for name, array in state_arrays(world).items()})


def test_what_a_flight_comes_to_is_taken():
    # Fewer jobs than nodes: what a job's field means decides how far it may go.
    scenario = small("hours=0.5", "jobs.count=20", *STORM)
    fresh = build_flight(scenario).world

    def look(flight, t_s):
        read = copied(flight.world)
        read.counts[Count.LOGGED] = 0
        demand_ranges(fresh, read)

    flight, _ = flown(scenario, look)
    assert len(flight.world.jobs) < len(flight.world.ends)


def test_a_queue_that_leads_elsewhere_is_refused(worlds):
    fresh, read = worlds[0], copied(worlds[1])
    head = read.sats["head"][read.sats["head"] >= 0][0]
    read.jobs["phase"][head] = Phase.MISSED
    with pytest.raises(FrozenError, match="not queued"):
        demand_ranges(fresh, read)


ASTRAY = [
    *(("jobs", name, value) for name in ("node", "avoid", "place", "following")
      for value in (-2, 2**31 - 1)),
    *(("jobs", name, 1) for name in ("source", "model")),
    *(("jobs", name, 255) for name in ("phase", "kind", "cause")),
    *(("sats", name, value) for name in ("head", "tail", "exit_node")
      for value in (-2, 2**31 - 1)),
    *(("running", None, value) for value in (-2, 2**31 - 1)),
    *(("heap", None, value) for value in (-1, 2**31 - 1)),
]  # fmt: skip


@pytest.mark.parametrize(("table", "field", "value"), ASTRAY)
def test_an_index_that_leads_out_of_its_table_is_refused(worlds, table, field, value):
    fresh, read = worlds[0], copied(worlds[1])
    array = getattr(read, table)
    column = array if field is None else array[field]
    column.flat[0] = column.flat[0] + value if field in {"source", "model"} else value
    with pytest.raises(FrozenError, match=table):
        demand_ranges(fresh, read)


@pytest.mark.parametrize("count", list(Count))
@pytest.mark.parametrize("value", [-1, np.iinfo(np.int64).max])
def test_a_count_beyond_its_table_is_refused(worlds, count, value):
    fresh, read = worlds[0], copied(worlds[1])
    read.counts[count] = value
    with pytest.raises(FrozenError, match="counts"):
        demand_ranges(fresh, read)


def test_a_queue_that_contradicts_its_jobs_is_refused(worlds):
    fresh, read = worlds[0], copied(worlds[1])
    assert read.counts[Count.HEAP] > 1
    read.heap[:2] = read.heap[1::-1]
    with pytest.raises(FrozenError, match="contradict"):
        demand_ranges(fresh, read)
