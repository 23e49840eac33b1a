"""``perigrid run``."""

import json

import polars as pl

from tests.cli.conftest import SMALL, call
from tests.flight_cases import SMALL as FLEET


def test_one_architecture_fills_a_run_folder(tmp_path):
    folder = tmp_path / "run"
    result = call("run", "three-body", *SMALL, "--arch", "relay", "--json", "-o", folder)
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert "element sets are more than 3 days away" in summary["warnings"][0]
    jobs = pl.read_parquet(folder / "jobs.parquet")
    delivered = jobs.filter(pl.col("outcome") == "delivered").height
    assert summary["insights_delivered"] == delivered > 0
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["architecture"] == "relay"
    assert manifest["command"].startswith("perigrid run three-body")


def test_the_default_is_orbital_and_the_folder_is_named_after_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("run", "three-body", *SMALL)
    assert result.exit_code == 0
    assert "orbital" in result.stdout
    assert (tmp_path / "out" / "three-body-orbital" / "manifest.json").is_file()


def fleet(*flags):
    sets = [word for change in FLEET for word in ("--set", change)]
    return ("mega-constellation", *sets, "--hours", "0.1", *flags)


def test_a_scenario_that_asks_for_compute_jobs_has_them_served(tmp_path):
    folder = tmp_path / "run"
    words = fleet("--jobs", "40", "-o", folder)
    result = call("run", *words)
    assert result.exit_code == 0, result.output
    assert "40 jobs in 0.1" in " ".join(result.stdout.split())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["workload"] == "batch"
    assert manifest["command"].startswith("perigrid run mega-constellation --arch orbital")
    assert manifest["command"].endswith("--set jobs.count=40")
    again = call("run", *words, "--resume")
    assert "complete already" in again.stderr
    report = call("report", folder)
    assert report.exit_code == 0
    assert "Where the jobs were asked for" in (folder / "report.html").read_text()


def test_what_compute_jobs_lack_is_refused(tmp_path):
    for words, why in (
        (("run", *fleet("--arch", "relay")), "architecture relay needs observations"),
        (("compare", *fleet("--arch", "orbital,onboard")), "data that satellites hold"),
        (("compare", *fleet("--rules", "both")), "no rules"),
        (("run", "three-body", "--jobs", "3"), "--jobs is for compute jobs"),
    ):
        result = call(*words, "-o", tmp_path / "r")
        assert (result.exit_code, why in result.stderr) == (2, True), result.output
    assert not list(tmp_path.iterdir())


def test_a_comparison_of_compute_jobs_says_of_what(tmp_path):
    folder = tmp_path / "c"
    result = call("compare", *fleet("--set", "jobs.count=40", "-o", folder))
    assert result.exit_code == 0, result.output
    assert "40 jobs in 0.1" in " ".join(result.stdout.split())
    assert (folder / "report.html").is_file()
    for name, place in (("orbital", "shell-"), ("bent-pipe", "Stockholm")):
        told = call("explain", folder, "3", "--arch", name)
        assert told.stdout.startswith(f"Job 3 of the {name} run: ")
        shown = call("audit", "show", folder, "--arch", name, "--job", "3")
        assert shown.exit_code == 0
        assert f"compute job 3 on {place}" in shown.stdout
