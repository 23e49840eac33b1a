import threading
import time

import pytest

from perigrid.live.clock import WallClock


class FakeTime:
    """Real time that passes only in sleeps, which may be cut short."""

    def __init__(self, longest_s=float("inf")):
        self.t_s, self.longest_s, self.naps_s = 50.0, longest_s, []

    def now(self):
        return self.t_s

    def sleep(self, seconds_s):
        self.naps_s.append(seconds_s)
        self.t_s += min(seconds_s, self.longest_s)


def clock_of(fake, speed=10.0):
    return WallClock(speed, time_source_s=fake.now, sleep_s=fake.sleep)


def test_mission_time_starts_at_zero_and_runs_at_the_speed():
    fake = FakeTime()
    clock = clock_of(fake)
    assert clock.now_s() == 0.0
    fake.t_s += 3.0
    assert clock.now_s() == 30.0


def test_it_sleeps_the_real_time_that_is_left():
    fake = FakeTime()
    assert clock_of(fake).wait_until(25.0) == 25.0
    assert fake.naps_s == [2.5]


def test_a_past_time_is_answered_at_once():
    fake = FakeTime()
    clock = clock_of(fake)
    fake.t_s += 9.0
    assert clock.wait_until(30.0) == 90.0
    assert fake.naps_s == []


def test_a_sleep_that_ends_early_is_taken_up_again():
    fake = FakeTime(longest_s=1.0)
    assert clock_of(fake).wait_until(25.0) == 25.0
    assert fake.naps_s == [2.5, 1.5, 0.5]


def test_a_set_event_ends_the_wait():
    wake = threading.Event()
    clock = WallClock(1.0)
    alarm = threading.Timer(0.05, wake.set)
    alarm.start()
    start_s = time.monotonic()
    assert clock.wait_until(60.0, wake) < 60.0
    assert time.monotonic() - start_s < 30.0
    assert clock.wait_until(60.0, wake) < 60.0  # still set: no wait at all
    alarm.join()


def test_an_unset_event_lets_the_time_pass():
    assert WallClock(100.0).wait_until(5.0, threading.Event()) >= 5.0


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(ValueError, match="speed"):
        WallClock(speed)
