"""Events as the loop logs them."""

import numpy as np
import pytest

from perigrid.base.architecture import RELAY
from perigrid.control.core.messages import NOTHING, EventKind
from perigrid.engine.events import note, put_nodes_first
from perigrid.engine.state import Clock, Count, Filled
from tests.engine.plain import plain

CAPTURED, MOVED, LOST = EventKind.CAPTURED, EventKind.MOVED, EventKind.TASK_LOST
FAILED, REPAIRED = EventKind.NODE_FAILED, EventKind.NODE_REPAIRED


def test_an_event_says_nothing_that_it_is_not_told(world):
    w = plain(world, RELAY)
    w.log.events[0].fault, w.log.events[0].kept_s, w.log.events[0].suspect = 3, 5.0, 1
    w.clock[Clock.NOW] = 7.0
    event = note(w, MOVED, 4, 2)
    assert w.log.filled[Filled.EVENTS] == 1
    assert (event.t_s, event.kind, event.job, event.node) == (7.0, MOVED, 4, 2)
    assert (event.fault, event.kept_s, event.suspect, event.stage) == (0, 0.0, 0, NOTHING)
    assert np.isnan(event.outcome)


@pytest.mark.parametrize(
    "kinds",
    [
        (),
        (FAILED,),
        (CAPTURED, FAILED, LOST, REPAIRED, MOVED),
        (FAILED, LOST, LOST, MOVED, FAILED),
        (MOVED, CAPTURED),
    ],
)
def test_nodes_come_first_and_the_rest_keeps_its_order(world, kinds):
    w = plain(world, RELAY)
    note(w, REPAIRED, NOTHING, 99)  # of an instant before
    w.counts[Count.OLD_EVENTS] = 1
    for place, kind in enumerate((CAPTURED, *kinds)):
        note(w, kind, place, place)
    put_nodes_first(w)
    rows = w.log.events[: w.log.filled[Filled.EVENTS]]
    wanted = sorted(enumerate((CAPTURED, *kinds)), key=lambda one: one[1] not in {FAILED, REPAIRED})
    assert [(int(one.node), one.kind) for one in rows] == [(99, REPAIRED), *wanted]
