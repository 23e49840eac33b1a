"""Libraries that benchmarks compare with, which only the development environment has."""

from __future__ import annotations

from importlib import import_module  # noqa: TID251  libraries to compare with, no parts of ours
from typing import Any

from perigrid.base.errors import WorkError


def development_module(name: str, package: str = "") -> Any:  # noqa: ANN401  libraries without types
    """Import a library that no user needs.

    Parameters
    ----------
    name : str
        Of the module.
    package : str, optional
        What is installed to have it; the module's first name if left out.

    Returns
    -------
    module
        Taken as untyped.

    Raises
    ------
    WorkError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = package or name.split(".", maxsplit=1)[0]
        message = f"this benchmark needs {package}: pip install 'perigrid[dev]'"
        raise WorkError(message) from error
