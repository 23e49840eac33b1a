"""By whose leave a job is done: verdicts in time, people's grants, what is left of envelopes."""

from types import SimpleNamespace

import numpy as np
import pytest

from perigrid.control.dispatch.arrays import ENVELOPE, LEAVE, REQUEST, SETTINGS
from perigrid.control.dispatch.leave import (
    ENVELOPES,
    FORBIDDEN,
    FREE,
    GRANTED,
    PEOPLE,
    leave_for,
    may_still,
    span_at,
    take_leave,
)
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS, SPAN, VERDICT
from perigrid.control.policy.verdicts import ALLOW, ASK, DENY, STRICTNESS

DENIED, ASKED, ALLOWED = STRICTNESS[DENY], STRICTNESS[ASK], STRICTNESS[ALLOW]
S, DOWN = 0, 2  # one satellite of each of two classes, one ground node
WORK_S = 10.0


def table(rows, dtype):
    return np.zeros(rows, dtype=dtype).view(np.recarray)


@pytest.fixture
def w():
    """A class of jobs whose verdicts turn at 100 s, on two classes of places."""
    verdicts = table((2, 2, 3), VERDICT)
    verdicts["decision"], verdicts["rule"] = ALLOWED, 9
    spans = table(2, SPAN)
    spans["begins_s"] = [0.0, 100.0]
    jobs = table(1, [*REQUEST, *LEAVE])
    jobs["input_bytes"], jobs["output_bytes"] = 1000.0, 10.0
    for name in ("granted_span", "granted_place", "granted_receiver", "leave_span"):
        jobs[name] = -1
    con = table(1, SETTINGS)
    con["extra_w"], con["slots"] = 40.0, 4
    envelopes = table(2, ENVELOPE)
    envelopes["opens_s"], envelopes["until_s"] = [20.0, 5.0], [90.0, 60.0]
    for name in ("count", "nbytes", "energy_j"):
        envelopes[f"most_{name}"] = np.inf
    inside = np.zeros((2, 2, 2, 3), np.uint8)
    inside[0] = 1
    return SimpleNamespace(
        first=np.array([0, 2], np.int32), spans=spans, verdicts=verdicts, jobs=jobs, con=con,
        node_class=np.array([0, 1, 0], np.int32), envelopes=envelopes, inside=inside,
    )  # fmt: skip


def leave(w, t_s=0.0, s=S):
    return leave_for(w, t_s, span_at(w, 0, t_s), 0, s, DOWN, WORK_S)


def test_verdicts_hold_in_their_spans(w):
    assert [span_at(w, 0, t_s) for t_s in (0.0, 99.9, 100.0, 1e9)] == [0, 0, 1, 1]
    w.verdicts["decision"][1, 0, PROCESS] = DENIED
    assert leave(w) == (FREE, 9)
    assert leave(w, 100.0)[0] == FORBIDDEN
    assert leave(w, 100.0, 1)[0] == FREE


@pytest.mark.parametrize("act", [BRING, PROCESS, ANSWER])
def test_the_strictest_act_counts_and_names_its_rule(w, act):
    w.verdicts[0, 0, act] = (ASKED, 4)
    assert leave(w) == (PEOPLE, 4)
    w.verdicts[0, 0, (act + 1) % 3] = (DENIED, 5)
    assert leave(w) == (FORBIDDEN, 5)


def test_a_grant_holds_for_what_was_asked_and_until_it_ends(w):
    w.verdicts["decision"][:, :, PROCESS] = ASKED
    job = w.jobs[0]
    job.granted_until_s, job.granted_span, job.granted_place, job.granted_receiver = 50.0, 0, 0, 0
    assert leave(w, 10.0) == (GRANTED, GRANTED)
    assert leave(w, 10.0, 1)[0] == PEOPLE  # another class of places
    assert leave(w, 100.0)[0] == PEOPLE  # rules have changed their mind
    w.envelopes["until_s"] = 0.0
    assert leave(w, 50.0)[0] == PEOPLE  # over
    job.refused = 1
    assert leave(w, 50.0)[0] == FORBIDDEN


def test_an_envelope_holds_while_it_is_in_force_all_that_is_asked(w):
    w.verdicts["decision"][:, :, BRING] = ASKED
    assert leave(w, 19.9)[0] == PEOPLE  # nobody has signed yet
    assert leave(w, 20.0) == (ENVELOPES, ENVELOPES)
    assert leave(w, 90.0)[0] == PEOPLE
    w.inside[0, 0, 0, BRING] = 0
    assert leave(w, 20.0)[0] == PEOPLE
    w.inside[1, 0, 0, BRING] = 1
    assert leave(w, 20.0)[0] == ENVELOPES + 1
    w.verdicts["decision"][0, 0, ANSWER] = ASKED
    assert leave(w, 20.0)[0] == PEOPLE  # it does not hold the answer


@pytest.mark.parametrize(
    ("limit", "acts", "each"),
    [
        ("count", (BRING, PROCESS), 2.0),
        ("nbytes", (BRING, ANSWER), 1010.0),
        ("energy_j", (PROCESS,), 100.0),
    ],
)
def test_no_limit_of_an_envelope_is_passed(w, limit, acts, each):
    for act in acts:
        w.verdicts["decision"][:, :, act] = ASKED
    one = w.envelopes[0]
    w.envelopes[f"most_{limit}"][0] = 2.5 * each
    for used in (1, 2):
        found, _ = leave(w, 30.0)
        assert found == ENVELOPES
        take_leave(w, found, 0, 0, S, DOWN, WORK_S)
        assert one[f"used_{limit}"] == used * each
    assert leave(w, 30.0)[0] == PEOPLE


def test_what_begins_later_is_judged_when_it_begins(w):
    take_leave(w, FREE, 0, 0, S, DOWN, WORK_S)
    assert may_still(w, 50.0, 0, S, PROCESS)
    w.verdicts["decision"][1, 0, PROCESS] = ASKED
    assert not may_still(w, 100.0, 0, S, PROCESS)  # it was free and is no more
    w.verdicts["decision"][0, 0, PROCESS:] = ASKED
    take_leave(w, ENVELOPES, 0, 0, S, DOWN, WORK_S)
    assert may_still(w, 89.0, 0, S, PROCESS)
    assert may_still(w, 89.0, 0, S, ANSWER)
    assert not may_still(w, 90.0, 0, S, PROCESS)
    w.jobs["leave_receiver"] = 7
    assert not may_still(w, 89.0, 0, S, ANSWER)  # another receiver than was asked about
    w.verdicts["decision"][0, 0, PROCESS] = DENIED
    assert not may_still(w, 50.0, 0, S, PROCESS)
