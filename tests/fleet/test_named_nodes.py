"""Nodes that orders, envelopes and grants name."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.fleet.build import build_fleet
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL

PEOPLE = "approvers: [{name: ops, role: approver}]\n"
ORDER = PEOPLE + "orders: [{kind: stop, by: ops, at_hours: 0.1, nodes: [NODE]}]\n"
ENVELOPE = PEOPLE + "envelopes: [{id: e, until_hours: 1, count: 1, nodes: [NODE]}]\n"
GRANT = (
    "operators: [{name: other, satellites: [fleet-0001]}]\n"
    "grants: [{id: g, lender: demo, borrower: other, compute_hours: 1, until_hours: 1, "
    "nodes: [NODE]}]\n"
)
OWNER = "operators: [{name: other, satellites: [fleet-0000, NODE]}]\n"


def build(text: str, node: str):
    scenario = parse_scenario(MINIMAL + text.replace("NODE", node), "m.yaml", folder=None)
    return build_fleet(scenario)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (ORDER, "orders.0.nodes.0"),
        (ENVELOPE, "envelopes.0.nodes.0"),
        (GRANT, "grants.0.nodes.0"),
        (OWNER, "operators.0.satellites.1"),
    ],
)
def test_a_misspelt_node_is_an_error_with_the_name_that_was_meant(text: str, key: str) -> None:
    build(text, "fleet-0001")
    with pytest.raises(ScenarioError, match="no node is called 'flet-0001'") as caught:
        build(text, "flet-0001")
    (problem,) = caught.value.problems
    assert problem.key == key
    assert "fleet-0001" in problem.remedy
    assert problem.source_line[problem.column - 1 :].startswith("flet-0001")
    assert MINIMAL.count("\n") < problem.line


def test_a_group_stands_for_its_satellites_where_people_order_or_allow() -> None:
    fleet = build(ORDER, "fleet")
    assert fleet.called(0) == ("fleet-0000", "fleet")
    build(ENVELOPE, "fleet")
    with pytest.raises(ScenarioError, match="no node is called"):
        build(GRANT, "fleet")  # grants are metered by satellite
