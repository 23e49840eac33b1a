"""State of a flight as plain arrays: jobs, satellites, queue of events, log of decisions."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Cause
from perigrid.control.dispatch.arrays import (
    LEAVE,
    REQUEST,
    SETTINGS,
    STATUS,
    Bytes,
    Field,
    Floats,
    Ints,
    Longs,
    Table,
)
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.ledger.row_hash import Words

LOG_ROWS: Final = 65_536
"""Decisions kept before they are written."""


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
    ASKING = 9  # people have been asked whether it may be done


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
    COMMITTED = 9  # rows in the log whose root stands in the record
    ROWS = 10  # such rows since the start


COUNTS: Final = len(Count)
CAUSES: Final = len(Cause)


FLIGHT_SETTINGS: Final[list[Field]] = [
    *SETTINGS,
    ("bus_w", np.float64),
    ("link_w", np.float64),  # lasers held all the time
    ("capacity_j", np.float64),
    ("charge_efficiency", np.float64),
    ("max_charge_w", np.float64),
    ("max_discharge_w", np.float64),
    ("needed_w", np.float64),  # above the base, for full speed
    ("radiator_j_k", np.float64),
    ("emissivity", np.float64),
    ("area_m2", np.float64),
    ("retries", np.int64),
    ("same_node", np.int64),  # 1: a job goes on where its satellite crashed
    ("accept", np.int64),  # 1: suspect results are taken
    ("elsewhere", np.int64),  # 1: suspect results are computed on another satellite
    ("barred_after", np.int64),
    ("barred_for_s", np.float64),
    ("save_s", np.float64),
]

JOB: Final[list[Field]] = [
    *REQUEST,
    *LEAVE,
    ("power_share", np.float64),  # of a slot's power above idle, while at work
    ("left_s", np.float64),  # of whole_s
    ("whole_s", np.float64),  # work with what saving takes
    ("load_left_s", np.float64),
    ("charged_s", np.float64),  # share of its satellite's backlog
    ("since_s", np.float64),  # accounted until
    ("spent_s", np.float64),  # at work, times power_share; of what was undone too
    ("down_bytes", np.float64),  # of answers sent down, each time
    ("start_s", np.float64),  # first begun
    ("end_s", np.float64),  # closed
    ("due_s", np.float64),  # next event
    ("order", np.int64),  # of it among those of equal time
    ("place", np.int32),  # of it in the heap; -1 without one
    ("node", np.int32),
    ("avoid", np.int32),  # it may not return there
    ("stamp", np.int32),  # crashes of its satellite when it was promised
    ("attempt", np.int32),  # promises so far
    ("following", np.int32),  # next in the queue; on the way down, the ground node
    ("phase", np.uint8),
    ("kind", np.uint8),  # of the next event
    ("cause", np.uint8),  # of a miss
    ("blocked", np.uint8),  # what it waits for since since_s, in the order of base.jobs.Cause
    ("wrong", np.uint8),  # 1: a check will find the result wrong; 2: it goes out wrong
]
"""A job; its request does not change."""

SATELLITE: Final[list[Field]] = [
    *STATUS,
    ("speed", np.float64),  # share of full speed in the step
    ("busy_s", np.float64),  # full-speed and full-power slot seconds in the step
    ("memory_bytes", np.float64),
    ("save_every_s", np.float64),  # work between checkpoints
    *((name, np.float64) for name in ENERGY_FLOWS),  # since the start
    ("surplus_j", np.float64),  # array energy beyond the base load
    ("compute_j", np.float64),  # of jobs
    ("told_s", np.float64),  # when telemetry was last taken
    ("told_array_j", np.float64),  # used, and of jobs, until then
    ("told_compute_j", np.float64),
    ("lowest_j", np.float64),  # battery
    ("coldest_k", np.float64),  # computer
    ("hottest_k", np.float64),
    ("hottest_radiator_k", np.float64),
    ("head", np.int32),  # ends of the queue; -1 for none
    ("tail", np.int32),
    ("promised", np.int32),
    ("crashes", np.int32),
    ("suspicions", np.int32),
    ("lost", np.uint8),
    ("slow", np.uint8),  # what keeps it from full speed: heat or battery
]

FAULT: Final[list[Field]] = [("t_s", np.float64), ("node", np.int32), ("turn", np.uint8)]
"""A begin or an end of a fault, in order of time."""


class World(NamedTuple):
    """Everything that the engine steps; the first fields are what a decision sees.

    See :class:`perigrid.control.dispatch.arrays.Sight`. ``waits_s`` is (n_jobs, CAUSES): what
    each job has waited for until its ``since_s`` [s]; ``running`` is (n, slots) jobs at work, -1
    for a free slot; ``heap`` holds the jobs with events; ``routes_end_s`` is one number: when the
    routes are made anew [s]; ``log`` and ``log_others`` take the decisions, as
    :mod:`perigrid.ledger.rows` has them, ``row_bytes`` and ``other_bytes`` are the same memory, and
    ``leaves`` (LOG_ROWS, 32) their hashes; ``words`` is room for hashing.
    """

    con: Table
    jobs: Table
    waits_s: Floats
    sats: Table
    ends: Table
    models: Table
    model_bytes: Floats
    first: Ints
    spans: Table
    verdicts: Table
    node_class: Ints
    envelopes: Table
    inside: Bytes
    delay_s: Floats
    near: Ints
    row_start: Longs
    neighbour: Ints
    laser_s: Floats
    room: Table
    frontier: Table
    running: Ints
    faults: Table
    heap: Ints
    counts: Longs
    routes_end_s: Floats
    log: Table
    log_others: Table
    row_bytes: Bytes
    other_bytes: Bytes
    leaves: Bytes
    words: Words


def state_arrays(world: World) -> dict[str, npt.NDArray[np.generic]]:
    """Everything that changes in a flight, by name: what a checkpoint holds.

    Parameters
    ----------
    world : World
        At the start of a leg, its log written.

    Returns
    -------
    dict
        The arrays themselves, not copies.
    """
    names = (
        "jobs", "waits_s", "sats", "ends", "models", "running", "heap", "counts", "envelopes",
        "inside",
    )  # fmt: skip
    return {name: getattr(world, name) for name in names}
