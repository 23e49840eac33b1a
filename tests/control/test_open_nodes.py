from perigrid.base.jobs import Product
from perigrid.control.open_nodes import OpenNodes
from policy_cases import gate, row, rule


class Plan:
    """Asks a plan makes of a set of forbidden nodes."""

    def __init__(self):
        self.asked = []

    def allowed_nodes(self, forbidden):
        self.asked.append(forbidden)
        return len(self.asked)


def test_equal_answers_are_one_array_and_time_counts():
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        "when { context.now_s < 100 };"
    )
    plan = Plan()
    nodes = OpenNodes(gate((rule(),), text=text), plan)
    assert nodes(0, Product.RAW) == nodes(0, Product.RAW) == 1
    assert row("gs-eu") in plan.asked[0]
    nodes.t_s = 100.0
    assert nodes(0, Product.RAW) == 2
    assert plan.asked[1] == {row("gs-no")}
