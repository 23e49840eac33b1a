"""Compute jobs end to end: any architecture that serves them, and nothing else."""

import json

import polars as pl
import pytest

from perigrid.api import Study
from perigrid.ledger.audit_folder import verify
from perigrid.ledger.source import open_source
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from tests.flight_cases import STORM, served, small

HELD = "jobs.origin=satellites"
CASES = {
    "plain": (),
    "storm": STORM,
    "crowded": ("jobs.count=3000", "jobs.value_spread=1"),
    "held": (HELD, "jobs.deadline_minutes=2"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_account_closes_and_the_bound_holds(tmp_path, case):
    run = served(small(*CASES[case]), tmp_path / "run")
    found, jobs = run.summary, run.jobs
    missed = found["insights_missed"]
    assert found["insights_delivered"] + missed + found["in_flight"] == jobs.height
    assert sum(found["missed_by"].values()) == missed
    assert 0.0 < found["value"] <= found["bound"]["value"] * (1.0 + 1e-9)
    assert found["bound"]["value"] <= found["bound"]["wanted"] == pytest.approx(jobs["value"].sum())
    assert found["time_to_insight_s"]["p50"] <= found["time_to_insight_s"]["p99"]
    assert sum(found["binding"].values()) == pytest.approx(1.0)
    assert ("faults" in found) == (case == "storm")
    assert 0.0 < found["utilisation"] <= 1.0
    came = jobs.filter(pl.col("outcome") == "delivered")
    assert (came["t_end_s"] <= came["t_deadline_s"] + 1e-6).all()
    assert found["value"] == pytest.approx(came.filter(~pl.col("wrong"))["value"].sum())
    waits_s = sum(came[name] for name in jobs.columns if name.startswith("wait_"))
    assert (waits_s - came["time_to_insight_s"]).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("changes", "names"),
    [((), ("bent-pipe", "orbital")), ((HELD,), ("bent-pipe", "onboard", "orbital"))],
)
def test_architectures_are_compared_over_the_same_jobs(tmp_path, changes, names):
    folder = tmp_path / "c"
    study = Study(small("hours=0.2", "jobs.count=60", *changes))
    found = study.compare(out=folder, report=True)
    assert tuple(found.result["architectures"]) == names
    assert (found.result["workload"], found.result["detector"]) == ("batch", None)
    same = ["satellite", "t_capture_s", "size", "value", "model"]
    tables = [pl.read_parquet(folder / name / "jobs.parquet") for name in names]
    assert all(one.select(same).equals(tables[0].select(same)) for one in tables)
    computed = {name: set(one["node"]) - {""} for name, one in zip(names, tables, strict=True)}
    assert computed["bent-pipe"] == {"Stockholm"}
    assert all(node.startswith("shell-") for node in computed["orbital"])
    if changes:
        own = tables[1].filter(pl.col("node") != "")
        assert (own["node"] == own["satellite"]).all()
    source = open_source(folder)
    assert all(one.ok for one in verify(source))
    assert "From request to answer" in found.table()
    for name in names:
        assert replay(source.inside(name), Cores()).doubts() == []


def test_what_rules_cost_is_worked_out(tmp_path):
    act = "action: move, product: answer, to_country: US"
    rule = f"rules=[{{id: home, effect: deny, {act}, reason: stays}}]"
    study = Study(small("hours=0.2", "jobs.count=60", rule))
    cost = study.compare(("orbital",), tmp_path / "c", both=True).result["governance"]["orbital"]
    assert cost["with"]["delivered"] < cost["without"]["delivered"]
    assert cost["lost"] > 0


def test_data_that_may_not_leave_their_satellite_are_computed_there(tmp_path):
    act = "action: move, product: raw"
    rule = f"rules=[{{id: stay, effect: deny, {act}, reason: stays}}]"
    run = served(small("hours=0.3", "jobs.count=100", HELD, rule), tmp_path / "run")
    assert run.summary["insights_delivered"] > 0
    computed = run.jobs.filter(pl.col("node") != "")
    assert (computed["node"] == computed["satellite"]).all()


@pytest.mark.parametrize("scheduler", ["fifo", "edf", "price"])
def test_schedulers_count(tmp_path, scheduler):
    crowd = ("jobs.count=2000", "hours=0.3", f"scheduler={scheduler}")
    run = served(small(*crowd), tmp_path / "run")
    assert run.summary["insights_delivered"] > 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["scheduler"] == scheduler


def test_several_groups_serve_jobs_together(tmp_path):
    more = (
        "groups=[{name: shell, role: compute, operator: demo, registry_state: SE, "
        "orbit: {walker: {planes: 6, satellites_per_plane: 8, altitude_km: 1200, "
        "inclination_deg: 53}}, laser: {terminals: 4, max_range_km: 8000, "
        "grazing_altitude_km: 0}}, {name: second, role: compute, operator: demo, "
        "registry_state: SE, computer: {slots: 2}, laser: {terminals: 4, max_range_km: 8000, "
        "grazing_altitude_km: 0}, orbit: {walker: {planes: 6, satellites_per_plane: 8, "
        "altitude_km: 1100, inclination_deg: 53}}}]"
    )
    run = served(small("hours=0.2", "jobs.count=800", more), tmp_path / "run")
    at = set(run.jobs["node"].str.slice(0, 6)) - {""}
    assert at == {"shell-", "second"}


def test_radiation_along_the_orbit_crashes_computers(tmp_path):
    changes = ("faults.from_radiation=true", "faults.crash_minutes=3", "hours=3")
    harsh = ("groups.shell.radiation.device=commercial", "groups.shell.radiation.shielding_mm_al=1")
    run = served(small(*changes, *harsh), tmp_path / "run")
    assert run.summary["faults"]["by_kind"]["crash"] > 0
