"""Logs, queues and legs that are short of room change nothing but where parts are cut."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from perigrid.base.architecture import RELAY
from perigrid.engine import build
from perigrid.engine.room import longer
from perigrid.engine.state import Count, Filled
from perigrid.sim.world import World
from tests.engine.recorded import demand_equal, drive, record


def test_short_arrays_grow_and_full_logs_are_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = record(world, RELAY)
    whole = drive(found)
    monkeypatch.setattr(build, "LOG_ROWS", 16)
    cut = drive(found)
    assert len(whole.frames) == 1
    assert len(cut.frames) > 3
    assert 16 < len(cut.world.queue) < len(whole.world.queue)
    demand_equal(cut)
    for table in ("legs", "others", "events"):
        one, several = (pl.concat([frame[table] for frame in it.frames]) for it in (whole, cut))
        assert_frame_equal(one, several)


def test_longer_arrays_hold_what_the_short_ones_held(world: World) -> None:
    w = drive(record(world, RELAY)).world
    w.queue[0]["t_s"], w.legs[3]["nbytes"] = 7.0, 9.0
    grown = longer(w)
    for name in ("queue", "legs"):
        short, long = getattr(w, name), getattr(grown, name)
        assert len(long) == 2 * len(short)
        assert np.array_equal(long[: len(short)], short)
    assert len(grown.log.events) == 2 * len(w.log.events)
    assert not grown.log.filled[Filled.EVENTS]
    assert grown.counts is w.counts
    assert grown.counts[Count.STEP] == len(w.t_s) - 1
