"""From a scenario with jobs to the arrays that the engine steps."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_MU_M3_S2
from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.dispatch.arrays import (
    CANDIDATE,
    END,
    FAR,
    FRONTIER,
    MODEL,
    NEAR,
    NOBODY,
    PLACE,
    Table,
)
from perigrid.control.dispatch.rules import FlightRules, flight_rules
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.faults import FaultKind, FaultSchedule, checkpoint_intervals_s, draw_faults
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.relay_mesh import MeshGrid
from perigrid.fleet.state import initial_state
from perigrid.ledger.merkle import HASH_BYTES
from perigrid.ledger.row_hash import SCRATCH_WORDS
from perigrid.ledger.rows import OTHER, ROW, bytes_of
from perigrid.ledger.tables import WEIGHED
from perigrid.scenario.jobs import ComputeJobs
from perigrid.scenario.model import Computer, Scenario
from perigrid.sim.flight.legs import fleet_mesh
from perigrid.sim.flight.world import (
    CAUSES,
    COUNTS,
    FAULT,
    FLIGHT_SETTINGS,
    JOB,
    LOG_ROWS,
    SATELLITE,
    Turn,
    World,
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
    rules : FlightRules
        Rules and people, as decisions look them up.
    world : World
        State.
    """

    scenario: Scenario
    asked: ComputeJobs
    fleet: Fleet
    mesh: MeshGrid
    faults: FaultSchedule
    rules: FlightRules
    world: World

    @property
    def end_s(self) -> float:
        """End of the run [s]."""
        return self.scenario.duration_s

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the network's nodes: satellites, then ground nodes."""
        names = self.fleet.names
        return (*names[: self.fleet.n_satellites], *(names[row] for row in self.fleet.stations))


def build_flight(scenario: Scenario, drawn: DrawnJobs | None = None) -> Flight:
    """Lay out a flight.

    Parameters
    ----------
    scenario : Scenario
        With a section ``jobs`` and a computer on the satellites.
    drawn : DrawnJobs, optional
        Jobs, in the order in which they are asked for, instead of those that the seed draws.

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
    if drawn is None:
        drawn = draw_jobs(asked, scenario.start, scenario.duration_s, n, longitude, jobs_rng)
    mesh = fleet_mesh(scenario, fleet)
    rules = flight_rules(scenario, fleet, drawn.source, drawn.release_s)
    log = np.zeros(LOG_ROWS, dtype=ROW)
    others = np.zeros((LOG_ROWS, WEIGHED), dtype=OTHER)
    n_models = asked.models
    jobs = _jobs(scenario, drawn, drawn.size * _median_work_s(asked, computer), fleet)
    jobs["law"] = rules.job_class
    world = World(
        con=_settings(scenario, fleet, asked, computer),
        jobs=jobs,
        waits_s=np.zeros((len(drawn.source), CAUSES)),
        sats=_satellites(scenario, fleet),
        ends=_ends(fleet),
        models=_models(n, n_models),
        model_bytes=drawn.model_bytes,
        first=rules.first,
        spans=rules.spans,
        verdicts=rules.verdicts,
        node_class=rules.node_class,
        envelopes=rules.envelopes,
        inside=rules.inside,
        delay_s=np.full((n_ground, n + n_ground), np.inf),
        near=np.full((n_ground, NEAR), NOBODY, dtype=np.int32),
        row_start=mesh.row_start,
        neighbour=mesh.neighbour.astype(np.int32),
        laser_s=np.full(len(mesh.neighbour), np.inf),
        room=np.zeros(NEAR + FAR, dtype=CANDIDATE),
        frontier=np.zeros(FRONTIER, dtype=PLACE),
        running=np.full((n, computer.slots), NOBODY, dtype=np.int32),
        faults=_edges(faults),
        heap=np.zeros(len(drawn.source), dtype=np.int32),
        counts=np.zeros(COUNTS, dtype=np.int64),
        routes_end_s=np.zeros(1),
        log=log,
        log_others=others,
        row_bytes=bytes_of(log),
        other_bytes=bytes_of(others),
        leaves=np.zeros((LOG_ROWS, HASH_BYTES), dtype=np.uint8),
        words=np.zeros(SCRATCH_WORDS, dtype=np.uint32),
    )
    return Flight(scenario, asked, fleet, mesh, faults, rules, world)


def _checked(scenario: Scenario) -> tuple[ComputeJobs, Computer]:
    """Look whether a scenario can be flown."""
    group = scenario.flown[0] if scenario.flown else None
    if scenario.jobs is None:
        message, key = "the scenario asks for no compute jobs", "jobs"
        remedy = "add a section such as 'jobs: {count: 10000}', or fly mega-constellation"
    elif group is None or group.computer is None:
        message, key = "the satellites carry no computer", "groups"
        remedy = "give the computing group a computer"
    elif len(scenario.flown) > 1:
        message, key = "a flight has satellites of one group, and there are several", "groups"
        remedy = "leave one group with role: compute, or leave jobs out: observations mix groups"
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


def _edges(faults: FaultSchedule) -> Table:
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
    table = np.zeros(len(order), dtype=FAULT)
    table["t_s"], table["turn"], table["node"] = times[order], what[order], where[order]
    return table


def _median_work_s(asked: ComputeJobs, computer: Computer) -> float:
    """Time of a median job on the fleet's computer at full speed."""
    if asked.work_ops > 0.0:
        return asked.work_ops / (computer.peak_ops_s * asked.efficiency)
    return asked.work_s


