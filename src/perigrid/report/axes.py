"""Scales that map values to coordinates, round values on them, and axes drawn along them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from perigrid.report.svg import Floats, group, line, text


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values to coordinates, linearly or by logarithm.

    Parameters
    ----------
    low, high : float
        Values at the ends, ``low < high``; both positive if ``log``.
    start_px, end_px : float
        Coordinates of the ends [px].
    log : bool
        Whether equal ratios are equally far apart.
    """

    low: float
    high: float
    start_px: float
    end_px: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Place one value.

        Parameters
        ----------
        value : float
            In the unit of the ends.

        Returns
        -------
        float
            Coordinate, kept between the ends [px].
        """
        return float(self.many(np.array([value]))[0])

    def many(self, values: Floats) -> Floats:
        """Place many values.

        Parameters
        ----------
        values : (n,) float array
            In the unit of the ends.

        Returns
        -------
        (n,) float array
            Coordinates, kept between the ends [px].
        """
        kept = np.clip(np.asarray(values, dtype=np.float64), self.low, self.high)
        if self.log:
            part = np.log(kept / self.low) / np.log(self.high / self.low)
        else:
            part = (kept - self.low) / (self.high - self.low)
        placed: Floats = self.start_px + part * (self.end_px - self.start_px)
        return placed


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Choose round values between two ends.

    Parameters
    ----------
    low, high : float
        Ends, ``low < high``.
    most : int
        Not many more than this.

    Returns
    -------
    list of float
        Multiples of 1, 2, 2.5 or 5 times a power of ten.
    """
    raw = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * k for k in (1, 2, 2.5, 5, 10) if power * k >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def axis_bottom(
    scale: Scale, y_px: float, top_px: float, ticks: Sequence[float], word: Callable[[float], str]
) -> Markup:
    """Draw an axis along the bottom with lines up through the picture.

    Parameters
    ----------
    scale : Scale
        Along the axis.
    y_px, top_px : float
        Where the axis lies and how far the lines reach [px].
    ticks : sequence of float
        Values to mark.
    word : callable
        Writes a value.

    Returns
    -------
    Markup
        A group.
    """
    parts = [line(scale.start_px, y_px, scale.end_px, y_px, "axis")]
    for value in ticks:
        x_px = scale(value)
        parts.append(line(x_px, top_px, x_px, y_px, "grid"))
        parts.append(text(x_px, y_px + 16, word(value), "middle"))
    return group(*parts, class_="ticks")


def axis_left(
    scale: Scale, x_px: float, right_px: float, ticks: Sequence[float], word: Callable[[float], str]
) -> Markup:
    """Draw value labels at the left with lines across the picture.

    Parameters
    ----------
    scale : Scale
        Along the axis.
    x_px, right_px : float
        Where the labels end and how far the lines reach [px].
    ticks : sequence of float
        Values to mark.
    word : callable
        Writes a value.

    Returns
    -------
    Markup
        A group.
    """
    parts = []
    for value in ticks:
        y_px = scale(value)
        parts.append(line(x_px, y_px, right_px, y_px, "grid"))
        parts.append(text(x_px - 6, y_px + 4, word(value), "end"))
    return group(*parts, class_="ticks")
