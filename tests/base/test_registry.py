import pytest

from perigrid.base.errors import ScenarioError
from perigrid.base.registry import SCHEDULERS, create, names, weighs_places
from perigrid.control.scheduling.fifo import Fifo


def test_built_ins_register_through_entry_points() -> None:
    assert {"fifo", "lookahead"} <= set(names(SCHEDULERS))
    assert isinstance(create(SCHEDULERS, "fifo"), Fifo)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="lookahead"):
        create(SCHEDULERS, "clairvoyant")


@pytest.mark.parametrize("name", names(SCHEDULERS))
def test_only_those_that_look_elsewhere_weigh_places(name: str) -> None:
    assert weighs_places(create(SCHEDULERS, name)) == (name in {"lookahead", "price", "planner"})
