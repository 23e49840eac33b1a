import numpy as np

from perigrid.base.jobs import Product
from perigrid.control.contact_plan import Open
from perigrid.control.open_nodes import OpenNodes
from policy_cases import gate, row, rule


class Plan:
    """Asks a plan makes of a set of forbidden nodes."""

    def __init__(self):
        self.asked = []

    def allowed_nodes(self, forbidden, opens_s=None, links=None):
        self.asked.append(forbidden)
        return Open(np.array([len(self.asked)]), opens_s, links)


def curfew(condition: str) -> str:
    return (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        f"when {{ {condition} }};"
    )


def test_equal_answers_are_one_array_and_have_no_times_without_a_clock():
    plan = Plan()
    nodes = OpenNodes(gate((rule(),)), plan)
    assert nodes(0, Product.RAW) is nodes(0, Product.RAW)
    assert nodes(0, Product.RAW).opens_s is None
    assert plan.asked == [{row("gs-no")}]


def test_what_opens_later_is_open_with_its_time():
    plan = Plan()
    nodes = OpenNodes(gate((rule(),), text=curfew("context.now_s < 100")), plan)
    opened = nodes(0, Product.RAW)
    assert plan.asked == [{row("gs-no")}]  # closed for good, as the other is not
    assert opened.opens_s(row("gs-eu"), 7.0) == 100.0
    assert opened.opens_s(row("gs-eu"), 100.0) == 100.0
    nodes.t_s = 100.0
    assert nodes(0, Product.RAW).mask is opened.mask


def test_what_has_closed_for_good_is_forbidden():
    plan = Plan()
    nodes = OpenNodes(gate(text=curfew("context.now_s >= 100")), plan)
    nodes(0, Product.RAW)
    nodes.t_s = 100.0
    nodes(0, Product.RAW)
    assert plan.asked[0] == frozenset()
    assert row("gs-eu") in plan.asked[1]
