"""The world of the example in which everything fails, built without running the detector again."""

from __future__ import annotations

from pathlib import Path

from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Scenario

EXAMPLE = str(Path(__file__).parents[1] / "examples" / "fault-storm.yaml")


def storm(*overrides: str) -> Scenario:
    """The example's scenario with some keys changed."""
    return load_scenario(EXAMPLE, overrides=overrides)
