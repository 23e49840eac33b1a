"""A small mission with rules, people, denials and grants, and its flights."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from unittest import mock

import perigrid

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


@functools.cache
def comparison() -> Path:
    """Folder of two architectures flown with the rules and without, once for all tests."""
    folder = Path(_SCRATCH.name) / "governed"
    study().compare(("onboard", "orbital"), folder, both=True)
    return folder


@functools.cache
def of_messages() -> Path:
    """The same flown by the engine in Python, whose record holds every message."""
    folder = Path(_SCRATCH.name) / "messages"
    with in_python():
        study().compare(("onboard", "orbital"), folder, both=True)
    return folder


def in_python():
    """Keep missions from the compiled engine for a while."""
    return mock.patch("perigrid.sim.run.stands_against", return_value="a test wants messages")


_SCRATCH = tempfile.TemporaryDirectory(prefix="perigrid-governed-")
