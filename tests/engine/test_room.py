"""Logs, queues and legs that are short of room change nothing but where parts are cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from flights import table
from perigrid.base.architecture import RELAY
from perigrid.engine import build
from perigrid.engine.room import longer
from perigrid.engine.state import Count, Filled
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from tests.engine.plain import built


def test_short_arrays_grow_and_full_logs_are_written(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for folder in (whole, cut):
        folder.mkdir()
        simulate(world, RELAY, folder)
        monkeypatch.setattr(build, "LOG_ROWS", 16)
    assert len(list((whole / "events").iterdir())) == 1
    assert len(list((cut / "events").iterdir())) > 1
    for name in ("actions", "legs", "others", "events", "jobs", "telemetry"):
        one, several = table(whole, name), table(cut, name)
        columns = [column for column in one.columns if column != "sequence"]
        assert_frame_equal(one.select(columns), several.select(columns), check_exact=True)


def test_longer_arrays_hold_what_the_short_ones_held(world: World) -> None:
    w = built(world, RELAY)
    w.counts[Count.STEP] = 5
    w.queue[0]["t_s"], w.legs[3]["nbytes"] = 7.0, 9.0
    grown = longer(w)
    for name in ("queue", "legs"):
        short, long = getattr(w, name), getattr(grown, name)
        assert len(long) == 2 * len(short)
        assert np.array_equal(long[: len(short)], short)
    assert len(grown.log.events) == 2 * len(w.log.events)
    assert not grown.log.filled[Filled.EVENTS]
    assert grown.counts is w.counts
