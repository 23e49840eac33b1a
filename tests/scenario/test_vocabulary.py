"""Names that rules may be about."""

from __future__ import annotations

from perigrid.scenario.load import parse_scenario
from perigrid.scenario.vocabulary import Vocabulary, remedy_for
from scenario_inputs import MINIMAL


def load(text: str):
    return parse_scenario(MINIMAL + text, "m.yaml", folder=None)


def test_what_is_there_is_known():
    names = Vocabulary.of(
        load(
            "approvers: [{name: ops, role: pilot}]\n"
            "handling: {data_export_classes: [own]}\n"
            "operators: [{name: other, satellites: [fleet-0000]}]\n"
            "rules: [{id: gulf, form: close-area, area: "
            "{south_deg: 1, north_deg: 2, west_deg: 1, east_deg: 2}}]\n"
        )
    )
    assert names.operators == {"demo", "other"}
    assert names.roles == {"pilot"}
    assert names.classes >= {"own", "eu-dual-use"}
    assert names.areas >= {"gulf"}
    assert {"GB", "RE", "XK"} <= names.states
    assert "EU" in names.regions


def test_the_remedy_names_what_was_meant_or_what_there_is():
    assert remedy_for("Raw", {"raw", "derived"}) == "did you mean 'raw'?"
    assert remedy_for("zzz", {"raw", "derived"}) == "it may be derived, raw"
    assert remedy_for("x", ()) == "the scenario has none"
