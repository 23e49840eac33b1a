"""Changes from the command line."""

from __future__ import annotations

import pytest

from perigrid.base.errors import InputError, ScenarioError
from perigrid.scenario.load import load_scenario, parse_scenario
from scenario_inputs import MINIMAL, changed


def parse(*overrides, text=MINIMAL):
    return parse_scenario(text, "m.yaml", folder=None, overrides=overrides)


@pytest.mark.parametrize(
    "path",
    ["groups.fleet.battery.capacity_wh", "groups.0.battery.capacity_wh"],
)
def test_items_go_by_name_or_index(path):
    assert parse(f"{path}=900").groups[0].battery.capacity_j == 900 * 3600.0


def test_sections_left_to_their_defaults_can_be_changed():
    scenario = parse("groups.fleet.thermal.radiator_area_m2=2.5", "pipeline.screen.fixed_s=3")
    assert scenario.groups[0].thermal.radiator_area_m2 == 2.5
    assert scenario.pipeline.stage("screen").fixed_s == 3.0


def test_values_are_yaml_1_2():
    text = MINIMAL + "rules: [{id: r, effect: deny, reason: x}]\n"
    scenario = parse(
        "rules.r.to_country=NO", "approver.grants=false", "architectures=[onboard]", "title=a = b",
        "step_s=1.2e1", "groups.fleet.laser=", text=text,
    )  # fmt: skip
    assert scenario.rules[0].to_country == "NO"
    assert scenario.approver.grants is False
    assert scenario.architectures == ("onboard",)
    assert scenario.title == "a = b"
    assert scenario.step_s == 12.0
    assert scenario.groups[0].laser is None


def test_later_ones_win_and_names_may_hold_dots():
    text = changed(MINIMAL, "name: Kiruna", 'name: "St. John\'s"')
    scenario = parse(
        "hours=3", "hours=4", "stations.home.sites.St. John's.latitude_deg=47.5", text=text
    )
    assert scenario.duration_s == 4 * 3600.0
    assert scenario.stations[0].latitude_rad == pytest.approx(0.8290313946973066)


def test_a_library_scenario_can_be_changed():
    scenario = load_scenario("three-body", overrides=("groups.scs-01.bus_load_w=99", "seed=7"))
    assert scenario.groups[0].bus_load_w == 99.0
    assert scenario.seed == 7


WRONG = [
    ("hours", "", "has no 'path=value'"),
    ("=3", "", "has no 'path=value'"),
    ("a..b=3", "", "empty step"),
    ("hors=3", "hors", "did you mean 'hours'"),
    ("groups.flet.bus_load_w=3", "groups.flet", "did you mean 'fleet'"),
    ("groups.7.bus_load_w=3", "groups.7", "no item '7'"),
    ("groups.-1.bus_load_w=3", "groups.-1", "no item '-1'"),
    ("hours.value.x=3", "hours", "is a value, not a section"),
    ("groups.fleet.battery.capacity_wh=-3", "groups.0.battery.capacity_wh", "greater than 0 Wh"),
    ("groups.fleet.battery.capacity=3", "groups.0.battery.capacity", "did you mean 'capacity_wh'"),
    ("hours=three", "hours", "must be a number"),
    ("hours=", "hours", "must be a number, got nothing"),
    ("hours=[1", "", "not valid YAML"),
    ("hours=nan", "hours", "must be a number"),
    ("hours=.nan", "hours", "finite"),
    ("seed=1.5", "seed", "whole number"),
    ("groups=3", "groups", "must be a list"),
    ("step_s=7", "step_s", "whole number of steps"),
]


@pytest.mark.parametrize(("override", "key", "words"), WRONG)
def test_a_wrong_override_is_named_and_shown(override, key, words):
    with pytest.raises(InputError) as caught:
        parse("seed=1", override)
    matching = [p for p in caught.value.problems if words in p.message and p.key == key]
    assert matching, str(caught.value)
    problem = matching[0]
    assert problem.path == "--set"
    assert problem.source_line == override
    assert problem.line == 2, "the second override"
    assert problem.remedy


def test_all_wrong_overrides_are_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        parse("groups.9.x=1", "y", "hours=3")
    assert len(caught.value.problems) == 2
