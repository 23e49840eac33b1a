"""State of a flight as plain arrays: jobs, satellites, queue of events, log of decisions."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from perigrid.control.dispatch.arrays import (
    SHOWN,
    Bytes,
    Floats,
    Ints,
    Limits,
    Longs,
    Network,
    Requests,
    Satellites,
    Scratch,
)

LOG_ROWS: Final = 65_536
"""Decisions kept before they are written."""
LOG_NUMBERS: Final = 2 + SHOWN
LOG_CODES: Final = 5 + 2 * SHOWN


class Phase(IntEnum):
    """Where a job is. Each job is in exactly one."""

    PENDING = 0  # not asked for yet
    WAITING = 1  # to be decided again
    INBOUND = 2  # its input is on the way
    QUEUED = 3
    RUNNING = 4
    HOLDING = 5  # done, its answer waits for a way down
    OUTBOUND = 6  # its answer is on the way
    DELIVERED = 7
    MISSED = 8


class Happening(IntEnum):
    """What a job's next event is."""

    DECIDE = 0
    ARRIVE = 1
    FINISH = 2
    SEND = 3
    DELIVER = 4


class Turn(IntEnum):
    """What an edge of a fault does."""

    CRASH = 0
    LOSS = 1
    CLOSE = 2  # a ground node
    CORRUPT_FOUND = 3
    CORRUPT_SILENT = 4
    RESTORE = 5  # a satellite
    OPEN = 6


class Count(IntEnum):
    """Places in ``World.counts``."""

    ORDER = 0  # of the next event
    HEAP = 1  # events waiting
    RELEASED = 2
    FAULTS = 3  # edges of faults passed
    LOGGED = 4  # rows in the log
    DELIVERED = 5
    MISSED = 6
    RESTARTS = 7
    DECISIONS = 8  # of all, also those not logged


COUNTS: Final = len(Count)


class Bus(NamedTuple):
    """Battery and heat of a satellite, as :mod:`perigrid.fleet.bus_steps` hands them on."""

    bus_w: float
    link_w: float
    capacity_j: float
    floor_j: float
    charge_efficiency: float
    discharge_efficiency: float
    max_charge_w: float
    max_discharge_w: float
    computer_j_k: float
    radiator_j_k: float
    conductance_w_k: float
    emissivity: float
    area_m2: float
    needed_w: float  # above the base, for full speed


class Rules(NamedTuple):
    """What is done about faults, and how far ahead routes hold."""

    retries: int
    same_node: int  # 1: a job goes on where its satellite crashed
    accept: int  # 1: suspect results are taken
    elsewhere: int  # 1: suspect results are computed on another satellite
    barred_after: int
    barred_s: float
    save_s: float
    routes_s: float


class Jobs(NamedTuple):
    """State of every job, one entry each.

    Parameters
    ----------
    phase, cause, wrong, kind : uint8 arrays
        :class:`Phase`; :class:`perigrid.control.dispatch.codes.Reason` of a miss; 1 for a result
        that a check will find wrong, 2 for one that goes out wrong; kind of the next event.
    node, avoid, stamp, attempt, following : int32 arrays
        Satellite; one it may not return to; crashes of the satellite when the job was promised;
        decisions; the next in a queue.
    left_s, whole_s, load_left_s, charged_s : float arrays
        Work left and in all, with what saving takes; loading left; share of its node's backlog [s].
    since_s, start_s, end_s, due_s : float arrays
        Accounted until; first begun; closed; next event [s].
    order : int64 array
        Of the next event, among those of equal time.
    place : int32 array
        In the heap; -1 without an event.
    """

    phase: Bytes
    cause: Bytes
    wrong: Bytes
    kind: Bytes
    node: Ints
    avoid: Ints
    stamp: Ints
    attempt: Ints
    following: Ints
    place: Ints
    left_s: Floats
    whole_s: Floats
    load_left_s: Floats
    charged_s: Floats
    since_s: Floats
    start_s: Floats
    end_s: Floats
    due_s: Floats
    order: Longs


