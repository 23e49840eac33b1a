"""Mutants of policies, entities and governed scenarios end in success or a typed error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mutants import survive
from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.policy.build import build_policies
from perigrid.control.policy.packs import JURISDICTIONS, pack_text
from perigrid.fleet.build import build_fleet
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.policy_files import read_policy_folder
from perigrid.scenario.problems import Place
from scenario_inputs import MINIMAL

SAMPLE = 60
MANY = 2_000

OWN = """
// ours; not theirs
@id("curfew") @reason("no raw pixels
in the first hour; \\"none\\"")
forbid (principal is Agent, action == Action::"downlink", resource)
when { context.level == "raw" && context.now_s < 3600 && !(context.now_s - context.captured_s > 9) }
unless { context.approver_roles.containsAll(["approver"]) || ["DE", "EU"].containsAny(context.territory) };
@id("one") permit (principal == Agent::"scheduler", action in [Action::"move"], resource in Node::"Kiruna")
when { if resource.kind like "sat*" then context has now_s else resource.operator == "demo" };
"""  # noqa: E501
ENTITIES = json.dumps(
    [
        {"uid": {"type": "Human", "id": "guest"}, "attrs": {"operator": "demo"}, "parents": []},
        {
            "uid": {"type": "Node", "id": "guest"},
            "attrs": {
                "operator": "demo", "home": ["SE"], "place": ["SE"], "kind": "station",
                "registry_state": "", "authorising_state": "", "barred": [],
            },
            "parents": [],
        },
    ]
)  # fmt: skip
GOVERNED = (
    MINIMAL
    + """
jurisdiction: [eu, us]
parties: [{name: demo, home: SE, authorising_state: SE, barred: [eu-dual-use]}]
handling: {purpose: floods, customer: civil, people_visible: true, weights_export_classes: [usml]}
approvers: [{name: ops, role: pilot, delay_minutes: 5}, {name: chief, role: chief}]
approval: {people: 1, roles: [pilot], valid_hours: 2, order_roles: [chief]}
autonomy: {hours: 3}
envelopes: [{id: week, until_hours: 1, count: 3, nodes: [fleet, Kiruna], territories: [EU, NO]}]
orders: [{kind: stop, by: ops, at_hours: 0.5, for_hours: 1, nodes: [fleet-0000], reason: drill}]
operators: [{name: other, satellites: [fleet-0001]}]
grants: [{id: g, lender: demo, borrower: other, compute_hours: 1, until_hours: 1}]
rules:
  - {id: home, form: no-raw-export, to_country: SE}
  - {id: hand, form: approve, action: compute, people: {count: 2, roles: [pilot]}}
  - {id: gulf, form: close-area, area: {south_deg: 24, north_deg: 30, west_deg: 48, east_deg: 56,
     closed_from: "2026-08-22T01:00:00Z", closed_until: "2026-08-22T02:00:00Z"}}
  - {id: fine, form: min-gsd, finest: {gsd_m: 0.5}}
  - {id: class, form: bar-export, export_class: usml, to_operator: other}
  - {id: no-jp, effect: deny, action: move, product: raw, to_country: JP, reason: "at; home"}
"""
)
MISSION = parse_scenario(MINIMAL, "m.yaml", folder=None)
FLEET = build_fleet(MISSION)


def reader(folder: Path, name: str):
    """Reads a mutant as the file of that name in a policies folder."""
    law = folder / "law"
    law.mkdir()
    (law / "a.cedar").write_text('@id("a") permit (principal, action, resource);')

    def read(content: bytes) -> None:
        (law / name).write_bytes(content)
        files = read_policy_folder(folder, "law", Place("m.yaml"))
        governance = MISSION.governance.__class__(policies=files)
        build_policies(MISSION.__class__(**{**_fields(MISSION), "governance": governance}), FLEET)

    return read


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__slots__}


def read_governed(content: bytes) -> None:
    try:
        text = content.decode()
    except ValueError as error:
        raise ScenarioError([Problem(str(error))]) from error
    scenario = parse_scenario(text, "m.yaml", folder=None)
    build_policies(scenario, build_fleet(scenario))


CEDAR_SEEDS = [OWN.encode(), *(pack_text(name).encode() for name in JURISDICTIONS)]


def test_the_seeds_themselves_are_read(tmp_path: Path) -> None:
    read = reader(tmp_path, "b.cedar")
    read(CEDAR_SEEDS[0])
    read_governed(GOVERNED.encode())
    (tmp_path / "more").mkdir()
    reader(tmp_path / "more", "b.json")(ENTITIES.encode())


@pytest.mark.parametrize("count", [SAMPLE, pytest.param(MANY, marks=pytest.mark.slow)])
def test_policies(tmp_path: Path, count: int) -> None:
    assert survive(reader(tmp_path, "b.cedar"), CEDAR_SEEDS, count) > count // 10


@pytest.mark.parametrize("count", [SAMPLE, pytest.param(MANY, marks=pytest.mark.slow)])
def test_entities(tmp_path: Path, count: int) -> None:
    assert survive(reader(tmp_path, "b.json"), [ENTITIES.encode()], count) > count // 10


@pytest.mark.parametrize("count", [SAMPLE // 3, pytest.param(MANY, marks=pytest.mark.slow)])
def test_governed_scenarios(count: int) -> None:
    assert survive(read_governed, [GOVERNED.encode()], count) > count // 10
