"""From a scenario with jobs to the arrays that the engine steps."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.dispatch.arrays import (
    NEAR,
    Limits,
    Network,
    Requests,
    Satellites,
    new_scratch,
)
from perigrid.control.dispatch.mask import forbidden_mask
from perigrid.control.policy.gate import Gate, Places
from perigrid.fleet.build import build_fleet
from perigrid.fleet.faults import FaultKind, FaultSchedule, checkpoint_intervals_s, draw_faults
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.relay_mesh import MeshGrid
from perigrid.fleet.state import initial_state
from perigrid.scenario.jobs import ComputeJobs
from perigrid.scenario.model import Computer, Scenario
from perigrid.sim.flight.legs import fleet_mesh
from perigrid.sim.flight.world import (
    COUNTS,
    LOG_CODES,
    LOG_NUMBERS,
    LOG_ROWS,
    Bus,
    Edges,
    Rules,
    Turn,
    World,
    new_jobs,
    new_nodes,
)
from perigrid.workload.requests import DrawnJobs, draw_jobs

_LEAST_SPEED = 0.2
_STREAMS = 2  # jobs, faults


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight before its first step.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    asked : ComputeJobs
        Its jobs.
    fleet : Fleet
        Its rows.
    mesh : MeshGrid
        Lasers.
    faults : FaultSchedule
        With the network's node numbers: ground nodes follow the satellites.
    world : World
        State.
    """

    scenario: Scenario
    asked: ComputeJobs
    fleet: Fleet
    mesh: MeshGrid
    faults: FaultSchedule
    world: World


def build_flight(scenario: Scenario) -> Flight:
    """Lay out a flight.

    Parameters
    ----------
    scenario : Scenario
        With a section ``jobs`` and a computer on the satellites.

    Returns
    -------
    Flight
        Nothing has happened yet.

    Raises
    ------
    ScenarioError
        If there are no jobs, no computer, or faults that this engine cannot draw.
    """
    asked, computer = _checked(scenario)
    fleet = build_fleet(scenario)
    n, n_ground = fleet.n_satellites, len(fleet.stations)
    jobs_rng, faults_rng = np.random.default_rng(scenario.seed).spawn(_STREAMS)
    first_station = min(fleet.stations)
    faults = _renumbered(draw_faults(scenario, fleet, None, faults_rng), first_station, n)
    longitude = fleet.longitude_rad[list(fleet.stations)]
    drawn = draw_jobs(asked, scenario.start, scenario.duration_s, n, longitude, jobs_rng)
    mesh = fleet_mesh(scenario, fleet)
    save_every_s = checkpoint_intervals_s(scenario, fleet, None)
    work_s = drawn.size * _median_work_s(asked, computer)
    stored = initial_state(fleet)
    world = World(
        lim=_limits(scenario, fleet, asked, computer, n_ground),
        bus=_bus(fleet, computer),
        rules=_rules(scenario, asked),
        sat=_satellites(scenario, fleet, stored.battery_j, stored.computer_k, asked.models),
        req=_requests(drawn, work_s),
        net=_network(fleet, mesh, n_ground),
        room=new_scratch(),
        jobs=new_jobs(work_s, _with_saves(work_s, float(save_every_s.min()), scenario)),
        nodes=new_nodes(n, computer.slots, asked.models, save_every_s, stored.battery_j),
        edges=_edges(faults),
        heap=np.zeros(asked.count, dtype=np.int32),
        counts=np.zeros(COUNTS, dtype=np.int64),
        routes_end_s=np.zeros(1),
        log_numbers=np.empty((LOG_ROWS, LOG_NUMBERS)),
        log_codes=np.empty((LOG_ROWS, LOG_CODES), dtype=np.int32),
    )
    return Flight(scenario, asked, fleet, mesh, faults, world)


def _checked(scenario: Scenario) -> tuple[ComputeJobs, Computer]:
    """Look whether a scenario can be flown."""
    group = scenario.group("compute")
    if scenario.jobs is None:
        message, key = "the scenario asks for no compute jobs", "jobs"
        remedy = "add a section such as 'jobs: {count: 10000}', or fly mega-constellation"
    elif group is None or group.computer is None:
        message, key = "the satellites carry no computer", "groups"
        remedy = "give the computing group a computer"
    elif scenario.faults is not None and scenario.faults.from_radiation:
        message, key = "faults along the orbit are not drawn for a flight", "faults.from_radiation"
        remedy = "give mean times such as faults.crash_every_hours"
    else:
        return scenario.jobs, group.computer
    raise ScenarioError([Problem(message, remedy, key=key, path=scenario.source_path)])


