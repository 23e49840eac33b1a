"""A state read from JSON and plain arrays: see :mod:`perigrid.sim.frozen`."""

from __future__ import annotations

import enum
import json
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Job
from perigrid.sim.frozen import FACTORIES, LENGTH_BYTES, Catalogue, FrozenError, Node, numbers

_MOST_ZEROS: Final = 2**33
"""Size of an array of which mostly zeros were left out [B]."""


def deserialise(frozen: bytes | memoryview, catalogue: Catalogue) -> dict[str, Any]:
    """Read a state.

    Parameters
    ----------
    frozen : bytes
        From :func:`serialise`, joined.
    catalogue : Catalogue
        The same as when it was written.

    Returns
    -------
    dict
        The state. Arrays that were not to be written to lie in ``frozen``.

    Raises
    ------
    FrozenError
        If the bytes ask for a class that no state holds, or are no state.
    """
    try:
        state = _Reader(memoryview(frozen), catalogue).read()
    except FrozenError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise FrozenError(f"this is no state: {error}") from error
    except RecursionError as error:
        raise FrozenError("this is no state: it is nested without end") from error
    if not isinstance(state, dict):
        raise FrozenError("this is no state")
    return state


class _Reader:
    """Makes all objects empty, then what cannot be changed later, then sets the rest."""

    def __init__(self, frozen: memoryview, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        length = int.from_bytes(frozen[:LENGTH_BYTES], "big")
        document = json.loads(bytes(frozen[LENGTH_BYTES : LENGTH_BYTES + length]))
        self._nodes: list[Node] = document["objects"]
        self._classes = [
            (catalogue.find(module, name), tuple(names))
            for module, name, *names in document["classes"]
        ]
        self._arrays = _read_arrays(frozen[LENGTH_BYTES + length :], document["arrays"])
        self._made: list[Any] = [None] * len(self._nodes)
        self._done = [False] * len(self._nodes)
        self._filled = [False] * len(self._nodes)

    def read(self) -> object:
        """Read the first object, and all that hangs on it."""
        for place in range(len(self._nodes)):
            self._make(place)
        later = [place for place in range(len(self._nodes)) if self._fill(place)]
        for place in later:  # what is hashed, once all that decides the hash is set
            self._fill_hashed(place)
        return self._made[0]

    def _value(self, token: Any) -> Any:  # noqa: ANN401  anything may stand in a state
        return self._make(_place(token)) if isinstance(token, list) else token

    def _make(self, place: int) -> Any:  # noqa: ANN401  see above
        """Make an object, the only time it is made."""
        if self._done[place]:
            return self._made[place]
        kind, *rest = self._nodes[place]
        if kind in _EMPTY:
            made = _EMPTY[kind]()
        elif kind in {"tuple", "record", "frozenset"}:
            made = self._unchanging(place, kind, rest)
        else:
            made = _MAKERS[kind](self, *rest)
        self._made[place], self._done[place] = made, True
        return made

    def _unchanging(self, place: int, kind: str, rest: Node) -> object:
        if self._filled[place]:
            raise FrozenError("a tuple that holds itself")
        self._filled[place] = True
        if kind == "record":
            cls = self._classes[rest[0]][0]
            if not issubclass(cls, tuple):
                raise FrozenError(f"{cls.__qualname__} is no record")
            return tuple.__new__(cls, map(self._value, rest[1:]))
        if kind == "frozenset":
            for token in rest:
                self._complete(token)
            return frozenset(map(self._value, rest))
        return tuple(map(self._value, rest))

    def _complete(self, token: object) -> None:
        """Set what decides the hash of an object that is hashed before all are set."""
        if not isinstance(token, list):
            return
        place = _place(token)
        self._make(place)
        kind, *rest = self._nodes[place]
        if kind == "object" and self._filled[place]:
            return
        if kind in {"tuple", "record", "object"}:
            self._fill(place)
            for one in rest:
                self._complete(one)

    def _fill(self, place: int) -> bool:
        """Put into an object what it holds; True if that has to wait."""
        kind, *rest = self._nodes[place]
        if kind in _HASHED:
            return True
        if kind == "object" and not self._filled[place]:
            self._filled[place] = True
            names = self._classes[rest[0]][1]
            for name, token in zip(names, rest[1:], strict=True):
                object.__setattr__(self._made[place], name, self._value(token))
        elif kind in {"list", "deque"}:
            self._made[place].extend(map(self._value, rest[kind == "deque" :]))
        return False

    def _fill_hashed(self, place: int) -> None:
        kind, *rest = self._nodes[place]
        made = self._made[place]
        if kind == "set":
            made.update(map(self._value, rest))
            return
        values = [self._value(token) for token in (rest[1:] if kind == "defaultdict" else rest)]
        for key, value in zip(values[::2], values[1::2], strict=True):
            dict.__setitem__(made, key, value)

    # ------------------------------------------------------------------ one kind each

    def _object(self, number: int, *_: object) -> object:
        cls, names = self._classes[number]
        if any(name.startswith("__") for name in names):
            raise FrozenError("names with two underscores mean something to the language")
        return object.__new__(cls)

    def _enum(self, number: int, name: str) -> enum.Enum:
        cls = self._classes[number][0]
        if not issubclass(cls, enum.Enum):
            raise FrozenError(f"{cls.__qualname__} has no members")
        return cls[name]

    def _array(self, number: int, writeable: bool) -> npt.NDArray[Any]:  # noqa: FBT001  as written
        array = self._arrays[number]
        return array.copy(order="K") if writeable else array

    def _sparse(self, shape: list[int], where: int, what: int) -> npt.NDArray[np.float64]:
        size = math.prod(shape)
        places, values = self._arrays[where], self._arrays[what]
        if min(shape, default=0) < 0 or size * values.itemsize > _MOST_ZEROS:
            raise FrozenError("an array of an impossible size")
        if values.dtype != np.float64 or places.dtype != np.int64 or places.shape != values.shape:
            raise FrozenError("an array that does not fit its places")
        if places.size and (places.min() < 0 or places.max() >= size):
            raise FrozenError("an array with places beyond its end")
        found = np.zeros(size)
        found[places] = values
        return found.reshape(shape)

    def _generator(self, state: str) -> np.random.Generator:
        bits = np.random.PCG64()
        bits.state = json.loads(state)
        return np.random.Generator(bits)

    def _number(self, kind: str, value: object) -> np.generic:
        number: np.generic = numbers(kind).type(value)
        return number

    def _job(self, number: int) -> Job:
        if not 0 <= number < len(self._catalogue.jobs):
            raise FrozenError("an observation that the run does not have")
        return self._catalogue.jobs[number]


def _place(token: list[int]) -> int:
    (place,) = token
    if type(place) is not int or place < 0:
        raise FrozenError("a place that is none")
    return place


def _read_arrays(content: memoryview, stated: list[Node]) -> list[npt.NDArray[Any]]:
    """Find the arrays in the bytes behind the text; they are not copied."""
    arrays: list[npt.NDArray[Any]] = []
    at = 0
    for descr, shape, by_columns in stated:
        dtype = numbers(descr)
        size = math.prod(shape)
        nbytes = size * dtype.itemsize
        if min(shape, default=0) < 0 or nbytes > len(content) - at:
            raise FrozenError("an array of an impossible size")
        flat = np.frombuffer(content, dtype, size, at) if nbytes else np.empty(size, dtype)
        rows = flat.reshape(shape[::-1] if by_columns else shape)
        arrays.append(rows.T if by_columns else rows)
        at += nbytes
    if at != len(content):
        raise FrozenError("bytes that belong to no array")
    return arrays


_HASHED: Final = frozenset({"dict", "counter", "defaultdict", "set"})
_EMPTY: Final[dict[str, Callable[[], Any]]] = {
    "list": list,
    "dict": dict,
    "set": set,
    "counter": Counter,
}
_MAKERS: Final[dict[str, Callable[..., Any]]] = {
    "object": _Reader._object,  # noqa: SLF001  its own
    "enum": _Reader._enum,  # noqa: SLF001  its own
    "array": _Reader._array,  # noqa: SLF001  its own
    "sparse": _Reader._sparse,  # noqa: SLF001  its own
    "generator": _Reader._generator,  # noqa: SLF001  its own
    "number": _Reader._number,  # noqa: SLF001  its own
    "job": _Reader._job,  # noqa: SLF001  its own
    "deque": lambda _, most, *__: deque(maxlen=most),
    "bytes": lambda _, value: bytes.fromhex(value),
    "part": lambda self, name: self._catalogue.parts[name],
    "defaultdict": lambda _, factory, *__: defaultdict(FACTORIES[factory]),
}
