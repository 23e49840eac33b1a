"""The heap of events against a sorted list."""

import heapq

import numpy as np
from tests.flight_cases import small

from perigrid.control.dispatch.arrays import NOBODY
from perigrid.physics.compiled import kernel
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.queue import cancel, schedule
from perigrid.sim.flight.world import Count


@kernel
def do(w, jobs, times, off, taken):
    """Set an event for each job, take some away again, then take all in order."""
    for k in range(len(jobs)):
        schedule(w, jobs[k], times[k], 0)
        if off[k] >= 0:
            cancel(w, off[k])
    count = 0
    while w.counts[1] > 0:
        taken[count] = w.heap[0]
        cancel(w, w.heap[0])
        count += 1
    return count


def test_events_come_by_time_then_by_order():
    rng = np.random.default_rng(0)
    for _ in range(6):
        world = build_flight(small("jobs.count=200")).world
        jobs = rng.permutation(200)[:120]
        times = rng.integers(0, 12, 120).astype(float)
        off, alive, wanted = np.full(120, NOBODY), [], []
        for k, job in enumerate(jobs.tolist()):
            alive.append(job)
            heapq.heappush(wanted, (times[k], k, job))
            if rng.random() < 0.4:
                off[k] = alive.pop(rng.integers(len(alive)))
                wanted = [one for one in wanted if one[2] != off[k]]
                heapq.heapify(wanted)
        taken = np.zeros(200, dtype=np.int64)
        count = do(world, jobs, times, off, taken)
        assert taken[:count].tolist() == [heapq.heappop(wanted)[2] for _ in range(count)]
        assert wanted == []
        assert (world.jobs["place"] == NOBODY).all()
        assert world.counts[Count.ORDER] == 120


def test_a_job_without_event_has_nothing_to_cancel():
    world = build_flight(small("jobs.count=5")).world
    none = np.zeros(0, dtype=np.int64)
    assert do(world, none, np.zeros(0), none, np.zeros(5, dtype=np.int64)) == 0