def _renumbered(faults: FaultSchedule, first_station: int, n: int) -> FaultSchedule:
    """Fleet rows of stations as nodes of the network."""
    ground = faults.node >= first_station
    node = np.where(ground, faults.node - first_station + n, faults.node)
    return dataclasses.replace(faults, node=node)


def _edges(faults: FaultSchedule) -> Edges:
    """Begins and ends of faults in order of time; at equal times ends come first."""
    begin = {
        FaultKind.CRASH: Turn.CRASH,
        FaultKind.LOSS: Turn.LOSS,
        FaultKind.STATION: Turn.CLOSE,
        FaultKind.WEATHER: Turn.CLOSE,
        FaultKind.CORRUPTION: Turn.CORRUPT_SILENT,
    }
    end = {
        FaultKind.CRASH: Turn.RESTORE,
        FaultKind.STATION: Turn.OPEN,
        FaultKind.WEATHER: Turn.OPEN,
    }
    t_s, turns, nodes = [], [], []
    for kind, turn in begin.items():
        rows = faults.kind == kind
        found = faults.detected[rows] & (kind is FaultKind.CORRUPTION)
        t_s.append(faults.t_start_s[rows])
        nodes.append(faults.node[rows])
        turns.append(np.where(found, int(Turn.CORRUPT_FOUND), int(turn)))
        if kind in end:
            t_s.append(faults.t_end_s[rows])
            nodes.append(faults.node[rows])
            turns.append(np.full(np.count_nonzero(rows), int(end[kind])))
    times, what, where = np.concatenate(t_s), np.concatenate(turns), np.concatenate(nodes)
    order = np.lexsort((where, -what, times))
    return Edges(times[order], what[order].astype(np.uint8), where[order].astype(np.int32))


def _median_work_s(asked: ComputeJobs, computer: Computer) -> float:
    """Time of a median job on the fleet's computer at full speed."""
    if asked.work_ops > 0.0:
        return asked.work_ops / (computer.peak_ops_s * asked.efficiency)
    return asked.work_s


def _with_saves(work_s: Floats, save_every_s: float, scenario: Scenario) -> Floats:
    """Work with what saving checkpoints takes; all satellites save at one interval."""
    if not math.isfinite(save_every_s):
        return work_s.copy()
    saves = np.ceil(work_s / save_every_s) - 1.0
    return np.asarray(work_s + saves * scenario.recovery.save_s, dtype=np.float64)


def _link_w(fleet: Fleet) -> float:
    """Lasers are held all the time."""
    laser = fleet.satellites.laser
    return 0.0 if laser is None else laser.active_w * laser.terminals


def _limits(
    scenario: Scenario, fleet: Fleet, asked: ComputeJobs, computer: Computer, n_ground: int
) -> Limits:
    group = fleet.satellites
    return Limits(
        memory_bytes=computer.memory_bytes * computer.slots,
        storage_bytes=group.storage_bytes,
        job_bytes=asked.memory_bytes,
        slots=computer.slots,
        extra_w=computer.active_w - computer.idle_w,
        base_w=group.bus_load_w + computer.idle_w + _link_w(fleet),
        idle_w=computer.idle_w,
        floor_j=group.battery.capacity_j * group.battery.min_soc,
        discharge_efficiency=group.battery.discharge_efficiency,
        throttle_k=group.thermal.computer_throttle_k,
        limit_k=group.thermal.computer_limit_k,
        conductance_w_k=group.thermal.conductance_w_k,
        heat_capacity_j_k=group.thermal.computer_heat_capacity_j_k,
        longest_dark_s=_longest_dark_s(scenario, fleet),
        least_speed=_LEAST_SPEED,
        hop_s=scenario.relay_hop_s,
        load_bytes_s=asked.load_bytes_s,
        n_ground=n_ground,
    )


