import dataclasses

import numpy as np

from missions import CENTRES, COMPUTE, EYES
from perigrid.fleet.columns import BusColumns, battery_numbers, bus_columns, node_numbers

GROUPS = (COMPUTE, EYES, CENTRES)
MIXED = bus_columns(GROUPS, np.array([0, 0, 1, 2, 2]))


def flat(columns: BusColumns) -> dict[str, np.ndarray]:
    """Every column by name; those of tuples numbered."""
    found: dict[str, np.ndarray] = {}
    for field in dataclasses.fields(columns):
        value = getattr(columns, field.name)
        several = value if isinstance(value, tuple) else (value,)
        found |= {f"{field.name}-{at}": one for at, one in enumerate(several)}
    return found


def test_each_satellite_has_the_numbers_of_its_own_bus() -> None:
    for row, group in enumerate((COMPUTE, COMPUTE, EYES, CENTRES, CENTRES)):
        alone = flat(bus_columns((group,), np.zeros(1, dtype=np.int64)))
        for name, column in flat(MIXED).items():
            assert column[row] == alone[name][0], name


def test_columns_are_what_kernels_take_of_one_bus() -> None:
    for group in GROUPS:
        one = bus_columns((group,), np.zeros(3, dtype=np.int64))
        assert [column.tolist() for column in one.battery] == [
            [value] * 3 for value in battery_numbers(group)
        ]
        assert [column[0] for column in one.nodes] == list(node_numbers(group))


def test_without_a_computer_there_is_nothing_to_draw_or_to_run() -> None:
    assert MIXED.computes.tolist() == [True, True, False, True, True]
    assert MIXED.slots.tolist() == [1, 1, 0, 2, 2]
    assert MIXED.idle_w[2] == MIXED.active_w[2] == MIXED.needed_w[2] == 0.0
    assert (MIXED.needed_w[[0, 1, 3, 4]] > 0.0).all()
