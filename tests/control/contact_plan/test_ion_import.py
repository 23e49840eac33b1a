import numpy as np

from perigrid.control.contact_plan.ion_import import import_ion
from perigrid.control.contact_plan.search import earliest_arrival
from perigrid.scenario.ion_reader import parse_ion

PLAN = """
a contact +10 +20 7 2 100
a contact +15 +40 2 31 100
a contact +0 +99 5 5 100
a range +0 +99 2 7 3
"""


def test_a_product_crosses_an_imported_plan():
    imported = import_ion(parse_ion(PLAN, "p"))
    assert imported.nodes == (2, 5, 7, 31)
    assert imported.without_range == 1
    table = imported.table
    found = earliest_arrival(table, np.full(len(table), -np.inf), 2, 0.0, 500.0)
    # 5 s on each contact; 3 s of light from 7 to 2; 2 can send at 18.
    assert found.arrival_s.tolist() == [18.0, np.inf, 0.0, 23.0]
