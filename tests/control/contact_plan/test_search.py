import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contact_plan_cases import N_NODES, expanded_arrivals, node, plans, table_of
from perigrid.control.contact_plan.search import contacts_to, earliest_arrival, hops_to

NEVER = -np.inf


def nothing_booked(table):
    return np.full(len(table), NEVER)


@settings(max_examples=200, deadline=None)
@given(
    plans,
    node,
    st.integers(0, 20),
    st.integers(1, 5),
    st.lists(st.integers(0, 50), min_size=14, max_size=14),
    st.lists(st.integers(0, 3), min_size=N_NODES, max_size=N_NODES),
)
def test_arrivals_equal_those_of_the_time_expanded_graph(rows, source, ready, size, free, hold):
    table = table_of(rows)
    hold = [0 if k == source else seconds for k, seconds in enumerate(hold)]
    free_s = np.array(free[: len(rows)], dtype=float)[table.row_of]
    found = earliest_arrival(
        table, free_s, source, float(ready), float(size), hold_s=np.array(hold, dtype=float)
    )
    assert found.arrival_s.tolist() == expanded_arrivals(rows, source, ready, size, free, hold)


@settings(max_examples=100, deadline=None)
@given(plans, node, node, st.integers(0, 4), st.integers(0, 60))
def test_a_search_for_one_node_or_up_to_a_time_tells_the_same(rows, source, target, size, latest):
    table = table_of(rows)
    free_s = nothing_booked(table)
    everywhere = earliest_arrival(table, free_s, source, 0.0, size)
    one = earliest_arrival(table, free_s, source, 0.0, size, target=target)
    assert one.arrival_s[target] == everywhere.arrival_s[target]
    if np.isfinite(one.arrival_s[target]):
        assert contacts_to(table, one, target) == contacts_to(table, everywhere, target)
    soon = earliest_arrival(table, free_s, source, 0.0, size, latest_s=float(latest))
    in_time = everywhere.arrival_s <= latest
    assert np.array_equal(soon.arrival_s, np.where(in_time, everywhere.arrival_s, np.inf))


@settings(max_examples=100, deadline=None)
@given(plans, node, st.integers(0, 4), st.lists(st.booleans(), min_size=N_NODES, max_size=N_NODES))
def test_forbidden_nodes_count_as_if_no_contact_led_there(rows, source, size, allowed):
    table = table_of(rows)
    mask = np.array(allowed)
    found = earliest_arrival(table, nothing_booked(table), source, 0.0, size, allowed=mask)
    left = [row for row in rows if mask[row[1]]]
    free, hold = [0] * len(left), [0] * N_NODES
    assert found.arrival_s.tolist() == expanded_arrivals(left, source, 0, size, free, hold)


@settings(max_examples=100, deadline=None)
@given(plans, node, st.integers(0, 5), st.integers(0, 9), st.integers(0, 9))
def test_what_is_ready_later_never_arrives_earlier(rows, source, size, first, wait):
    table = table_of(rows)
    free_s = nothing_booked(table)
    early = earliest_arrival(table, free_s, source, float(first), size).arrival_s
    late = earliest_arrival(table, free_s, source, float(first + wait), size).arrival_s
    assert np.all(early <= late)


@settings(max_examples=100, deadline=None)
@given(plans, node, st.integers(0, 5), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_hops_lead_to_the_node_at_the_time_told(rows, source, size, hold):
    table = table_of(rows)
    free_s = nothing_booked(table)
    hold_s = np.array(hold, dtype=float)
    found = earliest_arrival(table, free_s, source, 0.0, size, hold_s=hold_s)
    for target in np.flatnonzero(np.isfinite(found.arrival_s)):
        here, ready_s = source, 0.0
        for hop in hops_to(table, free_s, found, int(target), hold_s):
            row = rows[table.row_of[hop.contact]]
            assert (here, hop.target) == row[:2]
            assert hop.start_s >= max(ready_s, row[2])
            assert hop.end_s == hop.start_s + size * row[4] <= row[3]
            assert hop.arrival_s == hop.end_s + row[5]
            here, ready_s = hop.target, hop.arrival_s + hold[hop.target]
        assert here == target
        assert target == source or hop.arrival_s == found.arrival_s[target]
