from dataclasses import replace

import numpy as np

from missions import SCENARIO
from perigrid.control.scheduling.guard import Guard
from perigrid.control.scheduling.slots import waiting_instance
from scheduling_cases import JOB, empty_outlook, linked


def guarded(belief: object) -> Guard:
    guard = Guard()
    guard.look(belief, empty_outlook(belief.fleet))
    return guard


def test_before_the_first_report_there_is_no_instance() -> None:
    assert waiting_instance([JOB], linked(SCENARIO), Guard()) is None


def test_the_instance_knows_queue_neighbour_and_deadline() -> None:
    belief = linked(SCENARIO)
    belief.busy_until_s[0] = 200.0
    jobs = [replace(JOB, deadline_s=800.0), replace(JOB, job_id=1, deadline_s=100.0)]
    waiting = waiting_instance(jobs, belief, guarded(belief))
    case, starts = waiting.instance, waiting.starts
    assert case.slot_s == belief.work_s(0, JOB)
    assert case.satellites.closed[0, :2].tolist() == [True, True]
    assert not case.satellites.closed[1:, :2].any()
    assert set(starts.satellite[starts.job == 0].tolist()) == {0, 1}
    assert starts.slot[starts.satellite == 0].min() == 2
    assert starts.slot.max() <= 4, "150 s each, and the answer is due after 800 s"
    assert not np.any(starts.job == 1), "150 s of work and 100 s left"
    assert set(waiting.routes[0]) == {1}
