"""The world of a run as plain arrays: observations, satellites, computers, events to come, logs."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Cause
from perigrid.control.core.messages import DECISION, EVENT, LEG, OTHER, Field, Table
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.ledger.merkle import HASH_BYTES
from perigrid.ledger.row_hash import SCRATCH_WORDS, Bytes, Words
from perigrid.ledger.rows import bytes_of
from perigrid.ledger.run_rows import ROW

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

LOG_ROWS: Final = 65_536
"""Events, and decisions, that are kept before they are written; more where more are under way."""
BATCH_S: Final = 3600.0
"""Simulated time between two roots over decisions in the record."""
ROW_BYTES: Final = np.dtype(ROW).itemsize
MESSAGE_BYTES: Final = 4096
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


class Doing(IntEnum):
    """What a job is busy with."""

    NOTHING = 0
    MOVE = 1
    COMPUTE = 2
    WAIT = 3


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


SETTINGS: Final[list[Field]] = [
    ("satellites", np.int64),
    ("sends_pixels", np.uint8),
    ("faulty", np.uint8),  # any fault may come
    ("save_s", np.float64),  # of work that saving a checkpoint takes
    ("report_s", np.float64),  # between two reports of telemetry
    ("relay_j_byte", np.float64),
    ("fibre_j_byte", np.float64),
]
"""Numbers that all share: a table of one row."""

NODE: Final[list[Field]] = [
    ("active_w", np.float64),  # of a station that receives
    ("feeder_bps", np.float64),  # of a gateway
    ("pue", np.float64),  # of a data centre
    ("kind", np.int64),  # of its computer: column of WORK; -1 without one
    ("away", np.int64),  # faults that keep it away
    ("lost", np.uint8),  # for good
    ("slots", np.int64),
    ("first_slot", np.int64),  # in World.running
    ("busy", np.int64),  # slots
    ("head", np.int64),  # ends of the queue of its computer; -1 for none
    ("tail", np.int64),
    ("brake", np.uint8),  # what keeps it from full speed: place in CAUSES
    ("speed", np.float64),  # share of full speed
    ("mark_s", np.float64),  # counted until
    ("at_speed_s", np.float64),  # since the start, at the speed reached
    ("heat_s", np.float64),  # and withheld
    ("battery_s", np.float64),
    ("energy_j", np.float64),  # of the computer above idle, since it was last taken
]
"""A node of the fleet, with its computer and what that has counted."""

SATELLITE: Final[list[Field]] = [
    ("capacity_j", np.float64),
    ("floor_j", np.float64),
    ("charge_efficiency", np.float64),
    ("discharge_efficiency", np.float64),
    ("max_charge_w", np.float64),
    ("max_discharge_w", np.float64),
    ("computer_j_k", np.float64),
    ("radiator_j_k", np.float64),
    ("conductance_w_k", np.float64),
    ("emissivity", np.float64),
    ("area_m2", np.float64),
    ("throttle_k", np.float64),
    ("limit_k", np.float64),
    ("needed_w", np.float64),  # above idle at full speed, at most; 0 without a computer
    ("bus_w", np.float64),
    ("idle_w", np.float64),
    ("radio_w", np.float64),
    ("room_bytes", np.float64),
    ("save_every_s", np.float64),  # work between two checkpoints; infinity for none
    ("battery_j", np.float64),  # from here on it changes
    ("computer_k", np.float64),
    ("radiator_k", np.float64),
    ("held_bytes", np.float64),  # stored or reserved
    *((name, np.float64) for name in ENERGY_FLOWS),  # since the start
    ("base_w", np.float64),  # served before the computer's work, in the step
    ("heat_speed", np.float64),  # shares of full speed that heat and energy allow in the step
    ("power_speed", np.float64),
    ("off", np.uint8),  # 1: camera, computer, radio and lasers have no energy in the step
]
"""A satellite's bus and state, the first rows of the fleet."""

STAGE: Final[list[Field]] = [
    ("when", np.int8),  # stage whose outcome it hangs on; -1 for none
    ("above", np.float64),  # it runs if the outcome is more than this,
    ("at_most", np.float64),  # and no more than this
    ("deliver", np.uint8),
    ("pixel_m2", np.float64),
]

WORK: Final[list[Field]] = [
    ("fixed_s", np.float64),
    ("ops_per_pixel", np.float64),
    ("rate_ops_s", np.float64),  # peak times efficiency
    ("bytes_per_pixel", np.float64),
    ("bandwidth_bytes_s", np.float64),
    ("power_w", np.float64),  # of one slot, above idle
    ("fits", np.uint8),  # its memory
]
"""A stage on a kind of computer, see :func:`perigrid.workload.profile.stage_time_s`."""

