import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perigrid.control.contact_plan import ContactPlan, Exit
from perigrid.control.planning.alone import EmptyNetwork, fibre_s
from perigrid.fleet.model import ContactKind
from scheduling_cases import contact_table

EXITS = {3: Exit(5, 0.5, 80.0), 4: Exit(5, 2.0, 800.0)}
NBYTES = 10.0
CROSS = ContactKind.CROSSLINK


def network(rows, closed=frozenset()):
    contacts = contact_table([(CROSS, *row) for row in rows], rate_bps=80.0)
    return contacts, EmptyNetwork(contacts, 6, EXITS, NBYTES, closed)


row = st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 20), st.integers(1, 12)).map(
    lambda one: (one[0], one[1], float(one[2]), float(one[2] + one[3]))
)


@settings(max_examples=60, deadline=None)
@example([(0, 3, 0.0, 1.0)], 5, 0)  # it fills the window to the last instant
@given(st.lists(row, min_size=1, max_size=8), st.integers(5, 40), st.integers(0, 2))
def test_the_latest_time_is_the_last_from_which_a_way_is_in_time(rows, due_s, node) -> None:
    contacts, empty = network(rows)
    plan = ContactPlan(contacts, list(ContactKind), 6, EXITS)
    everywhere = plan.allowed_nodes(frozenset())
    latest_s = float(empty.latest_s(float(due_s))[node])
    for t_s in np.arange(-5.0, 30.0, 0.25):
        way = plan.to_data_centre(node, float(t_s), NBYTES, everywhere)
        in_time = way is not None and way.t_arrival_s <= due_s + 1e-9
        assert in_time == (t_s <= latest_s + 1e-9)


def test_it_agrees_with_the_plan_on_arrivals() -> None:
    contacts, empty = network([(0, 1, 0.0, 9.0), (1, 2, 4.0, 9.0), (2, 3, 0.0, 30.0)])
    plan = ContactPlan(contacts, list(ContactKind), 6, EXITS)
    routes = plan.to_nodes(0, 1.0, NBYTES, plan.allowed_nodes(frozenset()))
    there_s = empty.earliest_s(0, 1.0, 100.0)
    assert there_s[0] == 1.0
    assert {n: there_s[n] for n in (1, 2, 3)} == {n: routes[n].t_arrival_s for n in (1, 2, 3)}
    assert np.isinf(empty.earliest_s(0, 1.0, 2.0)[2])


def test_closed_ground_is_no_way_out() -> None:
    rows = [(0, 3, 0.0, 9.0), (0, 4, 20.0, 29.0)]
    _, free = network(rows)
    _, kept = network(rows, frozenset({4}))
    assert free.latest_s(50.0)[0] > 20.0
    assert kept.latest_s(50.0)[0] < 9.0


def test_fibre_takes_sending_and_delay() -> None:
    assert fibre_s(EXITS[3], NBYTES) == pytest.approx(1.5)
