import pytest

from perigrid.base.registry import SCHEDULERS, create, names
from perigrid.control.scheduling.protocol import WeighsPlaces


@pytest.mark.parametrize("name", names(SCHEDULERS))
def test_only_those_that_look_elsewhere_weigh_places(name: str) -> None:
    scheduler = create(SCHEDULERS, name)
    assert isinstance(scheduler, WeighsPlaces) == (name in {"lookahead", "price", "planner"})
