from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Alternative, Captured
from perigrid.control.alternatives import SEVERAL
from perigrid.control.closed import ClosedPlaces
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import OpenNodes
from perigrid.control.policy.build import build_gate
from perigrid.fleet.build import build_fleet
from perigrid.fleet.windows import no_contacts
from perigrid.scenario.model import Rule

FLEET = build_fleet(SCENARIO)
STATIONS = sorted(FLEET.stations)
HOME = FLEET.countries[STATIONS[0]]


def closed(rule: Rule, nodes: list[int], product: Product) -> tuple[Alternative, ...]:
    gate = build_gate(replace(SCENARIO, rules=(rule,)), FLEET)
    gate.learn([Captured(0.0, Job(0, 0, 0.0, 1.0, 1.0, 1.0, 0.7, 0.1, 0, 0))])
    plan = ContactPlan(no_contacts(), frozenset(), len(FLEET.names), {})
    return ClosedPlaces(gate, OpenNodes(gate, plan), nodes)(0, product)


def rule(country: str) -> Rule:
    return Rule("keep-home", "deny", "move", "raw", country, "any", "pixels stay at home")


def test_closed_places_carry_their_rule() -> None:
    told = closed(rule(HOME), STATIONS[:1], Product.RAW)
    assert [(one.node, one.t_answer_s, one.why) for one in told] == [
        (STATIONS[0], None, "closed by rule keep-home")
    ]


def test_many_closed_places_are_counted() -> None:
    told = closed(rule("any"), list(range(9)), Product.RAW)
    assert [one.node for one in told] == [0, 1, SEVERAL]
    assert told[-1].why == "7 more: closed by rule keep-home"


def test_another_product_is_not_closed() -> None:
    assert closed(rule("any"), list(range(5)), Product.ANSWER) == ()
