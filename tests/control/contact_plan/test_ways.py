import pytest

from perigrid.base.errors import ContactPlanError
from perigrid.control.contact_plan.ion_import import import_ion
from perigrid.control.contact_plan.ways import earliest_ways
from perigrid.scenario.ion_reader import parse_ion

PLAN = """
a contact +10 +20 7 2 100
a contact +15 +40 2 31 100
a contact +0 +99 5 7 100
"""


def test_ways_are_listed_the_earliest_first_in_the_files_numbers():
    ways = earliest_ways(import_ion(parse_ion(PLAN, "p")), 7, 12.0, 500.0)
    assert [(way.target, way.stops, way.t_arrival_s) for way in ways] == [
        (2, (7, 2), 17.0),
        (31, (7, 2, 31), 22.0),
        (5, (), float("inf")),
    ]
    assert [hop.start_s for hop in ways[1].hops] == [12.0, 17.0]


def test_a_node_that_is_not_in_the_plan_is_named():
    with pytest.raises(ContactPlanError, match="node 9") as caught:
        earliest_ways(import_ion(parse_ion(PLAN, "p")), 9, 0.0, 1.0)
    assert "2, 5, 7, 31" in str(caught.value)
