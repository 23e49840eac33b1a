"""The picture of a plan: every margin on one scale, and some busy hours of one satellite."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from perigrid.report.axes import Scale, axis_bottom
from perigrid.report.figures.busy_hours import HEIGHT_PX, busy_hours
from perigrid.report.svg import group, line, picture, rect, tag, text
from perigrid.report.words import number

_WIDTH_PX: Final = 760.0
_LEFT_PX: Final = 126.0
_RIGHT_PX: Final = 214.0
_BAR_PX: Final = 18.0
_ROW_PX: Final = 30.0
_TOP_PX: Final = 64.0
_MOST_LETTERS: Final = 34
_MOST_TIMES: Final = 100.0
"""Have over need beyond which a limit is plainly none."""

_STYLE: Final = """
.plan { font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
.plan text { fill: #16191d; font-size: 13px; } .plan .title { font-size: 17px; font-weight: 600; }
.plan .ticks text, .plan .muted { fill: #565e68; font-size: 12px; } .plan .row { font-weight: 600; }
.plan .grid { stroke: #d5d9de; stroke-width: .7; } .plan .axis { stroke: #565e68; }
.plan .one { stroke: #16191d; stroke-width: 1.6; } .plan .paper { fill: #ffffff; }
.plan .short { fill: #b8412a; } .plan .least { fill: #866300; } .plan .ample { fill: #2b68ab; }
.plan .dark { fill: #e4e7ec; } .plan .limit { stroke: #b8412a; stroke-dasharray: 6 4; }
.plan .a, .plan .b { fill: none; stroke-width: 1.8; } .plan .a { stroke: #0b57b0; }
.plan .b { stroke: #8a5300; stroke-dasharray: 7 3; } .plan .note-a { fill: #0b57b0; }
.plan .note-b { fill: #8a5300; } .plan .note-limit { fill: #b8412a; }
@media (prefers-color-scheme: dark) {
.plan text { fill: #eceef1; } .plan .ticks text, .plan .muted { fill: #a7aeb8; }
.plan .grid { stroke: #373d45; } .plan .axis { stroke: #a7aeb8; }
.plan .one { stroke: #eceef1; } .plan .paper { fill: #14171b; }
.plan .short { fill: #f0937e; } .plan .least { fill: #dcb450; } .plan .ample { fill: #7fb2ea; }
.plan .dark { fill: #2b3037; } .plan .limit { stroke: #f0937e; } .plan .a { stroke: #7db8ff; }
.plan .b { stroke: #e5ac52; } .plan .note-a { fill: #7db8ff; } .plan .note-b { fill: #e5ac52; }
.plan .note-limit { fill: #f0937e; }
}
"""


def plan_picture(plan: Mapping[str, Any]) -> Markup:
    """Draw a plan.

    Parameters
    ----------
    plan : mapping
        What :func:`perigrid.sim.plan.plan` gives.

    Returns
    -------
    Markup
        One SVG that needs no other file.
    """
    margins = plan["margins"]
    bottom_px = _TOP_PX + len(margins) * _ROW_PX
    hours_px = bottom_px + 56.0
    subtitle = "What there is over what is wanted, on the satellite where it is tightest"
    parts = [
        tag("style", _STYLE),
        rect(0, 0, _WIDTH_PX, hours_px + HEIGHT_PX, "paper"),
        text(16, 26, f"{plan['scenario']}: what binds?", class_="title"),
        text(16, 46, subtitle, class_="muted"),
        _bars(margins, bottom_px),
        busy_hours(plan["day"], hours_px, _LEFT_PX, _WIDTH_PX - _RIGHT_PX + 60.0),
    ]
    spoken = f"Margins: {'; '.join(_spoken(one) for one in margins)}"
    height_px = hours_px + HEIGHT_PX
    return picture(_WIDTH_PX, height_px, spoken, parts, "plan", standalone=True)


def _spoken(margin: Mapping[str, Any]) -> str:
    return f"{margin['name']} {_times(margin)}"


def _ratio(margin: Mapping[str, Any]) -> float:
    return float(margin["have"]) / float(margin["need"])


def _times(margin: Mapping[str, Any]) -> str:
    ratio = _ratio(margin)
    return f"{number(ratio, 2)} ×" if ratio < _MOST_TIMES else f"over {_MOST_TIMES:.0f} ×"


def _bars(margins: Sequence[Mapping[str, Any]], bottom_px: float) -> Markup:
    """One bar a limit from 1, leftwards where it falls short."""
    lowest = min([0.5, *(_ratio(one) * 0.9 for one in margins if _ratio(one) > 0.0)])
    scale = Scale(max(lowest, 0.01), _MOST_TIMES, _LEFT_PX, _WIDTH_PX - _RIGHT_PX, log=True)
    ticks = [value for value in (0.01, 0.1, 0.5, 1, 2, 5, 10, 100) if value >= scale.low]
    parts = [axis_bottom(scale, bottom_px, _TOP_PX - 6, ticks, lambda value: f"{value:g} ×")]
    least = min((_ratio(one) for one in margins), default=math.inf)
    for row, margin in enumerate(margins):
        parts.append(_bar(margin, scale, _TOP_PX + row * _ROW_PX, least))
    parts.append(line(scale(1.0), _TOP_PX - 6, scale(1.0), bottom_px, "one"))
    return group(*parts)


def _bar(margin: Mapping[str, Any], scale: Scale, top_px: float, least: float) -> Markup:
    ratio = _ratio(margin)
    kind = "short" if ratio < 1.0 else "least" if ratio == least else "ample"
    start_px, end_px = sorted([scale(1.0), scale(ratio)])
    middle_px = top_px + _BAR_PX * 0.5 + 5
    have, need = number(margin["have"]), number(margin["need"])
    told = "uncertain" if margin["uncertain"] else margin["date"] or margin["where"]
    words = _cut(f"{have} for {need} {margin['unit']}, {told}")
    return group(
        text(_LEFT_PX - 8, middle_px, margin["name"], "end", "row"),
        rect(start_px, top_px, max(end_px - start_px, 2.0), _BAR_PX, kind, margin["note"]),
        text(_WIDTH_PX - _RIGHT_PX + 8, middle_px, words, "start", "muted"),
    )


def _cut(words: str) -> str:
    """Shorten what would run out of the picture, and show that it was shortened."""
    return words if len(words) <= _MOST_LETTERS else f"{words[: _MOST_LETTERS - 1]}…"
