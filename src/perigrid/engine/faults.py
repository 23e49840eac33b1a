"""Faults when their time comes: what they stop, undo and destroy."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.messages import CAUSES, FAULTS, NOTHING, EventKind
from perigrid.engine.books import end
from perigrid.engine.computers import BATTERY as BATTERY_CAUSE
from perigrid.engine.computers import COMPUTE, catch_up
from perigrid.engine.computers import HEAT as HEAT_CAUSE
from perigrid.engine.events import note
from perigrid.engine.memory import forget
from perigrid.engine.moves import fail, is_off
from perigrid.engine.shared import whole
from perigrid.engine.state import Again, Clock, Count, Doing, World
from perigrid.fleet.faults import FaultKind
from perigrid.physics.compiled import part

_FAULT = CAUSES.index(Cause.FAULT)
_CORRUPTION, _LOSS = int(FaultKind.CORRUPTION), int(FaultKind.LOSS)
_STRUCK = int(Count.CRASHES)
_FIRST, _LOST_TASKS, _REFUSED_CAPTURES, _SUSPECT = (
    int(Count.FIRST), int(Count.LOST_TASKS), int(Count.REFUSED_CAPTURES),
    int(Count.SUSPECT_RESULTS),
)  # fmt: skip
_RETRIES, _RECOMPUTATIONS = int(Count.RETRIES), int(Count.RECOMPUTATIONS)
_LOST = int(Clock.LOST)
_RETRY, _AGAIN = int(Again.RETRY), int(Again.RECOMPUTATION)
_MOVE = int(Doing.MOVE)
_NODE_FAILED, _REPAIRED, _TASK_LOST = (
    int(EventKind.NODE_FAILED), int(EventKind.NODE_REPAIRED), int(EventKind.TASK_LOST),
)  # fmt: skip
_ACQUISITION, _AWAY, _ENERGY = (
    FAULTS.index("acquisition"), FAULTS.index("away"), FAULTS.index(Cause.BATTERY.value),
)  # fmt: skip
assert tuple(Count)[_STRUCK : _STRUCK + len(FaultKind)][-1] is Count.CORRUPTIONS  # noqa: S101


# ------------------------------------------------------------------ nodes


@part
def turn(w: World, row: int, t_s: float) -> None:
    """Let a fault begin or end.

    Parameters
    ----------
    w : World
        Changed in place.
    row : int
        Of its turns.
    t_s : float
        Now [s].
    """
    fault = w.turns[row]
    node = fault.node
    if fault.begins == 0:
        w.nodes[node].away -= 1
        if w.nodes[node].away == 0:
            note(w, _REPAIRED, NOTHING, node)
    elif fault.kind == _CORRUPTION:
        _corrupt(w, node, fault.detected)
    else:
        _node_fails(w, node, whole(fault.kind), t_s)


@part
def _corrupt(w: World, node: int, detected: int) -> None:
    """Spoil what a computer is at; an idle one or one that is away takes no harm."""
    me = w.nodes[node]
    if me.away > 0:
        return
    w.counts[_STRUCK + _CORRUPTION] += 1
    for slot in range(me.first_slot, me.first_slot + me.busy):
        task = w.jobs[w.running[slot]]
        task.corrupted = 1
        task.detected |= detected


@part
def _node_fails(w: World, node: int, kind: int, t_s: float) -> None:
    me = w.nodes[node]
    me.away += 1
    if me.lost:
        return
    w.counts[_STRUCK + kind] += 1
    note(w, _NODE_FAILED, NOTHING, node).fault = kind
    me.lost = kind == _LOSS
    if me.slots > 0:
        _lose_tasks(w, node, t_s)
    job = _broken_after(w, node, NOTHING, t_s)
    while job >= 0:
        fail(w, job, _current_leg(w, job, t_s), kind, t_s)
        job = _broken_after(w, node, job, t_s)


@part
def _broken_after(w: World, node: int, last: int, t_s: float) -> int:
    """First job behind another whose move a failed node breaks off; -1 for none."""
    found, job = NOTHING, w.counts[_FIRST]
    while job >= 0:
        me = w.jobs[job]
        if job > last and (found < 0 or job < found) and me.doing == _MOVE:
            leg = w.legs[me.first_leg + _current_leg(w, job, t_s)]
            busy = leg.t_start_s <= t_s and (leg.source == node or leg.target == node)
            gone = w.nodes[node].lost > 0 and leg.source == node
            if leg.kind >= 0 and (busy or gone):
                found = job
        job = me.after
    return found


@part
def _current_leg(w: World, job: int, t_s: float) -> int:
    """Find the first leg of a move whose last bit has not arrived."""
    me, k = w.jobs[job], 0
    while k < me.legs - 1 and w.legs[me.first_leg + k].t_arrival_s <= t_s:
        k += 1
    return k


# ------------------------------------------------------------------ legs


@part
def what_fails(w: World, job: int, k: int, t_s: float) -> int:
    """Say what keeps a leg from beginning now.

    Parameters
    ----------
    w : World
        Faults that show are counted.
    job, k : int
        Row of the job, and number of the leg, whose first bit may be due.
    t_s : float
        Now [s].

    Returns
    -------
    int
        Place in :data:`perigrid.control.core.messages.FAULTS`; -1 if nothing does, and for a leg
        of a move that failed before.
    """
    me = w.jobs[job]
    if me.doing != _MOVE or k >= me.legs or w.legs[me.first_leg + k].t_start_s != t_s:
        return NOTHING
    leg = w.legs[me.first_leg + k]
    source, target = whole(leg.source), whole(leg.target)
    if leg.contact >= 0 and w.dead[leg.contact]:
        w.counts[_STRUCK + _ACQUISITION] += 1
        return _ACQUISITION
    if w.nodes[source].away > 0 or w.nodes[target].away > 0:
        return _AWAY
    return _ENERGY if is_off(w, source) or is_off(w, target) else NOTHING


# ------------------------------------------------------------------ tasks


@part
def _lose_tasks(w: World, node: int, t_s: float) -> None:
    """Empty a computer; what its checkpoints saved is there for the next try."""
    catch_up(w, node, t_s)
    me = w.nodes[node]
    for slot in range(me.first_slot, me.first_slot + me.busy):
        _lose(w, node, w.running[slot])
    job = me.head
    while job >= 0:
        following = w.jobs[job].following
        _lose(w, node, job)
        job = following
    me.busy, me.head, me.tail = 0, NOTHING, NOTHING
    forget(w, node)


@part
def _lose(w: World, node: int, job: int) -> None:
    end(w, job)
    me = w.jobs[job]
    me.running = 0
    done_s = me.work_s - me.left_s
    kept_s, new_s = _interrupt(w, node, job, done_s)
    _book_undone(w, node, job, new_s / done_s if done_s > 0.0 else 0.0)
    me.space_j += done_s * me.power_w
    w.counts[_LOST_TASKS] += 1
    w.tries[job, me.stage].again = _RETRY
    event = note(w, _TASK_LOST, job, node)
    event.stage, event.kept_s = me.stage, kept_s


@part
def _book_undone(w: World, node: int, job: int, share: float) -> None:
    """Lay a stage's time at a computer to the fault, but for the share whose work is saved."""
    me, task, waits_s = w.nodes[node], w.jobs[job], w.waits_s[job]
    at_speed_s, heat_s, battery_s = (
        me.at_speed_s - task.at_speed_s, me.heat_s - task.heat_s, me.battery_s - task.battery_s
    )  # fmt: skip
    all_s = at_speed_s + heat_s + battery_s
    at_speed_s, heat_s, battery_s = share * at_speed_s, share * heat_s, share * battery_s
    waits_s[COMPUTE] += at_speed_s
    waits_s[HEAT_CAUSE] += heat_s
    waits_s[BATTERY_CAUSE] += battery_s
    waits_s[_FAULT] += all_s - (at_speed_s + heat_s + battery_s)


