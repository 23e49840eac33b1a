"""Where a number comes from: carried by every number of a scenario into every report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Confidence = Literal["measured", "published", "derived", "assumed"]
CONFIDENCES: Final[tuple[Confidence, ...]] = ("measured", "published", "derived", "assumed")


@dataclass(frozen=True, slots=True)
class Provenance:
    """One number of a scenario with its origin.

    Parameters
    ----------
    key : str
        Dotted path in the scenario, such as ``satellites.0.battery.capacity_wh``.
    value : float
        The value in ``unit``.
    unit : str
        Unit as a reader would write it; ``1`` for a pure number.
    source : str
        Publication, data sheet, measurement command, or the reason of an assumption.
    date : str
        ISO date at which the source was valid or read.
    confidence : str
        ``measured``, ``published``, ``derived`` or ``assumed``.
    """

    key: str
    value: float
    unit: str
    source: str
    date: str
    confidence: Confidence
