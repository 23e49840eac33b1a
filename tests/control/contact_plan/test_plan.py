import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.base.messages import Alternative
from perigrid.control.contact_plan import ContactPlan, Exit
from perigrid.control.contact_plan.antennas import Antennas
from perigrid.control.contact_plan.equipment import equipment, occupy
from perigrid.fleet.model import ContactKind, Contacts

ALL = (ContactKind.DOWNLINK, ContactKind.CROSSLINK, ContactKind.RELAY)


def contacts(rows: list[tuple[int, int, float, float, float, float]]) -> Contacts:
    """Rows of source, target, start, end, rate in bytes a second, light time."""
    rows = sorted(rows, key=lambda row: row[2])
    table = np.array(rows, dtype=float).reshape(-1, 6)
    n = len(rows)
    return Contacts(
        kind=np.full(n, int(ContactKind.CROSSLINK)),
        source=table[:, 0].astype(np.int64),
        target=table[:, 1].astype(np.int64),
        t_start_s=table[:, 2].copy(),
        t_end_s=table[:, 3].copy(),
        rate_bps=table[:, 4] * 8.0,
        light_time_s=table[:, 5].copy(),
        hops=np.zeros(n, dtype=np.int64),
        max_elevation_rad=np.full(n, np.nan),
    )


def plan(rows: list[tuple[int, int, float, float, float, float]], n: int = 6) -> ContactPlan:
    exits = {n - 1: Exit(n, 0.0, 1e30)}
    return ContactPlan(contacts(rows), ALL, n + 1, exits)


def follow(table: ContactPlan, until_s: dict[int, float], **away_s: float) -> None:
    """Let contacts be booked until then, by row, and nodes away until then."""
    made = equipment(table.booked.items, 20)
    rows = made._replace(items=made.items.view(np.recarray), spans=made.spans.view(np.recarray))
    for row, one in until_s.items():
        window = table.fixed_parts[4].windows[table.fixed_parts[5][row]]
        occupy(rows, int(window["sender"]), int(window["source"]), 0.0, one)
    nodes_s = np.full(len(table.fixed_parts[3]), -np.inf)
    for name, one in away_s.items():
        nodes_s[int(name[1:])] = one
    table.follow(made, (np.zeros(len(table.contacts), dtype=np.bool_), nodes_s))


def arrive(table: ContactPlan, target: int, nbytes: float = 0.0, t_s: float = 0.0) -> float:
    routes = table.to_nodes(0, t_s, nbytes, table.allowed_nodes(frozenset()))
    return routes[target].t_arrival_s if target in routes else float("inf")


# Published test cases of contact-graph routing: nodes renumbered from 0, size 0, no delay.
@pytest.mark.parametrize(
    ("rows", "target", "expected_s"),
    [
        ([(0, 1, 10, 20), (0, 2, 40, 50), (1, 3, 20, 30), (2, 3, 70, 80)], 3, 20.0),
        ([(0, 1, 35, 40), (1, 2, 20, 40), (2, 3, 20, 25)], 3, float("inf")),
        ([(0, 1, 50, 60), (1, 2, 10, 20), (1, 3, 40, 50), (3, 4, 70, 80)], 4, float("inf")),
        ([(0, 1, 30, 70), (1, 2, 0, 100), (2, 4, 0, 100), (3, 4, 0, 100)], 4, 30.0),
    ],
)
def test_routes_over_known_contact_plans(
    rows: list[tuple[int, int, int, int]], target: int, expected_s: float
) -> None:
    table = plan([(*row, 1000.0, 0.0) for row in rows])
    assert arrive(table, target) == expected_s


def test_a_booking_takes_its_volume() -> None:
    table = plan([(0, 5, 10.0, 20.0, 100.0, 0.5)])
    allowed = table.allowed_nodes(frozenset())
    first = table.to_data_centre(0, 0.0, 600.0, allowed)
    assert first is not None
    assert (first.legs[0].t_start_s, first.legs[0].t_end_s) == (10.0, 16.0)
    assert first.t_arrival_s == pytest.approx(16.5)
    follow(table, {0: 16.0})
    assert table.to_data_centre(0, 0.0, 401.0, allowed) is None
    second = table.to_data_centre(0, 0.0, 400.0, allowed)
    assert second is not None
    assert second.legs[0].t_start_s == 16.0


