import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.control.contact_plan import Open
from perigrid.control.open_nodes import open_to_any
from policy_cases import gate, row, rule

JOBS = [Job(number, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.85, 0.19, 3, 2) for number in range(3)]


class Plan:
    """Asks a plan makes of a set of forbidden nodes."""

    def __init__(self):
        self.asked = []

    def allowed_nodes(self, forbidden):
        self.asked.append(forbidden)
        return Open(np.array([one not in forbidden for one in range(40)]))


def test_what_no_job_may_touch_is_closed_and_jobs_alike_are_asked_about_once():
    plan = Plan()
    found = open_to_any(gate((rule(),)), plan, JOBS, Product.RAW)
    assert plan.asked == [frozenset(), {row("gs-no")}]
    assert np.flatnonzero(~found).tolist() == [row("gs-no")]


def test_all_is_open_where_rules_change_with_time():
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        "when { context.now_s < 100 };"
    )
    assert open_to_any(gate((rule(),), text=text), Plan(), JOBS, Product.RAW).all()
