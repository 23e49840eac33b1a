"""What an architecture needs, asked of a scenario as written and as converted."""

from __future__ import annotations

import pytest

import perigrid
from perigrid.base.architecture import BUILT_IN
from perigrid.base.errors import ScenarioError
from perigrid.scenario.abilities import abilities, able
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL

RELAY = """\
  - name: shell
    role: relay
    operator: demo
    registry_state: SE
    orbit: {walker: {planes: 3, satellites_per_plane: 3, altitude_km: 600, inclination_deg: 70}}
"""
GATEWAY = """\
  - name: feeder
    role: gateway
    operator: demo
    sites:
      - {name: Kiruna feeder, country: SE, latitude_deg: 67.86, longitude_deg: 20.96}
"""


def parsed(text, *overrides):
    return parse_scenario(text, "m", folder=None, overrides=overrides)


def relayed(*, shell=True, gateway=True):
    text = MINIMAL.replace("stations:\n", (RELAY if shell else "") + "stations:\n")
    return text.replace("data_centres:\n", (GATEWAY if gateway else "") + "data_centres:\n")


def test_a_relay_takes_a_shell_with_lasers_and_a_gateway():
    assert not abilities(parsed(relayed()))["relay"]
    for text, *overrides in (
        (relayed(shell=False),),
        (relayed(gateway=False),),
        (relayed(), "groups.shell.laser=null"),
    ):
        lacking = abilities(parsed(text, *overrides))
        assert "relay group with lasers and stations of role gateway" in lacking["relay"]
        assert set(lacking) == set(BUILT_IN)


@pytest.mark.parametrize("command", ["run", "compare"])
@pytest.mark.parametrize(
    ("change", "architecture", "words"),
    [
        ("seed=1", "relay", "architecture relay needs a relay group"),
        ("groups.fleet.laser=null", "orbital", "architecture orbital needs a laser"),
        ("groups.fleet.computer=null", "onboard", "architecture onboard needs a computer"),
        ("seed=1", "bent-pipes", "no architecture is called 'bent-pipes'"),
    ],
)
def test_what_lacks_its_equipment_is_not_flown(tmp_path, command, change, architecture, words):
    place = tmp_path / "mini.yaml"
    place.write_text(MINIMAL, encoding="utf-8")
    study = perigrid.load(str(place), overrides=(change,))
    asked = architecture if command == "run" else (architecture,)
    with pytest.raises(ScenarioError, match=words) as caught:
        getattr(study, command)(asked, tmp_path / "out")
    assert "choose from bent-pipe" in str(caught.value)
    assert not (tmp_path / "out").exists()


EYES = """\
  - name: eyes
    role: compute
    operator: demo
    registry_state: SE
    computer: null
    orbit: {sun_synchronous: {satellites: 2, altitude_km: 600, ltan_hours: 10}}
"""


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ((), {"onboard": "a computer on the satellites of eyes"}),
        (("groups.eyes.radio=null",), {
            "bent-pipe": "stations of role operator and a radio on the satellites of eyes",
            "onboard": "stations of role operator and a radio on the satellites of eyes"}),
        (("groups.eyes.laser=null",), {"orbital": "a laser on the satellites of eyes",
                                       "onboard": "a computer on the satellites of eyes"}),
        (("groups.eyes.sensor=null",), {}),
        (("groups.fleet.sensor=null", "groups.fleet.radio=null"),
         {"onboard": "a computer on the satellites of eyes"}),
        (("groups.fleet.computer=null",), {
            "onboard": "a computer on the satellites of fleet, eyes",
            "orbital": "a computer on the satellites of fleet, eyes"}),
    ],
)  # fmt: skip
def test_of_several_groups_those_that_take_scenes_need_what_an_architecture_asks(changes, lacking):
    mission = parsed(MINIMAL.replace("stations:\n", EYES + "stations:\n"), *changes)
    found = abilities(mission)
    asked = ("bent-pipe", "onboard", "orbital")
    assert {name: found[name] for name in asked if found[name]} == lacking
    assert not any(found[name] for name in mission.architectures)
    assert bool(found["hosted"]) == bool(found["orbital"])


