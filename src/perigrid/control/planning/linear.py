"""The instance as a linear programme: one column per start, per downlink slot and per battery."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from perigrid.control.planning.instance import Instance, Schedule, empty_schedule
from perigrid.control.planning.starts import Starts
from perigrid.fleet.model import Floats, Ints


def _per_j(instance: Instance) -> float:
    """Scale energies so that a job's is near 1: HiGHS's tolerances are absolute."""
    return 1.0 / (float(instance.work.energy_j.max(initial=0.0)) or 1.0)


def _per_byte(instance: Instance) -> float:
    """Scale sizes so that an output's is near 1."""
    return 1.0 / (float(instance.work.output_bytes.max(initial=0.0)) or 1.0)


@dataclass(frozen=True, slots=True)
class Model:
    """Maximise ``value @ x`` with ``low <= matrix @ x <= high`` and ``least <= x <= most``.

    Parameters
    ----------
    matrix : scipy CSC matrix
        Rows in shares of the largest job, kelvins and counts: numbers near 1.
    value, least, most : (n_columns,) float array
        Objective and bounds.
    low, high : (n_rows,) float array
        Sides of the rows.
    whole : (n_columns,) int array
        1 where a column is a yes or no.
    starts : Starts
        What the first columns stand for.
    send_job, send_satellite, send_slot : (n_sends,) int array
        What the next ones stand for.
    """

    matrix: sparse.csc_matrix
    value: Floats
    least: Floats
    most: Floats
    low: Floats
    high: Floats
    whole: Ints
    starts: Starts
    send_job: Ints
    send_satellite: Ints
    send_slot: Ints

    def schedule(self, x: Floats) -> Schedule:
        """Read a schedule from a solution.

        Parameters
        ----------
        x : (n_columns,) float array
            Whole where it must be.

        Returns
        -------
        Schedule
            Yet to be checked.
        """
        plan = empty_schedule(len(self.starts.first_of_job) - 1)
        count = len(self.starts)
        chosen = np.flatnonzero(x[:count] > 0.5)
        plan.start[self.starts.job[chosen]] = self.starts.slot[chosen]
        plan.satellite[self.starts.job[chosen]] = self.starts.satellite[chosen]
        sends = np.flatnonzero(x[count : count + len(self.send_job)] > 0.5)
        plan.sent[self.send_job[sends]] = self.send_slot[sends]
        return plan


