"""The world of a run before its first step, from scenario, fleet, outlook and observations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import REPORT_INTERVAL_S
from perigrid.control.core.messages import CAUSES, LEG, NOTHING
from perigrid.engine.blocks import blocks_of
from perigrid.engine.columns import (
    ENTRY,
    JOB,
    MODEL,
    NODE,
    SATELLITE,
    SETTINGS,
    STAGE,
    TRY,
    WORK,
)
from perigrid.engine.fault_table import dead_contacts, fault_schedule, turn_table
from perigrid.engine.foreseen import Foreseen
from perigrid.engine.room import WAY
from perigrid.engine.state import (
    BATCH_S,
    LINKS,
    LOG_ROWS,
    STATE_COLUMNS,
    Clock,
    Count,
    World,
    new_log,
)
from perigrid.engine.state import CAUSES as N_CAUSES
from perigrid.engine.telemetry import steps_held
from perigrid.fleet.faults import FaultSchedule, checkpoint_intervals_s
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.fleet.state import ENERGY_FLOWS, FleetState, initial_state
from perigrid.scenario.model import Computer, Scenario
from perigrid.scenario.pipeline import Pipeline, Stage
from perigrid.workload.profile import HOST, stage_power_w

_BATTERY: Final = (
    *("capacity_j", "floor_j", "charge_efficiency", "discharge_efficiency"),
    *("max_charge_w", "max_discharge_w"),
)
_THERMAL: Final = ("computer_j_k", "radiator_j_k", "conductance_w_k", "emissivity", "area_m2")
_UNCHANGED: Final = (
    *("t_capture_s", "deadline_s", "raw_bytes", "area_m2", "power_share", "model", "origin"),
)


def build_world(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    jobs: Sequence[Job],
    outcomes: Mapping[str, Floats],
    architecture: Architecture,
    foreseen: Foreseen | None = None,
) -> World:
    """Lay out a run before its first step.

    Parameters
    ----------
    scenario, fleet, outlook
        What there is, and what decisions cannot change.
    jobs : sequence of Job
        Observations or compute jobs, in order of capture.
    outcomes : mapping of str to (n_jobs,) float array
        Of the stages that have any [1].
    architecture : Architecture
        Whose laser links are held.
    foreseen : Foreseen, optional
        What people will do for certain; nothing if left out.

    Returns
    -------
    World
        Nothing has happened in it.
    """
    n, pipeline = fleet.n_satellites, scenario.pipeline
    blocks = blocks_of(scenario, fleet, outlook, architecture)
    nodes, kinds = _nodes(fleet)
    faults = fault_schedule(scenario, fleet, outlook)
    if foreseen is None:
        foreseen = Foreseen.nothing(len(fleet.names))
    opening = foreseen.entries(len(jobs))
    counts = np.zeros(len(Count), dtype=np.int64)
    counts[[Count.FIRST, Count.LAST]] = NOTHING
    counts[Count.ORDER], counts[Count.QUEUED] = len(jobs) + len(opening), len(opening)
    counts[Count.BLOCK] = blocks.first
    model_bytes = _model_bytes(scenario, jobs)
    return World(
        con=_settings(scenario, fleet, faults, foreseen),
        t_s=blocks.t_s,
        array_w=blocks.array_w,
        environment_w=blocks.environment_w,
        held_w=blocks.held_w,
        sent_j=np.zeros_like(blocks.held_w),
        sats=_satellites(scenario, fleet, _save_every_s(scenario, fleet, outlook, faults)),
        nodes=nodes,
        stages=_stages(pipeline),
        work=_work(pipeline, kinds),
        outcomes=_outcomes(pipeline, outcomes, len(jobs)),
        running=np.full(int(nodes["slots"].sum()), NOTHING, dtype=np.int64),
        models=_models(n, len(model_bytes)),
        model_bytes=model_bytes,
        jobs=_jobs(jobs),
        waits_s=np.zeros((len(jobs), N_CAUSES)),
        sent_bytes=np.zeros((len(jobs), len(LINKS))),
        queue=_queue(opening),
        legs=np.zeros(LOG_ROWS, dtype=LEG),
        counts=counts,
        clock=_clock(),
        telemetry=np.zeros((len(STATE_COLUMNS), steps_held(n, len(blocks.t_s) - 1), n)),
        turns=turn_table(faults),
        tries=_tries(len(jobs) if len(faults) else 0, len(pipeline.stages)),
        dead=dead_contacts(faults, outlook.contacts).astype(np.uint8),
        stops_s=foreseen.stops_s,
        stopped=foreseen.stopped,
        log=new_log(LOG_ROWS),
    )


def _queue(opening: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    table = np.zeros(len(opening) + LOG_ROWS, dtype=ENTRY)
    table[: len(opening)] = opening
    return table


def _clock() -> Floats:
    clock = np.zeros(len(Clock))
    clock[Clock.PAUSE], clock[Clock.BATCH] = np.inf, BATCH_S
    return clock


def fleet_state(world: World, fleet: Fleet) -> FleetState:
    """Show the satellites of a world as other folders see them.

    Parameters
    ----------
    world : World
        Of the fleet.
    fleet : Fleet
        Its first state of charge.

    Returns
    -------
    FleetState
        The world's own columns.
    """
    sats = world.sats
    return FleetState(
        battery_j=sats["battery_j"],
        computer_k=sats["computer_k"],
        radiator_k=sats["radiator_k"],
        storage_bytes=sats["held_bytes"],
        initial_battery_j=initial_state(fleet).battery_j,
        flows_j={name: sats[name] for name in (*ENERGY_FLOWS, "surplus_j")},
    )


def _tries(jobs: int, stages: int) -> np.ndarray[Any, Any]:
    table = np.zeros((jobs, stages), dtype=TRY)
    table["at"] = NOTHING
    return table


def _save_every_s(
    scenario: Scenario, fleet: Fleet, outlook: Outlook, faults: FaultSchedule
) -> Floats:
    if len(faults) == 0:
        return np.full(fleet.n_satellites, np.inf)
    return checkpoint_intervals_s(scenario, fleet, outlook)


def _settings(
    scenario: Scenario, fleet: Fleet, faults: FaultSchedule, foreseen: Foreseen
) -> np.ndarray[Any, Any]:
    con = np.zeros(1, dtype=SETTINGS)
    con["opening"], con["signers"] = len(foreseen.opening), foreseen.signers
    con["satellites"], con["way_legs"] = fleet.n_satellites, WAY
    con["sends_pixels"] = scenario.pipeline.sends_pixels
    con["faulty"], con["save_s"] = len(faults) > 0, scenario.recovery.save_s
    con["report_s"] = REPORT_INTERVAL_S
    con["relay_j_byte"] = scenario.relay_energy_j_per_byte
    con["fibre_j_byte"] = scenario.terrestrial.energy_j_per_byte
    if scenario.jobs is not None:
        con["routed"], con["load_bytes_s"] = 1, scenario.jobs.load_bytes_s
    return con


def _satellites(scenario: Scenario, fleet: Fleet, save_every_s: Floats) -> np.ndarray[Any, Any]:
    buses, first = fleet.buses, initial_state(fleet)
    table = np.zeros(fleet.n_satellites, dtype=SATELLITE)
    columns: dict[str, Floats] = {
        **dict(zip(_BATTERY, buses.battery, strict=True)),
        **dict(zip(_THERMAL, buses.nodes, strict=True)),
        "throttle_k": buses.throttle_k,
        "limit_k": buses.limit_k,
        "needed_w": buses.needed_w,
        "bus_w": buses.bus_load_w,
        "idle_w": buses.idle_w,
        # Routes go over lasers and feeder links, which radios have no part in.
        "radio_w": buses.radio_w * (scenario.jobs is None),
        "room_bytes": buses.storage_bytes,
        "save_every_s": save_every_s,
        "battery_j": first.battery_j,
        "computer_k": first.computer_k,
        "radiator_k": first.radiator_k,
    }
    for name, column in columns.items():
        table[name] = column
    return table


def _nodes(fleet: Fleet) -> tuple[np.ndarray[Any, Any], list[Computer]]:
    """Lay out all nodes, and list the kinds of computers there are."""
    kinds: list[Computer] = []
    table = np.zeros(len(fleet.names), dtype=NODE)
    of_group = [_kind(group.computer, kinds) for group in fleet.groups]
    table["kind"] = NOTHING
    table["kind"][: fleet.n_satellites] = np.array(of_group, dtype=np.int64)[fleet.group_of]
    table["slots"][: fleet.n_satellites] = fleet.buses.slots
    memory_bytes = [0.0 if one.computer is None else _memory(one.computer) for one in fleet.groups]
    table["memory_bytes"][: fleet.n_satellites] = np.array(memory_bytes)[fleet.group_of]
    for row, centre in fleet.data_centres.items():
        table[row]["kind"], table[row]["pue"] = _kind(centre.computer, kinds), centre.pue
        table[row]["slots"] = centre.computer.slots
    for row, station in fleet.stations.items():
        table[row]["active_w"] = station.active_w
        table[row]["feeder_bps"] = station.feeder_rate_bps
    table["first_slot"] = np.cumsum(table["slots"]) - table["slots"]
    table["head"] = table["tail"] = NOTHING
    table["speed"], table["brake"] = 1.0, CAUSES.index(Cause.COMPUTE)
    return table, kinds


def _memory(computer: Computer) -> float:
    """Memory of all slots: it is given for one [B]."""
    return computer.memory_bytes * computer.slots


def _kind(computer: Computer | None, kinds: list[Computer]) -> int:
    if computer is None:
        return NOTHING
    if computer not in kinds:
        kinds.append(computer)
    return kinds.index(computer)


def _stages(pipeline: Pipeline) -> np.ndarray[Any, Any]:
    table = np.zeros(len(pipeline.stages), dtype=STAGE)
    for me, stage in zip(table, pipeline.stages, strict=True):
        when = stage.when
        me["when"] = NOTHING if when is None else pipeline.names.index(when.stage)
        above, at_most = (None, None) if when is None else (when.above, when.at_most)
        me["above"] = -math.inf if above is None else above
        me["at_most"] = math.inf if at_most is None else at_most
        me["deliver"], me["pixel_m2"] = stage.deliver, stage.pixel_m**2
        me["memory_bytes"] = stage.memory_bytes
    return table


def _work(pipeline: Pipeline, kinds: Sequence[Computer]) -> np.ndarray[Any, Any]:
    table = np.zeros((len(pipeline.stages), len(kinds)), dtype=WORK)
    for row, stage in enumerate(pipeline.stages):
        for column, computer in enumerate(kinds):
            table[row, column] = _cost(stage, computer)
    return table


def _cost(stage: Stage, computer: Computer) -> tuple[float, ...]:
    """One cell of the table, in the order of its fields."""
    peak_ops_s = computer.host_ops_s if stage.runs_on == HOST else computer.peak_ops_s
    return (
        stage.fixed_s,
        stage.s_per_pixel,
        stage.ops_per_pixel,
        peak_ops_s * stage.efficiency,
        stage.bytes_per_pixel,
        computer.memory_bandwidth_bytes_s,
        stage_power_w(stage, computer),
        stage.memory_bytes <= computer.memory_bytes,
    )


def _outcomes(pipeline: Pipeline, outcomes: Mapping[str, Floats], count: int) -> Floats:
    nothing = np.full(count, np.nan)
    return np.stack([outcomes.get(name, nothing)[:count] for name in pipeline.names])


def _jobs(jobs: Sequence[Job]) -> np.ndarray[Any, Any]:
    table = np.zeros(len(jobs), dtype=JOB)
    for name in _UNCHANGED:
        table[name] = column_of(jobs, name)
    for name in ("node", "holder", "reserved", "following", "before", "after"):
        table[name] = NOTHING
    table["t_end_s"] = np.nan
    return table


def _model_bytes(scenario: Scenario, jobs: Sequence[Job]) -> Floats:
    """Sizes of the models that compute jobs ask for; those that nobody asks for are left out."""
    if scenario.jobs is None:
        return np.zeros(0)
    nbytes = np.zeros(scenario.jobs.models)
    nbytes[column_of(jobs, "model")] = column_of(jobs, "model_bytes")
    return nbytes


def _models(n: int, n_models: int) -> np.ndarray[Any, Any]:
    """Nothing in memory."""
    table = np.zeros((n, n_models), dtype=MODEL)
    table["last_use_s"] = -np.inf
    return table
