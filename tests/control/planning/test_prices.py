"""The bound by prices against linear and integer programmes."""

import numpy as np
import pytest
from scipy.optimize import linprog

from perigrid.control.planning.prices import Demand, price_bound


def case(seed, load):
    rng = np.random.default_rng(seed)
    n, windows = 12, 5
    begin_s = rng.random(n) * 300.0
    work_s = rng.random(n) * 60.0 * load + 5.0
    end_s = np.minimum(begin_s + work_s * rng.uniform(1.0, 3.0, n), 500.0)
    possible = begin_s + work_s <= end_s
    demand = Demand(begin_s, end_s, work_s, rng.random(n) + 0.1, possible)
    return demand, rng.random(windows) * 100.0 + 20.0, float(rng.uniform(100.0, 400.0))


def relaxation(demand, capacity_s, window_s, energy_s):
    """Jobs divided at will: seconds of each job in each window it meets."""
    n, windows = len(demand.work_s), len(capacity_s)
    edges = np.arange(windows + 1) * window_s
    meets = (demand.begin_s[:, None] < edges[1:]) & (demand.end_s[:, None] > edges[:-1])
    meets &= demand.possible[:, None]
    gain = -np.repeat(demand.value / demand.work_s, windows)
    per_window = np.tile(np.eye(windows), n)
    per_job = np.repeat(np.eye(n), windows, axis=1)
    rows = np.vstack([per_window, per_job, np.ones(n * windows)])
    limits = np.concatenate([capacity_s, demand.work_s, [energy_s]])
    bounds = [(0.0, None if one else 0.0) for one in meets.ravel()]
    done = linprog(gain, A_ub=rows, b_ub=limits, bounds=bounds)
    return -done.fun


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("load", [0.3, 1.0, 3.0])
def test_the_bound_is_above_the_relaxation_and_near_it(seed, load):
    demand, capacity_s, energy_s = case(seed, load)
    exact = relaxation(demand, capacity_s, 100.0, energy_s)
    bound = price_bound(demand, capacity_s, 100.0, energy_s, rounds=2000)
    assert bound.value >= exact * (1.0 - 1e-9)
    assert bound.value <= exact * 1.05
    assert bound.asked == pytest.approx(demand.value.sum())


def test_it_names_what_keeps_it_down():
    demand, _, _ = case(1, 1.0)
    plenty = np.full(5, 1e6)
    assert price_bound(demand, plenty, 100.0, 1e6).kind == "demand"
    assert price_bound(demand, plenty, 100.0, 50.0).kind == "energy"
    assert price_bound(demand, np.full(5, 10.0), 100.0, 1e6).kind == "compute"


def test_any_number_of_rounds_gives_a_valid_bound():
    demand, capacity_s, energy_s = case(2, 3.0)
    exact = relaxation(demand, capacity_s, 100.0, energy_s)
    values = [price_bound(demand, capacity_s, 100.0, energy_s, rounds=r).value for r in range(60)]
    assert min(values) >= exact * (1.0 - 1e-9)
    assert (np.diff(values) <= 0.0).all()


def test_it_is_not_below_the_best_choice_of_whole_jobs_on_one_machine():
    rng = np.random.default_rng(5)
    for _ in range(20):
        n = 7
        begin_s, work_s = rng.random(n) * 100.0, rng.random(n) * 60.0 + 5.0
        end_s = np.minimum(begin_s + work_s * 2.0, 200.0)
        value = rng.random(n)
        best = 0.0
        for chosen in range(1 << n):
            rows = [j for j in range(n) if chosen >> j & 1]
            # The order by deadline of work that may be interrupted: more than any real schedule.
            fits = all(
                sum(
                    work_s[k] for k in rows if begin_s[k] >= a and end_s[k] <= b
                ) <= b - a
                for a in begin_s[rows] for b in end_s[rows] if b > a
            ) and all(begin_s[j] + work_s[j] <= end_s[j] for j in rows)  # fmt: skip
            best = max(best, value[rows].sum() if fits else 0.0)
        possible = begin_s + work_s <= end_s
        demand = Demand(begin_s, end_s, work_s, value, possible)
        bound = price_bound(demand, np.full(4, 50.0), 50.0, 1e9, rounds=300)
        assert bound.value >= best * (1.0 - 1e-9)
