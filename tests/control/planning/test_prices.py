import numpy as np
import pytest

from perigrid.control.planning.bound import LINEAR, upper_bound
from perigrid.control.planning.family import family
from perigrid.control.planning.prices import evaluate, prove_bound
from perigrid.control.planning.starts import possible_starts
from perigrid.control.planning.study import optimum
from planning_cases import instance_of


def test_any_prices_prove_a_bound() -> None:
    """Weak duality, tried with prices drawn at random."""
    case = family(4, 25, 2, full=True)
    starts = possible_starts(case)
    best = optimum(case).value
    rng = np.random.default_rng(0)
    shape = (5, case.n_satellites, case.n_slots)
    size = np.array([1.0, 3e-6, 1e-10, 0.05, 1e-10])[:, None, None]
    for _ in range(30):
        price = size * rng.exponential(0.3, shape) * (rng.random(shape) < 0.2)
        assert evaluate(case, starts, price) >= best - 1e-6


@pytest.mark.parametrize("full", [False, True])
def test_the_bound_comes_near_the_linear_programme_and_not_below(full: bool) -> None:
    case = family(20, 200, 0, full=full)
    linear = upper_bound(case, LINEAR).value
    bound = prove_bound(case).bound
    assert linear * (1.0 - 1e-9) <= bound <= linear * 1.01


def test_a_binding_battery_has_a_price_and_an_idle_one_has_none() -> None:
    jobs = [{"energy_j": 60.0, "value": 1.0}, {"energy_j": 60.0, "value": 2.0, "origin": 0}]
    found = prove_bound(instance_of([*jobs, {"origin": 0, "energy_j": 60.0}]))
    assert found.bound < 3.9  # without prices: all three, 4
    rich = prove_bound(instance_of(jobs, start_j=np.array([900.0]), capacity_j=np.array([900.0])))
    assert rich.bound == pytest.approx(3.0)
    assert rich.price.max() == 0.0


def test_heat_is_priced_in_later_slots_too() -> None:
    case = instance_of([{}], limit_k=np.array([50.0]))
    found = prove_bound(case, 5)
    found.price[3, 0, 4] = 1.0
    assert found.heat_per_j(case)[0].tolist() == [0.0625, 0.125, 0.25, 0.5, 1.0, 0.0]
