"""Loop and decision core in one kernel."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from flights import table, world_of
from missions import SCENARIO, station, with_group, with_stage
from perigrid.base.architecture import ORBITAL, RELAY
from perigrid.control.core import build as core_build
from perigrid.control.core.build import build_core
from perigrid.engine.decided import Decided, _tell
from perigrid.engine.state import Clock, Status
from perigrid.scenario.model import Scenario, SunSynchronous
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from tests.engine.plain import built, plain


def busy() -> Scenario:
    """More work than its computers can do in time."""
    polar = [station(f"polar-{k}", 78.0 * (-1) ** k, 60.0 * k) for k in range(6)]
    return replace(
        with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5)),
        pipeline=with_stage(SCENARIO.pipeline, "classify", fixed_s=900.0),
        demand=replace(SCENARIO.demand, cell_rad=math.radians(2.0), deadline_s=3600.0),
        stations=(*SCENARIO.stations, *polar),
        duration_s=3 * 3600.0,
        scheduler="lookahead",
    )


def test_a_core_that_is_short_of_room_is_given_more_and_decides_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = world_of(busy(), world.bank)
    names = ("roomy", "cramped")
    for name in names:
        (tmp_path / name).mkdir()
        simulate(loaded, ORBITAL, tmp_path / name)
        monkeypatch.setattr(core_build, "MOST_LATEST", 2)
    for one in ("actions", "legs", "others", "events", "jobs"):
        roomy, cramped = (table(tmp_path / name, one) for name in names)
        columns = [column for column in roomy.columns if column != "sequence"]
        assert_frame_equal(roomy.select(columns), cramped.select(columns), check_exact=True)


def test_of_satellites_that_are_away_the_last_report_stands(world: World) -> None:
    w = plain(world, ORBITAL)
    told = np.zeros((4, len(w.sats)))
    w.sats["battery_j"] = 7.0
    w.nodes[1].away = 1
    _tell(w, told, all_told=False)
    assert told[0].tolist() == [7.0, 0.0, *[7.0] * (len(w.sats) - 2)]
    _tell(w, told, all_told=True)
    assert (told[0] == 7.0).all()


def test_the_state_of_a_core_is_its_own_arrays_and_grows_with_it(world: World) -> None:
    core = build_core(world.scenario, world.fleet, world.outlook, RELAY, world.jobs).core
    decided = Decided(core)
    state = decided.state()
    assert "array_w" not in state
    assert np.shares_memory(state["plan.free_s"], core.plan.free_s)
    w = built(world, RELAY)
    w.clock[Clock.BATCH] = math.inf
    assert decided(w) == Status.END
    longer = {"spare": np.zeros(2 * len(core.spare), dtype=np.int64)}
    decided.make_room(longer)
    assert len(decided.core.spare) == len(longer["spare"])
