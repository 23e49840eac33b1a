"""The examples run, and show what they say."""

import runpy
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import perigrid
from perigrid.cli.main import main
from perigrid.fleet.build import build_fleet, elements_of
from perigrid.physics.orbit.propagate import propagate

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name):
    return runpy.run_path(str(EXAMPLES / name))


def test_every_example_is_tested():
    tested = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.iterdir():
        assert path.name.startswith(("_", ".")) or f'"{path.name}"' in tested


def test_more_arrives_under_a_later_deadline(capsys, monkeypatch):
    load = perigrid.load

    def few_scenes(scenario, overrides):
        return load(scenario, overrides=(*overrides, "pipeline.executed_scenes=4"))

    # The small scenario and few scenes, so that it is quick; the example's own is three-body.
    monkeypatch.setattr(perigrid, "load", few_scenes)
    example("deadline.py")["main"]("dawn-dusk-demo", ("bent-pipe", "onboard"), (0.1, 3.0))
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["deadline", "bent-pipe", "onboard"]
    soon, late = (np.array([int(n.replace(",", "")) for n in row.split()[2:]]) for row in rows)
    assert (soon <= late).all()
    assert late.sum() > soon.sum()


def test_sizes_grow_with_power_and_with_the_night(capsys):
    example("size_a_satellite.py")["main"]()
    rows = [line.partition(" kW ")[2].split() for line in capsys.readouterr().out.splitlines()[1:]]
    array, battery, radiator, mass = (
        np.array([float(row[column]) for row in rows]).reshape(2, 3) for column in (0, 2, 4, 6)
    )
    for sizes in (array, battery, radiator, mass):
        assert (np.diff(sizes, axis=1) > 0.0).all()
    assert (array[1] > 1.2 * array[0]).all(), "a third of the orbit is dark at 53 degrees"
    assert (mass[1] > mass[0]).all()


def test_the_swarm_is_that_of_the_paper():
    scenario = perigrid.load(str(EXAMPLES / "swarm.yaml")).scenario
    assert build_fleet(scenario).n_satellites == 81
    group = scenario.group("compute")
    position_m, _, _ = propagate(
        elements_of(group, scenario.start), scenario.start, np.arange(0.0, 6000.0, 300.0)
    )
    from_centre_m = np.linalg.norm(position_m - position_m[:, :1], axis=0)
    assert from_centre_m.max() == pytest.approx(1000.0, rel=0.02)
    assert from_centre_m[1:].min() > 90.0


def test_the_swarm_checks_and_plans(capsys):
    path = str(EXAMPLES / "swarm.yaml")
    main(["check", path], standalone_mode=False)
    plan = perigrid.load(path, overrides=("hours=0.5",)).plan()
    assert "ok" in capsys.readouterr().out
    assert plan["sustained"] is not None


def test_two_operators_agree_on_what_was_lent(tmp_path, capsys):
    place = EXAMPLES / "two-operators" / "scenario.yaml"
    overrides = ("hours=1.5", "pipeline.executed_scenes=4")
    out = tmp_path / "run"
    perigrid.load(str(place), overrides=overrides).run(arch="orbital", out=out)
    north, south, keys = (
        str(out / "receipts" / name) for name in ("North.jsonl", "South.jsonl", "keys.txt")
    )
    with pytest.raises(SystemExit) as ended:
        main(["audit", "reconcile", north, south, "--keys", keys])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("the logs agree")
    assert " 0 receipts" not in told


def test_in_the_fault_storm_things_fail_and_the_report_says_so(tmp_path):
    place = EXAMPLES / "fault-storm.yaml"
    run = perigrid.load(str(place)).run(arch="orbital", out=tmp_path / "run")
    faults = run.summary["faults"]
    assert sum(faults["by_kind"].values()) > 10
    assert faults["retries"] > 0
    assert run.summary["energy_balance_error"] < 1e-9


def test_in_the_job_storm_the_ground_sends_again_what_satellites_lose(tmp_path):
    place = EXAMPLES / "job-storm.yaml"
    run = perigrid.load(str(place)).run(arch="orbital", out=tmp_path / "run")
    faults = run.summary["faults"]
    assert faults["lost_tasks"] > 0
    assert faults["retries"] > 0
    assert run.summary["insights_delivered"] > 200
    assert run.summary["energy_balance_error"] < 1e-9


def test_ships_that_are_found_make_larger_answers(tmp_path):
    overrides = ("hours=3", "pipeline.executed_scenes=8")
    run = perigrid.load(str(EXAMPLES / "ships.yaml"), overrides=overrides).run(
        arch="onboard", out=tmp_path / "run"
    )
    assert run.summary["insights_delivered"] > 0
    sent = pl.read_parquet(tmp_path / "run" / "jobs.parquet").filter(
        pl.col("outcome") == "delivered"
    )["downlink_bytes"]
    assert set(sent.to_list()) <= {500.0, 4500.0}


def test_the_governed_fleet_asks_denies_and_lends(tmp_path):
    overrides = ("hours=2", "pipeline.executed_scenes=4")
    study = perigrid.load(str(EXAMPLES / "governed.yaml"), overrides=overrides)
    ruled = study.compare(("relay", "orbital"), tmp_path / "run", both=True).result["governance"]
    assert ruled["relay"]["approvals"]["asked"] > 0
    assert ruled["relay"]["added_s"]["p50"] > ruled["orbital"]["added_s"]["p50"]
    assert ruled["relay"]["asked"].keys() == {"a-person-moves-raw"}


def test_a_large_fleet_is_governed(tmp_path):
    small = (
        "groups.shell.orbit.walker.planes=10", "groups.shell.orbit.walker.satellites_per_plane=12",
        "hours=1.2", "jobs.count=900", "envelopes.japan.count=15",
    )  # fmt: skip
    perigrid.load(str(EXAMPLES / "governed-mega.yaml"), overrides=small).run(
        "orbital", tmp_path / "flown"
    )
    actions = pl.read_parquet(tmp_path / "flown" / "actions" / "part-*.parquet")
    jobs = pl.read_parquet(tmp_path / "flown" / "jobs.parquet")
    others = pl.read_parquet(tmp_path / "flown" / "others" / "part-*.parquet")
    asked = actions.filter(pl.col("verdict") == "ask")
    assert set(asked["rule"]) == {"a-person-answers-australia", "a-person-answers-japan"}
    to_brazil = jobs.filter(pl.col("place") == "Itaboraí")
    assert set(to_brazil["outcome"]) == {"missed"}
    assert set(to_brazil["reason"]) == {"rule"}
    closed = {f"closed by rule {rule}" for rule in ("not-to-brazil", "quiet-hour")}
    assert closed <= set(others["why"])
    answered = actions.filter((pl.col("kind") == "move") & (pl.col("product") == "answer"))
    assert set(answered["rule"]) == {"default", "approval", "envelope:japan"}
    assert answered.filter(pl.col("rule") == "envelope:japan").height == 15  # all that it holds
    to_japan = answered.filter(pl.col("target").is_in(["Akita", "Hitachinaka"]))
    assert set(to_japan["rule"]) <= {"approval", "envelope:japan"}
