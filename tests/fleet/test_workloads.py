"""Kinds of work are plug-ins: one from outside the package is drawn, flown and compared."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from missions import SCENARIO
from own_stages import OWN_STAGES
from perigrid.base.architecture import architecture_named
from perigrid.base.errors import ScenarioError
from perigrid.base.jobs import Job
from perigrid.base.registry import WORKLOADS, names
from perigrid.fleet import workloads
from perigrid.fleet.build import build_fleet
from perigrid.fleet.imagery import Imagery
from perigrid.fleet.workloads import draw_jobs, kind_of, settled_outcomes
from perigrid.scenario.load import load_scenario, parse_scenario
from perigrid.sim.commands import compare
from plug_ins import install
from scenario_inputs import MINIMAL

ALARMS = '''
from perigrid.base.jobs import Job
from perigrid.workload.outcomes import outcomes_of


class Alarms:
    """Every ten minutes a small job on each of the first two satellites."""

    def draw(self, scenario, fleet, ephemeris, n_scenes):
        return tuple(
            Job(k, k % 2, 300.0 * k, 300.0 * k + 3000.0, 2e6, 1e8, 0.9, 0.2, 0, k % n_scenes)
            for k in range(int(scenario.duration_s // 300.0))
        )

    def outcomes(self, scenario, jobs, bank):
        return outcomes_of(scenario, jobs, bank)
'''
FLEET = build_fleet(SCENARIO)
JOBS = tuple(
    Job(k, 0, 10.0 * k, 1e4, 1e6, 1e8, 0.0, 0.0, 0, 0) for k in range(3)
)  # fmt: skip


@pytest.fixture
def alarms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install a kind of work of somebody else's: a module, and a line that registers it."""
    install(tmp_path / "site", monkeypatch, WORKLOADS, "alarms", "Alarms", ALARMS)
    return "alarms"


def test_a_kind_from_outside_is_compared(alarms: str, tmp_path: Path) -> None:
    scenario = load_scenario(
        "dawn-dusk-demo",
        overrides=("hours=2", f"workload={alarms}", "pipeline.executed_scenes=4"),
    )
    folder = tmp_path / "out"
    chosen = [architecture_named(name) for name in scenario.architectures]
    result = compare(scenario, chosen, folder)
    assert result["observations"] == 24
    for name in scenario.architectures:
        jobs = pl.read_parquet(folder / name / "jobs.parquet")
        assert jobs["t_capture_s"].to_list() == [300.0 * k for k in range(24)]
        assert jobs["raw_bytes"].unique().to_list() == [2e6]
        assert result["architectures"][name]["insights_delivered"] > 0


def test_imagery_is_the_default_and_an_unknown_kind_is_refused() -> None:
    assert "imagery" in names(WORKLOADS)
    assert isinstance(kind_of(SCENARIO), Imagery)
    with pytest.raises(ScenarioError, match="no workload is called 'imagry'"):
        parse_scenario(MINIMAL, "m", folder=None, overrides=("workload=imagry",))


class Fixed:
    """Gives what a test says."""

    def __init__(self, jobs: tuple[Job, ...], outcomes: dict[str, np.ndarray]) -> None:
        self._jobs, self._outcomes = jobs, outcomes

    def draw(self, *_: object) -> tuple[Job, ...]:
        return self._jobs

    def outcomes(self, *_: object) -> dict[str, np.ndarray]:
        return self._outcomes


@pytest.mark.parametrize(
    ("jobs", "words"),
    [
        (JOBS[1:], "number its jobs from 0"),
        ((JOBS[0], dataclasses.replace(JOBS[1], t_capture_s=-5.0)), "in order of capture"),
        ((dataclasses.replace(JOBS[0], origin=99),), "to no satellite"),
        ((dataclasses.replace(JOBS[0], scene=9),), "no scene to it"),
        ((dataclasses.replace(JOBS[0], raw_bytes=0.0),), "no size"),
    ],
)
def test_jobs_that_cannot_be_are_refused(
    jobs: tuple[Job, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workloads, "create", lambda *_: Fixed(jobs, {}))
    with pytest.raises(ScenarioError, match=words):
        draw_jobs(SCENARIO, FLEET, SimpleNamespace(), 8)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ({}, "what screen finds"),
        ({"screen": np.zeros(2)}, "what screen finds"),
        ({"screen": np.array([0.0, 1.5, 0.0])}, "not between 0 and 1"),
        ({"screen": np.array([0.0, np.nan, 0.0])}, "not between 0 and 1"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(
    outcomes: dict[str, np.ndarray], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workloads, "create", lambda *_: Fixed(JOBS, outcomes))
    with pytest.raises(ScenarioError, match=words):
        settled_outcomes(SCENARIO, JOBS, SimpleNamespace())


def test_every_stage_with_an_outcome_has_one_for_every_job() -> None:
    scenario = parse_scenario(MINIMAL + OWN_STAGES, "m", folder=None, overrides=())
    bank = SimpleNamespace(cloud_seen=np.array([0.3]))
    found = settled_outcomes(scenario, JOBS, bank)
    assert list(found) == ["screen", "detect", "outline"]
    assert all(one.shape == (len(JOBS),) for one in found.values())
