import pytest

from perigrid.control.planning.bound import LARGEST_LINEAR, LINEAR, PRICES, upper_bound
from perigrid.control.planning.family import family
from perigrid.control.planning.study import optimum
from planning_cases import instance_of


@pytest.mark.parametrize("kind", [LINEAR, PRICES])
@pytest.mark.parametrize("full", [False, True])
def test_no_bound_lies_below_the_optimum(kind: str, full: bool) -> None:
    case = family(4, 25, 2, full=full)
    assert upper_bound(case, kind).value >= optimum(case).value - 1e-6


def test_size_chooses_the_kind_and_it_is_told() -> None:
    small = upper_bound(family(4, 25, 2))
    assert small.kind == LINEAR
    assert small.starts < small.unpruned
    large = upper_bound(family(200, 1500, 2))
    assert large.kind == PRICES
    assert large.starts > LARGEST_LINEAR


def test_jobs_without_a_start_are_worth_nothing() -> None:
    bound = upper_bound(instance_of([{"energy_j": 101.0}]))
    assert bound.value == 0.0
    assert bound.share(0.0) == 1.0