@dataclass(slots=True)
class _Rows:
    """Rows of a sparse matrix, gathered in blocks."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    entry: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    count: int = 0

    def block(self, low: Floats, high: Floats) -> int:
        """Open rows and say which is the first."""
        first = self.count
        self.low.append(low)
        self.high.append(high)
        self.count += len(low)
        return first

    def put(self, row: Ints, column: Ints, entry: Floats) -> None:
        """Add entries; those of the same place are summed."""
        self.row.append(row)
        self.column.append(column)
        self.entry.append(np.broadcast_to(entry, row.shape).astype(float))


def linear_model(instance: Instance, starts: Starts) -> Model:
    """Write an instance as a mixed-integer linear programme.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    starts : Starts
        The starts to choose from.

    Returns
    -------
    Model
        Its solutions are exactly the schedules made of these starts that can be flown, since more
        in the battery never hurts: where it could be spilled, the programme may lower it freely.
    """
    sends = _sends(instance, starts)
    n_starts, n_sends = len(starts), len(sends[0])
    satellites, slots = instance.n_satellites, instance.n_slots
    rows = _Rows()
    first_battery = n_starts + n_sends
    first_warm = first_battery + satellites * (slots + 1)
    states = satellites * (slots + 1)
    first_stored = first_warm + (states if instance.heat_binds else 0)
    width = first_stored + (states if instance.memory_binds else 0)
    _once_each(rows, instance, starts)
    _sent_after_run(rows, instance, starts, sends)
    _one_at_a_time(rows, instance, starts)
    _downlink(rows, instance, n_starts, sends)
    _battery(rows, instance, starts, first_battery)
    if instance.heat_binds:
        _heat(rows, instance, starts, first_warm)
    if instance.memory_binds:
        _memory(rows, instance, starts, sends, first_stored)
    matrix = sparse.csc_matrix(
        (np.concatenate(rows.entry), (np.concatenate(rows.row), np.concatenate(rows.column))),
        shape=(rows.count, width),
    )
    value, whole = np.zeros(width), np.zeros(width, dtype=np.int64)
    value[:n_starts] = instance.work.value[starts.job]
    whole[:first_battery] = 1
    least, most = _bounds(instance, (first_battery, first_warm, first_stored), width)
    sides = np.concatenate(rows.low), np.concatenate(rows.high)
    return Model(matrix, value, least, most, *sides, whole, starts, *sends)


def _bounds(instance: Instance, first: tuple[int, int, int], width: int) -> tuple[Floats, Floats]:
    first_battery, first_warm, first_stored = first
    sky, shape = instance.satellites, (instance.n_satellites, instance.n_slots + 1)
    least, most = np.zeros(width), np.ones(width)
    low = np.broadcast_to(sky.floor_j[:, None] * _per_j(instance), shape).copy()
    high = np.broadcast_to(sky.capacity_j[:, None] * _per_j(instance), shape).copy()
    low[:, 0] = high[:, 0] = sky.start_j * _per_j(instance)
    least[first_battery:first_warm], most[first_battery:first_warm] = low.ravel(), high.ravel()
    if first_stored > first_warm:
        high = np.broadcast_to(sky.limit_k[:, None], shape).copy()
        low = np.full(shape, -np.inf)
        low[:, 0] = high[:, 0] = sky.start_k
        least[first_warm:first_stored] = low.ravel()
        most[first_warm:first_stored] = high.ravel()
    most[first_stored:] = np.inf
    most[first_stored :: instance.n_slots + 1] = 0.0
    return least, most


def _pairs(instance: Instance, starts: Starts) -> tuple[Ints, Ints, Ints]:
    """Jobs and satellites that occur together, and which pair each start belongs to."""
    key = starts.job * instance.n_satellites + starts.satellite
    found, which = np.unique(key, return_inverse=True)
    return found // instance.n_satellites, found % instance.n_satellites, which.astype(np.int64)


def _sends(instance: Instance, starts: Starts) -> tuple[Ints, Ints, Ints]:
    """Slots in which each job's output may go down from each satellite."""
    work = instance.work
    job, satellite, which = _pairs(instance, starts)
    earliest = np.full(len(job), instance.n_slots)
    np.minimum.at(earliest, which, starts.slot + work.duration[starts.job])
    slot = np.arange(instance.n_slots)
    open_now = instance.satellites.downlink_bytes[satellite] >= work.output_bytes[job, None]
    fits = open_now & (slot >= earliest[:, None]) & (slot <= work.deadline[job, None])
    pair, sent = np.nonzero(fits)
    return job[pair], satellite[pair], sent.astype(np.int64)


def _spread(starts: Starts, duration: Ints) -> tuple[Ints, Ints]:
    """Start and slot of every slot in which a start runs."""
    length = duration[starts.job]
    which = np.repeat(np.arange(len(starts)), length)
    step = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    return which, starts.slot[which] + step


def _none(count: int) -> Floats:
    return np.full(count, -np.inf)


def _once_each(rows: _Rows, instance: Instance, starts: Starts) -> None:
    first = rows.block(_none(instance.n_jobs), np.ones(instance.n_jobs))
    rows.put(first + starts.job, np.arange(len(starts)), np.ones(1))


def _sent_after_run(
    rows: _Rows, instance: Instance, starts: Starts, sends: tuple[Ints, Ints, Ints]
) -> None:
    """Each output is sent as often as its job runs, and not before: one row per send slot."""
    job, satellite, _ = _pairs(instance, starts)
    key = job * instance.n_satellites + satellite
    start_key = starts.job * instance.n_satellites + starts.satellite
    send_key = sends[0] * instance.n_satellites + sends[1]
    n_sends = len(send_key)
    # Sends of a pair lie together, in order of time; the last one's row is an equation.
    begin = np.searchsorted(send_key, key, side="left")
    end = np.searchsorted(send_key, key, side="right")
    low = _none(n_sends)
    low[end[end > begin] - 1] = 0.0
    first = rows.block(low, np.zeros(n_sends))
    pair_of_send = np.searchsorted(key, send_key)
    # A send counts in its own row and in the later ones of its pair.
    later = end[pair_of_send] - np.arange(n_sends)
    column = np.repeat(np.arange(n_sends), later)
    step = np.arange(len(column)) - np.repeat(np.cumsum(later) - later, later)
    rows.put(first + column + step, len(starts) + column, np.ones(1))
    # A start counts in the rows of all slots after its run.
    done = starts.slot + instance.work.duration[starts.job]
    pair_of_start = np.searchsorted(key, start_key)
    from_send = np.searchsorted(
        send_key * instance.n_slots + sends[2], start_key * instance.n_slots + done
    )
    many = np.maximum(end[pair_of_start] - from_send, 0)
    column = np.repeat(np.arange(len(starts)), many)
    step = np.arange(len(column)) - np.repeat(np.cumsum(many) - many, many)
    rows.put(first + from_send[column] + step, column, -np.ones(1))


