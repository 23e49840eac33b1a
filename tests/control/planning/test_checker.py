"""Each limit broken on purpose, one at a time."""

import numpy as np
import pytest

from perigrid.control.planning.checker import faults
from planning_cases import instance_of, schedule_of

ONE = [{}]
DARK = np.array([[-30.0, -30.0, -30.0, 30.0, 30.0, 30.0]])


@pytest.mark.parametrize(
    ("case", "plan", "said"),
    [
        (instance_of(ONE), schedule_of((0, 2, 2)), "sent before it has ended"),
        (instance_of([{"release": 3}]), schedule_of((0, 2, 4)), "before its pixels are there"),
        (instance_of([{"deadline": 3}]), schedule_of((0, 2, 4)), "after its deadline"),
        (instance_of(ONE, 2), schedule_of((1, 0, 1)), "before its pixels are there"),
        (instance_of(ONE), schedule_of((5, 0, 1)), "may not compute it"),
        (instance_of([{}, {}]), schedule_of((0, 0, 1), (0, 0, 2)), "two jobs at once"),
        (instance_of(ONE, closed=np.eye(1, 6) > 0), schedule_of((0, 0, 1)), "while it is closed"),
        (instance_of([{"energy_j": 20.0}], gain_j=DARK), schedule_of((0, 0, 1)), "empties its"),
        (instance_of(ONE, limit_k=np.array([9.0])), schedule_of((0, 0, 1)), "overheats"),
        (instance_of([{"output_bytes": 11.0}]), schedule_of((0, 0, 1)), "sends too much"),
        (
            instance_of([{}, {"memory_bytes": 2.0}], memory_bytes=np.full((1, 6), 2.0)),
            schedule_of((0, 0, 3), (0, 2, 4)),
            "out of memory in slot 2",
        ),
    ],
)
def test_a_broken_limit_is_named(case: object, plan: object, said: str) -> None:
    assert any(said in text for text in faults(case, plan))


def test_what_can_be_flown_passes() -> None:
    case = instance_of([{"energy_j": 10.0}, {}], gain_j=DARK, limit_k=np.array([15.0]))
    assert faults(case, schedule_of((0, 0, 1), (0, 3, 5))) == []


def test_a_full_battery_spills_what_it_cannot_hold() -> None:
    gain = np.array([[50.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    case = instance_of([{"energy_j": 101.0, "release": 1}], gain_j=gain)
    assert faults(case, schedule_of((0, 1, 2))) != []
