"""What a running simulation is made of: plain values, objects of known classes, and named parts.

A state is a graph: an approval stands in the book and with the request that it answers, and must
be one again after reading. So every object is written once, in a list, and named by
its place there; a place within another object is a list of one number. Nothing that is read is
ever called: the reader makes objects of the plain classes of the simulator's own floors, empty,
and sets their attributes. What does not change in a run is not written but named, and taken from
the world that was built again.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from perigrid.base.jobs import Job
from perigrid.sim.world import World

Chunks: TypeAlias = Sequence[bytes | memoryview]
"""Bytes in pieces, so that large arrays are written from where they stand."""
Node: TypeAlias = list[Any]
"""An object as written: its kind, then what it holds."""
LENGTH_BYTES: Final = 8
"""Of the number before the text, which says how long that is."""
FACTORIES: Final = {kind.__name__: kind for kind in (dict, list, set, int, float)}
"""What a dictionary may make by itself."""
_NUMBERS: Final = re.compile(r"[<|][biuf][1248]")
_FLOORS: Final = ("base", "scenario", "physics", "workload", "economics", "fleet", "control")
"""Floors without I/O: what they build holds values only."""


class FrozenError(ValueError):
    """A state holds what none can be made of, or what none is."""


def world_parts(world: World) -> dict[str, object]:
    """Name what of a world a run never changes.

    Parameters
    ----------
    world : World
        Fleet, outlook, observations.

    Returns
    -------
    dict of str to object
        The same names for the same scenario.
    """
    parts: dict[str, object] = {
        "world": world,
        "scenario": world.scenario,
        "pipeline": world.scenario.pipeline,
        "fleet": world.fleet,
        "outlook": world.outlook,
        "contacts": world.outlook.contacts,
    }
    for field in dataclasses.fields(world.outlook):
        parts[f"outlook.{field.name}"] = getattr(world.outlook, field.name)
    return parts


class Catalogue:
    """What a state is made of besides plain values: classes, and parts that have names.

    Parameters
    ----------
    parts : mapping of str to object
        Such as :func:`world_parts`; none for a state of arrays.
    jobs : sequence of Job
        Named by their number.
    scheduler : type, optional
        Class of the scheduler in use, which may be somebody else's.
    """

    def __init__(
        self,
        parts: Mapping[str, object] | None = None,
        jobs: Sequence[Job] = (),
        scheduler: type | None = None,
    ) -> None:
        self.parts = dict(parts or {})
        self.jobs = jobs
        self._scheduler = scheduler

    def holds(self, cls: type) -> bool:
        """Say whether objects of a class are values, and no more.

        Parameters
        ----------
        cls : type
            Any.

        Returns
        -------
        bool
            True for classes of the floors without I/O and for the scheduler's.
        """
        package, *below = cls.__module__.split(".")
        if package != "perigrid" or not below:
            return cls is self._scheduler
        return below[0] in _FLOORS

    def find(self, module: str, name: str) -> type:
        """Look a class up among what this program has loaded: a name never causes an import.

        Parameters
        ----------
        module, name : str
            As written.

        Returns
        -------
        type
            The class.

        Raises
        ------
        FrozenError
            If it is none of ours.
        """
        theirs = self._scheduler
        if theirs is not None and (module, name) == (theirs.__module__, theirs.__qualname__):
            return theirs
        found = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and self.holds(found):
            same: bool = (found.__module__, found.__qualname__) == (module, name)
            if same:
                return found
        raise FrozenError(f"{module}.{name} does not belong in a checkpoint")


def numbers(descr: Any) -> np.dtype[Any]:  # noqa: ANN401  numpy's own notation
    """Give the kind of an array: numbers, or a flat table of them.

    Parameters
    ----------
    descr : str or list
        As numpy writes it, or as JSON has kept that.

    Returns
    -------
    numpy.dtype
        That has no objects in it, whatever was written.

    Raises
    ------
    FrozenError
        For anything else.
    """
    fields = [("", descr)] if isinstance(descr, str) else [tuple(field) for field in descr]
    kinds = [kind for field in fields for kind in field[1:]]
    plain = all(isinstance(kind, str) and _NUMBERS.fullmatch(kind) for kind in kinds)
    if not plain or len(kinds) != len(fields):
        raise FrozenError(f"an array of {descr} cannot be kept")
    return np.dtype(descr if isinstance(descr, str) else fields)


def attributes(value: object) -> dict[str, Any]:
    """Give what an object of a plain class consists of.

    Parameters
    ----------
    value : object
        With a dictionary, slots, or both.

    Returns
    -------
    dict
        By name; slots that were never set are left out.
    """
    found = dict(getattr(value, "__dict__", ()))
    for name in slots_of(type(value)):
        if hasattr(value, name):
            found[name] = getattr(value, name)
    return found


def slots_of(cls: type) -> tuple[str, ...]:
    """List the slots of a class.

    Parameters
    ----------
    cls : type
        Any.

    Returns
    -------
    tuple of str
        Its bases' first.
    """
    names: list[str] = []
    for one in reversed(cls.__mro__):
        own = one.__dict__.get("__slots__", ())
        names += [own] if isinstance(own, str) else own
    return tuple(name for name in names if name not in {"__dict__", "__weakref__"})
