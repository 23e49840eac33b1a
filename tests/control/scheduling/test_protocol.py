"""Schedulers are plug-ins: one from outside the package is asked, and its answers are checked."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flights import table
from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.errors import WorkError
from perigrid.base.messages import Action, AskApproval, Compute, Wait
from perigrid.base.registry import SCHEDULERS, names
from perigrid.control.scheduling.base import Ready
from perigrid.control.scheduling.protocol import demand_answers
from perigrid.scenario.load import load_scenario
from perigrid.sim.commands import compare
from plug_ins import install
from scheduling_cases import JOB

LATER = '''
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Wait


class Later:
    """Begins each job a minute after it asked first."""

    def __init__(self):
        self.asked = set()

    def choose(self, ready, freed, belief, outlook):
        answers = []
        for one in ready:
            number = one.job.job_id
            if number in self.asked:
                belief.give(number, one.node, belief.load(one, one.node).work_s)
                answers.append(Compute(number, {node}, one.stage, "its minute is over"))
            else:
                self.asked.add(number)
                answers.append(Wait(number, belief.t_s + {wait_s}, Cause.COMPUTE, "a minute"))
        return answers[{first}:]
'''


def later(node: str = "one.node", wait_s: str = "60.0", first: str = "0") -> str:
    return LATER.format(node=node, wait_s=wait_s, first=first)


def flown(folder: Path, architecture: str) -> pl.DataFrame:
    scenario = load_scenario(
        "dawn-dusk-demo",
        overrides=("hours=1", "scheduler=later", "pipeline.executed_scenes=4"),
    )
    compare(scenario, [scenario.architecture(architecture)], folder)
    return table(folder / architecture, "actions")


@pytest.mark.parametrize("architecture", [ONBOARD.name, ORBITAL.name])
def test_a_scheduler_from_outside_is_compared(
    architecture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "later", "Later", later())
    assert "later" in names(SCHEDULERS)
    actions = flown(tmp_path / "out", architecture)
    begun = actions.filter(pl.col("reason") == "its minute is over")
    assert begun["kind"].unique().to_list() == ["compute"]
    assert set(begun["stage"]) == {"screen", "classify"}
    waits = actions.filter(pl.col("kind") == "wait", pl.col("reason") == "a minute")
    assert (waits["t_until_s"] - waits["t_s"]).unique().to_list() == [60.0]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (later(node="(one.node + 1) % 12"), "Later computes screen of job 0 where it is not"),
        (later(wait_s="0.0"), "Later lets job 0 wait for what is past"),
        (later(first="1"), "Later answers job 0 0 times, not once"),
    ],
)
def test_what_cannot_be_is_refused(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "later", "Later", code)
    with pytest.raises(WorkError, match=said):
        flown(tmp_path / "out", ONBOARD.name)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ([Compute(0, 0, "screen", ""), Wait(0, 9.0, "compute", "")], "job 0 2 times"),
        ([Compute(0, 0, "screen", ""), Wait(7, 9.0, "compute", "")], "Wait to job 7"),
        ([AskApproval(0, "rule", Compute(0, 0, "screen", ""))], "AskApproval to job 0"),
    ],
)
def test_answers_are_one_for_each_job(actions: list[Action], said: str) -> None:
    with pytest.raises(WorkError, match=said):
        demand_answers(object(), [Ready(JOB, 0, ("screen",))], actions, {0, 1})
