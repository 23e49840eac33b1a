"""Power, charge and temperature of a satellite whose computer never rests."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from perigrid.report.axes import Scale, axis_bottom, axis_left, nice_ticks
from perigrid.report.svg import Floats, group, line, polyline, rect, text
from perigrid.report.words import power, share

_HEADING_PX: Final = 24.0
_STRIP_PX: Final = 84.0
_STEP_PX: Final = 124.0
_LETTER_PX: Final = 14.0
_HOURS_SHOWN: Final = 6.0
_CURVES: Final = ("a", "b")

HEIGHT_PX: Final = _HEADING_PX + 3 * _STEP_PX + 42.0
"""Height of the drawing [px]."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """One quantity over time: up to two curves by name, and a limit."""

    heading: str
    low: float
    high: float
    word: Callable[[float], str]
    curves: dict[str, Floats]
    limit: float
    limit_name: str


def busy_hours(day: Mapping[str, Any], top_px: float, left_px: float, right_px: float) -> Markup:
    """Draw the last hours of a busy day, by when the temperatures have settled; eclipses shaded.

    Parameters
    ----------
    day : mapping
        What :func:`perigrid.sim.plan_day.busy_day` gives.
    top_px, left_px, right_px : float
        Where the strips lie [px].

    Returns
    -------
    Markup
        A group, :data:`HEIGHT_PX` high.
    """
    every_h = np.array(day["t_h"])
    shown = every_h >= every_h[-1] - _HOURS_SHOWN
    columns = {
        name: np.array(values)[shown] for name, values in day.items() if isinstance(values, list)
    }
    hours = columns["t_h"]
    x = Scale(float(hours[0]), float(hours[-1]), left_px, right_px)
    title = f"{day['satellite']}, its computer busy all the time: the end of the run"
    parts = [
        text(16, top_px, title, class_="row"),
        text(right_px, top_px, "shaded: eclipse", "end", "muted"),
    ]
    bottom_px = top_px
    for place, strip in enumerate(_strips(day, columns)):
        strip_px = top_px + _HEADING_PX + place * _STEP_PX + _LETTER_PX
        bottom_px = strip_px + _STRIP_PX
        parts += [_shade(columns, x, strip_px), _draw(strip, x, hours, strip_px)]
    ticks = nice_ticks(x.low, x.high, 6)
    parts.append(axis_bottom(x, bottom_px + 6, bottom_px + 6, ticks, lambda hour: f"{hour:g} h"))
    parts.append(text(right_px, bottom_px + 38, "after the start of the run", "end", "muted"))
    return group(*parts)


def _strips(day: Mapping[str, Any], columns: Mapping[str, Floats]) -> tuple[_Strip, ...]:
    """Choose what is drawn and how far its scale reaches."""
    array_w, load_w = columns["array_w"], float(day["load_w"])
    warm = [columns["computer_c"], columns["radiator_c"]]
    low_c = min(float(values.min()) for values in warm)
    high_c = max(float(day["throttle_c"]), *(float(values.max()) for values in warm))
    return (
        _Strip(
            "Array power",
            0.0,
            1.1 * max(float(array_w.max()), load_w, 1.0),
            lambda value: power(value, 3),
            {"array": array_w},
            load_w,
            f"load {power(load_w)}",
        ),
        _Strip(
            "Battery",
            0.0,
            1.0,
            share,
            {"charge": columns["battery_soc"]},
            float(day["floor_soc"]),
            "lowest allowed",
        ),
        _Strip(
            "Temperature",
            low_c - 5.0,
            high_c + 5.0,
            lambda value: f"{value:.0f} °C",
            {"computer": warm[0], "radiator": warm[1]},
            float(day["throttle_c"]),
            "throttling",
        ),
    )


def _shade(columns: Mapping[str, Floats], x: Scale, top_px: float) -> Markup:
    """Grey where less than half of the Sun is in view."""
    dark = np.concatenate([[False], columns["sunlit"] < 0.5, [False]])
    edges = np.flatnonzero(dark[1:] != dark[:-1])
    hours = np.append(columns["t_h"], columns["t_h"][-1])
    return group(
        *(
            rect(x(hours[first]), top_px, x(hours[stop]) - x(hours[first]), _STRIP_PX, "dark")
            for first, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        )
    )


def _draw(strip: _Strip, x: Scale, hours: Floats, top_px: float) -> Markup:
    """Draw a strip; what each line is stands at its right end."""
    y = Scale(strip.low, strip.high, top_px + _STRIP_PX, top_px)
    limit_px = y(strip.limit)
    parts = [
        text(x.start_px, top_px - 5, strip.heading, class_="muted"),
        axis_left(y, x.start_px, x.end_px, nice_ticks(strip.low, strip.high, 3), strip.word),
        line(x.start_px, limit_px, x.end_px, limit_px, "limit"),
    ]
    labels = [(limit_px, strip.limit_name, "note-limit")]
    for class_, (name, values) in zip(_CURVES, strip.curves.items(), strict=False):
        parts.append(polyline(x.many(hours), y.many(values), class_))
        labels.append((y(float(values[-1])), name, f"note-{class_}"))
    last_px = -math.inf
    for place_px, name, class_ in sorted(labels):
        last_px = max(place_px + 4, last_px + _LETTER_PX)
        parts.append(text(x.end_px + 6, last_px, name, class_=class_))
    return group(*parts)