def _longest_dark_s(scenario: Scenario, fleet: Fleet) -> float:
    """Night of a circular orbit at the fleet's height with the Sun in its plane.

    Notes
    -----
    ``T asin(R / a) / pi``; the penumbra is left out, a fortieth of it.
    """
    # Kepler's third law on the mean motion is what the elements hold.
    from perigrid.fleet.ephemeris import GroupOrbits  # noqa: PLC0415  needed for one number

    position, _ = GroupOrbits.of(fleet.satellites, scenario.start).states(np.zeros(1))
    radius_m = float(np.linalg.norm(position[:, :, 0], axis=0).min())
    period_s = math.tau * math.sqrt(radius_m**3 / 3.986004418e14)
    return period_s * math.asin(min(1.0, EARTH_EQUATORIAL_RADIUS_M / radius_m)) / math.pi


def _bus(fleet: Fleet, computer: Computer) -> Bus:
    battery, thermal = fleet.satellites.battery, fleet.satellites.thermal
    return Bus(
        bus_w=fleet.satellites.bus_load_w,
        link_w=_link_w(fleet),
        capacity_j=battery.capacity_j,
        floor_j=battery.capacity_j * battery.min_soc,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        max_charge_w=battery.max_charge_w,
        max_discharge_w=battery.max_discharge_w,
        computer_j_k=thermal.computer_heat_capacity_j_k,
        radiator_j_k=thermal.radiator_heat_capacity_j_k,
        conductance_w_k=thermal.conductance_w_k,
        emissivity=thermal.emissivity,
        area_m2=thermal.radiator_area_m2,
        needed_w=max(computer.active_w - computer.idle_w, computer.host_w, 1e-9),
    )


def _rules(scenario: Scenario, asked: ComputeJobs) -> Rules:
    recovery = scenario.recovery
    return Rules(
        retries=recovery.retries,
        same_node=int(recovery.on_failure == "retry-same"),
        accept=int(recovery.on_suspicion == "accept"),
        elsewhere=int(recovery.on_suspicion == "elsewhere"),
        barred_after=recovery.quarantine_after,
        barred_s=recovery.quarantine_s,
        save_s=recovery.save_s,
        routes_s=asked.routes_s,
    )


def _satellites(
    scenario: Scenario, fleet: Fleet, battery_j: Floats, start_k: Floats, n_models: int
) -> Satellites:
    n = fleet.n_satellites
    gate = Gate(scenario.rules, Places(fleet.operators, fleet.countries))
    return Satellites(
        battery_j=battery_j.copy(),
        computer_k=start_k.copy(),
        radiator_k=start_k.copy(),
        array_w=np.zeros(n),
        warming_k_s=np.zeros(n),
        dark_since_s=np.full(n, np.inf),
        away=np.zeros(n + len(fleet.stations), dtype=np.int32),
        barred_s=np.full(n, -np.inf),
        forbidden=forbidden_mask(gate, fleet),
        backlog_s=np.zeros(n),
        stored_bytes=np.zeros(n),
        resident=np.zeros((n, n_models), dtype=np.uint8),
        wanted=np.zeros((n, n_models), dtype=np.int32),
    )


def _requests(drawn: DrawnJobs, work_s: Floats) -> Requests:
    return Requests(
        source=drawn.source,
        release_s=drawn.release_s,
        deadline_s=drawn.deadline_s,
        work_s=work_s,
        input_bytes=drawn.input_bytes,
        output_bytes=drawn.output_bytes,
        value=drawn.value,
        model=drawn.model,
        model_bytes=drawn.model_bytes,
    )


def _network(fleet: Fleet, mesh: MeshGrid, n_ground: int) -> Network:
    n = fleet.n_satellites
    laser = fleet.satellites.laser
    line_bps = np.full(n + n_ground, laser.max_rate_bps if laser is not None else 1.0)
    line_bps[n:] = [one.feeder_rate_bps * one.antennas for one in fleet.stations.values()]
    return Network(
        delay_s=np.full((n_ground, n + n_ground), np.inf),
        near=np.full((n_ground, NEAR), -1, dtype=np.int32),
        exit_node=np.full(n, -1, dtype=np.int32),
        row_start=mesh.row_start,
        neighbour=mesh.neighbour.astype(np.int32),
        laser_s=np.full(len(mesh.neighbour), np.inf),
        line_bps=line_bps,
        line_free_s=np.zeros(n + n_ground),
        down_free_s=np.zeros(n + n_ground),
    )
