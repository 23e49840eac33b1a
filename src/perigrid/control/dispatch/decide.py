"""The decision: weigh every candidate, take the earliest safe answer, say why the others lost."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import NOBODY, Limits, Network, Requests, Satellites, Scratch
from perigrid.control.dispatch.candidates import around_ground, around_satellite
from perigrid.control.dispatch.codes import Reason
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
_REASONS = len(Reason)
_OPEN = 255
_BITS = 8.0
# The radiator's trend is not followed farther than this [s].
_TREND_S = 600.0


@part
def decide(
    t_s: float,
    job: int,
    attempt: int,
    left_s: float,
    avoid: int,
    lim: Limits,
    sat: Satellites,
    req: Requests,
    net: Network,
    room: Scratch,
) -> tuple[int, int]:
    """Choose the satellite whose answer comes first among those that can take a job safely.

    Parameters
    ----------
    t_s : float
        Now [s].
    job, attempt : int
        Which job, and how often it was decided before.
    left_s : float
        Work left, at full speed of one slot [s].
    avoid : int
        A satellite that may not have it again; -1 for none.
    lim, sat, req, net
        What is known.
    room : Scratch
        Receives candidates, answers and reasons.

    Returns
    -------
    best : int
        Row of the chosen candidate; -1 for none.
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
    n = len(sat.battery_j)
    source = req.source[job]
    if source >= n:
        if sat.away[source] > 0:
            return NOBODY, 0
        count = around_ground(job, attempt, source - n, net, room)
    else:
        if sat.away[source] > 0:
            return NOBODY, 0
        count = around_satellite(source, net, room)
    best = NOBODY
    for k in range(count):
        _weigh(t_s, job, k, left_s, avoid, lim, sat, req, net, room)
        safe = room.reason[k] == _OPEN
        if safe and (best < 0 or room.answer_s[k] < room.answer_s[best]):
            best = k
    if best >= 0:
        _tell_losers(best, count, room)
    return best, count


@part
def _weigh(
    t_s: float,
    job: int,
    k: int,
    left_s: float,
    avoid: int,
    lim: Limits,
    sat: Satellites,
    req: Requests,
    net: Network,
    room: Scratch,
) -> None:
    """Weigh one candidate."""
    s, source, model = room.node[k], req.source[job], req.model[job]
    room.answer_s[k], room.load_s[k], room.wait_s[k] = np.inf, 0.0, 0.0
    reason = _barrier(t_s, s, avoid, lim, sat, req, job)
    back_s, line = np.inf, source
    if source >= len(sat.battery_j):
        back_s = room.delay_s[k] + lim.hop_s
    elif net.exit_node[s] >= 0:
        line = net.exit_node[s]
        back_s = net.delay_s[line - len(sat.battery_j), s] + lim.hop_s
    if reason == _OPEN and not np.isfinite(back_s):
        reason = _UNREACHABLE
    if reason != _OPEN:
        room.reason[k] = reason
        return
    arrival_s = t_s
    if source != s:
        sent_s = max(t_s, net.line_free_s[source])
        sent_s += req.input_bytes[job] * _BITS / net.line_bps[source]
        arrival_s = sent_s + room.delay_s[k]
    load_s = 0.0
    if sat.resident[s, model] == 0 and sat.wanted[s, model] == 0:
        load_s = req.model_bytes[model] / lim.load_bytes_s
    speed = _speed_to_come(s, sat.backlog_s[s] / lim.slots + load_s + left_s, lim, sat)
    slow = max(speed, lim.least_speed)
    queue_s = sat.backlog_s[s] / (lim.slots * slow)
    begin_s = max(arrival_s, t_s + queue_s)
    answer_s = begin_s + load_s + left_s / slow + back_s
    answer_s += req.output_bytes[job] * _BITS / net.line_bps[line]
    room.answer_s[k], room.load_s[k], room.wait_s[k] = answer_s, load_s, begin_s - arrival_s
    if speed < lim.least_speed:
        reason = _HOT
    elif not _lasts(t_s, s, left_s, lim, sat):
        reason = _BATTERY
    elif answer_s > req.deadline_s[job]:
        reason = _LATE
    room.reason[k] = reason


