"""What must never happen: tried through the real controller, refused, and in the record."""

from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, Architecture
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Computed, Leg, Move, Moved
from perigrid.control.controller import Controller
from perigrid.control.policy.authorize import Refused, authorize
from perigrid.control.policy.build import build_gate
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind
from perigrid.ledger.record import RecordWriter, read_record
from perigrid.scenario.model import Governance, Handling, Party, Rule, Scenario
from scheduling_cases import contact_table, empty_outlook

BAVARIA = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.85, 0.19, 3, 2)
FLEET = build_fleet(SCENARIO)
GROUND = next(row for row, place in FLEET.stations.items() if place.role == "operator")
CENTRE = next(iter(FLEET.data_centres))
HOME = FLEET.operators[0]
EUROPEAN = Party(HOME, "DE", "DE")


def gate_of(controller):
    return controller._people.authority.gate


def ruled(governance: Governance, operator: str = HOME) -> Scenario:
    sites = tuple(replace(site, operator=operator) for site in SCENARIO.stations)
    return replace(SCENARIO, stations=sites, governance=governance)


def fly(tmp_path, architecture: Architecture, governance: Governance, operator: str = HOME):
    """A controller that saw one shutter, and what it decided, in a record."""
    scenario = ruled(governance, operator)
    fleet = build_fleet(scenario)
    windows = [(ContactKind.DOWNLINK, 0, GROUND, 600.0, 900.0)]
    outlook = replace(empty_outlook(fleet), contacts=contact_table(windows))
    controller = Controller(scenario, fleet, outlook, architecture, (BAVARIA,))
    record = RecordWriter(tmp_path)
    shutter = Captured(10.0, BAVARIA)
    record.events(10.0, [shutter])
    decisions = controller.handle([shutter])
    record.actions(10.0, [(one.action, one.verdict) for one in decisions])
    return controller, record, decisions


def recorded(record, tmp_path) -> list[tuple[str, str, str]]:
    record.close()
    return [
        (row["action"]["type"], row["verdict"]["decision"], row["verdict"]["rule"])
        for line in read_record(tmp_path)
        if line["kind"] == "actions"
        for row in line["decisions"]
    ]


def try_move(gate, record, product: Product, *stops: int):
    """Put a move before a gate, past the prefilter, and record the outcome."""
    legs = tuple(Leg(0, "downlink", 0, stop, 0, 0, 0, 1, 1, 1.0) for stop in stops)
    outcome = authorize(gate, Move(0, product, 0, stops[-1], legs, ""), t_s=20.0)
    record.actions(20.0, [(outcome.action, outcome.verdict)])
    return outcome


def test_a_raw_eu_scene_never_reaches_a_station_of_an_operator_from_outside(tmp_path):
    law = Governance(("eu",), (EUROPEAN, Party("cos", "US", "US")))
    controller, record, decisions = fly(tmp_path, BENT_PIPE, law, "cos")
    (close,) = [one.action for one in decisions]
    assert (close.delivered, close.reason) == (False, "rule")  # the prefilter leaves no way
    # The job is closed; a scheduler that went on all the same is refused as well.
    gate_of(controller).learn([Captured(10.0, BAVARIA)])
    assert isinstance(try_move(gate_of(controller), record, Product.RAW, GROUND), Refused)
    assert ("Move", "deny", "eu-raw-stays") in recorded(record, tmp_path)


def test_a_relabelled_raw_scene_stays_where_it_is(tmp_path):
    law = Governance(("eu",), (EUROPEAN, Party("cos", "US", "US")))
    controller, record, _ = fly(tmp_path, ONBOARD, law, "cos")
    # A gate that sees only this knows of no stage that would have made an answer of it.
    gate = build_gate(ruled(law, "cos"), controller.belief.fleet)
    gate.learn([Captured(10.0, BAVARIA)])
    assert isinstance(try_move(gate, record, Product.ANSWER, GROUND), Refused)
    with pytest.raises(ValueError, match="cannot have happened"):
        controller.handle([Computed(11.0, 0, 1, "classify", 0.1)])
    # Once both stages were ordered and ran, the answer may go.
    controller.handle([Computed(12.0, 0, 0, "screen", 0.1)])
    (down,) = controller.handle([Computed(13.0, 0, 0, "classify", 0.1)])
    assert (down.action.product, down.verdict.decision) == (Product.ANSWER, "allow")
    assert ("Move", "deny", "eu-raw-stays") in recorded(record, tmp_path)


