"""Small SVG pictures by hand: text in, text out, coloured by the page's own CSS variables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

from perigrid.base.shown import printable

Floats = npt.NDArray[np.float64]
Value = str | int | float

SVG_NAMESPACE: Final = "http://www.w3.org/2000/svg"

_CHARACTER_PX: Final = 0.56
"""Mean width of a character over the size of the type, for system sans fonts."""


def coordinate(length_px: float) -> str:
    """Write a coordinate briefly.

    Parameters
    ----------
    length_px : float
        In the picture's own units [px].

    Returns
    -------
    str
        At most one decimal, which is finer than any screen shows.
    """
    text = f"{length_px:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def tag(name: str, *children: str, **attributes: Value) -> Markup:
    """Build an element.

    Parameters
    ----------
    name : str
        Element name.
    *children : str
        Contents; plain text is escaped, markup is kept.
    **attributes : str or number
        Underscores become hyphens; a leading or trailing one is dropped.

    Returns
    -------
    Markup
        Safe to put into a page.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        text = _safe(value) if isinstance(value, str) else coordinate(value)
        parts.append(f' {key.strip("_").replace("_", "-")}="{text}"')
    inside = "".join(map(_safe, children))
    return Markup(f"{''.join(parts)}>{inside}</{name}>")  # noqa: S704  every part is escaped above


def _safe(words: str) -> str:
    """Keep markup; of plain words, write out what markup and lines are made of."""
    return str(words if isinstance(words, Markup) else escape(printable(words, lines=True)))


def group(*children: str, **attributes: Value) -> Markup:
    """Build a group of elements.

    Parameters
    ----------
    *children : str
        Elements.
    **attributes : str or number
        As for :func:`tag`.

    Returns
    -------
    Markup
        A ``g`` element.
    """
    return tag("g", *children, **attributes)


def text(x_px: float, y_px: float, words: str, anchor: str = "start", class_: str = "") -> Markup:
    """Write words at a place.

    Parameters
    ----------
    x_px, y_px : float
        Place of the baseline [px].
    words : str
        Plain text.
    anchor : str
        ``start``, ``middle`` or ``end``.
    class_ : str
        CSS class.

    Returns
    -------
    Markup
        A ``text`` element.
    """
    extra: dict[str, Value] = {"class": class_} if class_ else {}
    if anchor != "start":
        extra["text_anchor"] = anchor
    return tag("text", words, x=x_px, y=y_px, **extra)


def text_width_px(words: str, type_px: float) -> float:
    """Estimate how wide words will be.

    Parameters
    ----------
    words : str
        Plain text.
    type_px : float
        Size of the type [px].

    Returns
    -------
    float
        Rather too wide than too narrow [px].
    """
    return len(words) * type_px * _CHARACTER_PX


def line(x1_px: float, y1_px: float, x2_px: float, y2_px: float, class_: str) -> Markup:
    """Draw a straight line.

    Parameters
    ----------
    x1_px, y1_px, x2_px, y2_px : float
        Ends [px].
    class_ : str
        CSS class.

    Returns
    -------
    Markup
        A ``line`` element.
    """
    return tag("line", x1=x1_px, y1=y1_px, x2=x2_px, y2=y2_px, class_=class_)


def rect(
    x_px: float, y_px: float, width_px: float, height_px: float, class_: str, title: str = ""
) -> Markup:
    """Draw a rectangle.

    Parameters
    ----------
    x_px, y_px, width_px, height_px : float
        Corner and size [px].
    class_ : str
        CSS class.
    title : str
        Shown under the pointer.

    Returns
    -------
    Markup
        A ``rect`` element.
    """
    inside = [tag("title", title)] if title else []
    size: dict[str, Value] = {"width": max(width_px, 0.0), "height": max(height_px, 0.0)}
    return tag("rect", *inside, x=x_px, y=y_px, **size, class_=class_)


def path_data(x_px: Floats, y_px: Floats) -> str:
    """Write a polyline; values that are not finite break it.

    Parameters
    ----------
    x_px, y_px : (n,) float array
        Points [px].

    Returns
    -------
    str
        For the ``d`` attribute of a path.
    """
    parts, pen_down = [], False
    for x, y in zip(x_px, y_px, strict=True):
        if not (math.isfinite(x) and math.isfinite(y)):
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{coordinate(x)} {coordinate(y)}")
        pen_down = True
    return "".join(parts)


def polyline(x_px: Floats, y_px: Floats, class_: str) -> Markup:
    """Draw a line through points.

    Parameters
    ----------
    x_px, y_px : (n,) float array
        Points [px].
    class_ : str
        CSS class.

    Returns
    -------
    Markup
        A ``path`` element.
    """
    keep = np.ones(len(y_px), dtype=bool)
    if len(y_px) > 2:
        # the inner points of a level stretch draw nothing
        keep[1:-1] = (y_px[1:-1] != y_px[:-2]) | (y_px[1:-1] != y_px[2:])
    return tag("path", d=path_data(x_px[keep], y_px[keep]), class_=class_)


def band(x_px: Floats, low_px: Floats, high_px: Floats, class_: str) -> Markup:
    """Fill the area between two lines over the same abscissae.

    Parameters
    ----------
    x_px, low_px, high_px : (n,) float array
        Points [px].
    class_ : str
        CSS class.

    Returns
    -------
    Markup
        A ``path`` element.
    """
    around_x = np.concatenate([x_px, x_px[::-1]])
    around_y = np.concatenate([low_px, high_px[::-1]])
    return tag("path", d=path_data(around_x, around_y) + "Z", class_=class_)


def picture(
    width_px: float,
    height_px: float,
    label: str,
    parts: Iterable[str],
    class_: str = "",
    *,
    standalone: bool = False,
) -> Markup:
    """Put elements into a picture that scales with its column.

    Parameters
    ----------
    width_px, height_px : float
        Size of the drawing [px].
    label : str
        What a reader who cannot see it should be told.
    parts : iterable of str
        Elements.
    class_ : str
        CSS class.
    standalone : bool
        Whether it is to be a file of its own, which needs a namespace and a size.

    Returns
    -------
    Markup
        An ``svg`` element.
    """
    alone: dict[str, Value] = {}
    if standalone:
        alone = {"xmlns": SVG_NAMESPACE, "width": width_px, "height": height_px}
    box = f"0 0 {coordinate(width_px)} {coordinate(height_px)}"
    return tag("svg", *parts, viewBox=box, role="img", aria_label=label, class_=class_, **alone)
