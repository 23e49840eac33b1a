"""The scenarios that come with Perigrid, as YAML files in this folder."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final

from perigrid.base.errors import ScenarioError
from perigrid.scenario.problems import Place, did_you_mean, listed

INDEX: Final = "index.json"
"""What :func:`listing` reads, written by ``tools/index_library.py``."""

_SUFFIX = ".yaml"


def names() -> tuple[str, ...]:
    """List the library.

    Returns
    -------
    tuple of str
        Names, sorted.
    """
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in files if f.name.endswith(_SUFFIX)))


def listing() -> list[dict[str, Any]]:
    """Say what is in the library without reading all of it.

    Returns
    -------
    list of dict
        ``name, title, numbers`` and the keys that are ``assumed`` of each scenario.
    """
    text = (resources.files(__package__) / INDEX).read_text(encoding="utf-8")
    listed_there: list[dict[str, Any]] = json.loads(text)
    return listed_there


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