def test_a_full_window_is_waited_for_as_a_link() -> None:
    table = plan([(0, 5, 10.0, 20.0, 100.0, 0.0), (0, 5, 50.0, 60.0, 100.0, 0.0)])
    allowed = table.allowed_nodes(frozenset())
    first = table.to_data_centre(0, 0.0, 600.0, allowed)
    assert first is not None
    assert first.legs[0].t_window_s == 10.0
    follow(table, {0: 16.0})
    second = table.to_data_centre(0, 0.0, 600.0, allowed)
    assert second is not None
    assert (second.legs[0].t_window_s, second.legs[0].t_start_s) == (10.0, 50.0)
    # a window too short for it in any case was never one of its ways
    long = table.to_data_centre(0, 15.0, 600.0, allowed)
    assert long is not None
    assert (long.legs[0].t_window_s, long.legs[0].t_start_s) == (50.0, 50.0)


def test_other_ways_down_are_named_with_their_times() -> None:
    rows = [(0, 3, 0.0, 10.0, 100.0, 0.0), (0, 4, 5.0, 20.0, 100.0, 0.0)]
    exits = {ground: Exit(6, 0.0, 1e30) for ground in (3, 4, 5)}
    table = ContactPlan(contacts(rows), ALL, 7, exits)
    way = table.to_data_centre(0, 0.0, 100.0, table.allowed_nodes(frozenset()))
    assert way is not None
    assert way.t_arrival_s == 1.0
    assert way.alternatives == (Alternative(4, 6.0, "later"),)


def test_a_forbidden_node_is_not_touched() -> None:
    rows = [(0, 1, 0, 10, 1e3, 0), (1, 5, 0, 10, 1e3, 0), (0, 2, 5, 10, 1e3, 0)]
    table = plan([*rows, (2, 5, 5, 10, 1e3, 0)])
    free = table.to_data_centre(0, 0.0, 1.0, table.allowed_nodes(frozenset()))
    round_about = table.to_data_centre(0, 0.0, 1.0, table.allowed_nodes(frozenset({1})))
    assert free is not None
    assert [leg.target for leg in free.legs] == [1, 5, 6]
    assert round_about is not None
    assert [leg.target for leg in round_about.legs] == [2, 5, 6]


def test_next_window_ignores_what_is_booked() -> None:
    table = plan([(0, 5, 10.0, 20.0, 100.0, 0.0)])
    assert table.next_window_s(0, 0.0) == 10.0
    assert table.next_window_s(0, 15.0) == 15.0
    assert table.next_window_s(0, 20.0) == float("inf")
    assert table.next_window_s(3, 0.0) == float("inf")


def brute_force(rows: list[tuple[int, int, float, float, float, float]], nbytes: float) -> dict:
    """Earliest arrivals by trying every sequence of contacts."""
    best = {0: 0.0}
    for length in range(1, len(rows) + 1):
        for path in itertools.permutations(rows, length):
            node, t_s = 0, 0.0
            for source, target, start_s, end_s, rate, light_s in path:
                finish_s = max(t_s, start_s) + nbytes / rate
                if source != node or finish_s > end_s or end_s <= t_s:
                    break
                node, t_s = target, finish_s + light_s
            else:
                best[node] = min(best.get(node, np.inf), t_s)
    return best


row = st.tuples(
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 20).map(float),
    st.integers(1, 15).map(float),
    st.sampled_from([10.0, 25.0, 50.0]),
    st.sampled_from([0.0, 0.25, 1.5]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=5), st.sampled_from([0.0, 30.0, 100.0]))
def test_earliest_arrival_equals_brute_force(
    raw: list[tuple[int, int, float, float, float, float]], nbytes: float
) -> None:
    rows = [(a, b, start, start + span, rate, light) for a, b, start, span, rate, light in raw]
    expected = brute_force(rows, nbytes)
    table = plan(rows)
    for node in range(1, 5):
        assert arrive(table, node, nbytes) == expected.get(node, np.inf)


def test_a_node_that_is_away_is_planned_with_from_when_it_is_believed_back() -> None:
    table = plan([(0, 1, 0.0, 50.0, 100.0, 0.0), (0, 2, 0.0, 9.0, 100.0, 0.0),
                  (2, 1, 10.0, 90.0, 100.0, 0.0)])  # fmt: skip
    follow(table, {}, n1=20.0)
    assert arrive(table, 1, 100.0) == 21.0
    assert arrive(table, 2, 100.0) == 1.0
    leg = table.to_nodes(0, 0.0, 100.0, table.allowed_nodes(frozenset()))[1].legs[0]
    assert leg.t_window_s == 20.0  # closed, not queueing
    follow(table, {}, n1=float("inf"))
    assert arrive(table, 1, 100.0) == float("inf")
    follow(table, {})
    assert arrive(table, 1, 100.0) == 1.0


