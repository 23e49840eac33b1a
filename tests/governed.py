"""A small mission with rules, people, denials and grants, and its flights."""

from __future__ import annotations

from pathlib import Path

import pytest

import perigrid
from once import once
from perigrid.live.runner import fly_live
from perigrid.scenario.stored import FILE_NAME as SCENARIO_FILE
from perigrid.scenario.stored import scenario_text
from perigrid.sim.run import manifest, write_json
from perigrid.sim.staging import MANIFEST
from perigrid.sim.world import build_world
from tests.live.test_runner import PatientClock

SCENARIO = Path(__file__).parents[1] / "examples" / "two-operators" / "scenario.yaml"

# A person approves every stage, half the requests are refused, and two countries take no answer.
RULES = (
    "{id: hand, form: approve, action: compute},"
    "{id: not-there, effect: deny, action: move, product: answer, to_country: NO, reason: stays}"
)
PEOPLE = (
    "{name: chief, role: flight-director, delay_minutes: 3, delay_spread: 2, grants_share: 0.7}"
)
OVERRIDES = (
    "hours=0.6",
    "pipeline.executed_scenes=4",
    f"rules=[{RULES}]",
    f"approvers=[{PEOPLE}]",
    "approval={people: 1, valid_hours: 1}",
    "jurisdiction=eu",
)


def study(*more: str) -> perigrid.api.Study:
    return perigrid.load(str(SCENARIO), overrides=(*OVERRIDES, *more))


def comparison() -> Path:
    """Folder of two architectures flown with the rules and without, once for all tests."""
    return once("governed", _compare)


def _compare(folder: Path) -> None:
    study().compare(("onboard", "orbital"), folder, both=True)


def of_messages() -> Path:
    """The same with the rules, live on a clock that waits for nobody: the record of messages."""
    return once("messages", _fly_live)


def _fly_live(folder: Path) -> None:
    flown = build_world(study().scenario)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("onboard", "orbital"):
            place, architecture = folder / name, flown.scenario.architecture(name)
            place.mkdir(parents=True)
            (place / SCENARIO_FILE).write_text(scenario_text(flown.scenario), encoding="utf-8")
            write_json(place / MANIFEST, manifest(flown, name, ""))
            until_s = flown.scenario.duration_s
            clock = PatientClock(patch)
            fly_live(flown, architecture, place, speed=1.0, until_s=until_s, clock=clock)
            patch.undo()