def _one_at_a_time(rows: _Rows, instance: Instance, starts: Starts) -> None:
    count = instance.n_satellites * instance.n_slots
    first = rows.block(_none(count), np.where(instance.satellites.closed.ravel(), 0.0, 1.0))
    which, slot = _spread(starts, instance.work.duration)
    rows.put(first + starts.satellite[which] * instance.n_slots + slot, which, np.ones(1))


def _downlink(
    rows: _Rows, instance: Instance, n_starts: int, sends: tuple[Ints, Ints, Ints]
) -> None:
    job, satellite, slot = sends
    high = instance.satellites.downlink_bytes.ravel() * _per_byte(instance)
    first = rows.block(_none(len(high)), high)
    column = n_starts + np.arange(len(job))
    row = first + satellite * instance.n_slots + slot
    rows.put(row, column, instance.work.output_bytes[job] * _per_byte(instance))


def _chain(
    rows: _Rows, instance: Instance, first_row: int, first_column: int, kept_share: float
) -> None:
    """State after a slot less what is kept of the state before it."""
    satellites, slots = instance.n_satellites, instance.n_slots
    row = first_row + np.arange(satellites * slots)
    before = first_column + (
        np.arange(satellites)[:, None] * (slots + 1) + np.arange(slots)
    ).ravel().astype(np.int64)
    rows.put(row, before + 1, np.ones(1))
    rows.put(row, before, np.full(1, -kept_share))


def _battery(rows: _Rows, instance: Instance, starts: Starts, first_column: int) -> None:
    high = instance.satellites.gain_j.ravel() * _per_j(instance)
    first = rows.block(_none(len(high)), high)
    _chain(rows, instance, first, first_column, 1.0)
    which, slot = _spread(starts, instance.work.duration)
    row = first + starts.satellite[which] * instance.n_slots + slot
    rows.put(row, which, instance.work.energy_j[starts.job[which]] * _per_j(instance))


def _heat(rows: _Rows, instance: Instance, starts: Starts, first_column: int) -> None:
    sky = instance.satellites
    sides = sky.warming_k.ravel()
    first = rows.block(sides, sides)
    _chain(rows, instance, first, first_column, sky.kept_share)
    which, slot = _spread(starts, instance.work.duration)
    row = first + starts.satellite[which] * instance.n_slots + slot
    rows.put(row, which, -instance.work.energy_j[starts.job[which]] * sky.warming_k_per_j)


def _memory(
    rows: _Rows, instance: Instance, starts: Starts, sends: tuple[Ints, Ints, Ints], stored: int
) -> None:
    """Limit running jobs, and outputs from the end of their run until they are sent."""
    work, slots = instance.work, instance.n_slots
    count = instance.n_satellites * slots
    which, slot = _spread(starts, work.duration)
    # What is stored in a slot: what was stored before and what ended, less what was sent.
    first = rows.block(np.zeros(count), np.zeros(count))
    _chain(rows, instance, first, stored, 1.0)
    end = starts.slot + work.duration[starts.job]
    ended = np.flatnonzero(end < slots)
    row = first + starts.satellite[ended] * slots + end[ended]
    rows.put(row, ended, -work.output_bytes[starts.job[ended]] * _per_byte(instance))
    sent = np.flatnonzero(sends[2] + 1 < slots)
    row = first + sends[1][sent] * slots + sends[2][sent] + 1
    rows.put(row, len(starts) + sent, work.output_bytes[sends[0][sent]] * _per_byte(instance))
    room = rows.block(_none(count), instance.satellites.memory_bytes.ravel() * _per_byte(instance))
    row = room + starts.satellite[which] * slots + slot
    rows.put(row, which, work.memory_bytes[starts.job[which]] * _per_byte(instance))
    place = np.arange(count)
    column = stored + place // slots * (slots + 1) + place % slots + 1
    rows.put(room + place, column, np.ones(1))
