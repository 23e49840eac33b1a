"""A state as JSON and plain arrays: see :mod:`perigrid.sim.frozen`."""

from __future__ import annotations

import enum
import json
import operator
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Job
from perigrid.sim.frozen import (
    FACTORIES,
    LENGTH_BYTES,
    Catalogue,
    Chunks,
    FrozenError,
    Node,
    attributes,
    numbers,
    slots_of,
)

_PLAIN: Final = frozenset({str, float, int, bool, type(None)})
_BUILT_IN: Final = (str, bytes, int, float, list, dict, set, frozenset, BaseException)
_SMALL: Final = 64
"""Numbers of an array that is written whole, however many of them are zero."""


def serialise(state: Mapping[str, Any], catalogue: Catalogue) -> Chunks:
    """Write a state.

    Parameters
    ----------
    state : mapping
        Plain objects, in any graph.
    catalogue : Catalogue
        Of what is in it.

    Returns
    -------
    sequence of bytes
        For :func:`deserialise`. Arrays are not copied: write them before they change.

    Raises
    ------
    FrozenError
        If something in it is no value, such as an open file.
    """
    return _Writer(catalogue).write(dict(state))


class _Writer:
    """Writes every object once, in the order in which they are met."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names = {id(part): name for name, part in catalogue.parts.items()}
        self._named = {type(part) for part in catalogue.parts.values()} | {Job}
        self._places: dict[int, list[int]] = {}
        self._objects: list[object] = []  # kept, so that no other gets its id
        self._classes: dict[tuple[type, tuple[str, ...]], int] = {}
        self._arrays: list[Node] = []
        self._chunks: list[bytes | memoryview] = []
        self._kinds: dict[type, Callable[[Any], Node]] = {
            list: lambda value: ["list", *self._all(value)],
            tuple: lambda value: ["tuple", *self._all(value)],
            set: lambda value: ["set", *self._all(value)],
            frozenset: lambda value: ["frozenset", *self._all(value)],
            deque: lambda value: ["deque", value.maxlen, *self._all(value)],
            dict: lambda value: ["dict", *self._pairs(value)],
            Counter: lambda value: ["counter", *self._pairs(value)],
            defaultdict: self._defaultdict,
            bytes: lambda value: ["bytes", value.hex()],
            np.ndarray: self._array,
            np.random.Generator: self._generator,
        }

    def write(self, state: dict[str, Any]) -> Chunks:
        """Write a state and all that hangs on it."""
        self._all([state])
        # grows on the way
        nodes: list[Node] = [self._node(value) for value in self._objects]
        classes = [[cls.__module__, cls.__qualname__, *names] for cls, names in self._classes]
        document = {"arrays": self._arrays, "classes": classes, "objects": nodes}
        text = json.dumps(document, separators=(",", ":"), check_circular=False).encode()
        return [len(text).to_bytes(LENGTH_BYTES, "big"), text, *self._chunks]

    def _all(self, values: Iterable[Any]) -> Node:
        """Write plain values as they are, others as the place where they will be."""
        places, objects = self._places, self._objects
        tokens = []
        for value in values:
            if type(value) in _PLAIN:
                tokens.append(value)
                continue
            place = places.get(id(value))
            if place is None:
                place = places[id(value)] = [len(objects)]
                objects.append(value)
            tokens.append(place)
        return tokens

    def _pairs(self, value: Mapping[Any, Any]) -> Node:
        return self._all([one for pair in value.items() for one in pair])

    def _node(self, value: Any) -> Node:  # noqa: ANN401  anything may stand in a state
        cls = type(value)
        if cls in self._named and (named := self._name(value)) is not None:
            return named
        kind = self._kinds.get(cls)
        if kind is None:
            kind = self._kinds[cls] = self._kind_of(cls)
        return kind(value)

    def _name(self, value: object) -> Node | None:
        if isinstance(value, Job):
            jobs, number = self._catalogue.jobs, value.job_id
            known = 0 <= number < len(jobs) and jobs[number] is value
            return ["job", number] if known else None
        name = self._names.get(id(value))
        return None if name is None else ["part", name]

    def _kind_of(self, cls: type) -> Callable[[Any], Node]:
        """Find how objects of a class are written."""
        if issubclass(cls, np.bool_ | np.integer | np.floating):
            return self._number
        if not self._catalogue.holds(cls):
            raise FrozenError(f"{cls.__module__}.{cls.__qualname__} cannot be kept")
        if issubclass(cls, enum.Enum):
            return lambda value: ["enum", self._class(cls, ()), value.name]
        if issubclass(cls, tuple):
            return lambda value: ["record", self._class(cls, ()), *self._all(value)]
        if issubclass(cls, _BUILT_IN):
            raise FrozenError(f"{cls.__qualname__} is a kind of {cls.__base__}, it cannot be kept")
        slots = slots_of(cls)
        if len(slots) > 1 and not cls.__dictoffset__:
            return self._of_slots(cls, slots)
        return self._object

    def _of_slots(self, cls: type, slots: tuple[str, ...]) -> Callable[[Any], Node]:
        """Write most objects the short way."""
        number, values_of = self._class(cls, slots), operator.attrgetter(*slots)

        def write(value: object) -> Node:
            try:
                values = values_of(value)
            except AttributeError:  # one was never set
                return self._object(value)
            return ["object", number, *self._all(values)]

        return write

    def _number(self, value: Any) -> Node:  # noqa: ANN401  numpy's scalars
        numbers(value.dtype.str)
        return ["number", value.dtype.str, value.item()]

    def _object(self, value: object) -> Node:
        found = attributes(value)
        return ["object", self._class(type(value), tuple(found)), *self._all(found.values())]

    def _class(self, cls: type, names: tuple[str, ...]) -> int:
        if any(name.startswith("__") for name in names):
            raise FrozenError(f"{cls.__qualname__} cannot be kept: __ means something to Python")
        return self._classes.setdefault((cls, names), len(self._classes))

    def _defaultdict(self, value: defaultdict[Any, Any]) -> Node:
        factory = getattr(value.default_factory, "__name__", "")
        if FACTORIES.get(factory) is not value.default_factory:
            raise FrozenError(f"a dictionary that makes {factory or 'nothing'} cannot be kept")
        return ["defaultdict", factory, *self._pairs(value)]

    def _generator(self, value: np.random.Generator) -> Node:
        if not isinstance(value.bit_generator, np.random.PCG64):
            raise FrozenError(f"{type(value.bit_generator).__name__} cannot be kept")
        return ["generator", json.dumps(value.bit_generator.state)]

    def _array(self, value: npt.NDArray[Any]) -> Node:
        if value.dtype == np.float64 and value.size > _SMALL and value.flags.writeable:
            flat = np.ravel(value)
            there = np.flatnonzero(flat.view(np.int64))  # by the bits: -0.0 is kept
            if 4 * len(there) < flat.size:
                rows = [self._store(there), self._store(flat[there])]
                return ["sparse", list(value.shape), *rows]
        return ["array", self._store(value), value.flags.writeable]

    def _store(self, value: npt.NDArray[Any]) -> int:
        by_columns = value.flags.f_contiguous and not value.flags.c_contiguous
        rows = np.ascontiguousarray(value.T if by_columns else value)
        descr = np.lib.format.dtype_to_descr(value.dtype)
        numbers(descr)
        self._arrays.append([descr, list(value.shape), by_columns])
        if rows.size:
            self._chunks.append(rows.reshape(-1).view(np.uint8).data)
        return len(self._arrays) - 1
