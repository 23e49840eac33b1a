from pathlib import Path

import polars as pl

from perigrid.base.architecture import ONBOARD
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import RUN_ACTIONS
from perigrid.report.read import RunReader
from perigrid.report.steps import recorded_steps
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world
from tests.walk.missions import MISSIONS


def test_steps_are_in_order_of_time_and_of_one_job_only(comparison_dir):
    run = RunReader(comparison_dir / "bent-pipe")
    steps = recorded_steps(run, 7, 1e9)
    assert [step.t_s for step in steps] == sorted(step.t_s for step in steps)
    satellite = run.table("jobs", "job_id", "satellite")["satellite"][7]
    senders = [step.words.split(" sends ")[0] for step in steps if step.kind == "send"]
    assert senders == [satellite, "Sanya"]


def test_what_the_run_did_not_reach_is_a_plan(comparison_dir):
    run = RunReader(comparison_dir / "bent-pipe")
    cut_s = recorded_steps(run, 7, 1e9)[1].t_s
    told = recorded_steps(run, 7, cut_s)
    assert not told[1].words.startswith("planned")
    assert all(step.words.startswith("planned") for step in told if step.t_s > cut_s)


def test_a_job_without_records_has_no_steps(comparison_dir):
    assert recorded_steps(RunReader(comparison_dir / "relay"), 499, 1e9) == []


def test_a_move_that_was_withdrawn_is_told_and_its_legs_are_not(tmp_path: Path):
    simulate(build_world(MISSIONS["urgent"].scenario()), ONBOARD, tmp_path)
    actions = read_table(open_source(tmp_path), "actions", RUN_ACTIONS)
    withdrawn = actions.filter((pl.col("kind") == "wait") & (pl.col("t_until_s") == pl.col("t_s")))
    number, t_s = withdrawn["job_id"][0], withdrawn["t_s"][0]
    steps = recorded_steps(RunReader(tmp_path), number, 1e9)
    words = "its booking was given up for a more urgent product"
    assert any(step.t_s == t_s and words in step.words for step in steps)
    moved = actions.filter((pl.col("kind") == "move") & (pl.col("job_id") == number))
    assert sum("decided: send" in step.words for step in steps) == len(moved)
    assert sum(step.kind == "send" and "sends the answer" in step.words for step in steps) <= 2
