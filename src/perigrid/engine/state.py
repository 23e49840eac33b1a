"""The world of a run as plain arrays: observations, satellites, computers, events to come, logs."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Cause
from perigrid.base.messages import REPORT_INTERVAL_S
from perigrid.control.core.messages import DECISION, EVENT, LEG, OTHER, Table
from perigrid.engine.columns import BEGUN
from perigrid.ledger.merkle import HASH_BYTES
from perigrid.ledger.row_hash import SCRATCH_WORDS, Bytes, Words
from perigrid.ledger.rows import bytes_of
from perigrid.ledger.run_rows import ROW

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

LOG_ROWS: Final = 65_536
"""Events, and decisions, that are kept before they are written; more where more are under way."""
BATCH_S: Final = REPORT_INTERVAL_S
"""Simulated time between two roots over decisions in the record: that of a report. [s]"""
ROW_BYTES: Final = np.dtype(ROW).itemsize
MESSAGE_BYTES: Final = 65536
"""A decision with its legs and what was weighed beside it, at most."""
CAUSES: Final = len(Cause)
LINKS: Final = ("downlink", "crosslink", "relay", "terrestrial")
"""Columns of :attr:`World.sent_bytes`."""
STATE_COLUMNS: Final = (
    "array_w", "battery_soc", "computer_k", "radiator_k",
    "compute_w", "link_w", "storage_bytes", "throttle",
)  # fmt: skip
"""Rows of :attr:`World.telemetry`."""


class Status(IntEnum):
    """Why the loop hands over."""

    END = 0
    INSTANT = 1  # events are to be decided on
    LOG_FULL = 2
    TELEMETRY_FULL = 3
    SHORT = 4  # of room for events to come, legs or rows of the log: make the arrays longer
    BROKEN = 5  # an invariant; ``Count.TROUBLE`` says which
    PAUSED = 6  # between two steps
    CRAMPED = 7  # the decision core has no room for the instant
    UNCOMMITTED = 8  # the root over the decisions since the last one is due
    UNFED = 9  # between two steps: light and routes of the next are not there


class Trouble(IntEnum):
    """Which invariant was broken."""

    NONE = 0
    BATTERY = 1
    STORAGE = 2
    ENDED_TWICE = 3
    UNACCOUNTED = 4
    LOST = 5
    NO_COMPUTER = 6
    LONG_WAYS = 7
    LONG = 8


class Due(IntEnum):
    """What comes due."""

    FINISH = 0
    ARRIVE = 1
    RING = 2
    LEG = 3  # the first bit of a leg of a satellite that may lack energy
    ANSWER = 4  # of people who were asked
    EXPIRED = 5  # a stage was not begun: its authority had ended, or a stop had come
    ENVELOPE = 6  # people answered about an envelope: certain from the start
    ORDER = 7  # so is an order


class Doing(IntEnum):
    """What a job is busy with."""

    NOTHING = 0
    MOVE = 1
    COMPUTE = 2
    WAIT = 3
    ASK = 4  # waits for people


class Again(IntEnum):
    """What a stage that is begun once more counts as."""

    NOTHING = 0
    RETRY = 1
    RECOMPUTATION = 2


class Ended(IntEnum):
    """How a job ended."""

    IN_FLIGHT = 0
    DELIVERED = 1
    MISSED = 2


class Count(IntEnum):
    """Places in ``World.counts``."""

    STEP = 0
    BEGUN = 1  # 1: the step's speeds are set
    TAKEN = 2  # observations whose time of capture has come
    CLOSED = 3
    ORDER = 4  # of the next entry of the queue
    QUEUED = 5
    LEGS = 6  # rows of ``World.legs`` in use
    FIRST = 7  # ends of the list of jobs that are busy; -1 for none
    LAST = 8
    OFF = 9  # satellites without energy in the step
    TOLD = 10  # steps held in ``World.telemetry``
    OLD_EVENTS = 11  # rows of the log before the instant
    OLD_DECISIONS = 12
    TROUBLE = 13
    OF_JOB = 14  # whom the trouble befell
    OVER = 15  # 1: what was under way at the end is in the books
    ASKED = 16  # 1: an instant waits for its decisions
    TURN = 17  # faults that have begun or ended
    FAILED_MOVES = 18
    LOST_TASKS = 19
    REFUSED_CAPTURES = 20  # by satellites that were away
    SUSPECT_RESULTS = 21
    RETRIES = 22
    RECOMPUTATIONS = 23
    CRASHES = 24  # faults that struck, in the order of their kinds
    LOSSES = 25
    STATIONS = 26
    WEATHER = 27
    ACQUISITIONS = 28
    CORRUPTIONS = 29
    COMMITTED = 30  # decisions of the log whose root is in the record
    EXPIRING = 31  # 1: the authority of some stage had an end
    BLOCK = 32  # step that the first column of light, held power and radio energy is of


class Clock(IntEnum):
    """Places in ``World.clock``."""

    NOW = 0
    STEP_END = 1
    REPORT = 2  # when telemetry is next reported
    PAUSE = 3  # before which step the loop hands over
    LOST = 4  # work that faults undid
    BATCH = 5  # when the root over the decisions since the last one is due


class Filled(IntEnum):
    """Places in ``Log.filled``: rows taken."""

    DECISIONS = 0
    LEGS = 1
    OTHERS = 2
    EVENTS = 3
    BEGUN = 4


class Log(NamedTuple):
    """Events and decisions that are not written yet; ``filled`` counts rows by :class:`Filled`.

    ``begun`` tells when acts were begun of jobs that people were asked about.
    ``leaves`` (rows, 32) are hashes of decisions as :mod:`perigrid.ledger.run_rows` has them;
    ``leg_bytes`` and ``other_bytes`` are the same memory as legs and others, ``row`` the beginning
    of ``message``, which is hashed, and ``words`` room for hashing.
    """

    events: Table
    decisions: Table
    legs: Table
    others: Table
    begun: Table
    filled: Longs
    leaves: Bytes
    leg_bytes: Bytes
    other_bytes: Bytes
    row: Table
    message: Bytes
    words: Words


class World(NamedTuple):
    """Everything that the loop steps.

    ``t_s`` are the edges of the steps; ``array_w`` and ``environment_w`` are (n, edges), ``held_w``
    and ``sent_j`` (n, steps): power of lasers held and energy of radio legs booked; of a routed run
    they hold the steps of a block, from ``counts[BLOCK]`` on; ``work`` is
    (stages, kinds of computer); ``outcomes`` (stages, n_jobs), NaN where a stage finds nothing out;
    ``running`` has the jobs on the slots of all computers; ``models`` is (n, n_models), without a
    column where no work needs any, ``model_bytes`` their sizes; ``waits_s`` is (n_jobs, CAUSES) and
    ``sent_bytes`` (n_jobs, LINKS); ``queue`` is a heap; ``legs`` holds the legs of moves under way;
    ``telemetry`` is (STATE_COLUMNS, steps held, n); ``turns`` are in order of time; ``tries`` is
    (n_jobs, stages), without a row where nothing fails; ``dead`` marks the outlook's contacts that
    never lock; ``stops_s`` (n_stops, 2) is from when until when a node is stopped, those of node k
    from row ``stopped[k]`` up to ``stopped[k + 1]``, and behind the last node of the relay network.
    """

    con: Table
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    held_w: Floats
    sent_j: Floats
    sats: Table
    nodes: Table
    stages: Table
    work: Table
    outcomes: Floats
    running: Longs
    models: Table
    model_bytes: Floats
    jobs: Table
    waits_s: Floats
    sent_bytes: Floats
    queue: Table
    legs: Table
    counts: Longs
    clock: Floats
    telemetry: Floats
    turns: Table
    tries: Table
    dead: npt.NDArray[np.uint8]
    stops_s: Floats
    stopped: Longs
    log: Log


def new_log(rows: int) -> Log:
    """Make an empty log.

    Parameters
    ----------
    rows : int
        Events, and decisions, that it takes.

    Returns
    -------
    Log
        With room for twice as many legs, and for four times as many alternatives.
    """
    legs, others = np.zeros(2 * rows, dtype=LEG), np.zeros(4 * rows, dtype=OTHER)
    message = np.zeros(MESSAGE_BYTES, dtype=np.uint8)
    return Log(
        np.zeros(rows, dtype=EVENT), np.zeros(rows, dtype=DECISION), legs, others,
        np.zeros(rows, dtype=BEGUN),
        np.zeros(len(Filled), dtype=np.int64), np.zeros((rows, HASH_BYTES), dtype=np.uint8),
        bytes_of(legs), bytes_of(others), message[:ROW_BYTES].view(ROW), message,
        np.zeros(SCRATCH_WORDS, dtype=np.uint32),
    )  # fmt: skip
