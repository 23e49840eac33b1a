"""Work, a scheduler, an architecture and an accelerator of somebody else's, flown together.

Each is one file with one line that registers it, or an entry of the scenario; nothing of the
package is touched.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from flights import table
from perigrid.base.registry import SCHEDULERS, WORKLOADS
from perigrid.scenario.load import load_scenario
from perigrid.sim.commands import compare
from plug_ins import install
from scenario_inputs import MINIMAL

SURVEY = '''
from perigrid.base.jobs import Job
from perigrid.workload.outcomes import outcomes_of


class Survey:
    """Every five minutes a small job on each of two satellites in turn."""

    def draw(self, scenario, fleet, ephemeris, n_scenes):
        return tuple(
            Job(k, k % 2, 300.0 * k, 300.0 * k + 6e3, 2e6, 1e8, 0.9, 0.2, 0, k % n_scenes)
            for k in range(int(scenario.duration_s // 300.0))
        )

    def outcomes(self, scenario, jobs, bank):
        return outcomes_of(scenario, jobs, bank)
'''

LAST_FIRST = '''
from perigrid.base.messages import Compute


class LastFirst:
    """Begins at once whatever asks, the latest deadline first."""

    def choose(self, ready, freed, belief, outlook):
        answers = []
        for one in sorted(ready, key=lambda one: -one.job.deadline_s):
            belief.give(one.job.job_id, one.node, belief.load(one, one.node).work_s)
            answers.append(Compute(one.job.job_id, one.node, one.stage, "the last first"))
        return answers
'''

OWN = """\
workload: survey
scheduler: last-first
architectures:
  - onboard
  - name: screened-on-board
    compute: {screen: [origin], "*": [data-centre]}
    carry: {"*": [downlink]}
pipeline: {executed_scenes: 4}
"""
COMPUTER = (
    "    computer: {name: our own chip, peak_tops: 21, idle_w: 5, active_w: 16, memory_gb: 16}\n"
)


def test_four_plug_ins_fly_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch, WORKLOADS, "survey", "Survey", SURVEY)
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "last-first", "LastFirst", LAST_FIRST)
    file = tmp_path / "own.yaml"
    text = MINIMAL.replace("stations:\n", COMPUTER + "stations:\n", 1) + OWN
    file.write_text(text, encoding="utf-8")
    scenario = load_scenario(str(file))
    names = scenario.architectures
    assert names == ("onboard", "screened-on-board")
    result = compare(scenario, [scenario.architecture(name) for name in names], tmp_path / "out")
    assert result["observations"] == 24
    for name in names:
        actions = table(tmp_path / "out" / name, "actions")
        asked = actions.filter(pl.col("reason") == "the last first")
        stages = {"onboard": {"screen", "classify"}, "screened-on-board": {"screen"}}[name]
        assert set(asked["stage"]) == stages
        assert result["architectures"][name]["insights_delivered"] > 0
    numbers = json.loads((tmp_path / "out" / "manifest.json").read_text())["assumed"]
    assert ("groups.fleet.computer.peak_tops", 21.0) in {
        (one["key"], one["value"]) for one in numbers
    }
