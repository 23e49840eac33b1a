"""Books of jobs, and the list of those that are busy."""

import numpy as np
import pytest

from perigrid.base.architecture import RELAY
from perigrid.base.jobs import Cause
from perigrid.control.core.messages import CAUSES, CLOUD_CODE
from perigrid.engine.books import CONTACT, LINK, begin, book_legs, close, end, stop_waiting
from perigrid.engine.state import Count, Doing, Ended, Trouble
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


WAY = ((100.0, 160.0, 180.5), (180.5, 180.5, 181.25))
"""When a leg is ready, its window opens, and its last bit has arrived. [s]"""


def lay(w, job):
    for row, leg in enumerate(WAY):
        for name, t_s in zip(("t_ready_s", "t_window_s", "t_arrival_s"), leg, strict=True):
            w.legs[5 + row][name] = t_s
    w.jobs[job].first_leg = 5


def test_a_way_is_divided_between_contact_and_link(world):
    w = plain(world, RELAY)
    lay(w, 3)
    book_legs(w, 3, 2, np.inf)
    assert (w.waits_s[3, CONTACT], w.waits_s[3, LINK]) == (60.0, 21.25)
    assert w.waits_s.sum() == 81.25


@pytest.mark.parametrize("until_s", [100.0, 130.0, 165.0, 175.0, 180.7, 500.0])
def test_a_way_cut_short_counts_only_what_passed(world, until_s):
    w = plain(world, RELAY)
    lay(w, 3)
    book_legs(w, 3, 2, until_s)
    assert w.waits_s[3].sum() == pytest.approx(min(until_s, 181.25) - 100.0)


def closed_late(world, waits_s, reason, t_s):
    """A miss of the first job, at a time since its capture."""
    w, job = plain(world, RELAY), world.jobs[0]
    for cause, seconds_s in waits_s.items():
        w.waits_s[0, CAUSES.index(cause)] = seconds_s
    close(w, 0, job.t_capture_s + t_s, 0, CLOUD_CODE if reason == "cloud" else CAUSES.index(reason))
    assert w.counts[Count.TROUBLE] == Trouble.NONE
    assert w.jobs[0].ended == Ended.MISSED
    said = "cloud" if w.jobs[0].reason == CLOUD_CODE else CAUSES[w.jobs[0].reason].value
    return said, float(w.jobs[0].t_end_s) - job.t_capture_s, w.waits_s[0]


def test_a_late_job_is_missed_for_what_took_longest_and_not_for_what_came_last(world):
    long_s = world.jobs[0].deadline_s - world.jobs[0].t_capture_s
    waits_s = {Cause.COMPUTE: 0.7 * long_s, Cause.LINK: 40.0}
    said, _, booked_s = closed_late(world, waits_s, Cause.CONTACT, 0.7 * long_s + 40.0)
    assert said == "compute"
    assert booked_s[CONTACT] == pytest.approx(0.3 * long_s - 40.0)


def test_a_job_given_up_early_waits_in_the_books_until_its_deadline(world):
    long_s = world.jobs[0].deadline_s - world.jobs[0].t_capture_s
    said, ended_s, booked_s = closed_late(world, {Cause.COMPUTE: 30.0}, Cause.CONTACT, 30.0)
    assert (said, ended_s) == ("contact", pytest.approx(long_s))
    assert booked_s.sum() == pytest.approx(long_s)


def test_an_answer_after_the_deadline_ends_when_it_came(world):
    long_s = world.jobs[0].deadline_s - world.jobs[0].t_capture_s
    waits_s = {Cause.CONTACT: long_s, Cause.COMPUTE: 300.0}
    said, ended_s, _ = closed_late(world, waits_s, Cause.COMPUTE, long_s + 300.0)
    assert (said, ended_s) == ("contact", pytest.approx(long_s + 300.0))


def test_of_what_took_equally_long_the_first_cause_is_to_blame(world):
    long_s = world.jobs[0].deadline_s - world.jobs[0].t_capture_s
    waits_s = dict.fromkeys((Cause.CONTACT, Cause.LINK), long_s)
    said, _, _ = closed_late(world, waits_s, Cause.LINK, 2.0 * long_s)
    assert said == min((Cause.CONTACT, Cause.LINK), key=CAUSES.index).value


@pytest.mark.parametrize("reason", ["cloud", Cause.RULE, Cause.FAULT, Cause.STORAGE])
def test_what_ends_a_job_by_itself_is_its_reason_however_short(world, reason):
    said, ended_s, _ = closed_late(world, {Cause.COMPUTE: 30.0}, reason, 30.0)
    assert (said, ended_s) == (str(reason), pytest.approx(30.0))


def test_what_does_not_add_up_and_what_ends_twice_is_noticed(world):
    w = plain(world, RELAY)
    close(w, 0, float(w.jobs[0].t_capture_s) + 5.0, 1, 0)
    assert (w.counts[Count.TROUBLE], w.counts[Count.OF_JOB]) == (Trouble.UNACCOUNTED, 0)
    w.counts[Count.TROUBLE] = 0
    close(w, 0, float(w.jobs[0].t_capture_s), 1, 0)
    assert w.counts[Count.TROUBLE] == Trouble.ENDED_TWICE
