"""Doubts that a minimal scenario raises once it is changed."""

from __future__ import annotations

from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL


def implausible(*overrides: str) -> list[str]:
    """Change a minimal scenario and list its warnings of values beyond what is usual."""
    scenario = parse_scenario(MINIMAL, "mini.yaml", folder=None, overrides=overrides)
    return [line for line in scenario.warnings if ": implausible: " in line]
