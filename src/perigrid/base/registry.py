"""Plug-ins by name: built-ins and third parties register through the same entry points."""

from __future__ import annotations

from importlib.metadata import entry_points
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
        If nothing of that name is registered.
    """
    for point in entry_points(group=group):
        if point.name == name:
            return point.load()()
    kind = group.rsplit(".", maxsplit=1)[-1].rstrip("s")
    remedy = f"choose one of {', '.join(names(group))}"
    raise ScenarioError([Problem(f"no {kind} is called {name!r}", remedy, key=kind)])


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
