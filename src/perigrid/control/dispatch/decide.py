"""The decision: weigh every candidate, take the earliest safe answer, say why the others lost."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import NOBODY, Sight, Table
from perigrid.control.dispatch.candidates import around_ground, around_satellite
from perigrid.control.dispatch.codes import Reason
from perigrid.control.dispatch.leave import FORBIDDEN, PEOPLE, leave_for, span_at
from perigrid.physics.compiled import kernel, part

_CHOSEN, _SLOWER, _QUEUE, _MODEL = (
    int(Reason.CHOSEN), int(Reason.SLOWER), int(Reason.QUEUE), int(Reason.MODEL)
)  # fmt: skip
_LATE, _MEMORY, _STORAGE, _HOT = (
    int(Reason.LATE), int(Reason.MEMORY), int(Reason.STORAGE), int(Reason.HOT)
)  # fmt: skip
_BATTERY, _UNREACHABLE, _FORBIDDEN, _AWAY, _BARRED = (
    int(Reason.BATTERY), int(Reason.UNREACHABLE), int(Reason.FORBIDDEN), int(Reason.AWAY),
    int(Reason.BARRED),
)  # fmt: skip
_PEOPLE = int(Reason.PEOPLE)
_REASONS = len(Reason)
_OPEN = 255
_BITS = 8.0
# The radiator's trend is not followed farther than this [s].
_TREND_S = 600.0


@part
def decide(
    w: Sight,
    t_s: float,
    job: int,
    attempt: int,
    left_s: float,
    avoid: int,
) -> tuple[int, int]:
    """Choose the satellite whose answer comes first among those that can take a job safely.

    Satellites that need nobody's leave come before those that a person has to allow.

    Parameters
    ----------
    w : Sight
        What is known; its room receives candidates, answers and reasons.
    t_s : float
        Now [s].
    job, attempt : int
        Which job, and how often it was decided before.
    left_s : float
        Work left, at full speed of one slot [s].
    avoid : int
        A satellite that may not have it again; -1 for none.

    Returns
    -------
    best : int
        Row of the chosen candidate; -1 for none. If a person has to allow it first, that is its
        reason.
    count : int
        Candidates.

    Notes
    -----
    The answer is expected at ``max(arrival, now + queue / speed) + loading + work / speed + way
    back``. The speed is what throttling leaves of the computer at the end of the job, from its
    temperature's approach to that of the radiator plus the drop over the conductance. A job is
    safe for the battery if what it and the queue draw, less what the array gives meanwhile, leaves
    the base load until the longest night would end.
    """
    n = len(w.sats)
    source, span = w.jobs[job].source, span_at(w, w.jobs[job].law, t_s)
    if w.ends[source].away > 0:
        return NOBODY, 0
    if source >= n:
        count = around_ground(w, job, attempt, source - n)
    else:
        count = around_satellite(w, source)
    for k in range(count):
        _weigh(w, t_s, span, job, k, left_s, avoid)
    best = _first(w.room, count)
    if best >= 0 and w.room[best].reason == _OPEN:
        _tell_losers(w.room, best, count)
    return best, count


@part
def _first(room: Table, count: int) -> int:
    """Find the earliest answer that needs nobody, else the earliest that a person has to allow."""
    best, asked = NOBODY, NOBODY
    for k in range(count):
        if room[k].reason == _PEOPLE:
            if asked < 0 or room[k].answer_s < room[asked].answer_s:
                asked = k
        elif room[k].reason == _OPEN and (best < 0 or room[k].answer_s < room[best].answer_s):
            best = k
    return asked if best < 0 else best


@part
def _weigh(
    w: Sight,
    t_s: float,
    span: int,
    job: int,
    k: int,
    left_s: float,
    avoid: int,
) -> None:
    """Weigh one candidate."""
    here, source = w.room[k], w.jobs[job].source
    s, n = here.node, len(w.sats)
    here.answer_s, here.load_s, here.wait_s = np.inf, 0.0, 0.0
    back_s, line = np.inf, source
    if source >= n:
        back_s = here.delay_s + w.con[0].hop_s
    elif w.sats[s].exit_node >= 0:
        line = w.sats[s].exit_node
        back_s = w.delay_s[line - n, s] + w.con[0].hop_s
    here.leave, here.rule = leave_for(w, t_s, span, job, s, receiver_of(w, job, s), left_s)
    here.reason = _barrier(w, t_s, s, avoid, job, here.leave)
    if here.reason == _OPEN and not np.isfinite(back_s):
        here.reason = _UNREACHABLE
    if here.reason == _OPEN:
        arrival_s = t_s
        if source != s:
            sent_s = max(t_s, w.ends[source].line_free_s)
            sent_s += w.jobs[job].input_bytes * _BITS / w.ends[source].line_bps
            arrival_s = sent_s + here.delay_s
        back_s += w.jobs[job].output_bytes * _BITS / w.ends[line].line_bps
        _expect(w, t_s, job, k, left_s, arrival_s, back_s)
    if here.reason == _OPEN and here.leave == PEOPLE:
        here.reason = _PEOPLE


@part
def _expect(
    w: Sight, t_s: float, job: int, k: int, left_s: float, arrival_s: float, back_s: float
) -> None:
    """Expect an answer, and see whether heat, battery and deadline allow it."""
    con, here, asked = w.con[0], w.room[k], w.jobs[job]
    me, model = w.sats[here.node], w.models[here.node, asked.model]
    if model.resident == 0 and model.wanted == 0:
        here.load_s = w.model_bytes[asked.model] / con.load_bytes_s
    speed = _speed_to_come(me, con, me.backlog_s / con.slots + here.load_s + left_s)
    slow = max(speed, con.least_speed)
    begin_s = max(arrival_s, t_s + me.backlog_s / (con.slots * slow))
    here.wait_s = begin_s - arrival_s
    here.answer_s = begin_s + here.load_s + left_s / slow + back_s
    if speed < con.least_speed:
        here.reason = _HOT
    elif not _lasts(me, con, t_s, left_s):
        here.reason = _BATTERY
    elif here.answer_s > asked.deadline_s:
        here.reason = _LATE


@part
def receiver_of(w: Sight, job: int, s: int) -> int:
    """Find the ground node that the answer of a job goes to, as things stand.

    Parameters
    ----------
    w : Sight
        Exits.
    job, s : int
        Job, and the satellite that computes it.

    Returns
    -------
    int
        Where it was asked for; of data in orbit the satellite's exit; -1 for none.
    """
    source = w.jobs[job].source
    return int(source if source >= len(w.sats) else w.sats[s].exit_node)


@part
def _barrier(w: Sight, t_s: float, s: int, avoid: int, job: int, leave: int) -> int:
    """Find what rules a satellite out whatever the time."""
    if leave == FORBIDDEN:
        return _FORBIDDEN
    if w.ends[s].away > 0:
        return _AWAY
    if s == avoid or t_s < w.sats[s].barred_s:
        return _BARRED
    if w.model_bytes[w.jobs[job].model] + w.con[0].job_bytes > w.con[0].memory_bytes:
        return _MEMORY
    if w.sats[s].stored_bytes + w.jobs[job].input_bytes > w.con[0].storage_bytes:
        return _STORAGE
    return _OPEN


@part
def _speed_to_come(me: Table, con: Table, busy_s: float) -> float:
    """Share of full speed that heat leaves now or after some busy time, whichever is less."""
    settled_k = me.radiator_k + me.warming_k_s * min(busy_s, _TREND_S)
    settled_k += (con.idle_w + con.extra_w) / con.conductance_w_k
    fade = np.exp(-busy_s * con.conductance_w_k / con.computer_j_k)
    later_k = settled_k + (me.computer_k - settled_k) * fade
    hottest_k = max(later_k, me.computer_k)
    share = (con.limit_k - hottest_k) / (con.limit_k - con.throttle_k)
    return float(min(1.0, max(0.0, share)))


@part
def _lasts(me: Table, con: Table, t_s: float, left_s: float) -> bool:
    """Tell whether the battery carries a job, the queue before it and the rest of the night."""
    usable_j = max(0.0, me.battery_j - con.floor_j) * con.discharge_efficiency
    busy_s = me.backlog_s + left_s
    need_j = busy_s * con.extra_w / con.slots
    if np.isfinite(me.dark_since_s):
        dark_s = max(0.0, con.longest_dark_s - (t_s - me.dark_since_s))
    else:
        dark_s = con.longest_dark_s
        need_j = max(0.0, need_j - (me.array_w - con.base_w) * busy_s / con.slots)
    return bool(usable_j >= need_j + con.base_w * dark_s)


@part
def _tell_losers(room: Table, best: int, count: int) -> None:
    """Say why the candidates that were safe lost all the same."""
    for k in range(count):
        if room[k].reason != _OPEN:
            continue
        if k == best:
            room[k].reason = _CHOSEN
        elif room[k].answer_s - (room[k].load_s - room[best].load_s) < room[best].answer_s:
            room[k].reason = _MODEL
        elif room[k].answer_s - (room[k].wait_s - room[best].wait_s) < room[best].answer_s:
            room[k].reason = _QUEUE
        else:
            room[k].reason = _SLOWER


@part
def main_reason(room: Table, count: int) -> int:
    """Reason that rules out most candidates, when none is left.

    Parameters
    ----------
    room : Table
        Reasons of the candidates.
    count : int
        How many; 0 if the source itself cannot be reached.

    Returns
    -------
    int
        Of equals the lower code.
    """
    often = np.zeros(_REASONS, dtype=np.int64)
    for k in range(count):
        often[room[k].reason] += 1
    most = _UNREACHABLE
    if count > 0:
        most = 0
        for code in range(1, _REASONS):
            if often[code] > often[most]:
                most = code
    return most


@kernel
def decide_once(
    w: Sight,
    t_s: float,
    job: int,
    attempt: int,
    left_s: float,
    avoid: int,
) -> tuple[int, int]:
    """Decide about one job from Python; see :func:`decide`.

    Parameters
    ----------
    w : Sight
        What is known; its room receives candidates, answers and reasons.
    t_s : float
        Now [s].
    job, attempt : int
        Which, and how often before.
    left_s : float
        Work left [s].
    avoid : int
        Satellite that may not have it.

    Returns
    -------
    best, count : int
        As of :func:`decide`.
    """
    return decide(w, t_s, job, attempt, left_s, avoid)