EITHER = (
    "architectures=[{name: either, compute: {'*': [origin, data-centre]},"
    " carry: {'*': [downlink]}}]"
)


def test_orbit_against_ground_takes_a_scheduler_that_weighs_them():
    assert parsed(MINIMAL, EITHER).architectures == ("either",)
    with pytest.raises(ScenarioError, match="`scheduler: lookahead`") as caught:
        parsed(MINIMAL, EITHER, "scheduler=fifo")
    assert caught.value.problems[0].key == "architectures.0"
    with pytest.raises(ScenarioError) as caught:
        parsed(MINIMAL, EITHER, "scheduler=oracle")
    assert [problem.key for problem in caught.value.problems] == ["scheduler"]


def test_crosslinks_and_a_relay_take_two_terminals():
    both = parsed(relayed(), "groups.fleet.laser.terminals=2")
    assert not abilities(both)["hosted"]
    one = parsed(relayed(), "groups.fleet.laser.terminals=1")
    assert "second laser terminal" in abilities(one)["hosted"]
    assert not abilities(one)["orbital"]
    alone = parsed(MINIMAL, "groups.fleet.laser.terminals=1")
    assert not abilities(alone)["hosted"]


def test_one_way_to_the_ground_is_enough_where_there_is_a_choice():
    assert not abilities(parsed(MINIMAL))["ground-anywhere"]
    mute = abilities(parsed(relayed(), "groups.fleet.radio=null", "architectures=[relay]"))
    assert not mute["ground-anywhere"]
    assert "stations of role operator" in mute["onboard"]


def test_what_is_delivered_counts():
    pixels = abilities(parsed(relayed(), "pipeline.deliver=pixels"))
    assert "brings raw to the ground" in pixels["hosted"]
    assert not pixels["onboard-relay"]


JOBS = "jobs={count: 10}"
HELD = "jobs.origin=satellites"


def test_compute_jobs_from_the_ground_are_done_in_orbit_or_in_data_centres() -> None:
    assert able(parsed(relayed())) == tuple(BUILT_IN)
    found = parsed(relayed(), JOBS)
    assert able(found) == ("bent-pipe", "orbital", "hosted", "ground-anywhere")
    assert found.architectures == ("bent-pipe", "orbital")
    lacking = abilities(found)
    assert "jobs.origin: satellites" in lacking["onboard"]
    assert "compute jobs go over lasers" in lacking["relay"]


def test_data_that_satellites_hold_is_computed_there_too() -> None:
    found = parsed(relayed(), JOBS, HELD)
    assert able(found) == ("bent-pipe", "onboard", "orbital", "hosted", "ground-anywhere")
    bare = abilities(parsed(relayed(), JOBS, HELD, "groups.fleet.laser=null"))
    assert "a laser" in bare["orbital"]
    assert not bare["onboard"]


def test_jobs_from_the_ground_need_no_lasers_and_no_radio() -> None:
    found = parsed(MINIMAL, JOBS, "groups.fleet.laser=null", "groups.fleet.radio=null")
    assert "orbital" in able(found)
    assert not abilities(parsed(MINIMAL, JOBS, "groups.fleet.sensor=null"))["bent-pipe"]


def test_jobs_done_in_orbit_need_a_computer_there():
    found = parsed(MINIMAL, JOBS, "groups.fleet.computer=null")
    assert "a computer on the satellites" in abilities(found)["orbital"]
    assert found.architectures == ("bent-pipe",)


def test_a_composition_names_the_one_stage_of_compute_jobs():
    carry = "carry: {'*': [crosslink, downlink]}"
    own = f"architectures=[{{name: near, compute: {{compute: [satellite]}}, {carry}}}]"
    found = parsed(MINIMAL, JOBS, own)
    assert "near" in able(found)
    with pytest.raises(ScenarioError, match="no task is called 'compute'"):
        parsed(MINIMAL, own)