class Nodes(NamedTuple):
    """State of every satellite that decisions do not read.

    Parameters
    ----------
    running : (n, slots) int32 array
        Jobs at work; -1 for a free slot.
    head, tail, promised, crashes, suspicions, lost : (n,) int32 array
        Ends of the queue; jobs promised; crashes so far; suspect results; 1 when gone for good.
    memory_bytes : (n,) float array
        In use [B].
    last_use_s, ready_s : (n, n_models) float array
        When each model was last begun with, and when it was loaded [s].
    busy_s, speed, save_every_s : (n,) float array
        Full-speed slot seconds in the step; share of full speed; work between checkpoints [s].
    flows_j : (8, n) float array
        Energy since the start, in the order of :data:`perigrid.fleet.state.ENERGY_FLOWS` [J].
    surplus_j, compute_j, extremes : (n,), (n,), (3, n) float array
        Array energy beyond the base load and energy of jobs [J]; lowest battery [J], lowest and
        highest computer temperature [K].
    """

    running: Ints
    head: Ints
    tail: Ints
    promised: Ints
    crashes: Ints
    suspicions: Ints
    lost: Ints
    memory_bytes: Floats
    last_use_s: Floats
    ready_s: Floats
    busy_s: Floats
    speed: Floats
    save_every_s: Floats
    flows_j: Floats
    surplus_j: Floats
    compute_j: Floats
    extremes: Floats


class Edges(NamedTuple):
    """Begins and ends of faults in order of time."""

    t_s: Floats
    turn: Bytes
    node: Ints


class World(NamedTuple):
    """Everything that the engine steps."""

    lim: Limits
    bus: Bus
    rules: Rules
    sat: Satellites
    req: Requests
    net: Network
    room: Scratch
    jobs: Jobs
    nodes: Nodes
    edges: Edges
    heap: Ints
    counts: Longs
    routes_end_s: Floats  # one number: when the routes are made anew [s]
    log_numbers: Floats  # time, expected answer, those of the alternatives
    log_codes: Ints  # job, attempt, node, reason, candidates; alternatives and their reasons


def new_jobs(work_s: Floats, whole_s: Floats) -> Jobs:
    """Jobs before the start.

    Parameters
    ----------
    work_s, whole_s : (n_jobs,) float array
        Work, and work with what saving takes [s].

    Returns
    -------
    Jobs
        All pending.
    """
    n = len(work_s)

    def numbers(value: float) -> Floats:
        return np.full(n, value)

    def indexes(value: int) -> Ints:
        return np.full(n, value, dtype=np.int32)

    def small() -> Bytes:
        return np.zeros(n, dtype=np.uint8)

    return Jobs(
        phase=small(), cause=small(), wrong=small(), kind=small(),
        node=indexes(-1), avoid=indexes(-1), stamp=indexes(0), attempt=indexes(0),
        following=indexes(-1), place=indexes(-1),
        left_s=whole_s.copy(), whole_s=whole_s, load_left_s=numbers(0.0), charged_s=numbers(0.0),
        since_s=numbers(0.0), start_s=numbers(np.nan), end_s=numbers(np.nan),
        due_s=numbers(np.inf), order=np.zeros(n, dtype=np.int64),
    )  # fmt: skip


def new_nodes(n: int, slots: int, n_models: int, save_every_s: Floats, stored_j: Floats) -> Nodes:
    """Satellites before the start.

    Parameters
    ----------
    n, slots, n_models : int
        Satellites, slots of each, models.
    save_every_s, stored_j : (n,) float array
        Work between checkpoints [s]; energy stored [J].

    Returns
    -------
    Nodes
        Idle, nothing in memory.
    """

    def indexes(value: int) -> Ints:
        return np.full(n, value, dtype=np.int32)

    return Nodes(
        running=np.full((n, slots), -1, dtype=np.int32),
        head=indexes(-1), tail=indexes(-1), promised=indexes(0), crashes=indexes(0),
        suspicions=indexes(0), lost=indexes(0),
        memory_bytes=np.zeros(n),
        last_use_s=np.full((n, n_models), -np.inf), ready_s=np.zeros((n, n_models)),
        busy_s=np.zeros(n), speed=np.ones(n), save_every_s=save_every_s,
        flows_j=np.zeros((8, n)), surplus_j=np.zeros(n), compute_j=np.zeros(n),
        extremes=np.stack([stored_j, np.full(n, np.inf), np.full(n, -np.inf)]),
    )  # fmt: skip


def state_arrays(world: World) -> dict[str, npt.NDArray[np.generic]]:
    """Everything that changes in a flight, by name: what a checkpoint holds.

    Parameters
    ----------
    world : World
        At any time between two snapshots of the network.

    Returns
    -------
    dict
        The arrays themselves, not copies.
    """
    parts: dict[str, npt.NDArray[np.generic]] = {"heap": world.heap, "counts": world.counts}
    for name in ("line_free_s", "down_free_s"):
        parts[f"net.{name}"] = getattr(world.net, name)
    for label, group in (("sat", world.sat), ("jobs", world.jobs), ("nodes", world.nodes)):
        for name, array in group._asdict().items():
            parts[f"{label}.{name}"] = array
    return parts
