"""A state read, and bytes that are none."""

import json
import random
from collections import Counter, defaultdict, deque
from typing import Any

import numpy as np
import pytest

from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Leg
from perigrid.control.stop_reach import Reach
from perigrid.fleet.model import ContactKind
from perigrid.fleet.storage import Storage
from perigrid.sim.deserialise import deserialise
from perigrid.sim.frozen import LENGTH_BYTES, Catalogue, FrozenError
from perigrid.sim.serialise import serialise

NOTHING = Catalogue()


def there_and_back(state: dict[str, Any]) -> dict[str, Any]:
    return deserialise(b"".join(serialise(state, NOTHING)), NOTHING)


def test_a_graph_stays_a_graph() -> None:
    held_bytes = np.arange(4.0)
    state = {
        "held": held_bytes,
        "storage": Storage(1.0, held_bytes),
        "queue": deque([1, 2]),
        "last": deque([1, 2], maxlen=2),
        "by_cause": defaultdict(dict, {Cause.HEAT: {1: (2.0, 3.0)}}),
        "some": {3, 4},
        "of_tuples": {(1, Cause.RULE): frozenset({(2, ContactKind.RELAY)})},
        "counts": Counter({Cause.FAULT: 2}),
        "share": np.float64(0.25),
        "rng": np.random.default_rng(5),
        "key": b"\x00\xff",
    }
    read = there_and_back(state)
    assert read["storage"].held_bytes is read["held"]
    read["storage"].take(7, 2, 5.0)
    assert read["held"].tolist() == [0.0, 1.0, 7.0, 3.0]
    for name in ("queue", "last", "by_cause", "some", "of_tuples", "counts", "share", "key"):
        assert read[name] == state[name]
        assert type(read[name]) is type(state[name])
    assert read["by_cause"][Cause.RULE] == {}
    assert (read["queue"].maxlen, read["last"].maxlen) == (None, 2)
    assert read["rng"].random() == state["rng"].random()


def test_an_object_that_holds_itself_is_read() -> None:
    loop: list[Any] = [1]
    loop.append((loop, {"loop": loop}))
    read = there_and_back({"loop": loop})["loop"]
    assert read[1][0] is read[1][1]["loop"] is read


def test_objects_are_hashed_only_once_they_are_whole() -> None:
    saved = Reach(3, 1.5, "linked")
    state = {"of": frozenset({(saved, 1)}), "by": {saved: 2}, "set": {saved}, "saved": saved}
    read = there_and_back(state)
    assert read == state
    assert read["by"][read["saved"]] == 2


@pytest.mark.parametrize(
    "array",
    [
        np.array([np.nan, np.inf, -0.0, 5e-324]),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24.0).reshape(2, 3, 4)[:, ::2],
        np.zeros((0, 3), np.int32),
        np.array(7, np.int8),
        np.array([True, False]),
        np.zeros(3, [("t_s", "f8"), ("node", "i4"), ("kind", "u1")]),
        np.where(np.arange(500) == 77, 1.0, 0.0).reshape(5, 100),
    ],
    ids=lambda array: f"{array.dtype.kind}{array.shape}",
)
def test_arrays_come_back_to_the_bit(array: Any) -> None:
    read = there_and_back({"array": array})["array"]
    assert (read.dtype, read.shape) == (array.dtype, array.shape)
    assert read.tobytes() == array.tobytes()
    assert read.flags.writeable
    assert read.flags.aligned
    assert read.flags.f_contiguous or not array.flags.f_contiguous


def made(objects: list[Any], arrays: Any = (), classes: Any = (), rest: bytes = b"") -> bytes:
    """Write what a forger might."""
    text = json.dumps({"objects": objects, "arrays": arrays, "classes": classes}).encode()
    return len(text).to_bytes(LENGTH_BYTES, "big") + text + rest


JOB = Job(0, 0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0, 0)
WHOLE = [Storage.__module__, "Storage", "__dict__"]
LEG = [Leg.__module__, "Leg", "__class__"]
ENOUGH = bytes(64)


