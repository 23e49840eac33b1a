"""What is done when the loop hands over."""

from types import SimpleNamespace

import pytest

from perigrid.base.architecture import RELAY
from perigrid.base.errors import InvariantError
from perigrid.engine.fly import fly
from perigrid.engine.state import Clock, Count, Status, Trouble
from tests.engine.plain import built


def flown(world, statuses, pause=None):
    """Hand over for given reasons; what was written, and the world."""
    done, left = [], iter([*statuses, Status.END])
    recorder = SimpleNamespace(
        write_log=lambda w: done.append("log"), write_telemetry=lambda w: done.append("telemetry")
    )
    return done, fly(built(world, RELAY), lambda w: next(left), recorder, pause)


def test_what_is_full_is_written_and_what_is_left_at_the_end(world):
    done, w = flown(world, [Status.LOG_FULL, Status.TELEMETRY_FULL, Status.SHORT])
    assert done == ["log", "telemetry", "log", "log", "telemetry"]
    assert len(w.log.events) == 2 * len(built(world, RELAY).log.events)


def test_pauses_are_where_they_were_asked_for(world):
    asked = iter([600.0, 1200.0])
    seen = []

    def pause(w):
        seen.append(float(w.clock[Clock.PAUSE]))
        return next(asked)

    _, w = flown(world, [Status.PAUSED, Status.PAUSED], pause)
    assert seen == [0.0, 600.0]
    assert w.clock[Clock.PAUSE] == 1200.0


def test_a_broken_invariant_is_told_with_its_job(world):
    def advance(w):
        w.counts[[Count.TROUBLE, Count.OF_JOB]] = Trouble.ENDED_TWICE, 5
        return Status.BROKEN

    with pytest.raises(InvariantError, match=r"ended twice at 0 s \(job 5\)"):
        fly(built(world, RELAY), advance, SimpleNamespace())
