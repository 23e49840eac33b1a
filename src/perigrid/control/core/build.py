"""From a mission to the compiled decision core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, Link
from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.jobs import Job
from perigrid.base.registry import SCHEDULERS, create, weighs_places
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan import ContactPlan, Exit, ways_out
from perigrid.control.contact_plan.antennas import antennas_of
from perigrid.control.contact_plan.equipment import equipment, free_spans
from perigrid.control.core.assign import Assigner
from perigrid.control.core.curves import STEP_S
from perigrid.control.core.messages import DECISION, LEG, NOTHING, Table
from perigrid.control.core.node_sets import Ordered
from perigrid.control.core.parts import MOST_PARTS
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.core.route_tables import (
    put_routes,
    route_tables,
)
from perigrid.control.core.routes import FRONTIER
from perigrid.control.core.rule_table import RuleTable, rule_table
from perigrid.control.core.state import CON, WAY_LEGS, Core, Floats, Longs, Windows
from perigrid.control.core.tables import (
    STEPS,
    contact_tables,
    cost_table,
    heard_table,
    job_table,
    node_table,
    plan_windows,
    satellite_table,
    search_room,
    stage_table,
    windows_of,
)
from perigrid.control.core.texts import ASKED, OBSERVED
from perigrid.control.core.view import CoreBelief
from perigrid.control.core.way_rows import BOOKED, LATEST, PLACE
from perigrid.control.core.words import Words
from perigrid.control.first_belief import Premises, first_belief
from perigrid.control.hosting import Hosting
from perigrid.control.planning.alone import EmptyNetwork
from perigrid.control.policy.build import build_gate
from perigrid.control.scheduling.built_in import Plan, plan_of
from perigrid.control.scheduling.planner import MOST_JOBS, MOST_SLOTS
from perigrid.fleet.faults import FaultKind
from perigrid.fleet.light import Light
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.terrestrial import fibre_delay_s
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import Pipeline

MOST_LATEST = 4096
"""Rows of latest ends at first: one for each job that waits and has a deadline of its own."""
MOST_ANSWERS = 2
"""Decisions about a job in one call: one that is refused, and what follows from that."""
_ELSEWHERE, _ACCEPT = "elsewhere", "accept"


class Built(NamedTuple):
    """A fresh decision core and what belongs to it.

    Parameters
    ----------
    core : Core
        With nothing known and nothing booked.
    words : Words
        What its codes say.
    asked : Assigner, PlugIn or None
        Answers what the core asks of its scheduler; None if it asks nothing.
    belief : CoreBelief
        What it holds true.
    """

    core: Core
    words: Words
    asked: Assigner | PlugIn | None
    belief: CoreBelief


def build_core(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    architecture: Architecture,
    jobs: Sequence[Job],
) -> Built:
    """Make a fresh decision core for one architecture.

    Parameters
    ----------
    scenario : Scenario
        Rules, scheduler and pipeline.
    fleet, outlook
        What there is, and what decisions cannot change, under the architecture.
    architecture : Architecture
        Where the jobs are done.
    jobs : sequence of Job
        All of the run, numbered from 0.

    Returns
    -------
    Built
        The core, and beside it what is not compiled.

    Raises
    ------
    ScenarioError
        If there is no such scheduler, or rules tell more kinds of holders apart than it can.
    """
    routed, pipeline = scenario.jobs is not None, scenario.pipeline
    exits = ways_out(scenario, fleet) if fleet.data_centres or not routed else {}
    plan = _plan(outlook, architecture, fleet, exits)
    belief = first_belief(fleet, outlook, pipeline, architecture, plan)
    gate = build_gate(scenario, fleet)
    back = EmptyNetwork(plan.contacts, len(fleet.names), exits, 0.0).back
    ordered = Ordered.of_fleet(fleet) if routed else Ordered.of_plan(plan, back)
    rules = rule_table(gate, jobs, ordered, fleet.n_satellites, scenario.governance.handling)
    scheduler = _scheduler(scenario)
    con = _settings(scenario, fleet, outlook, architecture, belief)
    _put_scheduler(con, scheduler)
    job_rows, areas_m2 = job_table(jobs, rules.facts_of, rules.held_by)
    costs, curves, fades = cost_table(fleet, pipeline, architecture, belief.works, areas_m2)
    windows = plan_windows(plan, architecture)
    contacts, place_of, exit_rows = contact_tables(plan, windows)
    satellites, nodes = _nodes(fleet, belief, ordered, rules, fades)
    if routed:
        exit_rows = put_routes(satellites, nodes, scenario, fleet, belief.works, exits)
    n, n_jobs, room = fleet.n_satellites, len(jobs), len(fleet.names) + 1 + FRONTIER * routed
    _put_parts(con, plan, windows, jobs, pipeline)
    rows, legs = _put_rows(con, n_jobs, fleet)
    planned = min(n_jobs, MOST_JOBS) if con["scheduler"] == Plan.PLANNER else 0
    con["newest"], con["n_holders"] = -1, rules.n_holders
    timed, light = len(contacts) * gate.policies.reads_now, _light(scenario, fleet, outlook)
    core = Core(
        con=con,
        jobs=job_rows,
        found=np.full((n_jobs, len(pipeline.stages)), np.nan),
        satellites=satellites,
        nodes=nodes,
        stages=stage_table(pipeline, architecture),
        costs=costs,
        curves=curves,
        plan=windows,
        back=windows_of(back, np.full((1, len(back)), -np.inf)),
        booked=equipment(plan.booked.items, 2 * legs),
        contacts=contacts,
        place_of=place_of,
        exits=exit_rows,
        mesh=np.array(gate.places.mesh, dtype=np.int64),
        booked_bytes=plan.booked_bytes,
        first_facts=rules.first_facts,
        facts=rules.facts,
        shut=rules.shut,
        open=np.concatenate([rules.open, np.zeros_like(rules.open[:1])]),
        open_back=rules.open_back,
        verdicts=rules.answers,
        strictness=rules.kinds,
        closed=rules.closed,
        outlook_s=_own(light[0]),
        array_w=_own(light[1]),
        environment_w=_own(light[2]),
        laser_w=_own(_lasers_w(fleet, architecture) if routed else belief.laser_w),
        told=np.zeros((4, n)),
        heard=heard_table(n),
        times_s=np.zeros(STEPS),
        columns=np.zeros(STEPS, dtype=np.int64),
        ahead=np.zeros((4, 2 * n, STEPS)),
        latest_s=np.zeros((0 if routed else rows, n)),
        latest=np.zeros(rows, dtype=LATEST),
        spare=np.arange(rows - 1, -1, -1, dtype=np.int64),
        near=np.zeros((n, (n + 63) // 64), dtype=np.uint64),
        under_way=_free_legs(legs, NOTHING),
        lifted=np.zeros(n_jobs if con["urgent"] else 0, dtype=np.int64),
        outside=np.zeros(2, dtype=np.int64),
        freed=np.zeros(2 * n + n_jobs + 1, dtype=np.int64),
        ready=np.zeros(2 * n_jobs + 1, dtype=np.int64),
        drafts=np.zeros(n_jobs + 1, dtype=DECISION),
        places=np.zeros(n + 2, dtype=PLACE),
        way=np.zeros(max(room, int(con["way_legs"][0])) + 1, dtype=LEG),
        here=search_room(room, FRONTIER if routed else timed),
        there=search_room(room, timed),
        past=search_room(room, timed),
        starts_s=np.zeros((n if planned else 0, MOST_SLOTS)),
        ways_s=np.zeros((2, planned, n)),
        planned=np.zeros((2, planned), dtype=np.int64),
        fibre_s=_fibre_s(scenario, fleet, exits if con["parts"] else {}),
        slot_free_s=np.zeros(int(nodes["slots"].sum())),
        **route_tables(scenario, fleet, architecture, jobs)._asdict(),
    )
    words = Words.of(pipeline, scheduler, fleet, rules, ASKED if routed else OBSERVED)
    view = CoreBelief(belief, core, words, architecture, rules.masks)
    if con["scheduler"] == Plan.PLUG_IN:
        hosting = Hosting(architecture, view, pipeline)
        return Built(core, words, PlugIn(scheduler, view, hosting, outlook, jobs, words), view)
    return Built(core, words, Assigner() if con["scheduler"] == Plan.PLANNER else None, view)


def _put_rows(con: Table, n_jobs: int, fleet: Fleet) -> tuple[int, int]:
    """Have room at first for so many rows of latest ends, and of legs under way."""
    rows = min(n_jobs + 1, MOST_LATEST)
    legs = int(con["way_legs"][0]) * rows + len(fleet.names)
    con["spare"], con["spare_legs"] = rows, legs
    return rows, legs


def _put_parts(
    con: Table, plan: ContactPlan, windows: Windows, jobs: Sequence[Job], pipeline: Pipeline
) -> None:
    """Say whether some product is larger than what any window into the ground carries."""
    table = plan.fixed_parts[4]
    bytes_of = (table.end_s - table.start_s) * table.rate_bps / BITS_PER_BYTE
    into = np.isin(plan.contacts.target[table.row_of], list(plan.ways_out))
    answer_bytes = sum(one.output_bytes for one in pipeline.stages if one.deliver)
    sizes = (max((job.raw_bytes for job in jobs), default=0.0), answer_bytes)
    for product, size in enumerate(sizes):
        carried = bytes_of[into & (windows.free_s[product] < np.inf)]
        widest_bytes = carried.max(initial=0.0)
        con["widest_bytes"][0, product] = widest_bytes
        con["parts"] |= 0.0 < widest_bytes < size
    con["way_legs"] = 2 * MOST_PARTS if con["parts"] else WAY_LEGS


def _fibre_s(scenario: Scenario, fleet: Fleet, exits: dict[int, Exit]) -> Floats:
    """Delays from each ground node to each data centre, infinite to other nodes [s]."""
    found = np.full((len(exits), len(fleet.names)), np.inf)
    for row, ground in enumerate(sorted(exits)):
        for centre in fleet.data_centres:
            found[row, centre] = fibre_delay_s(scenario, fleet, ground, centre)
    return found


def _plan(
    outlook: Outlook, architecture: Architecture, fleet: Fleet, exits: dict[int, Exit]
) -> ContactPlan:
    """Lay out the contacts of an architecture, nothing booked."""
    links = ContactKind.of(architecture.every_link)
    return ContactPlan(outlook.contacts, links, len(fleet.names), exits, antennas_of(fleet))


def _nodes(
    fleet: Fleet, belief: Premises, ordered: Ordered, rules: RuleTable, fades: Longs
) -> tuple[Table, Table]:
    """Lay out satellites, and all nodes as rules know them."""
    nodes = node_table(fleet, ordered.index_of, rules.stand_ins, rules.holders)
    return satellite_table(fleet, belief.works, fades), nodes


def _scheduler(scenario: Scenario) -> Any:  # noqa: ANN401  a scheduler, or one that the core knows
    """Make the scheduler of a scenario."""
    name = scenario.scheduler
    made = create(SCHEDULERS, name)
    if plan_of(made) is Plan.PLUG_IN and not callable(getattr(made, "choose", None)):
        message = f"the scheduler {name!r} ({type(made).__name__}) has no method choose"
        remedy = (
            "give the plug-in one: built-in schedulers are compiled and answer nothing in Python"
        )
        raise ScenarioError([Problem(message, remedy, key="scheduler")])
    if scenario.jobs is not None and plan_of(made) in {Plan.PLANNER, Plan.PLUG_IN}:
        message = f"the scheduler {name!r} plans over contacts, and compute jobs go over routes"
        remedy = "choose fifo, edf, lookahead or price for compute jobs"
        raise ScenarioError([Problem(message, remedy, key="scheduler")])
    return made


def _lasers_w(fleet: Fleet, architecture: Architecture) -> Floats:
    """Power that satellites draw to hold their lasers all the time, in the one column [W]."""
    power_w = np.zeros((fleet.n_satellites, 1))
    if Link.CROSSLINK in architecture.every_link:
        for group, rows in fleet.spans():
            if group.laser is not None:
                power_w[rows] = group.laser.active_w * group.laser.terminals
    return power_w


def enlarged(core: Core) -> Core:
    """Make room for twice as many jobs that wait: for a core that answers that it has none.

    Parameters
    ----------
    core : Core
        Which; the same in all else.

    Returns
    -------
    Core
        Shares all other arrays.
    """
    rows, legs = len(core.latest), len(core.under_way)
    core.con["spare"] += rows
    core.con["spare_legs"] += legs
    free_legs = _free_legs(legs, int(core.con["free_leg"][0]), legs)
    core.con["free_leg"] = legs
    booked, spans = core.booked, len(core.booked.spans)
    free = free_spans(spans, int(booked.free[0]), spans)
    booked.free[0] = spans
    return core._replace(
        booked=booked._replace(spans=np.concatenate([booked.spans, free])),
        under_way=np.concatenate([core.under_way, free_legs]),
        latest_s=np.concatenate([core.latest_s, np.zeros_like(core.latest_s)]),
        latest=np.concatenate([core.latest, np.zeros_like(core.latest)]),
        spare=np.concatenate([np.arange(2 * rows - 1, rows - 1, -1, dtype=np.int64), core.spare]),
    )


def _free_legs(rows: int, last: int, first: int = 0) -> Table:
    """Make rows of legs under way, each free and followed by the next, the last by another."""
    table = np.zeros(rows, dtype=BOOKED)
    table["next"] = np.arange(first + 1, first + rows + 1)
    table["place"] = table["job"] = NOTHING
    table["next"][-1] = last
    return table


def _light(scenario: Scenario, fleet: Fleet, outlook: Outlook) -> tuple[Floats, Floats, Floats]:
    """Give the light that forecasts read; of compute jobs as far beyond the run as they look.

    Parameters
    ----------
    scenario, fleet, outlook
        As for :func:`build_core`.

    Returns
    -------
    t_s : (n_times,) float array
        Times [s].
    array_w, environment_w : (n_satellites, n_times) float array
        [W].

    Notes
    -----
    What is held beyond the end instead is night for ever where the run ends at night: in its last
    hours such satellites would be kept from computing.
    """
    t_s, array_w, environment_w = outlook.t_s, outlook.array_w, outlook.environment_w
    if scenario.jobs is None:
        return t_s, array_w, environment_w
    beyond = Light(scenario, fleet).at(t_s[-1] + STEP_S * np.arange(1, STEPS + 1))
    return (
        np.append(t_s, beyond.t_s),
        np.append(array_w, beyond.array_w, axis=1),
        np.append(environment_w, beyond.environment_w, axis=1),
    )


def _settings(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    architecture: Architecture,
    belief: Premises,
) -> Table:
    con, pipeline = np.zeros(1, dtype=CON), scenario.pipeline
    con["n_satellites"], con["n_stages"] = fleet.n_satellites, len(pipeline.stages)
    con["end_s"] = outlook.t_s[-1]
    con["answer_bytes"] = np.nan if belief.answer_bytes is None else belief.answer_bytes
    con["sends_pixels"] = pipeline.sends_pixels
    con["may_migrate"], con["at_origin"] = belief.may_migrate, belief.at_origin
    con["on_ground"], con["weighs_all"] = belief.on_ground, belief.weighs_all
    con["urgent"] = any(one.priority > 0 for one in pipeline.stages) and scenario.jobs is None
    con["in_orbit"] = any(architecture.places(name) & IN_ORBIT for name in pipeline.names)
    if scenario.jobs is not None:
        con["routed"], con["hop_s"] = 1, scenario.relay_hop_s
        con["load_bytes_s"] = scenario.jobs.load_bytes_s
        con["work_bytes"] = scenario.jobs.memory_bytes
    _put_recovery(con, scenario)
    return con


def _put_scheduler(con: Table, scheduler: object) -> None:
    """Say who chooses, and what that one is asked."""
    con["scheduler"], con["weighs"] = plan_of(scheduler), weighs_places(scheduler)
    con["answers"] = MOST_ANSWERS
    # Others are told what happens even where nothing is theirs to choose.
    con["in_orbit"] |= con["scheduler"] == Plan.PLUG_IN


def _put_recovery(con: Table, scenario: Scenario) -> None:
    """Say what is done about faults, and how long they last in the mean."""
    faults, policy = scenario.faults, scenario.recovery
    con["retries"], con["accepts"] = policy.retries, policy.on_suspicion == _ACCEPT
    con["stays"] = policy.on_failure != _ELSEWHERE
    con["stays_suspect"] = policy.on_suspicion != _ELSEWHERE
    con["quarantine_after"] = policy.quarantine_after
    con["quarantine_s"] = policy.quarantine_s
    away_s = con["mean_away_s"][0]
    away_s[[FaultKind.CRASH, FaultKind.STATION, FaultKind.WEATHER]] = (
        np.inf if faults is None
        else (faults.crash_repair_s, faults.station_repair_s, faults.weather_lasts_s)
    )  # fmt: skip


def _own(array: Floats) -> Floats:
    """Give an array as the core's code takes it: in one piece, and not locked."""
    return np.require(array, dtype=np.float64, requirements=["C", "W"])
