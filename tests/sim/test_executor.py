import pytest

from perigrid.base.jobs import Cause
from perigrid.sim.executor import ComputeQueue, Task


def task(job_id: int, work_s: float) -> Task:
    return Task(job_id, "screen", work_s, 3.0)


def test_tasks_run_in_order_on_the_slots() -> None:
    queue = ComputeQueue(1)
    first, second = task(0, 10.0), task(1, 5.0)
    queue.submit(0.0, first)
    queue.submit(0.0, second)
    assert queue.start_waiting(0.0) == [first]
    assert queue.finish_s(first) == 10.0
    assert not queue.is_running(second)
    queue.complete(10.0, first)
    assert queue.start_waiting(10.0) == [second]
    assert queue.finish_s(second) == 15.0
    waits = queue.complete(15.0, second)
    assert waits == {Cause.COMPUTE: 15.0, Cause.HEAT: 0.0, Cause.BATTERY: 0.0}
    assert queue.energy_j == 45.0


def test_throttling_stretches_time_and_is_blamed_on_its_cause() -> None:
    queue = ComputeQueue(1)
    one = task(0, 10.0)
    queue.submit(0.0, one)
    queue.start_waiting(0.0)
    queue.catch_up(4.0)
    queue.set_speed(4.0, 0.5, 1.0)
    assert queue.finish_s(one) == 16.0
    queue.catch_up(8.0)
    queue.set_speed(8.0, 1.0, 0.25)
    assert queue.finish_s(one) == 24.0
    waits = queue.complete(24.0, one)
    assert waits == {
        Cause.COMPUTE: pytest.approx(10.0),
        Cause.HEAT: pytest.approx(2.0),
        Cause.BATTERY: pytest.approx(12.0),
    }
    assert queue.energy_j == pytest.approx(30.0)


def test_a_stopped_computer_never_finishes() -> None:
    queue = ComputeQueue(2)
    queue.set_speed(0.0, 0.0, 1.0)
    one = task(0, 1.0)
    queue.submit(0.0, one)
    queue.start_waiting(0.0)
    assert queue.finish_s(one) == float("inf")
    queue.catch_up(100.0)
    assert one.left_s == 1.0
    assert queue.since_submitted(one)[Cause.HEAT] == 100.0
    assert queue.unfinished() == [one]


def test_a_reset_empties_the_computer_and_keeps_count() -> None:
    queue = ComputeQueue(1)
    first, second = task(0, 10.0), task(1, 5.0)
    queue.submit(0.0, first)
    queue.submit(0.0, second)
    queue.start_waiting(0.0)
    assert queue.running() == [first]
    assert queue.abort(4.0) == [first, second]
    assert (first.left_s, second.left_s) == (6.0, 5.0)
    assert queue.energy_j == 4.0 * 3.0
    assert queue.unfinished() == []
    assert queue.since_submitted(second)[Cause.COMPUTE] == 4.0
    third = task(2, 1.0)
    queue.submit(5.0, third)
    assert queue.start_waiting(5.0) == [third]
