"""Plug-ins by name: built-ins and third parties register through the same entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from perigrid.base.errors import Problem, ScenarioError

SCHEDULERS: Final = "perigrid.schedulers"
WORKLOADS: Final = "perigrid.workloads"


def names(group: str) -> tuple[str, ...]:
    """List what is registered.

    Parameters
    ----------
    group : str
        Entry-point group, such as :data:`SCHEDULERS` or :data:`WORKLOADS`.

    Returns
    -------
    tuple of str
        Sorted.
    """
    return tuple(sorted(point.name for point in entry_points(group=group)))


def create(group: str, name: str) -> Any:  # noqa: ANN401  the group's protocol is the type
    """Make a registered thing by name.

    Parameters
    ----------
    group : str
        Entry-point group.
    name : str
        Its name.

    Returns
    -------
    object
        A fresh instance.

    Raises
    ------
    ScenarioError
        If nothing of that name is registered, or it cannot be loaded.
    """
    kind = group.rsplit(".", maxsplit=1)[-1].rstrip("s")
    for point in entry_points(group=group):
        if point.name == name:
            return _made(point, kind)
    remedy = f"choose one of {', '.join(names(group))}"
    raise ScenarioError([Problem(f"no {kind} is called {name!r}", remedy, key=kind)])


def _made(point: EntryPoint, kind: str) -> Any:  # noqa: ANN401  as above
    try:
        return point.load()()
    except (ImportError, AttributeError, TypeError) as error:
        message = f"the {kind} {point.name!r} ({point.value}) cannot be loaded: {error}"
        remedy = f"mend the plug-in, or choose another {kind}"
        raise ScenarioError([Problem(message, remedy, key=kind)]) from error


def weighs_places(scheduler: object) -> bool:
    """Say whether a scheduler is asked where a job goes that may not be computed where it is.

    Parameters
    ----------
    scheduler : Scheduler
        Any.

    Returns
    -------
    bool
        False if it does not say so.
    """
    return bool(getattr(scheduler, "weighs_places", False))
