import pytest

from perigrid.base.errors import ScenarioError
from perigrid.physics.radiation.devices import DEVICES
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.schema.radiation import RadiationSpec
from scenario_inputs import MINIMAL


def group_with(*overrides):
    return parse_scenario(MINIMAL, "m", folder=None, overrides=overrides).groups[0]


def test_the_schema_offers_the_devices_of_the_physics():
    choices = RadiationSpec.model_json_schema()["properties"]["device"]["enum"]
    assert choices == list(DEVICES)


def test_a_computing_group_is_shielded_by_default():
    radiation = group_with().radiation
    assert radiation is not None
    assert radiation.shield_m == pytest.approx(0.01)
    assert radiation.device in DEVICES
    changed = group_with("groups.fleet.radiation.shielding_mm_al=3").radiation
    assert changed.shield_m == pytest.approx(0.003)


def test_radiation_can_be_taken_away():
    assert group_with("groups.fleet.radiation=").radiation is None


def test_shields_thinner_than_the_grid_are_refused():
    with pytest.raises(ScenarioError, match="shielding_mm_al"):
        group_with("groups.fleet.radiation.shielding_mm_al=0.5")
