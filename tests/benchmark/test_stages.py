"""Where the time of the main job goes."""

import time

import pytest

from perigrid.benchmark.stages import StageClock, bench_compare


def test_time_before_a_report_belongs_to_the_stage_that_reports():
    heard = []
    clock = StageClock(lambda label, share: heard.append((label, share)))
    time.sleep(0.02)
    clock("orbits", 1.0)
    clock("flight", 0.0)
    time.sleep(0.04)
    clock("flight", 0.5)
    clock.stop()
    assert heard == [("orbits", 1.0), ("flight", 0.0), ("flight", 0.5)]
    assert clock.seconds["orbits"][0] >= 0.02
    assert clock.seconds["flight"][0] >= 0.04
    assert set(clock.seconds) == {"orbits", "flight"}


def test_waiting_takes_no_processor_time():
    clock = StageClock()
    time.sleep(0.05)
    clock.stop()
    ((wall_s, cpu_s),) = clock.seconds.values()
    assert cpu_s < wall_s / 2


@pytest.mark.slow
def test_the_main_job_is_timed_by_stage():
    changes = ("hours=0.5", "pipeline.executed_scenes=4")
    rows = bench_compare(overrides=changes)
    *stages, total = rows
    names = [row.name for row in stages]
    for part in ("orbits", "cloud detector", "bent-pipe", "relay", "onboard", "orbital"):
        assert any(part in name for name in names), part
    assert total.ours_s == pytest.approx(sum(row.ours_s for row in stages))
    assert total.peak_bytes is not None
