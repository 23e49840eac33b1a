"""Waiting jobs of the controller as an instance in slots, each as long as a job."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.jobs import Job
from perigrid.control.contact_plan import Route
from perigrid.control.planning.instance import Instance, Satellites, Work
from perigrid.control.planning.starts import Starts, possible_starts
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.forecast import SOC_MARGIN, Forecast
from perigrid.control.scheduling.guard import Guard
from perigrid.control.work_times import SceneWork
from perigrid.fleet.model import Ints

MOST_SLOTS: Final = 96
MOST_ANSWERS: Final = 1e6
"""More than can wait; each counts as one byte."""

NEIGHBOURS: Final = 4
"""Other satellites that a job may be moved to: those its pixels reach first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs that wait, as an instance.

    Parameters
    ----------
    instance : Instance
        Satellites are rows of the fleet; slot 0 begins now.
    starts : Starts
        Those that end early enough for the answer to arrive in time.
    routes : list of dict of int to Route
        For each job the ways to other satellites.
    """

    instance: Instance
    starts: Starts
    routes: list[dict[int, Route]]


def waiting_instance(jobs: Sequence[Job], belief: Belief, guard: Guard) -> Waiting | None:
    """Describe waiting jobs and what the satellites can bear.

    Parameters
    ----------
    jobs : sequence of Job
        To be placed together.
    belief : Belief
        The fleet now.
    guard : Guard
        With a forecast.

    Returns
    -------
    Waiting or None
        None before the first telemetry.
    """
    view = guard.forecast
    slot_s = _longest_s(jobs, belief)
    if view is None or slot_s <= 0.0:
        return None
    slots = int(min(MOST_SLOTS, (view.t_s[-1] - belief.t_s) // slot_s))
    if slots < 1:
        return None
    routes = [_routes(job, belief) for job in jobs]
    instance = Instance(
        _satellites(view, belief, slots, slot_s), _work(jobs, routes, belief, slots, slot_s), slot_s
    )
    starts = possible_starts(instance)
    return Waiting(instance, _in_time(starts, jobs, belief, slot_s), routes)


def _longest_s(jobs: Sequence[Job], belief: Belief) -> float:
    """Length of a slot: that of the longest job on the slowest computer."""
    return max((work.work_s for work in _works(jobs, belief)), default=0.0)


def _works(jobs: Sequence[Job], belief: Belief) -> list[SceneWork]:
    """List what jobs of each size take on a satellite of each group."""
    rows = [rows.start for group, rows in belief.fleet.spans() if group.computer]
    areas_m2 = dict.fromkeys(job.area_m2 for job in jobs)
    return [belief.works.on(row, area_m2) for row in rows for area_m2 in areas_m2]


def _routes(job: Job, belief: Belief) -> dict[int, Route]:
    if not belief.may_migrate:
        return {}
    every = belief.reached(job, job.origin)
    able = [
        (route.t_arrival_s, node)
        for node, route in every.items()
        if belief.storage.has_room(node, job.raw_bytes)
    ]
    return {node: every[node] for _, node in sorted(able)[:NEIGHBOURS]}


def _satellites(view: Forecast, belief: Belief, slots: int, slot_s: float) -> Satellites:
    buses, count = belief.fleet.buses, belief.fleet.n_satellites
    begin_s = belief.t_s + slot_s * np.arange(slots)
    column = np.clip(np.searchsorted(view.t_s, begin_s, side="right") - 1, 0, None)
    spare_w = view.surplus_w[:, column]
    at_cells = np.where(
        spare_w > 0.0,
        buses.charge_efficiency[:, None],
        1.0 / buses.discharge_efficiency[:, None],
    )
    busy = begin_s < belief.busy_until_s[:, None] - 1e-9
    hot = np.array([[view.heat_left_k(s, t) < 0.0 for t in begin_s] for s in range(count)])
    start_j = np.array([np.interp(belief.t_s, view.t_s, row) for row in view.battery_j])
    shape = (count, slots)
    # One slot, the last, takes all answers: the contact plan times them, not the instance.
    downlink_bytes = np.zeros(shape)
    downlink_bytes[:, -1] = MOST_ANSWERS
    return Satellites(
        gain_j=spare_w * slot_s * at_cells,
        start_j=start_j,
        floor_j=buses.capacity_j * (buses.min_soc + SOC_MARGIN),
        capacity_j=buses.capacity_j.copy(),
        downlink_bytes=downlink_bytes,
        memory_bytes=np.full(shape, np.inf),
        closed=busy | hot | ~buses.computes[:, None],
        start_k=np.zeros(count),
        limit_k=np.full(count, np.inf),
        warming_k=np.zeros(shape),
        warming_k_per_j=0.0,
        kept_share=0.0,
    )


def _work(
    jobs: Sequence[Job],
    routes: list[dict[int, Route]],
    belief: Belief,
    slots: int,
    slot_s: float,
) -> Work:
    """Jobs of one slot each; answers are sent by the contact plan, not by slots."""
    count = len(jobs)
    candidate = np.full((count, NEIGHBOURS + 1), -1, dtype=np.int64)
    delay = np.zeros_like(candidate)
    for row, (job, ways) in enumerate(zip(jobs, routes, strict=True)):
        candidate[row, 0] = job.origin
        for k, (node, way) in enumerate(ways.items(), start=1):
            candidate[row, k] = node
            delay[row, k] = math.ceil((way.t_arrival_s - belief.t_s) / slot_s)
    least = belief.fleet.buses.discharge_efficiency[belief.fleet.buses.computes].min()
    energy_j = max(work.energy_j for work in _works(jobs, belief)) / least
    ones = np.ones(count, dtype=np.int64)
    return Work(
        origin=np.array([job.origin for job in jobs], dtype=np.int64),
        release=np.zeros(count, dtype=np.int64),
        deadline=np.full(count, slots - 1, dtype=np.int64),
        duration=ones,
        energy_j=np.full(count, energy_j),
        memory_bytes=np.zeros(count),
        output_bytes=ones.astype(float),
        value=np.ones(count),
        candidate=candidate,
        delay=delay,
    )


def _in_time(starts: Starts, jobs: Sequence[Job], belief: Belief, slot_s: float) -> Starts:
    """Keep the starts from which the answer still arrives before the deadline."""
    pairs = np.column_stack([starts.job, starts.satellite])
    latest_s = {
        (int(j), int(s)): _latest_done_s(jobs[int(j)], int(s), belief, slot_s)
        for j, s in np.unique(pairs, axis=0)
    }
    done_s = belief.t_s + slot_s * (starts.slot + 1)
    limit_s = np.array([latest_s[int(j), int(s)] for j, s in pairs]).reshape(len(starts))
    kept: Ints = np.flatnonzero(done_s <= limit_s)
    job = starts.job[kept]
    first = np.searchsorted(job, np.arange(len(starts.first_of_job))).astype(np.int64)
    return replace(
        starts,
        job=job,
        satellite=starts.satellite[kept],
        slot=starts.slot[kept],
        first_of_job=first,
    )


def _latest_done_s(job: Job, node: int, belief: Belief, slot_s: float) -> float:
    """Latest end of a slot from which the answer arrives in time; minus infinity if none."""
    nodes = belief.delivery_nodes(job)

    def arrives(slots: int) -> bool:
        done_s = belief.t_s + slot_s * slots
        way = belief.plan.to_data_centre(node, done_s, belief.sent_bytes(job), nodes)
        return way is not None and way.t_arrival_s <= job.deadline_s

    low, high = 0, int((job.deadline_s - belief.t_s) // slot_s) + 1
    while high - low > 1:  # an answer that is done later never arrives sooner: halve
        middle = (low + high) // 2
        low, high = (middle, high) if arrives(middle) else (low, middle)
    return belief.t_s + slot_s * (low + 0.5) if low else -math.inf
