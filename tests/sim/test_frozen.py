import os
import pickle
from collections import defaultdict, deque
from pathlib import Path

import numpy as np
import pytest

from perigrid.base.jobs import Architecture, Cause
from perigrid.base.messages import Captured
from perigrid.control.build import build_controller
from perigrid.fleet.storage import Storage
from perigrid.sim.frozen import fixed_parts, freeze, thaw
from perigrid.sim.world import World

Parts = dict[str, object]


@pytest.fixture(scope="module")
def parts(world: World) -> Parts:
    controller = build_controller(world.scenario, world.fleet, world.outlook, Architecture.ORBITAL)
    return fixed_parts(world, controller, {})


def there_and_back(state: dict, world: World, parts: Parts) -> dict:
    return thaw(freeze(state, world, parts), world, parts, int)


def test_a_graph_stays_a_graph(world: World, parts: Parts) -> None:
    held_bytes = np.arange(4.0)
    state = {
        "held": held_bytes,
        "storage": Storage(1.0, held_bytes),
        "queue": deque([1, 2]),
        "by_cause": defaultdict(dict, {Cause.HEAT: {1: (2.0, 3.0)}}),
        "some": {3, 4},
        "share": np.float64(0.25),
        "rng": np.random.default_rng(5),
    }
    read = there_and_back(state, world, parts)
    assert read["storage"].held_bytes is read["held"]
    read["storage"].take(7, 2, 5.0)
    assert read["held"].tolist() == [0.0, 1.0, 7.0, 3.0]
    assert read["queue"] == state["queue"]
    assert read["by_cause"] == state["by_cause"]
    assert read["some"] == {3, 4}
    assert read["share"] == 0.25
    assert read["rng"].random() == state["rng"].random()


def test_what_never_changes_is_named_not_written(world: World, parts: Parts) -> None:
    event = Captured(1.0, world.jobs[3])
    state = {"world": world, "outlook": world.outlook, "light": world.outlook.array_w, "e": event}
    frozen = freeze(state, world, parts)
    assert len(frozen) < 1000
    read = thaw(frozen, world, parts, int)
    assert read["world"] is world
    assert read["light"] is world.outlook.array_w
    assert read["e"].job is world.jobs[3]


class Harmful:
    """Asks for a call when read."""

    def __init__(self, call: object, *arguments: object) -> None:
        self._asks = (call, arguments)

    def __reduce__(self) -> tuple:
        return self._asks


@pytest.mark.parametrize(
    "asks",
    [
        (os.system, "echo harm"),
        (eval, "1 + 1"),
        (getattr, "x", "upper"),
        (Path, "/"),
        (pickle.loads, b"N."),
        (np.load, "x.npy"),
        (build_controller,),
    ],
    ids=lambda asks: asks[0].__name__,
)
def test_nothing_but_plain_classes_is_built(world: World, parts: Parts, asks: tuple) -> None:
    frozen = pickle.dumps({"x": Harmful(*asks)})
    with pytest.raises(pickle.UnpicklingError, match="does not belong in a checkpoint"):
        thaw(frozen, world, parts, int)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("perigrid.ledger.record", "RecordWriter"),
        ("perigrid.sim.parts", "Parts"),
        ("perigrid.fleet.storage", "Storage.take"),
        ("perigrid.base.codec", "json"),
        ("perigrid.base.registry", "create"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(
    world: World, parts: Parts, module: str, name: str
) -> None:
    for protocol in (0, 4):
        frozen = (
            f"c{module}\n{name}\n.".encode()
            if protocol == 0
            else pickle.PROTO
            + b"\x04"
            + b"".join(
                pickle.SHORT_BINUNICODE + bytes([len(text)]) + text.encode()
                for text in (module, name)
            )
            + pickle.STACK_GLOBAL
            + b"."
        )
        with pytest.raises(pickle.UnpicklingError, match="does not belong"):
            thaw(frozen, world, parts, int)