@pytest.mark.parametrize(
    "frozen",
    [
        b"",
        made([]),
        made([["list", 1]]),
        made([["dict", "x", [9]]]),
        made([["dict", "x", [-1]]]),
        made([["dict", "x", [True]]]),
        made([["dict", "x"]]),
        made([["dict", [1], 1], ["list"]]),
        made([["call", "os.system"]]),
        made([["dict", "x", [1]], ["tuple", [1]]]),
        made([["dict", "x", [1]], ["frozenset", [0]]]),
        made([["dict", "x", [1]], ["object", 0, 1]], classes=[LEG]),
        made([["dict", "x", [1]], ["object", 0]], classes=[["os", "system"]]),
        made([["dict", "x", [1]], ["object", 0]], classes=[[Cause.__module__, "Cause"]]),
        made([["dict", "x", [1]], ["enum", 0, "nothing"]], classes=[[Cause.__module__, "Cause"]]),
        made([["dict", "x", [1]], ["record", 0, 1]], classes=[[Leg.__module__, "Leg"]]),
        made([["dict", "x", [1]], ["job", 1]]),
        made([["dict", "x", [1]], ["part", "world"]]),
        made([["dict", "x", [1]], ["number", "O", 1]]),
        made([["dict", "x", [1]], ["defaultdict", "eval"]]),
        made([["dict", "x", [1]], ["generator", '{"bit_generator": "PCG64"}']]),
        made([["dict", "x", [1]], ["array", 0, True]], [["|O", [8], False]], rest=ENOUGH),
        made([["dict", "x", [1]], ["array", 0, True]], [["<f8", [9], False]], rest=ENOUGH),
        made([["dict", "x", [1]], ["array", 0, True]], [["<f8", [-8], False]], rest=ENOUGH),
        made([["dict", "x", [1]], ["array", 0, True]], [["<f8", [7], False]], rest=ENOUGH),
        made(
            [["dict", "x", [1]], ["array", 0, True]],
            [[[["a", "|O"]], [8], False]],
            rest=ENOUGH,
        ),
        made(
            [["dict", "x", [1]], ["sparse", [4], 0, 1]],
            [["<i8", [4], False], ["<f8", [4], False]],
            rest=b"\x04" + bytes(63),
        ),
        made(
            [["dict", "x", [1]], ["sparse", [2**62], 0, 1]],
            [["<i8", [4], False], ["<f8", [4], False]],
            rest=ENOUGH,
        ),
        made(
            [["dict", "x", [1]], ["sparse", [4], 0, 1]],  # the last place, counted from the end
            [["<i8", [1], False], ["<f8", [1], False]],
            rest=b"\xff" * 8 + bytes(8),
        ),
        made(
            [["dict", "x", [1]], ["sparse", [2**31], 0, 1]],
            [["<i8", [1], False], ["<f8", [1], False]],
            rest=bytes(16),
        ),
        made([["dict", "x", [1]], ["object", 0, [2]], ["dict"]], classes=[WHOLE]),
        made([["dict", "x", [1]], ["job", -1]]),
        made([["dict", "x", "[" * 100]])[:-3] + b"[" * 100_000,
    ],
)
def test_what_is_no_state_is_refused(frozen: bytes) -> None:
    for catalogue in (NOTHING, Catalogue(jobs=[JOB])):
        with pytest.raises(FrozenError):
            deserialise(frozen, catalogue)


def test_mutants_are_read_or_refused_and_nothing_else() -> None:
    state = {
        "array": np.arange(6.0),
        "sparse": np.where(np.arange(100) == 7, 1.0, 0.0),
        "saved": Reach(3, 1.5, "linked"),
        "set": {(1, Cause.HEAT)},
    }
    whole = b"".join(serialise(state, NOTHING))
    rng = random.Random(1)
    for _ in range(2000):
        mutant = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(mutant))
            mutant[place] = rng.choice(b'0123456789[]{},:"-e') if rng.random() < 0.7 else 255
        try:
            deserialise(bytes(mutant), NOTHING)
        except FrozenError:
            continue
