"""Time to insight: which share of all observations had become an insight after how long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.units import S_PER_HOUR
from perigrid.report.figures.marks import NARROW_PX, WIDE_PX, architecture_class, both, spread
from perigrid.report.svg import (
    Floats,
    Scale,
    axis_bottom,
    axis_left,
    group,
    picture,
    polyline,
    tag,
    text,
)
from perigrid.report.words import duration, share

_TICKS_S: Final = (
    *(1e-3, 1e-2, 0.1, 1.0, 10.0, 60.0, 600.0),
    *(S_PER_HOUR, 6 * S_PER_HOUR, SECONDS_PER_DAY, 7 * SECONDS_PER_DAY, 30 * SECONDS_PER_DAY),
)
_MAX_POINTS: Final = 240
_HEIGHT_PX: Final = 380.0


@dataclass(frozen=True, slots=True)
class Delays:
    """Times to insight of one architecture.

    Parameters
    ----------
    name : str
        Architecture.
    time_to_insight_s : (n_delivered,) float array
        In any order [s].
    observations : int
        All that were taken, delivered or not.
    """

    name: str
    time_to_insight_s: Floats
    observations: int

    @property
    def delivered_share(self) -> float:
        """Share of the observations that became an insight."""
        return len(self.time_to_insight_s) / max(self.observations, 1)


def insight_figure(delays: Sequence[Delays]) -> Markup:
    """Draw the cumulative distribution of time to insight, one line an architecture.

    Parameters
    ----------
    delays : sequence of Delays
        In the order of the table.

    Returns
    -------
    Markup
        A line that ends below 100 % shows what was never delivered.
    """
    if not any(len(one.time_to_insight_s) for one in delays):
        return Markup('<p class="empty">No insight was delivered: there is no time to show.</p>')
    return both(_draw(delays, WIDE_PX), _draw(delays, NARROW_PX))


def _draw(delays: Sequence[Delays], width_px: float) -> Markup:
    narrow = width_px < WIDE_PX
    left_px, right_px = 44.0, width_px - (12.0 if narrow else 128.0)
    bottom_px = _HEIGHT_PX - 44.0
    x = _time_scale(delays, left_px, right_px)
    y = Scale(0.0, 1.0, bottom_px, 14.0)
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    parts = [
        axis_left(y, left_px, right_px, shares, share),
        axis_bottom(x, bottom_px, 14.0, _ticks(x), lambda tick: duration(tick, 1)),
        text((left_px + right_px) / 2, _HEIGHT_PX - 6, "time from shutter to insight", "middle"),
        *(_curve(one, x, y) for one in delays),
        *(_labels_on_curves(delays, x, y) if narrow else _labels_at_end(delays, right_px, y)),
    ]
    return picture(width_px, _HEIGHT_PX, _spoken(delays), parts, "figure")


def _time_scale(delays: Sequence[Delays], left_px: float, right_px: float) -> Scale:
    every = np.concatenate([one.time_to_insight_s for one in delays])
    low, high = max(float(every.min()), 1e-3), max(float(every.max()), 2e-3)
    return Scale(low / 1.3, high * 1.3, left_px, right_px, log=True)


def _ticks(x: Scale) -> list[float]:
    kept: list[float] = []
    for tick in _TICKS_S:
        roomy = not kept or x(tick) - x(kept[-1]) > 42.0
        if x.low <= tick <= x.high and roomy:
            kept.append(tick)
    return kept


def _thinned(times_s: Floats) -> tuple[Floats, Floats]:
    ordered = np.sort(times_s)
    rank = np.arange(1, len(ordered) + 1)
    keep = np.unique(np.linspace(0, len(ordered) - 1, _MAX_POINTS).round().astype(np.int64))
    return ordered[keep], rank[keep].astype(np.float64)


def _curve(one: Delays, x: Scale, y: Scale) -> Markup:
    if not len(one.time_to_insight_s):
        return Markup("")
    times_s, rank = _thinned(one.time_to_insight_s)
    shares = rank / one.observations
    # a flat start at zero and a flat end at the delivered share
    xs = np.concatenate([[x.start_px, x(times_s[0])], x.many(times_s), [x.end_px]])
    ys = np.concatenate([y.many(np.zeros(2)), y.many(shares), [y(shares[-1])]])
    median_s = float(np.median(one.time_to_insight_s))
    title = f"{one.name}: median {duration(median_s)}, {share(one.delivered_share)} delivered"
    dot = tag("circle", cx=x(median_s), cy=y(one.delivered_share / 2), r=4.5, class_="median")
    line_class = f"curve {architecture_class(one.name)}"
    return group(tag("title", title), polyline(xs, ys, "line"), dot, class_=line_class)


def _labels_at_end(delays: Sequence[Delays], right_px: float, y: Scale) -> list[Markup]:
    places_px = spread([y(one.delivered_share) for one in delays], 17.0)
    return [
        text(
            right_px + 8,
            place_px + 4,
            f"{one.name} {share(one.delivered_share)}",
            class_=f"name {architecture_class(one.name)}",
        )
        for one, place_px in zip(delays, places_px, strict=True)
    ]


# The names stacked at the upper left, each with a stroke of its line's own dashes.
def _labels_on_curves(delays: Sequence[Delays], x: Scale, y: Scale) -> list[Markup]:
    parts = []
    for row, one in enumerate(delays):
        y_px = y.end_px + 14 + 17 * row
        start_px = x.start_px + 6
        stroke = polyline(np.array([start_px, start_px + 24]), np.array([y_px - 4] * 2), "line")
        words = f"{one.name} {share(one.delivered_share)}"
        name = text(start_px + 30, y_px, words, class_="name")
        parts.append(group(stroke, name, class_=f"curve {architecture_class(one.name)}"))
    return parts


def _spoken(delays: Sequence[Delays]) -> str:
    parts = []
    for one in delays:
        times_s = one.time_to_insight_s
        median_s = float(np.median(times_s)) if len(times_s) else math.nan
        parts.append(
            f"{one.name}: {share(one.delivered_share)} of observations became an insight, "
            f"half of those within {duration(median_s)}"
        )
    return "Cumulative distribution of time to insight. " + "; ".join(parts) + "."
