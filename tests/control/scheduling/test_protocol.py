"""Schedulers are plug-ins: one from outside the package is asked, and its answers are checked."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.errors import ScenarioError
from perigrid.base.messages import Action, AskApproval, Compute, Wait
from perigrid.base.registry import SCHEDULERS, names
from perigrid.control.scheduling.base import Ready
from perigrid.control.scheduling.protocol import demand_answers
from perigrid.scenario.load import load_scenario
from perigrid.sim.commands import compare
from plug_ins import install
from scheduling_cases import JOB

IN_TURN = '''
from perigrid.base.messages import Compute, Wait


class InTurn:
    """One job of a satellite at a time, the last taken first; the others wait for an hour."""

    weighs_places = {weighs}

    def __init__(self):
        self.waiting = {{}}

    def choose(self, ready, freed, belief, outlook):
        answers = []
        for one in ready:
            self.waiting.pop(one.job.job_id, None)
            self.waiting[one.job.job_id] = one
        for one in list(reversed(self.waiting.values())):
            if belief.is_free(one.node):
                belief.give(one.job.job_id, one.node, belief.load(one, one.node).work_s)
                del self.waiting[one.job.job_id]
                answers.append(Compute(one.job.job_id, {node}, one.stage, "its turn"))
        said = {{answer.job_id for answer in answers}}
        for one in ready:
            if one.job.job_id not in said:
                until_s = belief.t_s + 3600.0
                answers.append(Wait(one.job.job_id, until_s, "compute", "not its turn"))
        return answers[{first}:]
'''


def in_turn(weighs: str = "False", node: str = "one.node", first: str = "0") -> str:
    return IN_TURN.format(weighs=weighs, node=node, first=first)


def flown(folder: Path, architecture: str) -> pl.DataFrame:
    scenario = load_scenario(
        "dawn-dusk-demo",
        overrides=("hours=1", "scheduler=in-turn", "pipeline.executed_scenes=4"),
    )
    compare(scenario, [scenario.architecture(architecture)], folder)
    return pl.read_parquet(folder / architecture / "actions.parquet")


@pytest.mark.parametrize("architecture", [ONBOARD.name, ORBITAL.name])
def test_a_scheduler_from_outside_is_compared(
    architecture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "in-turn", "InTurn", in_turn())
    assert "in-turn" in names(SCHEDULERS)
    actions = flown(tmp_path / "out", architecture)
    begun = actions.filter(pl.col("reason") == "its turn")
    assert begun["kind"].unique().to_list() == ["compute"]
    assert set(begun["stage"]) == {"screen", "classify"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (in_turn(node="(one.node + 1) % 12"), "InTurn computes screen of job 0 where it is not"),
        (in_turn(first="1"), "InTurn answers job 0 0 times, not once"),
    ],
)
def test_what_cannot_be_is_refused(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "in-turn", "InTurn", code)
    with pytest.raises(ScenarioError, match=said):
        flown(tmp_path / "out", ONBOARD.name)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ([Compute(0, 0, "screen", ""), Wait(0, 9.0, "compute", "")], "job 0 2 times"),
        ([Compute(0, 0, "screen", ""), Wait(7, 9.0, "compute", "")], "Wait to job 7"),
        ([AskApproval(0, Compute(0, 0, "screen", ""), (), 9.0, "")], "AskApproval to job 0"),
    ],
)
def test_answers_are_one_for_each_job(actions: list[Action], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        demand_answers(object(), [Ready(JOB, 0, ("screen",))], actions, {0, 1})
