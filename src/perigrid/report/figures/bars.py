"""Stacked bars of shares: what bound each architecture, and what became of every observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from perigrid.report.axes import Scale
from perigrid.report.facts import ArchitectureFacts
from perigrid.report.figures.marks import NARROW_PX, WIDE_PX, both
from perigrid.report.svg import group, line, picture, rect, text, text_width_px
from perigrid.report.words import CAUSES, count, share

_BAR_PX: Final = 30.0
_TYPE_PX: Final = 13.0
_LABEL_PX: Final = 92.0
_GAP_PX: Final = 14.0
_BOLD: Final = 1.12  # width of bold letters over that of others
_KNOWN_CAUSES: Final = tuple(CAUSES)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar.

    Parameters
    ----------
    name : str
        Written into the bar where there is room.
    class_ : str
        CSS class with its colour.
    part : float
        Share of the bar, 0 to 1.
    detail : str
        Shown under the pointer.
    """

    name: str
    class_: str
    part: float
    detail: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Parameters
    ----------
    name : str
        Architecture.
    segments : tuple of Segment
        From the left.
    """

    name: str
    segments: tuple[Segment, ...]


def cause_class(cause: str) -> str:
    """Name the CSS class of a cause.

    Parameters
    ----------
    cause : str
        One of the seven, or any other reason.

    Returns
    -------
    str
        ``c-contact`` and so on; ``c-other`` for what is not known.
    """
    return f"c-{cause}" if cause in _KNOWN_CAUSES else "c-other"


def binding_bars(architectures: Sequence[ArchitectureFacts]) -> tuple[Bar, ...]:
    """Turn shares of waiting into bars.

    Parameters
    ----------
    architectures : sequence of ArchitectureFacts
        In the order of the table.

    Returns
    -------
    tuple of Bar
        One an architecture.
    """
    return tuple(
        Bar(
            facts.name,
            tuple(
                Segment(cause, cause_class(cause), part, f"{cause}: {share(part)} of waiting")
                for cause, part in facts.binding.items()
                if part > 0.0
            ),
        )
        for facts in architectures
    )


def outcome_bars(architectures: Sequence[ArchitectureFacts]) -> tuple[Bar, ...]:
    """Turn counts of observations into bars.

    Parameters
    ----------
    architectures : sequence of ArchitectureFacts
        In the order of the table.

    Returns
    -------
    tuple of Bar
        Delivered, screened out, missed by each cause, still in flight.
    """
    return tuple(Bar(facts.name, _outcome_segments(facts)) for facts in architectures)


def _outcome_segments(facts: ArchitectureFacts) -> tuple[Segment, ...]:
    pieces = [
        ("delivered", "o-delivered", facts.delivered),
        ("screened out", "o-screened", facts.screened),
        *((f"missed: {cause}", "o-missed", items) for cause, items in facts.missed_by.items()),
        ("in flight", "o-flight", facts.in_flight),
    ]
    total = max(facts.accounted, 1)
    return tuple(
        Segment(name, class_, items / total, f"{name}: {count(items)} of {count(total)}")
        for name, class_, items in pieces
        if items > 0
    )


def stacked_bars(bars: Sequence[Bar], label: str) -> Markup:
    """Draw bars below each other, all of the same length.

    Parameters
    ----------
    bars : sequence of Bar
        From the top.
    label : str
        What a reader who cannot see it should be told.

    Returns
    -------
    Markup
        Drawn for a laptop and for a phone.
    """
    if not any(bar.segments for bar in bars):
        return Markup('<p class="empty">There is nothing to share out.</p>')
    spoken = " ".join(_spoken(bar) for bar in bars)
    sizes = (WIDE_PX, NARROW_PX)
    wide, narrow = (_draw(bars, width_px, f"{label} {spoken}") for width_px in sizes)
    return both(wide, narrow)


def _spoken(bar: Bar) -> str:
    parts = ", ".join(f"{segment.name} {share(segment.part)}" for segment in bar.segments)
    return f"{bar.name}: {parts or 'nothing'}."


def _draw(bars: Sequence[Bar], width_px: float, spoken: str) -> Markup:
    name_px = _BOLD * max(text_width_px(bar.name, _TYPE_PX) for bar in bars) + _GAP_PX
    # Names stand above their bars where beside them they would take too much of the width.
    narrow = width_px < WIDE_PX or name_px > width_px / 3
    left_px = 0.0 if narrow else max(_LABEL_PX, name_px)
    step_px = _BAR_PX + (34.0 if narrow else 14.0)
    x = Scale(0.0, 1.0, left_px, width_px)
    parts = []
    for row, bar in enumerate(bars):
        top_px = row * step_px + (20.0 if narrow else 2.0)
        name_y_px = top_px - 6 if narrow else top_px + _BAR_PX / 2 + 5
        parts.append(text(0, name_y_px, bar.name, class_="row"))
        parts.append(_bar(bar, x, top_px))
    return picture(width_px, len(bars) * step_px + 4, spoken, parts, "figure")


def _bar(bar: Bar, x: Scale, top_px: float) -> Markup:
    parts, done = [], 0.0
    for segment in bar.segments:
        start_px, end_px = x(done), x(done + segment.part)
        done += segment.part
        width_px = end_px - start_px
        parts.append(rect(start_px, top_px, width_px, _BAR_PX, segment.class_, segment.detail))
        parts.append(line(end_px, top_px, end_px, top_px + _BAR_PX, "gap"))
        words = _fitting(segment, width_px - 10.0)
        if words:
            middle_px = start_px + width_px / 2
            parts.append(text(middle_px, top_px + _BAR_PX / 2 + 4.5, words, "middle", "inside"))
    return group(*parts)


# Name and share, share alone or nothing, as there is room.
def _fitting(segment: Segment, room_px: float) -> str:
    percent = share(segment.part)
    for words in (f"{segment.name} {percent}", percent):
        if text_width_px(words, _TYPE_PX) <= room_px:
            return words
    return ""
