"""What the role of a group implies."""

from __future__ import annotations

from perigrid.scenario.schema.satellites import Group

GROUP = {
    "name": "g", "operator": "o", "registry_state": "SE",
    "orbit": {"sun_synchronous": {"satellites": 1, "altitude_km": 500, "ltan_hours": 6}},
}  # fmt: skip
EQUIPMENT = ("computer", "radio", "laser", "sensor")


def equipment(**given):
    group = Group.model_validate(GROUP | given)
    return {name for name in EQUIPMENT if getattr(group, name) is not None}


def test_a_computing_satellite_has_everything_and_a_relay_only_lasers():
    assert equipment(role="compute") == set(EQUIPMENT)
    assert equipment(role="relay") == {"laser"}


def test_null_takes_away_and_a_section_adds():
    assert equipment(role="compute", laser=None, radio=None) == {"computer", "sensor"}
    assert equipment(role="relay", computer={"slots": 2}) == {"laser", "computer"}
    assert Group.model_validate(GROUP | {"role": "relay", "laser": {"terminals": 5}}).laser
