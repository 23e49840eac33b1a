"""Storms of faults by the compiled loop and core, against controller and engine in Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perigrid.base.registry import SCHEDULERS
from perigrid.engine.state import Count
from perigrid.scenario.faults import Recovery
from perigrid.sim.world import World, build_world
from plug_ins import install
from storms import storm
from tests.engine.recorded import demand_equal
from tests.engine.test_decided import flown

POLICIES = (
    Recovery(checkpoints="daly", quarantine_s=1800.0),
    Recovery("retry-same", "elsewhere", checkpoints="fixed", quarantine_after=0),
    Recovery("elsewhere", "accept", retries=1, quarantine_after=1),
)
CASES = [
    ("orbital", "lookahead", 0), ("orbital", "fifo", 1), ("orbital", "edf", 2),
    ("orbital", "price", 1), ("onboard", "lookahead", 2), ("bent-pipe", "lookahead", 0),
    ("relay", "lookahead", 1), ("hosted", "lookahead", 0), ("hosted", "price", 2),
    ("onboard-relay", "edf", 0), ("ground-anywhere", "lookahead", 1),
    ("orbital", "planner", 0), ("hosted", "planner", 1), ("orbital", "my-lookahead", 0),
    ("hosted", "my-lookahead", 1), ("onboard", "my-lookahead", 2), ("orbital", "my-price", 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def calm() -> World:
    return build_world(storm())


OTHERS = """
from perigrid.control.scheduling.{module} import {name}


class {name}Too({name}):
    pass
"""


@pytest.fixture(autouse=True)
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Register built-in schedulers as somebody else's."""
    for name in ("Lookahead", "Price"):
        code = OTHERS.format(module=name.lower(), name=name)
        install(tmp_path, monkeypatch, SCHEDULERS, f"my-{name.lower()}", f"{name}Too", code)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("name", "scheduler", "policy"), CASES)
def test_a_storm_is_decided_and_flown_as_in_python(
    calm: World, name: str, scheduler: str, policy: int, seed: int
) -> None:
    number = 10 * seed + CASES.index((name, scheduler, policy))
    scenario = replace(calm.scenario, seed=number, scheduler=scheduler, recovery=POLICIES[policy])
    driven = flown(replace(calm, scenario=scenario), scenario.architecture(name))
    demand_equal(driven)
    undone = [Count.FAILED_MOVES, Count.LOST_TASKS, Count.REFUSED_CAPTURES]
    assert driven.world.counts[undone].sum() > 0
