"""``perigrid run``."""

import json

import polars as pl

from tests.cli.conftest import SMALL, call


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
