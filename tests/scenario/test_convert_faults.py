"""Faults and recovery of a scenario file, in SI units."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.convert_faults import to_faults, to_recovery
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.load import load_scenario
from perigrid.scenario.schema.faults import FaultsSpec, RecoverySpec


def test_the_defaults_of_file_and_model_agree() -> None:
    assert to_faults(FaultsSpec.model_validate({})) == Faults()
    assert to_recovery(RecoverySpec.model_validate({})) == Recovery() == to_recovery(None)
    assert to_faults(None) is None


def test_hours_and_minutes_become_seconds() -> None:
    wanted = (
        *("faults.crash_every_hours=2", "faults.crash_minutes=3", "faults.weather_minutes=30"),
        *("recovery.quarantine_hours=1", "recovery.checkpoints=daly"),
    )
    scenario = load_scenario("three-body", overrides=wanted)
    assert scenario.faults == Faults(
        crash_between_s=7200.0, crash_repair_s=180.0, weather_lasts_s=1800.0
    )
    assert scenario.recovery == Recovery(quarantine_s=3600.0, checkpoints="daly")
    named = {row.key: row for row in scenario.provenance}
    assert named["faults.crash_every_hours"].unit == "h"
    assert named["recovery.save_s"].source.startswith("1 GB")


def test_without_faults_nothing_is_said_of_them() -> None:
    scenario = load_scenario("three-body")
    assert scenario.faults is None
    assert not [row for row in scenario.provenance if row.key.startswith(("faults", "recovery"))]


def test_a_wrong_word_is_named_with_its_choices() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("three-body", overrides=("recovery.on_failure=elswhere",))
    problem = caught.value.problems[0]
    assert problem.key == "recovery.on_failure"
    assert "elsewhere" in problem.message
