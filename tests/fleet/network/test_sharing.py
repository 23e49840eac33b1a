import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import networks
from perigrid.fleet.network.flows import FlowLinks, flow_links
from perigrid.fleet.network.sharing import fairness_certificate, link_loads_bps, max_min_rates
from perigrid.fleet.network.shortest import shortest_paths

N = 120


def made(rows):
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return FlowLinks(start, np.array([one for row in rows for one in row], dtype=np.int32))


def test_the_textbook_example():
    # Three links in a row of 1, 2 and 3; one long flow, one short flow on each.
    links = made([[0, 1, 2], [0], [1], [2]])
    rates = max_min_rates(links, np.array([1.0, 2.0, 3.0]), np.full(4, np.inf))
    assert rates.tolist() == [0.5, 0.5, 1.5, 2.5]


def test_small_demands_leave_more_to_others():
    links = made([[0], [0], [0]])
    rates = max_min_rates(links, np.array([9.0]), np.array([1.0, np.inf, 5.0]))
    assert rates.tolist() == [1.0, 4.0, 4.0]


def test_a_flow_without_a_path_and_a_dead_link_get_nothing():
    links = made([[], [0], [1]])
    assert max_min_rates(links, np.array([0.0, 2.0]), np.full(3, 5.0)).tolist() == [0.0, 0.0, 2.0]


@st.composite
def cases(draw):
    n_links, n_flows = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    rows = [
        draw(st.lists(st.integers(0, n_links - 1), max_size=4, unique=True)) for _ in range(n_flows)
    ]
    number = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))
    capacity = draw(st.lists(number, min_size=n_links, max_size=n_links))
    demand = draw(st.lists(st.one_of(number, st.just(np.inf)), min_size=n_flows, max_size=n_flows))
    return rows, np.array(capacity), np.array(demand)


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_shares_hold_their_certificate(case):
    rows, capacity, demand = case
    links = made(rows)
    rates = max_min_rates(links, capacity, demand)
    assert fairness_certificate(links, capacity, demand, rates).holds


@settings(max_examples=30, deadline=None)
@given(case=cases())
def test_shares_are_those_of_successive_linear_programs(case):
    rows, capacity, demand = case
    rows = [row or [0] for row in rows]
    demand = np.minimum(demand, 1e4)
    rates = max_min_rates(made(rows), capacity, demand)
    assert rates == pytest.approx(by_linear_programs(rows, capacity, demand), rel=1e-5, abs=1e-5)


def by_linear_programs(rows, capacity, demand):
    """Raise the least rate as far as it goes, fix whoever cannot have more, and go on."""
    count = len(rows)
    uses = np.zeros((len(capacity), count))
    for flow, row in enumerate(rows):
        uses[row, flow] = 1.0
    fixed = {}
    while len(fixed) < count:
        free = [flow for flow in range(count) if flow not in fixed]
        bounds = [(fixed.get(f, 0.0), fixed.get(f, float(demand[f]))) for f in range(count)]
        least = np.zeros((len(free), count + 1))
        least[np.arange(len(free)), free], least[:, -1] = -1.0, 1.0
        room = np.hstack([uses, np.zeros((len(capacity), 1))])
        level = linprog(
            np.r_[np.zeros(count), -1.0],
            A_ub=np.vstack([room, least]),
            b_ub=np.r_[capacity + 1e-9, np.zeros(len(free))],
            bounds=[*bounds, (0.0, None)],
        ).x[-1]
        for flow in free:
            others = [
                (fixed[f], fixed[f]) if f in fixed else (min(level, demand[f]), float(demand[f]))
                for f in range(count)
            ]
            most = linprog(-np.eye(count)[flow], A_ub=uses, b_ub=capacity + 1e-7, bounds=others)
            if -most.fun <= level + 1e-6:
                fixed[flow] = min(level, float(demand[flow]))
    return np.array([fixed[flow] for flow in range(count)])


def test_the_certificate_refuses_unfair_shares():
    links = made([[0, 1, 2], [0], [1], [2]])
    capacity, demand = np.array([1.0, 2.0, 3.0]), np.full(4, 2.0)
    fair = max_min_rates(links, capacity, demand)
    assert fairness_certificate(links, capacity, demand, fair).holds
    for change, flow in ((-0.1, 0), (-0.1, 3), (0.1, 1), (0.2, 3)):
        rates = fair.copy()
        rates[flow] += change
        assert not fairness_certificate(links, capacity, demand, rates).holds
    # It fits and nothing can grow alone, but the long flow has more than its share.
    greedy = np.array([0.9, 0.1, 1.1, 2.0])
    found = fairness_certificate(links, capacity, demand, greedy)
    assert found.overload_ratio == pytest.approx(1.0)
    assert found.unexplained.tolist() == [1]


def test_a_loaded_network_is_shared_fairly():
    (graph,) = networks.snapshots(n_ground=30)
    random = np.random.default_rng(1)
    row = random.integers(0, 30, 3000)
    target = N + (row + random.integers(1, 30, 3000)) % 30
    links = flow_links(graph, shortest_paths(graph, np.arange(N, N + 30)), row, target)
    capacity = np.where(np.arange(graph.n_links) < len(graph.neighbour), 20.0e9, 4.0e9)
    demand = random.lognormal(18.0, 1.5, 3000)
    rates = max_min_rates(links, capacity, demand)
    assert fairness_certificate(links, capacity, demand, rates).holds
    assert 0.05 < np.mean(rates < demand * (1.0 - 1e-9)) < 0.95
    use = link_loads_bps(links, rates, graph.n_links) / capacity
    assert use.max() == pytest.approx(1.0)


@pytest.mark.parametrize("wrong", [-1.0, np.nan])
def test_wrong_numbers_are_refused(wrong):
    links = made([[0]])
    with pytest.raises(ValueError, match="at least 0"):
        max_min_rates(links, np.array([wrong]), np.array([1.0]))
    with pytest.raises(ValueError, match="at least 0"):
        max_min_rates(links, np.array([1.0]), np.array([wrong]))
