"""A state written."""

import io
import json
from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from perigrid.base.messages import Captured
from perigrid.control.stop_reach import Reach
from perigrid.sim.deserialise import deserialise
from perigrid.sim.frozen import LENGTH_BYTES, Catalogue, FrozenError, attributes, world_parts
from perigrid.sim.serialise import serialise
from perigrid.sim.world import World


def text_of(state: dict[str, Any], catalogue: Catalogue | None = None) -> Any:
    """Give the JSON of a state."""
    length, text, *_ = serialise(state, catalogue or Catalogue())
    assert int.from_bytes(length, "big") == len(text)
    assert len(length) == LENGTH_BYTES
    return json.loads(text)


def test_what_was_never_set_is_not_written() -> None:
    half = object.__new__(Reach)
    object.__setattr__(half, "row", 3)
    whole = Reach(3, 1.5, "linked")
    read = deserialise(
        b"".join(serialise({"half": half, "whole": whole}, Catalogue())), Catalogue()
    )
    assert attributes(read["half"]) == {"row": 3}
    assert read["whole"] == whole


def test_an_object_is_written_once() -> None:
    shared = [1, 2]
    assert text_of({"a": shared, "b": shared, "c": [1, 2]})["objects"] == [
        ["dict", "a", [1], "b", [1], "c", [2]],
        ["list", 1, 2],
        ["list", 1, 2],
    ]


def test_what_never_changes_is_named_not_written(world: World) -> None:
    catalogue = Catalogue(world_parts(world), world.jobs)
    event = Captured(1.0, world.jobs[3])
    state = {"world": world, "light": world.outlook.array_w, "event": event}
    assert text_of(state, catalogue)["objects"][1:] == [
        ["part", "world"],
        ["part", "outlook.array_w"],
        ["object", 0, 1.0, [4]],
        ["job", 3],
    ]


def test_arrays_are_not_copied_and_mostly_empty_ones_not_written_whole() -> None:
    full, empty = np.arange(1.0, 1001.0), np.zeros((100, 100))
    empty[3, 4] = -0.0
    chunks = serialise({"full": full, "empty": empty}, Catalogue())
    assert np.shares_memory(np.frombuffer(chunks[2], np.uint8), full)
    assert sum(map(len, chunks[3:])) == 16  # the one place whose bits are not all zero


@pytest.mark.parametrize(
    "value",
    [
        io.StringIO(),
        len,
        lambda: 0,
        np.array([object()]),
        np.array(["text"]),
        np.array([1j]),
        np.array([1.0], ">f8"),
        np.zeros(2, [("a", "f8", (2,))]),
        np.longdouble(1),
        np.datetime64("2026-08-22"),
        1j,
        defaultdict(lambda: 0),
        np.random.Generator(np.random.MT19937(1)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_value_is_refused_before_anything_is_written(value: object) -> None:
    with pytest.raises(FrozenError, match="cannot be kept"):
        serialise({"x": [value]}, Catalogue())