def test_forbidden_nodes_are_shut_and_those_without_a_contact_are_left_out() -> None:
    table = plan([(0, 1, 10, 20, 1.0, 0.0), (1, 3, 20, 30, 1.0, 0.0)])  # 2 and 4 have none
    assert table.allowed_nodes(frozenset()).mask.all()
    for some in ({0}, {1, 3}, {2, 3}, {2, 4}, {0, 1, 3, 5}):
        assert table.rows(~table.allowed_nodes(frozenset(some)).mask) == some - {2, 4}


DOWN, CROSS = int(ContactKind.DOWNLINK), int(ContactKind.CROSSLINK)
TURN_S = 3.0
booking = st.tuples(st.integers(0, 2), st.integers(0, 25), st.integers(1, 4), st.integers(0, 1))


def best_begin_s(row, ready_s: float, sending_s: float, radios, antennas) -> float:
    """Try every second of a contact: its radio and one of two antennas must be free."""
    source, target, start_s, end_s = row[:4]
    for begin_s in np.arange(max(ready_s, start_s), end_s - sending_s + 1.0):
        over_s = begin_s + sending_s
        heard = target == 1 or any(
            all(
                over_s + turn <= from_s or to_s + turn <= begin_s
                for from_s, to_s, by in taken
                for turn in [0.0 if by == source else TURN_S]
            )
            for taken in antennas
        )
        silent = all(over_s <= from_s or to_s <= begin_s for from_s, to_s in radios[source])
        if heard and (silent or target == 1):
            return float(begin_s)
    return np.inf


down_row = st.tuples(st.integers(0, 2), st.integers(0, 20).map(float), st.integers(2, 20))


@settings(max_examples=100, deadline=None)
@given(st.lists(down_row, min_size=1, max_size=4), st.lists(booking, max_size=6),
       st.integers(1, 5), st.integers(0, 6))  # fmt: skip
def test_arrivals_over_booked_antennas_equal_brute_force(downs, bookings, size, ready) -> None:
    """Satellites 0 to 2 and station 3 with two antennas; 0 also hands over to 1, over a laser."""
    rows = [(sat, 3, start, start + span, 1.0, 0.0) for sat, start, span in downs]
    rows += [(0, 1, 2.0, 12.0, 1.0, 1.0)]
    table = contacts(rows)
    table.kind[:] = np.where(table.target == 3, DOWN, CROSS)
    made = ContactPlan(table, ALL, 5, {3: Exit(4, 0.0, 1e30)}, {3: Antennas(2, TURN_S)})
    booked = equipment(made.booked.items, 40)
    rec = booked._replace(
        items=booked.items.view(np.recarray), spans=booked.spans.view(np.recarray)
    )
    first_antenna, radios = len(booked.items) - 2, {k: [] for k in range(3)}
    senders = {row["source"]: int(row["sender"]) for row in made.fixed_parts[4].windows
               if row["antennas"]}  # fmt: skip
    antennas = [[], []]
    for sat, begin_s, span, which in bookings:
        if sat not in senders:
            continue
        end_s = float(begin_s + span)
        clash = any(begin_s < b and a < end_s for a, b in radios[sat]) or any(
            begin_s < b + turn and a < end_s + turn
            for a, b, by in antennas[which]
            for turn in [0.0 if by == sat else TURN_S]
        )
        if not clash:
            radios[sat].append((float(begin_s), end_s))
            antennas[which].append((float(begin_s), end_s, sat))
            occupy(rec, senders[sat], sat, float(begin_s), end_s)
            occupy(rec, first_antenna + which, sat, float(begin_s), end_s)
    made.follow(booked, None)
    reached = {0: float(ready)}
    for source, target in ((0, 1), (0, 3), (1, 3)):
        for row in rows:
            if row[:2] == (source, target) and source in reached:
                begin_s = best_begin_s(row, reached[source], float(size), radios, antennas)
                there_s = begin_s + size + row[5]
                reached[target] = min(reached.get(target, np.inf), there_s)
    for node in (1, 3):
        assert arrive(made, node, float(size), float(ready)) == reached.get(node, np.inf)
