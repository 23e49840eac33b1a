"""Pixels may pass more satellites than there is room for in the usual way."""

from pathlib import Path

import polars as pl

from perigrid.control.core.state import WAY_LEGS
from perigrid.ledger.audit import verify_run
from perigrid.ledger.source import open_source
from perigrid.scenario.load import load_scenario
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world


def test_a_way_through_half_a_ring_of_a_hundred(tmp_path: Path) -> None:
    sets = ("hours=3", "groups.ring.orbit.sun_synchronous.satellites=100")
    world = build_world(load_scenario("dawn-dusk-demo", overrides=sets))
    simulate(world, world.scenario.architecture("orbital"), tmp_path)
    legs = pl.concat([pl.read_parquet(part) for part in (tmp_path / "legs").iterdir()])
    assert legs.group_by("decision").len()["len"].max() > WAY_LEGS
    assert verify_run(open_source(tmp_path)).doubts == []
