"""Scenarios with compute jobs behind the door of all scenarios."""

import json
import shutil

import polars as pl
import pytest
from tests.flight_cases import SMALL, small

import perigrid
from perigrid.base.errors import RunFolderError, ScenarioError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.source import open_source
from perigrid.report.remade import check_whole
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from perigrid.sim.flight import run
from perigrid.sim.flight.compare import compare
from perigrid.sim.run_files import Ours, strangers

SHORT = ("hours=0.2", "jobs.count=60")


@pytest.fixture(scope="module")
def study():
    return perigrid.load("mega-constellation", overrides=(*SMALL, *SHORT))


@pytest.fixture(scope="module")
def compared(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared") / "c"
    return folder, study.compare(out=folder, report=True)


def test_a_comparison_is_one_like_any_other(compared):
    folder, done = compared
    source = open_source(folder)
    verdicts = verify(source)
    assert [one.doubts for one in verdicts] == [[], []]
    check_whole(verdicts[0], source)
    assert verdicts[0].ok
    assert strangers(folder, Ours.RUN) == []
    assert "60 jobs" in done.table()
    assert done.result == json.loads((folder / "comparison.json").read_text())
    bundle = folder.with_name("bundle")
    bundle.write_bytes(export(source))
    assert all(one.ok for one in verify(open_source(bundle)))


def test_its_flight_is_flown_again_as_part_of_it(compared):
    folder, _ = compared
    found = replay(open_source(folder).inside("orbital"), Cores())
    assert found.doubts() == []


def test_what_a_comparison_says_of_its_flight_is_held_against_it(compared, tmp_path):
    folder = shutil.copytree(compared[0], tmp_path / "c")
    stated = json.loads((folder / "comparison.json").read_text())
    for change in ({"workload": None}, {"observations": 61}):
        (folder / "comparison.json").write_text(json.dumps(stated | change, indent=1) + "\n")
        doubts = [doubt.what for doubt in verify(open_source(folder))[0].doubts]
        assert f"{next(iter(change))} is not what its runs say" in doubts


def test_it_goes_on_after_it_was_broken_off(study, compared, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "summarise", stop)
        patch.setattr(run, "SHARE", float("inf"))
        with pytest.raises(KeyboardInterrupt):
            compare(study.scenario, tmp_path / "c")
    said = []
    result = compare(study.scenario, tmp_path / "c", resume=True, notice=said.append)
    assert result["architectures"] == compared[1].result["architectures"]
    again = compare(study.scenario, tmp_path / "c", resume=True, notice=said.append)
    assert again == result
    assert said[-1] == "this run is complete already: nothing to do"
    (tmp_path / "c" / "comparison.json").write_text("{}")
    with pytest.raises(RunFolderError, match="does not verify"):
        compare(study.scenario, tmp_path / "c", resume=True)


def test_run_gives_jobs_as_of_any_scenario(study, tmp_path):
    done = study.run("orbital", tmp_path / "r")
    assert done.jobs.equals(pl.read_parquet(tmp_path / "r" / "jobs" / "part-*.parquet"))
    delivered = done.jobs.filter(pl.col("outcome") == "delivered").height
    assert done.summary["insights_delivered"] == delivered > 0
    assert study.run("orbital").jobs.equals(done.jobs)


def test_what_does_not_apply_is_refused(study):
    with pytest.raises(ScenarioError, match="architecture relay does not apply"):
        study.run("relay")
    with pytest.raises(ScenarioError, match="architecture onboard does not apply"):
        study.compare(("orbital", "onboard"))
    with pytest.raises(ScenarioError, match="what rules cost"):
        study.compare(both=True)


def test_observations_that_are_asked_for_beside_jobs_are_named():
    (said,) = small("demand.revisit_hours=3").every_warning
    assert said.startswith("demand.revisit_hours: no effect in a flight of jobs; run, compare and")