JOB: Final[list[Field]] = [
    ("t_capture_s", np.float64),
    ("deadline_s", np.float64),
    ("raw_bytes", np.float64),
    ("area_m2", np.float64),
    ("t_from_s", np.float64),  # busy since
    ("until_s", np.float64),  # end of a wait, arrival of a move
    ("work_s", np.float64),  # of its stage at full speed
    ("left_s", np.float64),  # of it
    ("kept_s", np.float64),  # done and saved by an earlier try, not in work_s
    ("power_w", np.float64),  # of its slot
    ("t_task_s", np.float64),  # left_s as of then
    ("at_speed_s", np.float64),  # counters of its computer when it was submitted
    ("heat_s", np.float64),
    ("battery_s", np.float64),
    ("space_j", np.float64),  # spent in orbit
    ("ground_j", np.float64),
    ("t_end_s", np.float64),  # NaN in flight
    ("done", np.int64),  # bit of each stage that is done
    ("tasks", np.int64),  # given to computers so far
    ("origin", np.int64),
    ("source", np.int64),  # of its move
    ("target", np.int64),  # of its move
    ("at", np.int64),  # where it is being computed
    ("node", np.int64),  # where it was last computed; -1 if nowhere
    ("holder", np.int64),  # satellite that stores its pixels; -1 for none
    ("reserved", np.int64),  # satellite with room kept for them; -1 for none
    ("first_leg", np.int64),  # of its move, in World.legs
    ("legs", np.int64),
    ("following", np.int64),  # next in its computer's queue
    ("before", np.int64),  # neighbours in the list of those that are busy; -1 for none
    ("after", np.int64),
    ("doing", np.uint8),  # Doing
    ("running", np.uint8),  # on a slot
    ("product", np.uint8),  # of its move
    ("cause", np.uint8),  # of its wait
    ("stage", np.int8),  # of its task
    ("corrupted", np.uint8),  # its task,
    ("detected", np.uint8),  # which a check will find
    ("again", np.uint8),  # its move failed, and was not begun again
    ("ended", np.uint8),  # Ended
    ("reason", np.uint8),  # of a miss: place in CAUSES, or a code beside them
]
"""An observation; up to ``area_m2``, and ``origin``, it does not change."""

TRY: Final[list[Field]] = [
    ("kept_s", np.float64),  # work that a checkpoint holds,
    ("at", np.int64),  # the satellite that has it; -1 for none
    ("corrupted", np.uint8),
    ("detected", np.uint8),
    ("wrong", np.uint8),  # its last result is corrupt
    ("again", np.uint8),  # Again: as what it counts when it is begun once more
]
"""What faults left of a stage of an observation."""

TURN: Final[list[Field]] = [
    ("t_s", np.float64),
    ("node", np.int64),
    ("kind", np.uint8),  # FaultKind
    ("begins", np.uint8),  # 0: it ends
    ("detected", np.uint8),  # of a corruption
]
"""A fault begins or ends."""

ENTRY: Final[list[Field]] = [
    ("t_s", np.float64),
    ("order", np.int64),
    ("job", np.int64),
    ("part", np.int64),  # of its move the leg, of its tasks the number
    ("kind", np.uint8),  # Due
]
"""Something to come."""


class Log(NamedTuple):
    """Events and decisions that are not written yet; ``filled`` counts rows by :class:`Filled`.

    ``leaves`` (rows, 32) are hashes of decisions as :mod:`perigrid.ledger.run_rows` has them;
    ``leg_bytes`` and ``other_bytes`` are the same memory as legs and others, ``row`` the beginning
    of ``message``, which is hashed, and ``words`` room for hashing.
    """

    events: Table
    decisions: Table
    legs: Table
    others: Table
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
    and ``sent_j`` (n, steps): power of lasers held and energy of radio legs booked; ``work`` is
    (stages, kinds of computer); ``outcomes`` (stages, n_jobs), NaN where a stage finds nothing out;
    ``running`` has the jobs on the slots of all computers; ``waits_s`` is (n_jobs, CAUSES) and
    ``sent_bytes`` (n_jobs, LINKS); ``queue`` is a heap; ``legs`` holds the legs of moves under way;
    ``telemetry`` is (STATE_COLUMNS, steps held, n); ``turns`` are in order of time; ``tries`` is
    (n_jobs, stages), without a row where nothing fails; ``dead`` marks the outlook's contacts that
    never lock.
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
        np.zeros(len(Filled), dtype=np.int64), np.zeros((rows, HASH_BYTES), dtype=np.uint8),
        bytes_of(legs), bytes_of(others), message[:ROW_BYTES].view(ROW), message,
        np.zeros(SCRATCH_WORDS, dtype=np.uint32),
    )  # fmt: skip
