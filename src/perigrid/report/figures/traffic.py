"""Bytes by link class, on a logarithmic axis: dots, because bars there would have no foot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from perigrid.report.axes import Scale, axis_bottom
from perigrid.report.facts import LINK_CLASSES, ArchitectureFacts
from perigrid.report.figures.marks import NARROW_PX, WIDE_PX, architecture_classes, both
from perigrid.report.svg import group, line, picture, tag, text
from perigrid.report.words import size

_ROW_PX: Final = 20.0
_HEAD_PX: Final = 24.0
_LEFT_PX: Final = 96.0
_DECADE: Final = 10.0
_MOST_WRITTEN: Final = 9  # decades, beyond which only every third is written


def traffic_figure(architectures: Sequence[ArchitectureFacts]) -> Markup:
    """Draw what each architecture sent over each class of link.

    Parameters
    ----------
    architectures : sequence of ArchitectureFacts
        In the order of the table.

    Returns
    -------
    Markup
        One row for each link class and architecture.
    """
    sent = [facts.link_bytes[kind] for facts in architectures for kind in LINK_CLASSES]
    positive = [amount for amount in sent if amount > 0.0]
    if not positive:
        return Markup('<p class="empty">Nothing was sent over any link.</p>')
    low = _DECADE ** math.floor(math.log10(min(positive) / 2))
    high = _DECADE ** math.ceil(math.log10(max(positive)) + 0.1)
    sizes = (WIDE_PX, NARROW_PX)
    wide, narrow = (_draw(architectures, low, high, width_px) for width_px in sizes)
    return both(wide, narrow)


def _draw(
    architectures: Sequence[ArchitectureFacts], low: float, high: float, width_px: float
) -> Markup:
    x = Scale(low, high, _LEFT_PX, width_px - 76.0, log=True)
    block_px = _HEAD_PX + _ROW_PX * len(LINK_CLASSES)
    bottom_px = block_px * len(architectures) + 4.0
    decades = round(math.log10(high / low))
    every = 1 if width_px >= WIDE_PX and decades <= _MOST_WRITTEN else 3  # lines at each of them
    written = set(_decades(low, high, every))
    parts = [
        axis_bottom(
            x, bottom_px, 0.0, _decades(low, high, 1), lambda v: size(v, 1) if v in written else ""
        )
    ]
    classes = architecture_classes(facts.name for facts in architectures)
    for index, facts in enumerate(architectures):
        parts.append(_block(facts, x, index * block_px, classes[facts.name]))
    spoken = "Bytes sent by link class. " + " ".join(_spoken(facts) for facts in architectures)
    return picture(width_px, bottom_px + 26.0, spoken, parts, "figure")


def _decades(low: float, high: float, every: int) -> list[float]:
    first, last = round(math.log10(low)), round(math.log10(high))
    start = first if every == 1 else math.ceil(first / 3) * 3
    return [_DECADE**power for power in range(start, last + 1, every)]


def _block(facts: ArchitectureFacts, x: Scale, top_px: float, class_: str) -> Markup:
    parts = [text(0, top_px + 17, facts.name, class_="row")]
    for row, kind in enumerate(LINK_CLASSES):
        y_px = top_px + _HEAD_PX + _ROW_PX * (row + 0.5)
        amount = facts.link_bytes[kind]
        parts.append(text(_LEFT_PX - 10, y_px + 4, kind, "end"))
        if amount <= 0.0:
            parts.append(text(_LEFT_PX + 4, y_px + 4, "none", class_="muted"))
            continue
        parts.append(line(x.start_px, y_px, x(amount), y_px, "stem"))
        parts.append(tag("circle", cx=x(amount), cy=y_px, r=5, class_="dot"))
        parts.append(text(x(amount) + 10, y_px + 4, size(amount), class_="value"))
    return group(*parts, class_=class_)


def _spoken(facts: ArchitectureFacts) -> str:
    parts = ", ".join(f"{kind} {size(facts.link_bytes[kind])}" for kind in LINK_CLASSES)
    return f"{facts.name}: {parts}."
