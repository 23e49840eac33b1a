"""Books of jobs against those of the engine in Python, and the list of those that are busy."""

import numpy as np
import pytest

from perigrid.base.architecture import RELAY
from perigrid.base.jobs import Cause
from perigrid.base.messages import Leg
from perigrid.control.core.messages import CAUSES, CLOUD_CODE
from perigrid.engine.books import begin, book_legs, close, end, stop_waiting
from perigrid.engine.state import Count, Doing, Ended, Trouble
from perigrid.sim.accounting import Account, leg_waits_s
from tests.engine.plain import plain


def busy(w):
    """Jobs in the list, forwards, which must be the same backwards."""
    forwards, job = [], int(w.counts[Count.FIRST])
    while job >= 0:
        forwards.append(job)
        job = int(w.jobs[job].after)
    backwards, job = [], int(w.counts[Count.LAST])
    while job >= 0:
        backwards.append(job)
        job = int(w.jobs[job].before)
    assert backwards == forwards[::-1]
    return forwards


def test_busy_jobs_are_listed_in_the_order_in_which_they_began(world):
    w, rng, wanted = plain(world, RELAY), np.random.default_rng(5), {}
    for _ in range(200):
        job = int(rng.integers(12))
        if job in wanted:
            end(w, job)
            del wanted[job]
        else:
            begin(w, job, Doing.MOVE, 1.0)
            wanted[job] = None
        assert busy(w) == list(wanted)


def test_a_wait_is_booked_to_its_cause_and_anything_else_to_the_rule(world):
    w = plain(world, RELAY)
    begin(w, 0, Doing.WAIT, 10.0)
    w.jobs[0].cause = CAUSES.index(Cause.STORAGE)
    begin(w, 1, Doing.MOVE, 10.0)
    for job in (0, 1, 2):
        stop_waiting(w, job, 25.0)
    assert w.waits_s[0, CAUSES.index(Cause.STORAGE)] == 15.0
    assert w.waits_s[1, CAUSES.index(Cause.RULE)] == 15.0
    assert w.waits_s[:3].sum() == 30.0
    assert busy(w) == []


@pytest.mark.parametrize("until_s", [np.inf, 40.0, 130.0])
def test_a_way_is_divided_between_contact_and_link(world, until_s):
    w = plain(world, RELAY)
    legs = (Leg(0, "crosslink", 0, 1, 10.0, 35.5, 36.0, 70.0, 70.1, 1.0),
            Leg(1, "downlink", 1, 9, 70.1, 110.0, 111.0, 140.0, 141.0, 1.0))  # fmt: skip
    for row, leg in enumerate(legs):
        for name in ("t_ready_s", "t_window_s", "t_arrival_s"):
            w.legs[5 + row][name] = getattr(leg, name)
    w.jobs[3].first_leg = 5
    book_legs(w, 3, 2, until_s)
    assert dict(zip(CAUSES, w.waits_s[3].tolist(), strict=True)) == (
        dict.fromkeys(CAUSES, 0.0) | leg_waits_s(legs, until_s)
    )


@pytest.mark.parametrize("reason", [*CAUSES, "cloud"])
@pytest.mark.parametrize("t_s", [400.0, 99_000.0])
def test_a_miss_is_laid_to_what_an_account_in_python_says(world, reason, t_s):
    w, job = plain(world, RELAY), world.jobs[0]
    account = Account(job)
    t_s += job.t_capture_s
    waits_s = {Cause.CONTACT: 100.0, Cause.LINK: 100.0, Cause.HEAT: t_s - job.t_capture_s - 200.0}
    account.add(waits_s)
    for cause, seconds_s in waits_s.items():
        w.waits_s[0, CAUSES.index(cause)] = seconds_s
    account.close(t_s, delivered=False, reason=str(reason))
    close(w, 0, t_s, 0, CLOUD_CODE if reason == "cloud" else CAUSES.index(reason))
    assert w.counts[Count.TROUBLE] == Trouble.NONE
    assert w.jobs[0].t_end_s == account.t_end_s
    assert w.waits_s[0].tolist() == list(account.waits_s.values())
    said = "cloud" if w.jobs[0].reason == CLOUD_CODE else CAUSES[w.jobs[0].reason].value
    assert said == account.reason
    assert w.jobs[0].ended == Ended.MISSED


def test_what_does_not_add_up_and_what_ends_twice_is_noticed(world):
    w = plain(world, RELAY)
    close(w, 0, float(w.jobs[0].t_capture_s) + 5.0, 1, 0)
    assert (w.counts[Count.TROUBLE], w.counts[Count.OF_JOB]) == (Trouble.UNACCOUNTED, 0)
    w.counts[Count.TROUBLE] = 0
    close(w, 0, float(w.jobs[0].t_capture_s), 1, 0)
    assert w.counts[Count.TROUBLE] == Trouble.ENDED_TWICE