def _jobs(scenario: Scenario, drawn: DrawnJobs, work_s: Floats, fleet: Fleet) -> Table:
    """Jobs before the start; all satellites save their work at one interval."""
    jobs = np.zeros(len(work_s), dtype=JOB)
    for name in (
        "source", "model", "release_s", "deadline_s", "input_bytes", "output_bytes", "power_share",
    ):  # fmt: skip
        jobs[name] = getattr(drawn, name)
    save_every_s = float(checkpoint_intervals_s(scenario, fleet, None).min())
    saves = np.ceil(work_s / save_every_s) - 1.0 if math.isfinite(save_every_s) else 0.0
    jobs["value"], jobs["work_s"] = drawn.value, work_s
    jobs["since_s"] = drawn.release_s
    jobs["whole_s"] = jobs["left_s"] = work_s + saves * scenario.recovery.save_s
    jobs["start_s"] = jobs["end_s"] = np.nan
    jobs["due_s"] = np.inf
    for name in (
        "node", "avoid", "following", "place", "granted_span", "granted_place",
        "granted_receiver", "leave_span", "leave_receiver",
    ):  # fmt: skip
        jobs[name] = NOBODY
    return jobs


def _satellites(scenario: Scenario, fleet: Fleet) -> Table:
    """Satellites before the start: idle, nothing in memory."""
    state = initial_state(fleet)
    sats = np.zeros(fleet.n_satellites, dtype=SATELLITE)
    sats["battery_j"] = sats["lowest_j"] = state.battery_j
    sats["computer_k"] = sats["coldest_k"] = sats["hottest_k"] = state.computer_k
    sats["radiator_k"] = sats["hottest_radiator_k"] = state.radiator_k
    sats["dark_since_s"], sats["barred_s"], sats["speed"] = np.inf, -np.inf, 1.0
    sats["save_every_s"] = checkpoint_intervals_s(scenario, fleet, None)
    for name in ("exit_node", "head", "tail"):
        sats[name] = NOBODY
    return sats


def _models(n: int, n_models: int) -> Table:
    """Nothing in memory."""
    models = np.zeros((n, n_models), dtype=MODEL)
    models["last_use_s"] = -np.inf
    return models


def _ends(fleet: Fleet) -> Table:
    """Lines of satellites and of ground nodes, all free."""
    n, laser = fleet.n_satellites, fleet.groups[0].laser
    ends = np.zeros(n + len(fleet.stations), dtype=END)
    ends["line_bps"][:n] = laser.max_rate_bps if laser is not None else 1.0
    ends["line_bps"][n:] = [one.feeder_rate_bps * one.antennas for one in fleet.stations.values()]
    return ends


def _link_w(fleet: Fleet) -> float:
    """Lasers are held all the time."""
    laser = fleet.groups[0].laser
    return 0.0 if laser is None else laser.active_w * laser.terminals


def _settings(scenario: Scenario, fleet: Fleet, asked: ComputeJobs, computer: Computer) -> Table:
    """Numbers that all share."""
    group, recovery = fleet.groups[0], scenario.recovery
    battery, thermal = group.battery, group.thermal
    extra_w = computer.active_w - computer.idle_w
    values: dict[str, float] = {
        # Memory is given for one slot.
        "memory_bytes": computer.memory_bytes * computer.slots,
        "storage_bytes": group.storage_bytes,
        "job_bytes": asked.memory_bytes,
        "slots": computer.slots,
        "extra_w": extra_w,
        "base_w": group.bus_load_w + computer.idle_w + _link_w(fleet),
        "idle_w": computer.idle_w,
        "floor_j": battery.capacity_j * battery.min_soc,
        "throttle_k": thermal.computer_throttle_k,
        "limit_k": thermal.computer_limit_k,
        "computer_j_k": thermal.computer_heat_capacity_j_k,
        "longest_dark_s": longest_dark_s(scenario, fleet),
        "least_speed": _LEAST_SPEED,
        "hop_s": scenario.relay_hop_s,
        "load_bytes_s": asked.load_bytes_s,
        "bus_w": group.bus_load_w,
        "link_w": _link_w(fleet),
        "needed_w": max(extra_w, computer.host_w, 1e-9),
        "radiator_j_k": thermal.radiator_heat_capacity_j_k,
        "area_m2": thermal.radiator_area_m2,
        "retries": recovery.retries,
        "same_node": recovery.on_failure == "retry-same",
        "accept": recovery.on_suspicion == "accept",
        "elsewhere": recovery.on_suspicion == "elsewhere",
        "barred_after": recovery.quarantine_after,
        "barred_for_s": recovery.quarantine_s,
        "save_s": recovery.save_s,
    }
    table = np.zeros(1, dtype=FLIGHT_SETTINGS)
    for name, _ in FLIGHT_SETTINGS:
        source = battery if hasattr(battery, name) else thermal
        table[name] = values[name] if name in values else getattr(source, name)
    return table


def longest_dark_s(scenario: Scenario, fleet: Fleet) -> float:
    """Night of a circular orbit at the fleet's lowest height, with the Sun in its plane.

    Parameters
    ----------
    scenario : Scenario
        Its start.
    fleet : Fleet
        Orbits.

    Returns
    -------
    float
        No night lasts longer but for the penumbra, some ten seconds [s].

    Notes
    -----
    ``T asin(R / a) / pi``.
    """
    position, _ = GroupOrbits.of(fleet.groups[0], scenario.start).states(np.zeros(1))
    radius_m = float(np.linalg.norm(position[:, :, 0], axis=0).min())
    period_s = math.tau * math.sqrt(radius_m**3 / EARTH_MU_M3_S2)
    return period_s * math.asin(min(1.0, EARTH_EQUATORIAL_RADIUS_M / radius_m)) / math.pi
