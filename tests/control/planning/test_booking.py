import numpy as np
import pytest

from perigrid.control.planning.booking import empty_book, fits, jobs_of, limits_of, take
from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.instance import Instance, empty_schedule
from planning_cases import instance_of


def parts(case: Instance) -> tuple:
    return empty_book(case), limits_of(case), jobs_of(case)


def test_what_is_taken_back_leaves_no_trace() -> None:
    case = family(4, 25, 2, full=True)
    book, limits, jobs = parts(case)
    before = [np.array(one) for one in book]
    s = int(case.work.candidate[0, 0])
    take(book, limits, jobs, 0, s, 40, 50, 1)
    assert not np.array_equal(book.battery_j, before[4])
    take(book, limits, jobs, 0, s, 40, 50, -1)
    for one, was in zip(book, before, strict=True):
        assert one == pytest.approx(was)


def test_a_job_waits_for_the_first_free_downlink() -> None:
    sight = np.array([[0.0, 0.0, 1.0, 0.0, 1.0, 0.0]])
    book, limits, jobs = parts(instance_of([{}, {}], downlink_bytes=sight))
    assert fits(book, limits, jobs, 0, 0, 0) == 2
    take(book, limits, jobs, 0, 0, 0, 2, 1)
    assert fits(book, limits, jobs, 1, 0, 1) == 4
    assert fits(book, limits, jobs, 1, 0, 0) == -1, "the computer is taken"


@pytest.mark.parametrize("full", [False, True])
def test_it_says_yes_exactly_when_the_checker_passes(full: bool) -> None:
    """Jobs put at random places until a satellite is crowded: both simulations agree each time."""
    case = family(3, 40, 5, full=full)
    book, limits, jobs = parts(case)
    plan, rng = empty_schedule(case.n_jobs), np.random.default_rng(1)
    agreed = refused = 0
    for j in range(case.n_jobs):
        s, t = int(case.work.origin[j]), int(case.work.release[j] + rng.integers(0, 9))
        sent = fits(book, limits, jobs, j, s, t)
        at = sent if sent >= 0 else _first_contact(case, book, j, s, t)
        if at < 0:
            continue
        plan.satellite[j], plan.start[j], plan.sent[j] = s, t, at
        assert (faults(case, plan) == []) == (sent >= 0)
        if sent >= 0:
            take(book, limits, jobs, j, s, t, sent, 1)
            agreed += 1
        else:
            plan.satellite[j] = plan.start[j] = plan.sent[j] = -1
            refused += 1
    assert agreed > 3
    assert refused > 3


def _first_contact(case: Instance, book: object, j: int, s: int, t: int) -> int:
    end = t + int(case.work.duration[j])
    left = case.satellites.downlink_bytes[s] - book.sent_bytes[s]
    able = np.flatnonzero(left[end : case.work.deadline[j] + 1] >= case.work.output_bytes[j])
    return end + int(able[0]) if len(able) else -1
