"""Marks shared by the pictures: the class that gives each architecture its colour and dashes."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from markupsafe import Markup

from perigrid.report.words import ARCHITECTURES

WIDE_PX: Final = 640.0
NARROW_PX: Final = 360.0
"""Pictures with much lettering are drawn twice, so that it stays readable on a phone."""

_OTHERS: Final = len(ARCHITECTURES)


def architecture_class(name: str) -> str:
    """Name the CSS class of an architecture.

    Parameters
    ----------
    name : str
        Architecture.

    Returns
    -------
    str
        ``a0`` to ``a3`` for the known ones, ``a4`` for any other.
    """
    known = list(ARCHITECTURES)
    return f"a{known.index(name) if name in known else _OTHERS}"


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
