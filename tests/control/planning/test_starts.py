import numpy as np

from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.instance import empty_schedule
from perigrid.control.planning.starts import possible_starts
from planning_cases import instance_of

DARK = np.array([[-30.0, -30.0, -30.0, 50.0, 50.0, 30.0]])


def test_starts_that_would_empty_the_battery_are_left_out() -> None:
    case = instance_of([{"energy_j": 20.0}], gain_j=DARK)
    found = possible_starts(case)
    assert found.slot.tolist() == [3, 4]
    assert found.unpruned == 5


def test_starts_without_a_contact_after_them_are_left_out() -> None:
    sight = np.array([[0.0, 0.0, 10.0, 0.0, 0.0, 0.0]])
    assert possible_starts(instance_of([{}], downlink_bytes=sight)).slot.tolist() == [0, 1]


def test_a_window_keeps_the_jobs_numbers() -> None:
    found = possible_starts(instance_of([{}, {"release": 3}])).between(2, 4)
    assert found.slot.tolist() == [2, 3, 3]
    assert found.first_of_job.tolist() == [0, 2, 3]


def test_exactly_the_starts_that_the_checker_passes_alone_are_kept() -> None:
    """Starts of two jobs, tried one at a time with the independent checker."""
    case = family(3, 6, 3, full=True)
    found = possible_starts(case)
    kept = set(zip(found.job.tolist(), found.satellite.tolist(), found.slot.tolist(), strict=True))
    passed = 0
    for job in range(2):
        s, first = int(case.work.origin[job]), int(case.work.release[job])
        for t in range(first, first + 8):
            end = t + int(case.work.duration[job])
            flown = any(
                not faults(case, _only(case.n_jobs, job, s, t, sent))
                for sent in np.flatnonzero(case.satellites.downlink_bytes[s] > 0.0)
                if end <= sent <= case.work.deadline[job]
            )
            # Outputs waiting for their downlink take memory too: that is not pruned.
            assert (job, s, t) in kept or not flown
            passed += flown
    assert passed > 0


def _only(n_jobs: int, job: int, satellite: int, start: int, sent: int) -> object:
    plan = empty_schedule(n_jobs)
    plan.satellite[job], plan.start[job], plan.sent[job] = satellite, start, sent
    return plan
