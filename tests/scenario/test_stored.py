"""A scenario survives its canonical text."""

import dataclasses
import json
from pathlib import Path

import pytest

from governed import study
from missions import SCENARIO
from perigrid.base.errors import RunFolderError
from perigrid.scenario import library
from perigrid.scenario.load import load_scenario
from perigrid.scenario.pseudonyms import pseudonymous
from perigrid.scenario.stored import read_scenario, scenario_text, text_digest

EXAMPLES = Path(__file__).parents[2] / "examples"


def kept(scenario):
    return dataclasses.replace(pseudonymous(scenario), **LEFT_OUT)


LEFT_OUT = {"source_path": "", "digest": "", "provenance": (), "warnings": (), "node_places": ()}


@pytest.mark.parametrize(
    "name", [*library.names(), *(str(EXAMPLES / one) for one in ("swarm.yaml", "governed.yaml"))]
)
def test_every_scenario_comes_back_and_its_digest_is_that_of_the_text(name):
    scenario = load_scenario(name)
    text = scenario_text(scenario)
    again = read_scenario(text)
    assert text_digest(text) == scenario.digest == again.digest
    assert dataclasses.replace(again, **LEFT_OUT) == kept(scenario)


def test_people_grants_and_limits_without_end_come_back():
    for scenario in (study().scenario, SCENARIO):
        again = read_scenario(scenario_text(scenario))
        assert dataclasses.replace(again, **LEFT_OUT) == kept(scenario)


def test_a_text_of_another_version_is_refused():
    content = json.loads(scenario_text(SCENARIO))
    for broken in ({**content, "colour": 1}, {"seed": 1}, {**content, "groups": [{"orbit": {}}]}):
        with pytest.raises(RunFolderError, match="cannot be read"):
            read_scenario(json.dumps(broken))
    for text in ("", "[]", "{", "7"):
        with pytest.raises(RunFolderError):
            read_scenario(text)
