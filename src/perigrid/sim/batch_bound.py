"""What no scheduler could have exceeded on a run's compute jobs: an upper bound on their value."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SPEED_OF_LIGHT_M_S
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Product
from perigrid.control.contact_plan import Bools
from perigrid.control.planning.prices import Demand, price_bound
from perigrid.control.policy.build import build_gate
from perigrid.control.policy.gate import Gate
from perigrid.engine.fault_table import fault_schedule
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.faults import FaultKind
from perigrid.fleet.model import Fleet, Floats
from perigrid.scenario.jobs import COMPUTE as COMPUTE_STAGE
from perigrid.scenario.model import Computer
from perigrid.sim.job_classes import job_classes
from perigrid.sim.upper_bound import COMPUTE, RunBound
from perigrid.sim.world import World
from perigrid.workload.profile import stage_power_w, stage_time_s

WINDOW_S: Final = 300.0
"""Windows in which compute time has a price [s]."""
_ORBIT_S: Final = np.arange(0.0, 6000.0, 300.0)
_BELOW_M: Final = 50.0e3
"""Taken off the lowest height seen, for what lies between and the geoid [m]."""


@dataclass(frozen=True, slots=True)
class _Computers:
    """Nodes that may compute, and what each has; fleet rows, the order of all arrays."""

    slots: Floats  # 0 where none may compute
    pace: Floats  # of the fastest
    room_bytes: Floats  # of all slots; infinite in a data centre
    w: Floats  # of a slot above idle; infinite where there is none
    best_s: float  # what a job of size 1 takes on the fastest


def batch_bound(world: World, architecture: Architecture, surplus_j: Floats) -> RunBound:
    """Bound the value of all answers that any scheduler could deliver under an architecture.

    Parameters
    ----------
    world : World
        With compute jobs.
    architecture : Architecture
        Where computing is done.
    surplus_j : (n_satellites,) float array
        What the arrays gave in the run beyond bus, idle computer and lasers held [J].

    Returns
    -------
    RunBound
        Valid for every scheduler; of kind ``demand``, ``compute`` or ``energy``.

    Notes
    -----
    See :func:`perigrid.control.planning.prices.price_bound`. A job is possible if it is in time
    with the fastest computer to itself and its data straight above, if its model has room beside
    it, and if rules leave some computer open to its data and its user open to the answer. Energy:
    what the arrays give beyond the base load, step by step, and what the batteries held above
    their floor. The base load of nights and losses of charging are left out; of computers the
    thriftiest counts, and energy on the ground is not scarce.
    """
    gate = build_gate(world.scenario, world.fleet)
    there = _computers(world, architecture)
    if there.best_s == np.inf:
        return RunBound(0.0, COMPUTE, float(column_of(world.jobs, "value").sum()))
    places = architecture.places(COMPUTE_STAGE)
    open_nodes, may = _open(world, gate, there.slots > 0.0, places)
    slots_s = np.where(open_nodes, there.slots * there.pace, 0.0)
    demand = _demand(world, architecture, there, may)
    capacity_s = _capacity_s(world, slots_s)
    energy_s = _energy_s(world, there, slots_s > 0.0, surplus_j, demand)
    found = price_bound(demand, capacity_s, WINDOW_S, energy_s)
    return RunBound(found.value, found.kind, found.asked)


def _computers(world: World, architecture: Architecture) -> _Computers:
    """List what may compute under an architecture."""
    fleet, (stage,) = world.fleet, world.scenario.pipeline.stages
    places, n = architecture.places(stage.name), len(fleet.names)
    slots, time_s = np.zeros(n), np.full(n, np.inf)
    room_bytes, w = np.zeros(n), np.full(n, np.inf)

    def put(rows: slice | int, computer: Computer, memory_bytes: float) -> None:
        if stage.memory_bytes > computer.memory_bytes:
            return
        slots[rows], time_s[rows] = computer.slots, stage_time_s(stage, computer, 1.0)
        room_bytes[rows], w[rows] = memory_bytes, stage_power_w(stage, computer)

    if places & IN_ORBIT:
        for group, rows in fleet.spans():
            if (own := group.computer) is not None:
                put(rows, own, own.memory_bytes * own.slots)
    if ComputePlace.DATA_CENTRE in places:
        for row, centre in fleet.data_centres.items():
            put(row, centre.computer, np.inf)
    best_s = float(time_s.min())
    pace = best_s / time_s if 0.0 < best_s < np.inf else (time_s < np.inf).astype(np.float64)
    return _Computers(slots, pace, room_bytes, w, best_s)


def _demand(world: World, architecture: Architecture, there: _Computers, may: Bools) -> Demand:
    """See the jobs as prices do."""
    jobs, (stage,) = world.jobs, world.scenario.pipeline.stages
    begin_s = column_of(jobs, "t_capture_s")
    end_s = np.minimum(column_of(jobs, "deadline_s"), world.scenario.duration_s)
    work_s = there.best_s * column_of(jobs, "area_m2")
    possible = begin_s + work_s + _least_way_s(world, architecture) <= end_s
    need_bytes = column_of(jobs, "model_bytes") + stage.memory_bytes
    possible &= need_bytes <= there.room_bytes.max()
    value = np.ascontiguousarray(column_of(jobs, "value"), dtype=np.float64)
    return Demand(begin_s, end_s, work_s, value, possible & may)


def _open(
    world: World, gate: Gate, computes: Bools, places: frozenset[ComputePlace]
) -> tuple[Bools, Bools]:
    """Say which nodes rules leave open to any job's data, and which jobs to any computer."""
    classes = job_classes(world, gate)
    if classes is None:
        return np.ones(len(computes), dtype=np.bool_), np.ones(len(world.jobs), dtype=np.bool_)
    probes, alike = classes
    nodes, may = np.zeros(len(computes), dtype=np.bool_), np.zeros(len(probes), dtype=np.bool_)
    without = functools.cache(lambda rows: _without(rows, len(nodes)))  # few differ
    for k, probe in enumerate(probes):
        here = without(gate.forbidden_nodes(k, Product.RAW))
        to = without(gate.forbidden_nodes(k, Product.ANSWER))
        if ComputePlace.ORIGIN in places and probe.origin < world.fleet.n_satellites:
            here = here.copy()  # its data need go nowhere
            here[probe.origin] = True
        users = list(world.fleet.stations) if probe.user < 0 else [probe.user]
        # What no user waits for is delivered where a data centre has computed it.
        done = probe.user < 0 and ComputePlace.DATA_CENTRE in places
        may[k] = (here & computes).any() and (done or to[users].any())
        nodes |= here
    return nodes, may[alike]


