"""The core's tables of jobs, satellites, stages, costs and contacts, from what a mission says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job, Product
from perigrid.control.contact_plan import ContactPlan, ContactTable
from perigrid.control.core.curves import (
    HORIZON_S,
    SOC_MARGIN,
    STEP_S,
    TEMPERATURE_MARGIN_K,
    fade,
    rise_k,
)
from perigrid.control.core.messages import Table
from perigrid.control.core.state import (
    COST,
    HEARD,
    JOB,
    NODE,
    SATELLITE,
    STAGE,
    THERE,
    UNTAKEN,
    Floats,
    Longs,
    Search,
    Windows,
)
from perigrid.control.core.way_rows import CONTACT, EXIT
from perigrid.control.scheduling.base import Load
from perigrid.control.work_times import WorkTimes
from perigrid.fleet.model import ContactKind, Fleet
from perigrid.scenario.pipeline import CLOUD_DETECTOR, Pipeline
from perigrid.workload.job_graph import sure_stages
from perigrid.workload.profile import stage_time_s

NO_ROWS = -1
STEPS = len(np.arange(0.0, HORIZON_S + STEP_S, STEP_S))
"""Steps of a forecast."""
_NO_NODE = ("holder", "answer_at", "goal", "last", "stored_at", "room_at", "given_to", "given_next",
            "given_before", "queue", "queue_next", "queue_before", "latest", "draft", "leave",
            "first_leg", "promised_to", "load_at", "there")  # fmt: skip
MOST_SIZES = 256
"""Sizes of jobs that are told apart at most; others are taken for the next larger (assumed)."""

# ------------------------------------------------------------------ jobs and stages


def job_table(jobs: Sequence[Job], facts: Longs, held_by: Longs) -> tuple[Table, Floats]:
    """Lay requests out, nothing known of their jobs yet.

    Parameters
    ----------
    jobs : sequence of Job
        Numbered from 0.
    facts, held_by : (n_jobs,) int array
        What rules know of their scenes, and their holders as bits.

    Returns
    -------
    jobs : structured array
        Rows of :data:`~perigrid.control.core.state.JOB`.
    areas_m2 : float array
        Sizes of scenes that there are [m2].
    """
    table = np.zeros(len(jobs), dtype=JOB)
    areas_m2, table["area"] = _classes(column_of(jobs, "area_m2"))
    for name in ("origin", "deadline_s", "raw_bytes", "user", "answer_share", "model"):
        table[name] = column_of(jobs, name)
    table["capture_s"], table["begun_s"] = column_of(jobs, "t_capture_s"), np.inf
    table["facts"], table["held_by"] = facts, held_by
    table["doing"], table["asked"] = UNTAKEN, -1
    table["asked_act"], table["granted_s"] = UNTAKEN, -np.inf
    for name in _NO_NODE:
        table[name] = NO_ROWS
    return table, areas_m2


def _classes(areas_m2: Floats) -> tuple[Floats, Longs]:
    """Sizes that are told apart, and which of them each size is."""
    known, row = np.unique(areas_m2, return_inverse=True)
    if len(known) <= MOST_SIZES:
        return known, row
    edges = np.geomspace(known[0], known[-1], MOST_SIZES)
    edges[-1] = known[-1]
    return edges, np.searchsorted(edges, areas_m2)


def stage_table(pipeline: Pipeline, architecture: Architecture) -> Table:
    """Lay the stages out.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    architecture : Architecture
        Where they may run.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.state.STAGE`.
    """
    table, names = np.zeros(len(pipeline.stages), dtype=STAGE), pipeline.names
    table["asks"], table["above"], table["at_most"] = -1, np.nan, np.nan
    for row, stage in zip(table, pipeline.stages, strict=True):
        places, when = architecture.places(stage.name), stage.when
        row["output_bytes"], row["deliver"] = stage.output_bytes, stage.deliver
        row["priority"] = stage.priority
        row["screens"] = stage.executes == CLOUD_DETECTOR
        row["sure"] = stage.name in sure_stages(pipeline)
        row["in_origin"] = ComputePlace.ORIGIN in places
        row["in_satellite"] = ComputePlace.SATELLITE in places
        row["on_ground"] = ComputePlace.DATA_CENTRE in places
        if when is not None:
            row["asks"] = names.index(when.stage)
            row["above"] = np.nan if when.above is None else when.above
            row["at_most"] = np.nan if when.at_most is None else when.at_most
    return table


def cost_table(
    fleet: Fleet, pipeline: Pipeline, architecture: Architecture, works: WorkTimes, areas_m2: Floats
) -> tuple[Table, Floats, Longs]:
    """Work out what every stage of every size of scene takes on every kind of computer.

    Parameters
    ----------
    fleet, pipeline, architecture
        The mission.
    works : WorkTimes
        What the controller reckons with.
    areas_m2 : float array
        Sizes of scenes [m2].

    Returns
    -------
    costs : (kinds, sizes, stages) structured array
        Groups first, then data centres.
    curves : float array
        How stages warm computers, one after the other; then how the computers of each group cool.
    fades : (n_groups,) int array
        Where those begin.
    """
    rows = [span.start for _, span in fleet.spans()] + sorted(fleet.data_centres)
    table = np.zeros((len(rows), max(len(areas_m2), 1), len(pipeline.stages)), dtype=COST)
    curves: list[Floats] = []
    for (kind, node), (size, area_m2) in itertools.product(
        enumerate(rows), enumerate(areas_m2.tolist())
    ):
        work = works.on(node, area_m2)
        there_s = _there_s(fleet, pipeline, architecture, node, area_m2)
        for k, name in enumerate(pipeline.names):
            load, cost = Load(work.stage_s[name], work.stage_j[name]), table[kind, size, k]
            cost["all_s"] = work.work_s
            cost["all_j"] = work.energy_j
            cost["all_w"] = Load(work.work_s, work.energy_j).power_w
            cost["work_s"], cost["work_j"], cost["power_w"] = *load, load.power_w
            cost["there_s"] = there_s[k]
            if node < fleet.n_satellites and fleet.computer(node) is not None:
                rise = rise_k(load, *_heat(fleet, node))
                cost["rise"], cost["steps"] = sum(map(len, curves)), len(rise)
                curves.append(rise)
    warm = sum(map(len, curves))
    curves += [fade(_heat(fleet, row)[1], STEPS) for row in rows[: len(fleet.groups)]]
    fades = warm + STEPS * np.arange(len(fleet.groups))
    return table, np.concatenate(curves), fades.astype(np.int64)


def _heat(fleet: Fleet, row: int) -> tuple[float, float, float]:
    """Conductance, time constant of the computer, heat capacity of the radiator."""
    own_j_k, radiator_j_k, conductance_w_k = (
        float(column[row]) for column in fleet.buses.nodes[:3]
    )
    return conductance_w_k, own_j_k / conductance_w_k, radiator_j_k


def _there_s(
    fleet: Fleet, pipeline: Pipeline, architecture: Architecture, node: int, area_m2: float
) -> list[float]:
    """Time of each stage with those that follow on the same satellite [s]."""
    computer = fleet.computer(node)
    if computer is None:
        return [0.0] * len(pipeline.stages)
    found = []
    for k in range(len(pipeline.stages)):
        there = itertools.takewhile(
            lambda one: architecture.places(one.name) & IN_ORBIT, pipeline.stages[k:]
        )
        found.append(sum(stage_time_s(one, computer, area_m2) for one in there))
    return found


# ------------------------------------------------------------------ satellites and nodes


def satellite_table(fleet: Fleet, works: WorkTimes, fades: Longs) -> Table:
    """Lay satellites out: idle, empty, nothing reported.

    Parameters
    ----------
    fleet : Fleet
        Their buses.
    works : WorkTimes
        What the controller reckons with.
    fades : (n_groups,) int array
        Where the curves of cooling computers begin.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.state.SATELLITE`.
    """
    buses, table = fleet.buses, np.zeros(fleet.n_satellites, dtype=SATELLITE)
    battery = ("capacity_j", "battery_floor_j", "charge_efficiency", "discharge_efficiency",
               "max_charge_w", "max_discharge_w")  # fmt: skip
    heat = ("computer_j_k", "radiator_j_k", "conductance_w_k", "emissivity", "area_m2")
    for name, column in zip((*battery, *heat), (*buses.battery, *buses.nodes), strict=True):
        table[name] = column
    work_s, work_j = works.of_largest()
    table["kind"], table["fade"] = fleet.group_of, fades[fleet.group_of]
    table["computes"], table["room_bytes"] = buses.computes, buses.storage_bytes
    table["min_soc"] = buses.min_soc
    table["floor_j"] = buses.capacity_j * (buses.min_soc + SOC_MARGIN)
    table["limit_k"] = buses.throttle_k - TEMPERATURE_MARGIN_K
    table["throttle_k"], table["stop_k"] = buses.throttle_k, buses.limit_k
    table["bus_w"], table["idle_w"] = buses.bus_load_w, buses.idle_w
    table["extra_w"] = np.where(work_s > 0.0, work_j / np.where(work_s > 0.0, work_s, 1.0), 0.0)
    table["full_j"], table["listed"], table["blocked_s"] = np.inf, -1, -np.inf
    table["slots"], table["exit_s"] = 1, -np.inf
    for name in ("given_first", "given_last", "queue_first", "queue_last", "exit"):
        table[name] = NO_ROWS
    return table


def heard_table(n_satellites: int) -> Table:
    """Lay out what others know of satellites: nothing was heard, and nothing keeps them.

    Parameters
    ----------
    n_satellites : int
        Rows.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.state.HEARD`.
    """
    table = np.zeros(n_satellites, dtype=HEARD)
    table["blocked_s"] = -np.inf
    return table


def node_table(fleet: Fleet, index_of: Longs, stand_ins: Longs, holders: Longs) -> Table:
    """Lay the rows of the fleet out.

    Parameters
    ----------
    fleet : Fleet
        The nodes.
    index_of, stand_ins, holders : (n_nodes,) int array
        Place among the nodes of contacts; kind of node and bit of holder that rules know.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.state.NODE`.
    """
    table = np.zeros(len(fleet.names), dtype=NODE)
    table["index"], table["stand_in"], table["holder"] = index_of, stand_ins, holders
    table["kind"] = NO_ROWS
    table["kind"][: fleet.n_satellites] = fleet.group_of
    table["down"] = table["away"] = THERE
    table["ground"], table["taken"] = NO_ROWS, NO_ROWS
    table["operator"] = np.unique(fleet.operators, return_inverse=True)[1]
    for name in ("away_s", "gone_s", "unpowered_s", "quarantine_s", "told_quarantine_s"):
        table[name] = -np.inf
    centres = sorted(fleet.data_centres)
    table["kind"][centres] = len(fleet.groups) + np.arange(len(centres))
    table["slots"][centres] = [fleet.data_centres[row].computer.slots for row in centres]
    table["first_slot"] = np.cumsum(table["slots"]) - table["slots"]
    return table


# ------------------------------------------------------------------ contacts


def contact_tables(plan: ContactPlan, windows: Windows) -> tuple[Table, Longs, Table]:
    """Lay out contacts in the order of the search, and ways from ground nodes to data centres.

    Parameters
    ----------
    plan : ContactPlan
        Nothing booked.
    windows : Windows
        Its contacts as the search reads them.

    Returns
    -------
    contacts : structured array
        Rows of :data:`~perigrid.control.core.way_rows.CONTACT`.
    place_of : int array
        Where each row of the outlook is among them; -1.
    exits : structured array
        Rows of :data:`~perigrid.control.core.way_rows.EXIT`, by ground node.
    """
    rows, contacts, _, index_of, table, place, _ = plan.fixed_parts
    found = np.zeros(len(table), dtype=CONTACT)
    found["row"] = rows[table.row_of]
    for product in range(len(Product)):
        found["carries"] |= (windows.free_s[product] < np.inf).astype(np.uint8) << product
    for name in ("kind", "source", "target"):
        found[name] = getattr(contacts, name)[table.row_of]
    place_of = np.full(len(plan.booked_bytes), NO_ROWS, dtype=np.int64)
    place_of[rows] = place
    exits = np.zeros(len(plan.ways_out), dtype=EXIT)
    for row, (ground, way) in zip(exits, sorted(plan.ways_out.items()), strict=True):
        row["ground"], row["index"], row["centre"] = ground, index_of[ground], way.centre
        row["delay_s"], row["rate_bps"], row["hub"] = way.delay_s, way.rate_bps, NO_ROWS
    return found, place_of, exits


def plan_windows(plan: ContactPlan, architecture: Architecture) -> Windows:
    """Lay out contacts for the search, open to all products that they may carry.

    Parameters
    ----------
    plan : ContactPlan
        Nothing booked.
    architecture : Architecture
        What carries what.

    Returns
    -------
    Windows
        With a row of free times for each product, and one more.
    """
    table, kinds = plan.fixed_parts[4], plan.fixed_parts[6]
    free_s = np.full((len(Product) + 1, len(table)), np.inf)
    for row, product in zip(free_s, Product, strict=False):
        links = [int(one) for one in ContactKind.of(architecture.links(product))]
        row[:] = np.where(np.isin(kinds, links), -np.inf, np.inf)
    return windows_of(table, free_s)


def windows_of(table: ContactTable, free_s: Floats) -> Windows:
    """Take from a table what the search reads.

    Parameters
    ----------
    table : ContactTable
        Any.
    free_s : (n, n_contacts) float array
        From when on each may be used [s].

    Returns
    -------
    Windows
        Nothing is held up between receiving and sending on.
    """
    hold_s = np.zeros(table.n_nodes)
    return Windows(table.first_pair, table.pairs, table.windows, hold_s, free_s)


def search_room(nodes: int, contacts: int) -> Search:
    """Make room for a search over nodes, and over contacts whose ends rules open in time."""
    via, heap, where, reached, asked = np.zeros((5, nodes), dtype=np.int64)
    return Search(
        np.full(nodes, np.inf), via.copy(), heap.copy(), where.copy(), np.empty(contacts),
        reached.copy(), asked.copy(), np.zeros(1),
    )  # fmt: skip