def test_a_barred_class_stops_at_the_second_hop(tmp_path):
    parties = (EUROPEAN, Party("zed", "KP", "KP", ("tag",)))
    law = Governance((), parties, Handling(data_export_classes=("tag",)))
    centres = tuple(replace(one, operator="zed") for one in SCENARIO.data_centres)
    scenario = replace(SCENARIO, data_centres=centres, governance=law)
    fleet = build_fleet(scenario)
    controller = Controller(scenario, fleet, empty_outlook(fleet), BENT_PIPE, (BAVARIA,))
    gate_of(controller).learn([Captured(10.0, BAVARIA)])
    record = RecordWriter(tmp_path)
    assert isinstance(try_move(gate_of(controller), record, Product.RAW, GROUND, CENTRE), Refused)
    assert try_move(gate_of(controller), record, Product.RAW, GROUND).may_run
    gate_of(controller).learn([Moved(30.0, 0, GROUND, Product.RAW)])
    assert isinstance(try_move(gate_of(controller), record, Product.RAW, CENTRE), Refused)
    assert [rule for _, _, rule in recorded(record, tmp_path)] == [
        "barred-party",
        "default",
        "barred-party",
    ]


@pytest.mark.parametrize(
    ("governance", "rule"),
    [
        (Governance(handling=Handling(customer="weapon-adjacent")), "weapon-adjacent-by-people"),
        (Governance(parties=(Party(HOME, "DE", ""),)), "no-state-answers-for-it"),
        (
            Governance(("eu",), (EUROPEAN,), Handling(purpose="face-scraping")),
            "eu-prohibited-purpose",
        ),
    ],
)
def test_a_denied_computation_is_recorded_and_ends_the_job(tmp_path, governance, rule):
    _, record, decisions = fly(tmp_path, ONBOARD, governance)
    assert decisions[-1].action.reason == "rule"
    assert ("Compute", "deny", rule) in recorded(record, tmp_path)


def test_an_unregistered_satellite_does_nothing(tmp_path):
    group = replace(SCENARIO.groups[0], registry_state="")
    stray = replace(SCENARIO, groups=(group, *SCENARIO.groups[1:]))
    fleet = build_fleet(stray)
    controller = Controller(stray, fleet, empty_outlook(fleet), ONBOARD, (BAVARIA,))
    record = RecordWriter(tmp_path)
    decisions = controller.handle([Captured(10.0, BAVARIA)])
    record.actions(10.0, [(one.action, one.verdict) for one in decisions])
    assert ("Compute", "deny", "no-state-answers-for-it") in recorded(record, tmp_path)


@pytest.mark.parametrize("failure", ["engine", "timeout", "missing", "unknown"])
def test_every_doubt_is_denied_and_recorded(tmp_path, monkeypatch, failure):
    controller, record, _ = fly(tmp_path, BENT_PIPE, Governance())
    gate = gate_of(controller)
    gate.forget()
    if failure == "engine":
        monkeypatch.setattr(gate.policies, "answer", lambda _request: 1 / 0)
    if failure == "timeout":
        monkeypatch.setattr(gate, "clock", iter(range(100)).__next__)
    if failure == "missing":
        monkeypatch.setattr(gate.custody, "scene", lambda *_: None)
    stop = 10_000 if failure == "unknown" else GROUND
    assert isinstance(try_move(gate_of(controller), record, Product.RAW, stop), Refused)
    rules = {
        "engine": "error:engine",
        "timeout": "error:timeout",
        "missing": "error:missing-attribute",
        "unknown": "error:unknown-entity",
    }
    assert ("Move", "deny", rules[failure]) in recorded(record, tmp_path)


def test_a_rule_whose_name_sounds_like_a_grant_ends_the_job() -> None:
    rule = Rule("grants-none", "deny", "compute", "any", "any", "any", "nothing is computed")
    scenario = replace(SCENARIO, rules=(rule,))
    controller = Controller(scenario, FLEET, empty_outlook(FLEET), ORBITAL, (BAVARIA,))
    refused, closed = controller.handle([Captured(10.0, BAVARIA)])
    assert (refused.verdict.rule, closed.action.delivered) == ("grants-none", False)
