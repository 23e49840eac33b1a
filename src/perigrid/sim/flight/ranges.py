"""Whether every index of a flight's state lies in the table that it is for.

Compiled code asks nothing: an index that lies elsewhere reads and writes memory that is not its.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.control.dispatch.codes import Reason
from perigrid.sim.flight.world import CAUSES, Count, Happening, Phase, World
from perigrid.sim.frozen import FrozenError


def demand_ranges(fresh: World, read: World) -> None:
    """Refuse a state with an index that is none.

    Parameters
    ----------
    fresh : World
        Of the same flight, before its first step.
    read : World
        With the state that is to take its place; of the same sizes.

    Raises
    ------
    FrozenError
        That names the field.
    """
    jobs, sats, counts = read.jobs, read.sats, read.counts
    n_jobs, n_sats, n_ends, n_heap = len(jobs), len(sats), len(read.ends), len(read.heap)
    for name in ("source", "model", "law"):
        if not np.array_equal(jobs[name], fresh.jobs[name]):
            raise FrozenError(f"jobs.{name} is of another flight")
    down = jobs["phase"] == Phase.OUTBOUND
    _within("jobs.following", jobs["following"][down], 0, n_ends)
    _within("jobs.following", jobs["following"], -1, max(n_jobs, n_ends))
    for name, stop in (
        ("node", n_sats), ("avoid", n_sats), ("place", n_heap),
        *((name, len(read.spans)) for name in ("granted_span", "leave_span")),
    ):  # fmt: skip
        _within(f"jobs.{name}", jobs[name], -1, stop)
    for name, stop in (("phase", len(Phase)), ("kind", len(Happening)), ("cause", len(Reason)),
                       ("blocked", CAUSES)):  # fmt: skip
        _within(f"jobs.{name}", jobs[name], 0, stop)
    for name, stop in (("head", n_jobs), ("tail", n_jobs), ("exit_node", n_ends)):
        _within(f"sats.{name}", sats[name], -1, stop)
    _within("sats.slow", sats["slow"], 0, CAUSES)
    _within("running", read.running, -1, n_jobs)
    _within("heap", read.heap, 0, max(n_jobs, 1))
    most = {Count.HEAP: n_heap, Count.RELEASED: n_jobs, Count.FAULTS: len(read.faults)}
    for count in Count:
        written = count in {Count.LOGGED, Count.COMMITTED}
        stop = 0 if written else most.get(count, np.iinfo(np.int64).max - 1)
        _within(f"counts.{count.name.lower()}", counts[count], 0, stop + 1)
    _demand_heap(read)
    _demand_queues(read)


def _demand_heap(read: World) -> None:
    """Refuse a queue of events whose jobs do not know where in it they are."""
    waiting = read.heap[: read.counts[Count.HEAP]]
    places = read.jobs["place"]
    known = np.count_nonzero(places >= 0) == len(waiting)
    if not known or not np.array_equal(places[waiting], np.arange(len(waiting))):
        raise FrozenError("heap and jobs.place contradict each other")


def _demand_queues(read: World) -> None:
    """Refuse a queue of a satellite that leads to a job that does not wait in one."""
    queued = read.jobs["phase"] == Phase.QUEUED
    following = read.jobs["following"][queued]
    _within("jobs.following", following, -1, len(queued))
    waited_at = read.sats["head"] >= 0  # elsewhere the tail is what it was last
    for name, rows in (
        ("jobs.following", following),
        *((f"sats.{end}", read.sats[end][waited_at]) for end in ("head", "tail")),
    ):
        if not queued[rows[rows >= 0]].all():
            raise FrozenError(f"{name} leads to a job that is not queued")


def _within(name: str, values: npt.ArrayLike, first: int, stop: int) -> None:
    found = np.asarray(values)
    if found.size and (found.min() < first or found.max() >= stop):
        raise FrozenError(f"{name} leads out of its table")
