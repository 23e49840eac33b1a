"""Faults and what they undo, part by part; whole storms are in ``test_storms``."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.base.jobs import Cause
from perigrid.control.core.messages import CAUSES, FAULTS, NOTHING, EventKind
from perigrid.engine.books import begin
from perigrid.engine.columns import TRY, TURN
from perigrid.engine.computers import start_waiting, submit
from perigrid.engine.faults import is_suspect, is_there, prepare, turn, what_fails
from perigrid.engine.state import Again, Clock, Count, Doing, Filled
from perigrid.fleet.faults import FaultKind
from tests.engine.plain import plain

NODE, JOB, STAGE = 0, 3, 0
FAULT, COMPUTE = CAUSES.index(Cause.FAULT), CAUSES.index(Cause.COMPUTE)


@pytest.fixture
def w(world):
    """A world in which anything may fail, with a stage of 100 s that runs since 10 s."""
    w = plain(world, ORBITAL)
    tries = np.zeros((len(w.jobs), len(w.stages)), dtype=TRY).view(np.recarray)
    tries["at"] = NOTHING
    turns = np.zeros(4, dtype=TURN).view(np.recarray)
    w = w._replace(tries=tries, turns=turns)
    w.con[0].faulty, w.con[0].save_s = 1, 1.0
    w.sats[NODE].save_every_s = 20.0
    compute(w, 10.0)
    return w


def compute(w, t_s):
    me = w.jobs[JOB]
    begin(w, JOB, int(Doing.COMPUTE), t_s)
    me.at, me.stage, me.power_w, me.work_s = NODE, STAGE, 5.0, 100.0
    prepare(w, JOB)
    submit(w, NODE, JOB, t_s)
    start_waiting(w, NODE, t_s)


def fault(w, kind, begins=1, detected=0, row=0, node=NODE):
    me = w.turns[row]
    me.node, me.kind, me.begins, me.detected = node, kind, begins, detected
    return row


def events(w):
    return w.log.events[: w.log.filled[Filled.EVENTS]]


def test_a_stage_takes_the_time_of_its_saves_too(w):
    assert w.jobs[JOB].work_s == 100.0 + 4 * 1.0


def test_a_crash_keeps_what_was_saved_and_loses_the_rest(w):
    turn(w, fault(w, FaultKind.CRASH), 60.0)
    assert not is_there(w, NODE)
    assert [one.kind for one in events(w)] == [EventKind.NODE_FAILED, EventKind.TASK_LOST]
    assert events(w)[0].fault == FaultKind.CRASH
    assert events(w)[1].kept_s == w.tries[JOB, STAGE].kept_s == 40.0
    assert w.clock[Clock.LOST] == 50.0 - 2 * 21.0
    assert w.waits_s[JOB, COMPUTE] == pytest.approx(0.8 * 50.0)
    assert w.waits_s[JOB, FAULT] == pytest.approx(0.2 * 50.0)
    assert w.jobs[JOB].space_j == 50.0 * 5.0
    assert (w.nodes[NODE].busy, w.nodes[NODE].head) == (0, NOTHING)
    turn(w, fault(w, FaultKind.CRASH, begins=0), 90.0)
    assert is_there(w, NODE)
    compute(w, 90.0)
    assert (w.jobs[JOB].kept_s, w.jobs[JOB].work_s) == (40.0, 60.0 + 2 * 1.0)
    assert w.counts[Count.RETRIES] == 1
    assert w.counts[Count.LOST_TASKS] == w.counts[Count.CRASHES] == 1


def test_a_loss_keeps_nothing_and_happens_once(w):
    for _ in range(2):
        turn(w, fault(w, FaultKind.LOSS), 60.0)
    assert w.nodes[NODE].lost
    assert w.counts[Count.LOSSES] == 1
    assert w.tries[JOB, STAGE].at == NOTHING
    assert w.clock[Clock.LOST] == 50.0
    assert w.waits_s[JOB, FAULT] == 50.0


@pytest.mark.parametrize("detected", [0, 1])
def test_a_corrupt_result_is_wrong_and_suspect_only_if_found(w, detected):
    turn(w, fault(w, FaultKind.CORRUPTION, detected=detected), 60.0)
    assert len(events(w)) == 0, "it does not show"
    assert is_suspect(w, JOB) == detected
    assert w.tries[JOB, STAGE].wrong == 1
    assert w.tries[JOB, STAGE].again == (Again.RECOMPUTATION if detected else Again.NOTHING)


def test_a_computer_that_is_away_takes_no_harm(w):
    turn(w, fault(w, FaultKind.CRASH), 60.0)
    turn(w, fault(w, FaultKind.CORRUPTION, row=1), 61.0)
    assert w.counts[Count.CORRUPTIONS] == 0


def test_a_node_is_back_when_all_that_keeps_it_away_is_over(w):
    for kind in (FaultKind.STATION, FaultKind.WEATHER):
        turn(w, fault(w, kind, node=1), 1.0)
    for count in (1, 0):
        turn(w, fault(w, FaultKind.STATION, begins=0, node=1), 2.0)
        assert is_there(w, 1) == (count == 0)
    assert [one.kind for one in events(w)] == [
        EventKind.NODE_FAILED, EventKind.NODE_FAILED, EventKind.NODE_REPAIRED
    ]  # fmt: skip


def test_a_leg_fails_by_what_its_ends_and_its_contact_are(w):
    me, leg = w.jobs[7], w.legs[0]
    begin(w, 7, int(Doing.MOVE), 0.0)
    me.first_leg, me.legs = 0, 1
    leg.contact, leg.source, leg.target, leg.t_start_s = 2, 1, 2, 30.0
    assert what_fails(w, 7, 0, 30.0) == NOTHING
    w.sats[2].off = 1
    assert FAULTS[what_fails(w, 7, 0, 30.0)] == "battery"
    w.nodes[1].away = 1
    assert FAULTS[what_fails(w, 7, 0, 30.0)] == "away"
    w.dead[2] = 1
    assert FAULTS[what_fails(w, 7, 0, 30.0)] == "acquisition"
    assert what_fails(w, 7, 0, 31.0) == NOTHING, "it is due at another time"


def test_a_route_fails_by_its_ends_alone(w):
    me, leg = w.jobs[7], w.legs[0]
    begin(w, 7, int(Doing.MOVE), 0.0)
    me.first_leg, me.legs = 0, 1
    leg.contact, leg.kind, leg.source, leg.target, leg.t_start_s = NOTHING, 1, 1, 2, 30.0
    w.dead[:] = 1
    assert what_fails(w, 7, 0, 30.0) == NOTHING
    w.nodes[2].away = 1
    assert FAULTS[what_fails(w, 7, 0, 30.0)] == "away"


def test_a_node_that_fails_breaks_routes_off_that_end_there(w):
    for job, target in ((7, NODE), (8, 4)):
        me = w.jobs[job]
        begin(w, job, int(Doing.MOVE), 0.0)
        me.first_leg, me.legs, me.source, me.target, me.product = job, 1, 5, target, 1
        leg = w.legs[job]
        leg.contact, leg.kind, leg.source, leg.target = NOTHING, 1, 5, target
        leg.t_ready_s, leg.t_window_s, leg.t_start_s = 0.0, 0.0, 50.0
        leg.t_end_s, leg.t_arrival_s = 70.0, 71.0
    turn(w, fault(w, FaultKind.CRASH), 60.0)
    failed = events(w)[events(w).kind == EventKind.MOVE_FAILED]
    assert failed.job.tolist() == [7]
    half = 0.5 * w.legs[7].nbytes
    assert w.sent_bytes[7].tolist() == [0.0, half, 0.0, 0.0]
