"""The scenarios that come with Perigrid, as YAML files in this folder."""

from __future__ import annotations

import re
from importlib import resources

from perigrid.base.errors import ScenarioError
from perigrid.scenario.problems import Place, did_you_mean, listed

_SUFFIX = ".yaml"
_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)


def names() -> tuple[str, ...]:
    """List the library.

    Returns
    -------
    tuple of str
        Names, sorted.
    """
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in files if f.name.endswith(_SUFFIX)))


def read(name: str) -> str:
    """Read the text of a library scenario.

    Parameters
    ----------
    name : str
        One of :func:`names`.

    Returns
    -------
    str
        YAML.

    Raises
    ------
    ScenarioError
        If there is no such scenario.
    """
    known = names()
    if name not in known:
        message = f"no library scenario '{name}'{did_you_mean(name, known)}"
        raise ScenarioError([Place(name).problem(message, f"the library has {listed(known)}")])
    return (resources.files(__package__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def describe(name: str) -> str:
    """Say in one line what a library scenario is.

    Parameters
    ----------
    name : str
        One of :func:`names`.

    Returns
    -------
    str
        Its title.

    Raises
    ------
    ScenarioError
        If there is no such scenario.
    """
    match = _TITLE.search(read(name))
    if match is None:
        message = "library scenario without a title"
        raise ScenarioError([Place(name).problem(message, "add one", "title")])
    return match.group(1).strip("\"'")