@part
def _interrupt(w: World, node: int, job: int, done_s: float) -> tuple[float, float]:
    """Keep what checkpoints saved of a stage: all of it, and what is of this try [s]."""
    me, every_s, save_s = w.jobs[job], w.sats[node].save_every_s, w.con[0].save_s
    if w.nodes[node].lost:
        w.clock[_LOST] += me.kept_s + done_s
        return 0.0, 0.0
    saves = np.floor(done_s / (every_s + save_s)) if every_s < np.inf else 0.0
    new_s = saves * every_s if saves > 0.0 else 0.0
    w.clock[_LOST] += done_s - saves * (every_s + save_s) if saves > 0.0 else done_s
    kept_s = me.kept_s + new_s
    if kept_s > 0.0:
        saved = w.tries[job, me.stage]
        saved.at, saved.kept_s = node, kept_s
        saved.corrupted, saved.detected = me.corrupted, me.detected
    return kept_s, new_s


@part
def prepare(w: World, job: int) -> None:
    """Let a stage go on from its checkpoint, and make room in its time for saving.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row; where it is computed and how long stands in it.
    """
    if w.con[0].faulty == 0:
        return
    me, saved = w.jobs[job], w.tries[job, w.jobs[job].stage]
    w.counts[_RETRIES] += saved.again == _RETRY
    w.counts[_RECOMPUTATIONS] += saved.again == _AGAIN
    saved.again, me.kept_s, me.corrupted, me.detected = 0, 0.0, 0, 0
    if saved.at == me.at:
        me.kept_s, me.corrupted, me.detected = saved.kept_s, saved.corrupted, saved.detected
    saved.at = NOTHING
    every_s = w.sats[me.at].save_every_s if me.at < w.con[0].satellites else np.inf
    left_s = me.work_s - me.kept_s
    me.work_s = left_s + max(np.ceil(left_s / every_s) - 1.0, 0.0) * w.con[0].save_s


@part
def is_suspect(w: World, job: int) -> bool:
    """Note what the result of a stage is worth.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.

    Returns
    -------
    bool
        Whether a check finds it suspect.
    """
    if w.con[0].faulty == 0:
        return False
    me, result = w.jobs[job], w.tries[job, w.jobs[job].stage]
    result.wrong = me.corrupted
    if me.detected:
        w.counts[_SUSPECT] += 1
        result.again = _AGAIN
    return bool(me.detected)


@part
def is_there(w: World, node: int) -> bool:
    """Say whether no fault keeps a node away."""
    return bool(w.nodes[node].away == 0)
