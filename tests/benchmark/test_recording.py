import time

from perigrid.benchmark.gate import _gate
from perigrid.benchmark.recording import RATE_HZ, _kept_up, bench_recording


def test_actions_are_timed_from_when_they_were_due_beside_the_disk_alone():
    gate, moves = _gate(20)
    limit, disk = bench_recording(gate, moves, 30 / RATE_HZ)
    assert (limit.demand, disk.demand) == (1.0, None)
    assert limit.ours_s == disk.ours_s > 0.0
    assert disk.reference_s > 0.0
    assert limit.cpu_s > 0.0


def test_what_fell_due_during_a_delay_is_done_at_once_and_counted_late():
    asked: list[int] = []

    def work(due: int) -> None:
        asked.append(due)
        if len(asked) == 1:
            until_s = time.perf_counter() + 0.02
            while time.perf_counter() < until_s:
                pass

    wall_s, cpu_s = _kept_up(work, 40)
    assert sum(asked) == len(wall_s) == len(cpu_s) == 40
    assert asked[0] == 1
    assert asked[1] >= 19  # what became due in 20 ms
    assert wall_s[0] >= 0.02
    assert wall_s[1] >= 0.019