@part
def _barrier(
    t_s: float, s: int, avoid: int, lim: Limits, sat: Satellites, req: Requests, job: int
) -> int:
    """Find what rules a satellite out whatever the time."""
    if sat.forbidden[s] > 0:
        return _FORBIDDEN
    if sat.away[s] > 0:
        return _AWAY
    if s == avoid or t_s < sat.barred_s[s]:
        return _BARRED
    if req.model_bytes[req.model[job]] + lim.job_bytes > lim.memory_bytes:
        return _MEMORY
    if sat.stored_bytes[s] + req.input_bytes[job] > lim.storage_bytes:
        return _STORAGE
    return _OPEN


@part
def _speed_to_come(s: int, busy_s: float, lim: Limits, sat: Satellites) -> float:
    """Share of full speed that heat leaves now or after some busy time, whichever is less."""
    settled_k = sat.radiator_k[s] + sat.warming_k_s[s] * min(busy_s, _TREND_S)
    settled_k += (lim.idle_w + lim.extra_w) / lim.conductance_w_k
    fade = np.exp(-busy_s * lim.conductance_w_k / lim.heat_capacity_j_k)
    later_k = settled_k + (sat.computer_k[s] - settled_k) * fade
    hottest_k = max(later_k, sat.computer_k[s])
    share = (lim.limit_k - hottest_k) / (lim.limit_k - lim.throttle_k)
    return min(1.0, max(0.0, share))


@part
def _lasts(t_s: float, s: int, left_s: float, lim: Limits, sat: Satellites) -> bool:
    """Tell whether the battery carries a job, the queue before it and the rest of the night."""
    usable_j = max(0.0, sat.battery_j[s] - lim.floor_j) * lim.discharge_efficiency
    busy_s = sat.backlog_s[s] + left_s
    need_j = busy_s * lim.extra_w / lim.slots
    if np.isfinite(sat.dark_since_s[s]):
        dark_s = max(0.0, lim.longest_dark_s - (t_s - sat.dark_since_s[s]))
    else:
        dark_s = lim.longest_dark_s
        need_j = max(0.0, need_j - (sat.array_w[s] - lim.base_w) * busy_s / lim.slots)
    return usable_j >= need_j + lim.base_w * dark_s


@part
def _tell_losers(best: int, count: int, room: Scratch) -> None:
    """Say why the candidates that were safe lost all the same."""
    for k in range(count):
        if room.reason[k] != _OPEN:
            continue
        if k == best:
            room.reason[k] = _CHOSEN
        elif room.answer_s[k] - room.load_s[k] < room.answer_s[best]:
            room.reason[k] = _MODEL
        elif room.answer_s[k] - room.wait_s[k] < room.answer_s[best]:
            room.reason[k] = _QUEUE
        else:
            room.reason[k] = _SLOWER


@part
def main_reason(count: int, room: Scratch) -> int:
    """Reason that rules out most candidates, when none is left.

    Parameters
    ----------
    count : int
        Candidates; 0 if the source itself cannot be reached.
    room : Scratch
        Their reasons.

    Returns
    -------
    int
        Of equals the lower code.
    """
    often = np.zeros(_REASONS, dtype=np.int64)
    for k in range(count):
        often[room.reason[k]] += 1
    most = _UNREACHABLE
    if count > 0:
        most = 0
        for code in range(1, _REASONS):
            if often[code] > often[most]:
                most = code
    return most


@kernel
def decide_once(
    t_s: float,
    job: int,
    attempt: int,
    left_s: float,
    avoid: int,
    lim: Limits,
    sat: Satellites,
    req: Requests,
    net: Network,
    room: Scratch,
) -> tuple[int, int]:
    """Decide about one job from Python; see :func:`decide`.

    Parameters
    ----------
    t_s : float
        Now [s].
    job, attempt : int
        Which, and how often before.
    left_s : float
        Work left [s].
    avoid : int
        Satellite that may not have it.
    lim, sat, req, net, room
        As for :func:`decide`.

    Returns
    -------
    best, count : int
        As of :func:`decide`.
    """
    return decide(t_s, job, attempt, left_s, avoid, lim, sat, req, net, room)
