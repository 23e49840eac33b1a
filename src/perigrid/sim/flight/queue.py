"""Events of jobs in a heap ordered by time, then by when they were set; one event for each job."""

from __future__ import annotations

from perigrid.control.dispatch.arrays import Ints, Table
from perigrid.physics.compiled import part
from perigrid.sim.flight.world import Count, World

_ORDER, _HEAP = int(Count.ORDER), int(Count.HEAP)


@part
def schedule(w: World, job: int, t_s: float, kind: int) -> None:
    """Set a job's next event.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which; it has no event.
    t_s : float
        When [s].
    kind : int
        :class:`perigrid.sim.flight.world.Happening`.
    """
    jobs, heap = w.jobs, w.heap
    jobs[job].due_s, jobs[job].kind, jobs[job].order = t_s, kind, w.counts[_ORDER]
    w.counts[_ORDER] += 1
    place = w.counts[_HEAP]
    w.counts[_HEAP] += 1
    _rise(jobs, heap, job, place)


@part
def cancel(w: World, job: int) -> None:
    """Take a job's event away, if it has one.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which.
    """
    jobs, heap = w.jobs, w.heap
    place = jobs[job].place
    if place < 0:
        return
    w.counts[_HEAP] -= 1
    size = w.counts[_HEAP]
    jobs[job].place = -1
    if place == size:
        return
    last = heap[size]
    if place > 0 and _before(jobs, last, heap[(place - 1) >> 1]):
        _rise(jobs, heap, last, place)
    else:
        _sink(jobs, heap, last, place, size)


@part
def _before(jobs: Table, a: int, b: int) -> bool:
    """Whether the event of one job comes before another's."""
    if jobs[a].due_s == jobs[b].due_s:
        return bool(jobs[a].order < jobs[b].order)
    return bool(jobs[a].due_s < jobs[b].due_s)


@part
def _rise(jobs: Table, heap: Ints, job: int, place: int) -> None:
    """Put a job at a place and move it up as far as it goes."""
    while place > 0:
        above = heap[(place - 1) >> 1]
        if _before(jobs, above, job):
            break
        heap[place], jobs[above].place = above, place
        place = (place - 1) >> 1
    heap[place], jobs[job].place = job, place


@part
def _sink(jobs: Table, heap: Ints, job: int, place: int, size: int) -> None:
    """Put a job at a place and move it down as far as it goes."""
    child = 2 * place + 1
    while child < size:
        if child + 1 < size and _before(jobs, heap[child + 1], heap[child]):
            child += 1
        if _before(jobs, job, heap[child]):
            break
        heap[place], jobs[heap[child]].place = heap[child], place
        place, child = child, 2 * child + 1
    heap[place], jobs[job].place = job, place