def _without(rows: frozenset[int], count: int) -> Bools:
    mask = np.ones(count, dtype=np.bool_)
    mask[list(rows)] = False
    return mask


def _least_way_s(world: World, architecture: Architecture) -> float:
    """Light time straight up and down, as often as any job's data and answer must go."""
    (stage,) = world.scenario.pipeline.stages
    asked = world.scenario.jobs
    from_orbit = asked is not None and asked.origin == "satellites"
    on_ground = ComputePlace.DATA_CENTRE in architecture.places(stage.name)
    ways = 1.0 if from_orbit else 0.0 if on_ground else 2.0
    return ways * _least_height_m(world.fleet, world) / SPEED_OF_LIGHT_M_S


def _least_height_m(fleet: Fleet, world: World) -> float:
    """Height that no satellite is below."""
    states = [GroupOrbits.of(one, world.scenario.start).states(_ORBIT_S) for one in fleet.groups]
    lowest_m = min(float(np.sqrt((at * at).sum(axis=0)).min()) for at, _ in states)
    return max(0.0, lowest_m - EARTH_EQUATORIAL_RADIUS_M - _BELOW_M)


def _capacity_s(world: World, slots_s: Floats) -> Floats:
    """Slot seconds of each window at the fastest pace, without satellites that are away."""
    duration_s = world.scenario.duration_s
    edges: Floats = np.minimum(np.arange(np.ceil(duration_s / WINDOW_S) + 1) * WINDOW_S, duration_s)
    up_s: Floats = np.diff(edges) * float(slots_s.sum())
    faults = fault_schedule(world.scenario, world.fleet, world.outlook)
    # Losses may overlap crashes, so only crashes are taken off: at worst the bound is higher.
    for row in np.flatnonzero(faults.kind == FaultKind.CRASH).tolist():
        away_s = np.clip(edges, faults.t_start_s[row], faults.t_end_s[row])
        up_s -= np.diff(away_s) * slots_s[faults.node[row]]
    return up_s


def _energy_s(
    world: World, there: _Computers, used: Bools, surplus_j: Floats, demand: Demand
) -> float:
    """Slot seconds at the fastest pace that the energy of the whole run allows."""
    n, buses = world.fleet.n_satellites, world.fleet.buses
    all_s = float(demand.work_s.sum())
    if used[n:].any():
        return all_s
    usable_j = buses.capacity_j * np.maximum(0.0, buses.initial_soc - buses.min_soc)
    energy_j = float((surplus_j + usable_j * buses.discharge_efficiency)[used[:n]].sum())
    least_w = float((there.w / np.maximum(there.pace, 1e-12)).min())
    thriftiest_w = least_w * float(column_of(world.jobs, "power_share").min(initial=1.0))
    return min(all_s, energy_j / thriftiest_w) if thriftiest_w > 0.0 else all_s
