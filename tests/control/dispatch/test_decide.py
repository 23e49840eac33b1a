"""The decision, reason by reason, on one leg of a small fleet."""

import numpy as np
import pytest
from tests.control.dispatch.test_candidates import one_leg

from perigrid.control.dispatch.codes import Reason
from perigrid.control.dispatch.decide import decide_once, main_reason
from perigrid.control.policy.verdicts import STRICTNESS


@pytest.fixture
def world():
    return one_leg()


def reachable(world):
    """A job that somebody can do, and whom it would get."""
    for job in range(len(world.jobs)):
        best, count = decide_once(world, 0.0, job, 0, 10.0, -1)
        if best >= 0 and count > 4:
            return job, int(world.room["node"][best]), count
    raise AssertionError("no job can be done")


def reason_of(world, job, node, **given):
    """Why a satellite gets or loses the job now."""
    left_s, avoid = given.get("left_s", 10.0), given.get("avoid", -1)
    _, count = decide_once(world, 0.0, job, 0, left_s, avoid)
    rows = np.flatnonzero(world.room["node"][:count] == node)
    return Reason(int(world.room["reason"][rows[0]]))


def test_the_earliest_safe_answer_is_chosen(world):
    _, node, count = reachable(world)
    safe = world.room["reason"][:count] <= Reason.MODEL
    answers = world.room["answer_s"][:count]
    best = np.flatnonzero(world.room["node"][:count] == node)[0]
    assert answers[best] == answers[safe].min()
    assert world.room["reason"][best] == Reason.CHOSEN
    assert np.count_nonzero(world.room["reason"][:count] == Reason.CHOSEN) == 1


def test_each_obstacle_has_its_reason(world):
    job, node, _ = reachable(world)
    me, con = world.sats[node], world.con[0]

    def changed(name, value, table=me):
        before = table[name].copy()
        table[name] = value
        found = reason_of(world, job, node)
        table[name] = before
        return found

    assert reason_of(world, job, node) == Reason.CHOSEN
    assert changed("barred_s", 1.0) == Reason.BARRED
    assert changed("computer_k", con["limit_k"] - 1.0) == Reason.HOT
    assert changed("radiator_k", con["limit_k"]) == Reason.CHOSEN  # ten seconds do not warm it
    assert changed("battery_j", con["floor_j"]) == Reason.BATTERY
    assert changed("stored_bytes", con["storage_bytes"]) == Reason.STORAGE
    assert changed("away", 1, world.ends[node]) == Reason.AWAY
    assert changed("job_bytes", con["memory_bytes"], con) == Reason.MEMORY
    assert changed("deadline_s", 1.0, world.jobs[job]) == Reason.LATE
    assert changed("backlog_s", 100.0) == Reason.QUEUE
    assert reason_of(world, job, node, avoid=node) == Reason.BARRED


def test_a_long_job_on_a_warm_radiator_is_too_hot(world):
    job, node, _ = reachable(world)
    world.jobs["deadline_s"][job] = 1e6
    world.sats["radiator_k"][node] = world.con["limit_k"][0]
    assert reason_of(world, job, node, left_s=3000.0) == Reason.HOT


def test_a_model_in_memory_elsewhere_wins(world):
    job, node, _ = reachable(world)
    model = world.jobs["model"][job]
    other = next(int(one) for one in world.room["node"] if one != node)
    world.models["resident"][other, model] = 1
    assert reason_of(world, job, other) == Reason.CHOSEN
    assert reason_of(world, job, node) == Reason.MODEL


def test_nobody_is_reached_from_a_closed_ground_node(world):
    job, _, _ = reachable(world)
    world.ends["away"][world.jobs["source"][job]] = 1
    assert decide_once(world, 0.0, job, 0, 10.0, -1) == (-1, 0)


def test_the_main_reason_is_the_most_frequent():
    room = np.zeros(5, dtype=[("reason", np.uint8)]).view(np.recarray)
    room.reason[:] = [Reason.LATE, Reason.HOT, Reason.HOT, Reason.LATE, Reason.AWAY]
    assert main_reason(room, 5) == Reason.LATE
    assert main_reason(room, 3) == Reason.HOT
    assert main_reason(room, 0) == Reason.UNREACHABLE


def test_what_rules_close_is_forbidden_and_what_they_leave_to_people_comes_last(world):
    job, node, _ = reachable(world)
    verdicts = world.verdicts
    verdicts["decision"][...] = STRICTNESS["deny"]
    assert reason_of(world, job, node) == Reason.FORBIDDEN
    verdicts["decision"][...] = STRICTNESS["ask"]
    best, _ = decide_once(world, 0.0, job, 0, 10.0, -1)
    assert world.room["node"][best] == node
    assert world.room["reason"][best] == Reason.PEOPLE
    other = 1 - world.node_class[node]  # all satellites are of one class: give one its own
    assert other == 1
    free = int(world.room["node"][:4][world.room["node"][:4] != node][0])
    two = np.repeat(verdicts, 2, axis=1)
    two["decision"][:, 1] = STRICTNESS["allow"]
    inside = np.repeat(world.inside, 2, axis=2)
    world.node_class[free] = 1
    best, _ = decide_once(world._replace(verdicts=two, inside=inside), 0.0, job, 0, 10.0, -1)
    assert world.room["node"][best] == free
    assert world.room["reason"][best] == Reason.CHOSEN
