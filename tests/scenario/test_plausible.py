"""Values that no satellite has are told, and nothing that is usual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perigrid.scenario import library
from perigrid.scenario.load import load_scenario, parse_scenario
from scenario_doubts import implausible
from scenario_inputs import MINIMAL, changed

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("**/*.yaml"))


@pytest.mark.parametrize("source", [*library.names(), *map(str, EXAMPLES)])
def test_shipped_scenarios_are_plausible_and_say_nothing_idle(source: str) -> None:
    odd = re.compile("implausible|no effect")
    assert [line for line in load_scenario(source).warnings if odd.search(line)] == []


def test_a_usual_satellite_is_not_doubted() -> None:
    assert implausible() == []


@pytest.mark.parametrize("code", ["XX", "AA", "QZ", "ZZ"])
@pytest.mark.parametrize(
    "key", ["groups.fleet.registry_state", "stations.0.sites.0.country", "data_centres.0.country"]
)
def test_a_code_left_to_users_is_no_state(key: str, code: str) -> None:
    (line,) = implausible(f"{key}={code}")
    assert f"{code} is no state" in line


def test_real_states_are_states() -> None:
    for code in ("SE", "XK", "ZW", "QA", "AD"):
        assert implausible(f"groups.fleet.registry_state={code}") == []


def test_a_party_without_a_state_is_implausible() -> None:
    text = MINIMAL + "parties: [{name: demo, home: XX}]\n"
    scenario = parse_scenario(text, "mini.yaml", folder=None)
    assert any(line.startswith("parties.demo.home: implausible: XX") for line in scenario.warnings)


@pytest.mark.parametrize(("year", "words"), [(1926, "first satellite"), (2226, "beyond 2100")])
def test_years_without_satellites_or_forecasts_are_implausible(year: int, words: str) -> None:
    text = changed(MINIMAL, "start: 2026", f"start: {year}")
    (line,) = parse_scenario(text, "mini.yaml", folder=None).warnings
    assert line.startswith("start: implausible: ")
    assert words in line
