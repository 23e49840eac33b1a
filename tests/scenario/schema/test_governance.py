import pytest
from pydantic import ValidationError

from perigrid.scenario.json_schema import json_schema
from perigrid.scenario.schema.governance import PartySpec, RuleSpec
from perigrid.scenario.validate import ScenarioFile


def test_one_pack_may_stand_alone_for_editors_too():
    packs = json_schema()["properties"]["jurisdiction"]["anyOf"]
    assert packs[0]["enum"] == packs[1]["items"]["enum"] == ["eu", "china", "us", "open"]
    assert ScenarioFile.model_fields["jurisdiction"].metadata


def test_states_are_codes():
    assert PartySpec.model_validate({"name": "a", "home": "DE"}).authorising_state is None
    with pytest.raises(ValidationError):
        PartySpec.model_validate({"name": "a", "home": "de"})


def test_a_rule_knows_no_other_form():
    with pytest.raises(ValidationError):
        RuleSpec.model_validate({"id": "a", "form": "mars-only"})
