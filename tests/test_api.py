"""The Python face, as a user calls it."""

from pathlib import Path

import pytest

import perigrid
from perigrid.base.errors import RunFolderError, ScenarioError

SMALL = ("hours=2", "pipeline.executed_scenes=6")


def test_a_scenario_opens_by_name_and_plans() -> None:
    study = perigrid.load("dawn-dusk-demo", overrides=("hours=1",))
    plan = study.plan()
    assert plan["hours"] == 1.0
    assert plan["fleet"]["satellites"] == len(plan["satellites"]) > 0


def test_compare_keeps_nothing_unless_told(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.chdir(tmp_path)
    study = perigrid.load("dawn-dusk-demo", overrides=SMALL)
    comparison = study.compare(("onboard", "bent-pipe"))
    assert list(comparison.result["architectures"]) == ["onboard", "bent-pipe"]
    assert "onboard" in comparison.table()
    assert comparison.folder is None
    assert list(tmp_path.iterdir()) == []


def test_run_writes_its_folder_and_gives_frames(tmp_path: Path) -> None:
    study = perigrid.load("dawn-dusk-demo", overrides=SMALL)
    run = study.run("onboard", out=tmp_path / "run")
    assert run.jobs.height == sum(
        run.summary[key] for key in ("insights_delivered", "insights_missed", "in_flight")
    )
    assert (tmp_path / "run" / "manifest.json").is_file()


def test_hours_can_be_given_where_it_is_run() -> None:
    study = perigrid.load("dawn-dusk-demo", overrides=SMALL)
    result = study.compare(("onboard",), hours=1.0).result
    assert result["hours"] == 1.0
    assert result["detector"]["scenes"] == 6, "earlier overrides are kept"


def test_an_unknown_architecture_is_a_typed_error() -> None:
    study = perigrid.load("dawn-dusk-demo", overrides=SMALL)
    with pytest.raises(ScenarioError, match="orbital"):
        study.compare(("hybrid",))


def test_a_wrong_place_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    monkeypatch.setattr("perigrid.sim.world.build_world", lambda *_: pytest.fail("worked first"))
    study = perigrid.load("dawn-dusk-demo")
    with pytest.raises(RunFolderError, match="not a run folder"):
        study.run("orbital", tmp_path)
    with pytest.raises(RunFolderError, match="not a run folder"):
        study.compare(("orbital",), tmp_path)
