"""Time to insight: which share of the wanted scenes had become an insight after how long."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.units import S_PER_HOUR
from perigrid.report.axes import Scale, axis_bottom, axis_left
from perigrid.report.figures.marks import NARROW_PX, WIDE_PX, architecture_classes, both, spread
from perigrid.report.svg import Floats, group, picture, polyline, tag, text, text_width_px
from perigrid.report.words import duration, share

_TICKS_S: Final = (
    *(1e-3, 1e-2, 0.1, 1.0, 10.0, 60.0, 600.0),
    *(S_PER_HOUR, 6 * S_PER_HOUR, SECONDS_PER_DAY, 7 * SECONDS_PER_DAY, 30 * SECONDS_PER_DAY),
)
_MAX_POINTS: Final = 240
_HALF: Final = 0.5
_NAME_ROW_PX: Final = 20.0
_ROUNDING: Final = 1e-12
_SHORTEST_S: Final = 1e-3
_HEIGHT_PX: Final = 380.0
_TYPE_PX: Final = 13.0


@dataclass(frozen=True, slots=True)
class Delays:
    """Scenes of one architecture that were worth delivering, and how long each had waited.

    Parameters
    ----------
    name : str
        Architecture.
    age_s : (n_scenes,) float array
        From the shutter to delivery, or to the end of the run; infinite for a scene that was
        missed and will never come [s].
    delivered : (n_scenes,) bool array
        Whether it became an insight.
    """

    name: str
    age_s: Floats
    delivered: npt.NDArray[np.bool_]


def arrivals(one: Delays) -> tuple[Floats, Floats]:
    """Estimate which share of the scenes arrives within a time.

    Parameters
    ----------
    one : Delays
        Ages, ended or not.

    Returns
    -------
    t_s : (n_delivered,) float array
        Times at which an insight arrived, ascending [s].
    share : (n_delivered,) float array
        Share of the scenes that had arrived by then.

    Notes
    -----
    The Kaplan-Meier estimate: with n_i scenes not yet arrived nor cut off by the end of the run
    just before the i-th arrival, the share is 1 - prod(1 - 1 / n_i). Counting only what was
    delivered would flatter whoever delivers late, because the end of the run cuts off long waits.

    References
    ----------
    .. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", Journal
       of the American Statistical Association 53, 457 (1958), doi:10.1080/01621459.1958.10501452.
    """
    order = np.lexsort((~one.delivered, one.age_s))
    came = one.delivered[order]
    at_risk = len(order) - np.arange(len(order))
    waiting = np.cumprod(np.where(came, 1.0 - 1.0 / at_risk, 1.0))
    arrived: Floats = 1.0 - waiting[came].astype(np.float64)
    return one.age_s[order][came], arrived


def median_s(one: Delays) -> float:
    """Estimate the time within which half the scenes arrive.

    Parameters
    ----------
    one : Delays
        Ages, ended or not.

    Returns
    -------
    float
        Infinite if half never arrived within the longest time seen [s].
    """
    times_s, shares = arrivals(one)
    reached = np.flatnonzero(shares >= _HALF - _ROUNDING)
    return float(times_s[reached[0]]) if len(reached) else math.inf


def insight_figure(delays: Sequence[Delays]) -> Markup:
    """Draw the cumulative distribution of time to insight, one line an architecture.

    Parameters
    ----------
    delays : sequence of Delays
        In the order of the table.

    Returns
    -------
    Markup
        A line that ends below 100 % shows what never came within the longest time seen.
    """
    if not any(one.delivered.any() for one in delays):
        return Markup('<p class="empty">No insight was delivered: there is no time to show.</p>')
    return both(_draw(delays, WIDE_PX), _draw(delays, NARROW_PX))


def _draw(delays: Sequence[Delays], width_px: float) -> Markup:
    narrow = width_px < WIDE_PX
    classes = architecture_classes(one.name for one in delays)
    label_px = max(text_width_px(_label(one), _TYPE_PX) for one in delays) + 12.0
    aside_px = min(max(128.0, label_px), width_px / 2)
    left_px, right_px = 44.0, width_px - (12.0 if narrow else aside_px)
    bottom_px = _HEIGHT_PX - 44.0
    x = _time_scale(delays, left_px, right_px)
    top_px = 14.0 + (_NAME_ROW_PX * math.ceil(len(delays) / 2) if narrow else 0.0)
    y = Scale(0.0, 1.0, bottom_px, top_px)
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    parts = [
        axis_left(y, left_px, right_px, shares, share),
        axis_bottom(x, bottom_px, top_px, _ticks(x), lambda tick: duration(tick, 1)),
        text((left_px + right_px) / 2, _HEIGHT_PX - 6, "time from shutter to insight", "middle"),
        *(_curve(one, x, y, classes[one.name]) for one in delays),
        *(
            _labels_above(delays, x, classes)
            if narrow
            else _labels_at_end(delays, right_px, y, classes)
        ),
    ]
    return picture(width_px, _HEIGHT_PX, _spoken(delays), parts, "figure")


def _time_scale(delays: Sequence[Delays], left_px: float, right_px: float) -> Scale:
    came = np.concatenate([one.age_s[one.delivered] for one in delays])
    ages = np.concatenate([one.age_s[np.isfinite(one.age_s)] for one in delays])
    low = max(float(came.min()), _SHORTEST_S)
    high = max(float(ages.max()), 2.0 * low)
    return Scale(low / 1.3, high * 1.1, left_px, right_px, log=True)


def _ticks(x: Scale) -> list[float]:
    kept: list[float] = []
    for tick in _TICKS_S:
        roomy = not kept or x(tick) - x(kept[-1]) > 42.0
        if x.low <= tick <= x.high and roomy:
            kept.append(tick)
    return kept


def _curve(one: Delays, x: Scale, y: Scale, class_: str) -> Markup:
    times_s, shares = arrivals(one)
    if not len(times_s):
        return Markup("")
    keep = np.unique(np.linspace(0, len(times_s) - 1, _MAX_POINTS).round().astype(np.int64))
    # flat at zero before the first arrival, flat after the last as far as anything was seen
    longest_s = float(one.age_s[np.isfinite(one.age_s)].max())
    edges_s = np.array([x.low, float(times_s[0])])
    xs = x.many(np.concatenate([edges_s, times_s[keep], [longest_s]]))
    ys = y.many(np.concatenate([[0.0, 0.0], shares[keep], shares[-1:]]))
    half_s = median_s(one)
    parts = [tag("title", f"{one.name}: {_half_words(half_s)}")]
    parts.append(polyline(xs, ys, "line"))
    if math.isfinite(half_s):
        parts.append(tag("circle", cx=x(half_s), cy=y(_HALF), r=4.5, class_="median"))
    return group(*parts, class_=f"curve {class_}")


def _half_words(half_s: float) -> str:
    if math.isfinite(half_s):
        return f"half arrive within {duration(half_s)}"
    return "half never arrived within the run"


# The median and not the last share: at the far end few scenes are left to judge by.
def _label(one: Delays) -> str:
    half_s = median_s(one)
    return f"{one.name} {duration(half_s, 2) if math.isfinite(half_s) else '(not half)'}"


def _last_share(one: Delays) -> float:
    shares = arrivals(one)[1]
    return float(shares[-1]) if len(shares) else 0.0


def _labels_at_end(
    delays: Sequence[Delays], right_px: float, y: Scale, classes: Mapping[str, str]
) -> list[Markup]:
    places_px = spread([y(_last_share(one)) for one in delays], 17.0)
    down_px = max(y.end_px - min(places_px), 0.0)
    return [
        text(
            right_px + 8,
            place_px + down_px + 4,
            _label(one),
            class_=f"name {classes[one.name]}",
        )
        for one, place_px in zip(delays, places_px, strict=True)
    ]


# The names in two columns above the picture, each with a stroke of its line's own dashes.
def _labels_above(delays: Sequence[Delays], x: Scale, classes: Mapping[str, str]) -> list[Markup]:
    parts = []
    column_px = (x.end_px - x.start_px) / 2
    for place, one in enumerate(delays):
        y_px = 12 + _NAME_ROW_PX * (place // 2)
        start_px = x.start_px + column_px * (place % 2)
        stroke = polyline(np.array([start_px, start_px + 24]), np.array([y_px - 4] * 2), "line")
        name = text(start_px + 30, y_px, _label(one), class_="name")
        parts.append(group(stroke, name, class_=f"curve {classes[one.name]}"))
    return parts


def _spoken(delays: Sequence[Delays]) -> str:
    parts = [f"{one.name}: {_half_words(median_s(one))}" for one in delays]
    return "Share of the wanted scenes that became an insight, over time. " + "; ".join(parts) + "."
