import numpy as np
import pytest

from missions import SCENARIO
from perigrid.base.errors import InvariantError
from perigrid.fleet.build import build_fleet
from perigrid.fleet.state import initial_state
from perigrid.sim.limits import check_limits

FLEET = build_fleet(SCENARIO)
BUS = FLEET.groups[0]


def test_a_fresh_fleet_is_within_its_limits() -> None:
    check_limits(FLEET, initial_state(FLEET), 0.0)


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("battery_j", BUS.battery.capacity_j * BUS.battery.min_soc * 0.999, "battery"),
        ("battery_j", BUS.battery.capacity_j * 1.001, "battery"),
        ("storage_bytes", -5.0, "storage"),
        ("storage_bytes", BUS.storage_bytes * 1.001, "storage"),
    ],
)
def test_what_leaves_them_is_named(column: str, value: float, named: str) -> None:
    state = initial_state(FLEET)
    values = np.asarray(getattr(state, column))
    values[2] = value
    with pytest.raises(InvariantError, match=f"a {named} left its limits at 60 s"):
        check_limits(FLEET, state, 60.0)
