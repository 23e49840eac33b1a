from pathlib import Path

import polars as pl
import pytest

from flights import table
from perigrid.ledger.tables import CONTACTS, JOBS, RUN_ACTIONS, TELEMETRY
from perigrid.sim.world import World

SCHEMAS = {"jobs": JOBS, "actions": RUN_ACTIONS, "contacts": CONTACTS, "telemetry": TELEMETRY}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_tables_keep_the_contract(comparison: tuple[dict, Path], name: str) -> None:
    for architecture in comparison[0]["architectures"]:
        frame = table(comparison[1] / architecture, name)
        assert dict(frame.schema) == SCHEMAS[name]
        assert frame.height > 0


def test_what_the_detector_said_is_what_was_executed(
    comparison: tuple[dict, Path], world: World
) -> None:
    jobs = pl.read_parquet(comparison[1] / "onboard" / "jobs.parquet")
    seen = [float(world.bank.cloud_seen[scene]) for scene in jobs["scene"]]
    assert jobs["cloud_seen"].to_list() == seen
    limit = world.scenario.pipeline.cloud_limit
    assert jobs["kept"].to_list() == [value <= limit for value in seen]
    dropped = jobs.filter(pl.col("reason") == "cloud")
    assert (dropped["cloud_seen"] > limit).all()
    assert jobs.filter(pl.col("outcome") == "delivered")["kept"].all()


def test_actions_name_nodes_and_reasons(comparison: tuple[dict, Path]) -> None:
    actions = table(comparison[1] / "bent-pipe", "actions")
    moves = actions.filter(pl.col("kind") == "move")
    assert (moves["target"] == "Hangzhou").any()
    assert (moves["product"] == "raw").all()
    assert (moves["t_until_s"] >= moves["t_s"]).all()
    assert (actions["reason"] != "").all()
    assert actions["verdict"].unique().to_list() == ["allow"]
