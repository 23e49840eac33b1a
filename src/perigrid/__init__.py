"""Perigrid: design, fly and govern AI data centres in orbit.

>>> import perigrid
>>> print(perigrid.load("three-body").compare(hours=24).table())  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perigrid.base.version import VERSION

if TYPE_CHECKING:
    from perigrid.api import Study

__version__ = VERSION
__all__ = ["__version__", "load"]


def load(scenario: str, *, overrides: tuple[str, ...] = ()) -> Study:
    """Open a scenario by path or library name.

    Parameters
    ----------
    scenario : str
        A path to a scenario file, or a name of the library such as ``three-body``.
    overrides : tuple of str
        ``dotted.path=value`` changes, as ``--set`` on the command line.

    Returns
    -------
    perigrid.api.Study
        What can be planned, run and compared.
    """
    from perigrid.api import Study  # noqa: PLC0415  keeps ``import perigrid`` instant

    return Study.open(scenario, overrides=overrides)
