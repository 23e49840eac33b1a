"""Marks shared by the pictures: the class that gives each architecture its colour and dashes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from perigrid.base.architecture import BUILT_IN, in_order

WIDE_PX: Final = 640.0
NARROW_PX: Final = 360.0
"""Pictures with much lettering are drawn twice, so that it stays readable on a phone."""

_OWN: Final = 5
"""Classes for architectures that are not built in; more than that take them in turn."""


def architecture_classes(names: Iterable[str]) -> dict[str, str]:
    """Name the CSS classes of the architectures of a picture.

    Parameters
    ----------
    names : iterable of str
        Architectures, all that are shown together.

    Returns
    -------
    dict of str to str
        The same class for a built-in one wherever it is shown; classes of their own for others.
    """
    built_in = {name: f"a{place}" for place, name in enumerate(BUILT_IN)}
    given = in_order(names)
    others = [name for name in given if name not in built_in]
    own = {name: f"a{len(built_in) + place % _OWN}" for place, name in enumerate(others)}
    return {name: built_in.get(name) or own[name] for name in given}


def both(wide: Markup, narrow: Markup) -> Markup:
    """Put two drawings of one picture into a page, of which CSS shows the fitting one.

    Parameters
    ----------
    wide, narrow : Markup
        Drawn for a laptop and for a phone.

    Returns
    -------
    Markup
        Two blocks.
    """
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)


def spread(places_px: list[float], gap_px: float) -> list[float]:
    """Move labels apart until none overlaps the next, keeping their order.

    Parameters
    ----------
    places_px : list of float
        Where labels want to be [px].
    gap_px : float
        Least distance [px].

    Returns
    -------
    list of float
        Where they go, in the order given [px].
    """
    order = sorted(range(len(places_px)), key=lambda index: places_px[index])
    moved = list(places_px)
    for before, index in pairwise(order):
        moved[index] = max(moved[index], moved[before] + gap_px)
    excess = (sum(moved) - sum(places_px)) / max(len(moved), 1)
    return [place - excess for place in moved]
