"""A running simulation as bytes, and back, without running what the bytes might ask for.

Written with pickle, because a simulation is a graph: a task stands in a queue, in the event list
and in the books of its job, and must be one task again after reading. Read by an unpickler that
knows only the plain classes of the simulator's own floors, numpy arrays and builtin containers, and
no function at all: bytes from elsewhere can build wrong values but cannot reach a file, a process
or the network. What does not change in a run is not written but named, and taken from the world
that was built again.
"""

from __future__ import annotations

import copyreg
import dataclasses
import io
import pickle
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Job
from perigrid.control.controller import Controller
from perigrid.sim.world import World

PROTOCOL: Final = 5
_FLOORS: Final = ("base", "scenario", "physics", "workload", "economics", "fleet", "control")
"""Floors without I/O: what they build holds values only."""
_SIMULATOR: Final = frozenset(
    {
        "engine",
        "executor",
        "accounting",
        "link_loads",
        "failures",
        "pending",
        "saved_work",
        "interruptions",
        "stepper",
        "oversight",
    }
)
_OUTSIDE: Final = frozenset(
    {
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("builtins", "dict"),
        ("builtins", "bytearray"),
        ("collections", "deque"),
        ("collections", "Counter"),
        ("collections", "defaultdict"),
        ("collections", "OrderedDict"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy.random._pickle", "__generator_ctor"),
        ("numpy.random._pickle", "__bit_generator_ctor"),
        ("numpy.random._pcg64", "PCG64"),
        ("numpy.random.bit_generator", "SeedSequence"),
        ("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence"),
        *(
            (f"numpy.{core}.{module}", name)
            for core in ("core", "_core")
            for module, name in (
                ("multiarray", "_reconstruct"),
                ("multiarray", "scalar"),
                ("numeric", "_frombuffer"),
            )
        ),
    }
)
_NAMED: Final = (__name__, "_named")


def _named(name: str) -> object:
    """Stand in for what the reader supplies under a name."""
    raise InvariantError(f"{name} was read outside a checkpoint")


def fixed_parts(
    world: World, controller: Controller, others: Mapping[str, object]
) -> dict[str, object]:
    """Name what a run never changes and a resumed run builds again.

    Parameters
    ----------
    world : World
        Fleet, outlook, observations.
    controller : Controller
        Fresh.
    others : mapping of str to object
        Such as the record and the working folder.

    Returns
    -------
    dict of str to object
        The same names for the same scenario and architecture.
    """
    belief = controller.belief
    parts: dict[str, object] = {
        "world": world,
        "scenario": world.scenario,
        "pipeline": world.scenario.pipeline,
        "fleet": world.fleet,
        "outlook": world.outlook,
        "contacts": world.outlook.contacts,
        "laser_w": belief.laser_w,
    }
    for field in dataclasses.fields(world.outlook):
        parts[f"outlook.{field.name}"] = getattr(world.outlook, field.name)
    for index, part in enumerate(controller.fixed_parts):
        parts[f"core.{index}"] = part
    return parts | dict(others)


def freeze(state: dict[str, Any], world: World, parts: Mapping[str, object]) -> bytes:
    """Write a state.

    Parameters
    ----------
    state : dict
        Plain objects, in any graph.
    world : World
        Its observations are named by their number.
    parts : mapping of str to object
        From :func:`fixed_parts`.

    Returns
    -------
    bytes
        For :func:`thaw`.
    """
    names = {id(part): name for name, part in parts.items()}
    jobs = world.jobs

    def by_name(value: Any) -> Any:  # noqa: ANN401  pickle's reductions have no narrower type
        name = names.get(id(value))
        return value.__reduce_ex__(PROTOCOL) if name is None else (_named, (name,))

    def by_number(job: Job) -> Any:  # noqa: ANN401  see above
        known = job.job_id < len(jobs) and jobs[job.job_id] is job
        return (_named, (job.job_id,)) if known else job.__reduce_ex__(PROTOCOL)

    kinds = {type(part) for part in parts.values()}
    table: dict[type, Callable[[Any], Any]] = dict.fromkeys(kinds, by_name)
    table[Job] = by_number
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, PROTOCOL)
    pickler.dispatch_table = copyreg.dispatch_table | table
    pickler.dump(state)
    return stream.getvalue()


def thaw(
    frozen: bytes, world: World, parts: Mapping[str, object], scheduler: type
) -> dict[str, Any]:
    """Read a state.

    Parameters
    ----------
    frozen : bytes
        From :func:`freeze`, checked against its digest.
    world : World
        The same as when it was written.
    parts : mapping of str to object
        From :func:`fixed_parts`, of a fresh controller.
    scheduler : type
        Class of the scheduler in use, which may be somebody else's.

    Returns
    -------
    dict
        The state.

    Raises
    ------
    pickle.UnpicklingError
        If the bytes ask for a class or a function that no state holds.
    """
    state = _Reader(io.BytesIO(frozen), world, parts, scheduler).load()
    if not isinstance(state, dict):
        raise pickle.UnpicklingError("no state")
    return state


class _Reader(pickle.Unpickler):  # noqa: S301  the restricted reader is the answer to that warning
    """Knows plain classes and named parts, nothing else."""

    def __init__(
        self,
        stream: io.BytesIO,
        world: World,
        parts: Mapping[str, object],
        scheduler: type,
    ) -> None:
        super().__init__(stream)
        self._jobs = world.jobs
        self._parts = parts
        self._scheduler = scheduler

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  the base class's signature
        """Answer a class that may be built.

        Parameters
        ----------
        module, name : str
            As written.

        Returns
        -------
        object
            The class.

        Raises
        ------
        pickle.UnpicklingError
            If it is none of ours.
        """
        if (module, name) == _NAMED:
            return self._part
        if (module, name) == (self._scheduler.__module__, self._scheduler.__qualname__):
            return self._scheduler
        if (module, name) in _OUTSIDE:
            return super().find_class(module, name)
        # Only what this program has loaded: a name never causes an import.
        found = getattr(sys.modules.get(module), name, None) if _is_plain(module) else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong in a checkpoint")
        return found

    def _part(self, key: str | int) -> object:
        return self._jobs[key] if isinstance(key, int) else self._parts[key]


def _is_plain(module: str) -> bool:
    """Tell the modules whose classes hold values and do no I/O."""
    package, *below = module.split(".")
    if package != "perigrid" or not below:
        return False
    return below[0] in _FLOORS or (below[0] == "sim" and below[-1] in _SIMULATOR)
