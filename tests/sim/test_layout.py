"""A state that does not fit the engine it is for."""

import numpy as np
import pytest

from perigrid.fleet.storage import Storage
from perigrid.sim.frozen import FrozenError
from perigrid.sim.layout import demand_layout


def state(held: object, rows: int = 2) -> dict[str, object]:
    return {"storage": Storage(1.0, held), "rows": list(range(rows)), "later": None}


def test_rows_may_grow_and_arrays_hold_other_values() -> None:
    demand_layout(state(np.zeros(3)), state(np.ones(3), rows=9) | {"later": np.ones(4)})


@pytest.mark.parametrize(
    "held", [np.zeros(4), np.zeros((3, 1)), np.zeros(3, np.int64), [0.0, 0.0, 0.0], "text"]
)
def test_an_array_of_another_size_or_kind_is_refused(held: object) -> None:
    with pytest.raises(FrozenError, match="held_bytes is"):
        demand_layout(state(np.zeros(3)), state(held))


def test_an_object_of_another_class_is_refused() -> None:
    with pytest.raises(FrozenError, match="storage is a dict"):
        demand_layout(state(np.zeros(3)), {"storage": {"held_bytes": np.zeros(3)}})


def test_a_graph_with_loops_is_looked_at_once() -> None:
    loop: dict[str, object] = {"array": np.zeros(3)}
    loop["loop"] = loop
    other: dict[str, object] = {"array": np.zeros(3)}
    other["loop"] = other
    demand_layout(loop, other)
