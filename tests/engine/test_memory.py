"""Models and tasks in a computer's memory."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.control.core.messages import NOTHING
from perigrid.engine.columns import MODEL, TRY, TURN
from perigrid.engine.computers import COMPUTE, catch_up, complete, start_waiting, submit
from perigrid.engine.faults import turn
from perigrid.engine.memory import take_memory
from perigrid.engine.state import Clock, Count
from perigrid.fleet.faults import FaultKind
from tests.engine.plain import plain

POWER_W, TASK, RATE = 3.0, 4.0, 2.0
SIZES = (20.0, 30.0, 10.0)


@pytest.fixture
def w(world):
    """Satellite 0 has two slots and 50 bytes for three models; they are read at 2 B/s."""
    w = plain(world, ORBITAL)
    models = np.zeros((world.fleet.n_satellites, 3), dtype=MODEL).view(np.recarray)
    turns = np.zeros(1, dtype=TURN).view(np.recarray)
    w = w._replace(
        models=models, model_bytes=np.array(SIZES), turns=turns,
        running=np.full(len(w.running) + 9, NOTHING, dtype=np.int64),
    )  # fmt: skip
    w.nodes.first_slot[1:] += 9
    w.nodes[0].slots, w.nodes[0].memory_bytes, w.clock[Clock.STEP_END] = 2, 50.0, np.inf
    w.stages.memory_bytes, w.con[0].load_bytes_s = TASK, RATE
    w.counts[Count.QUEUED] = 0
    return w


def give(w, job, model, t_s):
    me = w.jobs[job]
    me.model, me.work_s, me.power_w, me.stage = model, 10.0, POWER_W, 0
    submit(w, 0, job, t_s)
    start_waiting(w, 0, t_s)


def end(w, job, t_s):
    complete(w, 0, job, t_s)
    start_waiting(w, 0, t_s)


def running(w):
    return w.running[w.nodes[0].first_slot :][: w.nodes[0].busy].tolist()


def resident(w):
    return w.models[0].resident.tolist()


def foreseen_s(w):
    return sorted(w.queue["t_s"][: w.counts[Count.QUEUED]].tolist())


def test_a_model_is_read_once_and_work_begins_when_it_is_there(w):
    give(w, 0, 0, 100.0)
    assert foreseen_s(w) == [100.0 + 20.0 / RATE + 10.0]
    give(w, 1, 0, 104.0)
    assert foreseen_s(w) == [120.0, 120.0], "the second waits for what is being read"
    assert w.nodes[0].used_bytes == 20.0 + 2 * TASK
    catch_up(w, 0, 105.0)
    assert w.nodes[0].energy_j == 0.0, "reading is no work"
    assert w.jobs[0].left_s == 10.0
    catch_up(w, 0, 113.0)
    assert w.nodes[0].energy_j == 2 * 3.0 * POWER_W
    end(w, 0, 120.0)
    end(w, 1, 120.0)
    assert w.nodes[0].energy_j == 2 * 10.0 * POWER_W
    assert w.waits_s[0, COMPUTE] == 20.0
    assert w.nodes[0].used_bytes == 20.0, "the model stays"
    give(w, 2, 0, 130.0)
    assert foreseen_s(w)[-1] == 140.0


def test_what_was_not_used_longest_and_nobody_needs_goes(w):
    for model, t_s in ((2, 0.0), (0, 100.0), (2, 200.0)):
        give(w, 0, model, t_s)
        end(w, 0, t_s + 50.0)
    assert resident(w) == [1, 0, 1]
    give(w, 0, 1, 300.0)
    assert resident(w) == [0, 1, 1]
    assert w.nodes[0].used_bytes == 30.0 + 10.0 + TASK


def test_a_task_without_memory_waits_and_those_behind_it_too(w):
    give(w, 0, 0, 0.0)
    give(w, 1, 1, 1.0)
    give(w, 2, 0, 2.0)
    assert running(w) == [0], "20 + 4 are taken, 34 more are not there"
    assert resident(w) == [1, 0, 0]
    end(w, 0, 20.0)
    assert running(w) == [1], "what is put out for it would be needed by the next"
    assert resident(w) == [0, 1, 0]
    end(w, 1, 60.0)
    assert running(w) == [2]
    assert resident(w) == [1, 0, 0]


def test_a_crash_empties_the_memory(w):
    give(w, 0, 0, 0.0)
    w.turns[0].kind, w.turns[0].begins = FaultKind.CRASH, 1
    w.jobs[0].doing = 2
    w.counts[Count.FIRST] = w.counts[Count.LAST] = 0
    w = w._replace(tries=np.zeros((1, len(w.stages)), dtype=TRY).view(np.recarray))
    turn(w, 0, 15.0)
    assert w.nodes[0].used_bytes == 0.0
    assert resident(w) == [0, 0, 0]


def test_what_needs_no_models_and_the_ground_have_room_for_all(world, w):
    assert take_memory(plain(world, ORBITAL), 0, 0, 7.0) == 7.0
    centre = next(iter(world.fleet.data_centres))
    w.stages.memory_bytes = 1e30
    assert take_memory(w, centre, 0, 7.0) == 7.0
