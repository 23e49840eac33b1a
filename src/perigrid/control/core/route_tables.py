"""The core's tables of a routed run: lines, ways to ground nodes, lasers, models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job
from perigrid.control.contact_plan import Exit
from perigrid.control.core.messages import NOTHING, Table
from perigrid.control.core.state import Bools, Floats, Ints32, Longs
from perigrid.control.core.way_rows import EXIT
from perigrid.control.work_times import WorkTimes
from perigrid.fleet.model import Fleet
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.scenario.model import Scenario

NEAR = 24
"""Satellites that are listed as nearest to a ground node, at most."""
_MEDIAN = 1.0


class RouteTables(NamedTuple):
    """What a core knows of routes and models, as :class:`~perigrid.control.core.state.Core` has it.

    Delays are infinite until they are fed.
    """

    route_delay_s: Floats
    route_near: Ints32
    laser_first: Longs
    laser_to: Ints32
    laser_s: Floats
    route_missed: Bools
    laser_cut: Bools
    model_bytes: Floats
    model_used_s: Floats


def route_tables(
    scenario: Scenario, fleet: Fleet, architecture: Architecture, jobs: Sequence[Job]
) -> RouteTables:
    """Make room for routes, and list lasers and models.

    Parameters
    ----------
    scenario : Scenario
        Without jobs all is empty.
    fleet : Fleet
        Its nodes.
    architecture : Architecture
        Whether lasers carry anything.
    jobs : sequence of Job
        They say how large their models are.

    Returns
    -------
    RouteTables
        In order of satellites and ground nodes.
    """
    n = fleet.n_satellites
    if scenario.jobs is None:
        return _tables(0, 0, (np.zeros(1), np.zeros(0)), np.zeros(0))
    mesh = fleet_mesh(scenario, fleet, architecture)
    sizes = np.zeros(scenario.jobs.models)
    sizes[column_of(jobs, "model")] = column_of(jobs, "model_bytes")
    return _tables(n, len(fleet.stations), (mesh.row_start, mesh.neighbour), sizes)


def _tables(
    n: int, n_ground: int, lasers: tuple[Floats | Longs, Floats | Longs], sizes: Floats
) -> RouteTables:
    return RouteTables(
        np.full((n_ground, n + n_ground), np.inf),
        np.full((n_ground, NEAR), NOTHING, dtype=np.int32),
        lasers[0].astype(np.int64),
        lasers[1].astype(np.int32),
        np.full(len(lasers[1]), np.inf),
        np.zeros(n, dtype=np.bool_),
        np.zeros(len(lasers[1]), dtype=np.bool_),
        sizes,
        np.full((n, len(sizes)), -np.inf),
    )


def put_routes(
    satellites: Table,
    nodes: Table,
    scenario: Scenario,
    fleet: Fleet,
    works: WorkTimes,
    ways_out: dict[int, Exit],
) -> Table:
    """Say of satellites and nodes what only a routed run asks.

    Parameters
    ----------
    satellites, nodes : Table
        Filled in.
    scenario, fleet, works
        Grants; computers, radios, lasers; what a job takes.
    ways_out : dict of int to Exit
        Fibre from each ground node to a data centre.

    Returns
    -------
    structured array
        Rows of :data:`~perigrid.control.core.way_rows.EXIT`, one for each ground node.
    """
    lenders = {one.lender for one in scenario.sharing.grants}
    nodes["lent_out"] = [operator in lenders for operator in fleet.operators]
    _put_lines(nodes, fleet)
    _put_computers(satellites, fleet, works)
    return _route_exits(fleet, ways_out)


def _put_lines(nodes: Table, fleet: Fleet) -> None:
    """Say which nodes are on the ground, and what their lines carry: one each way, or lasers."""
    for group, rows in fleet.spans():
        nodes["line_bps"][rows] = 1.0 if group.laser is None else group.laser.max_rate_bps
    stations = list(fleet.stations)
    nodes["ground"][stations] = np.arange(len(stations))
    nodes["line_bps"][stations] = [
        one.feeder_rate_bps * one.antennas for one in fleet.stations.values()
    ]
    nodes["line_free_s"] = nodes["down_free_s"] = -np.inf


def _route_exits(fleet: Fleet, ways_out: dict[int, Exit]) -> Table:
    """Lay out the ground nodes where answers end, and fibre on for what is not computed."""
    table = np.zeros(len(fleet.stations), dtype=EXIT)
    for name in ("ground", "index", "centre"):
        table[name] = list(fleet.stations)
    table["rate_bps"], table["hub_bps"], table["hub"] = np.inf, np.inf, NOTHING
    for row, ground in zip(table, fleet.stations, strict=True):
        if ground in ways_out:
            way = ways_out[ground]
            row["hub"], row["hub_delay_s"], row["hub_bps"] = way.centre, way.delay_s, way.rate_bps
    return table


def _put_computers(satellites: Table, fleet: Fleet, works: WorkTimes) -> None:
    """Say how many jobs computers do at once, and what that takes; memory is given for a slot."""
    work_s, work_j = works.by_satellite(_MEDIAN)
    busy = fleet.buses.computes
    for group, rows in fleet.spans():
        if group.computer is not None:
            satellites["slots"][rows] = group.computer.slots
            satellites["memory_bytes"][rows] = group.computer.memory_bytes * group.computer.slots
    slot_w = np.where(busy, work_j, 0.0) / np.where(busy, work_s, 1.0)
    satellites["extra_w"] = slot_w * satellites["slots"]
