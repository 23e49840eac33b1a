"""What an architecture needs, asked of a scenario as written and as converted."""

from __future__ import annotations

import pytest

import perigrid
from perigrid.base.architecture import BUILT_IN
from perigrid.base.errors import ScenarioError
from perigrid.scenario.abilities import abilities
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
