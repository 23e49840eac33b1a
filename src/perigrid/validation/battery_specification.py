"""Fade law of a battery, taken from one mission of a maker's specification, against the other."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from perigrid.physics.battery_ageing import SPACE_LITHIUM_ION, battery_remaining_share
from perigrid.validation.case import Case, compare

_SOURCE: Final = (
    "Saft VES180, cell specification summary, ESA ARTES project "
    '"Development of High specific energy Li-Ion cell": 15 years GEO 90 % DOD: cycling <2 %, '
    "calendar <2 %; 5 years LEO 30 % DOD: cycling <20 %, calendar <1 %"
)
_YEARS: Final = 15.0
# Two seasons of 45 eclipses a year. The shadow's chord, and with it the depth, falls from its
# largest at equinox as a circle's does: its mean over a season is pi/4.
_CYCLES: Final = _YEARS * 90.0
_MEAN_DEPTH: Final = 0.90 * math.pi / 4.0
_NOTE: Final = (
    "tolerance: half the one printed digit; both printed values are upper bounds, which cycling "
    "passes by 0.3 %: the law wears too fast there; its numbers come from the low-orbit line alone"
)


def battery_specification() -> list[Case]:
    """Predict the geostationary line of the specification from its low-orbit line.

    Returns
    -------
    list of Case
        Loss by cycling and by time.
    """
    cycled = replace(SPACE_LITHIUM_ION, calendar_loss_share=0.0)
    stored = replace(SPACE_LITHIUM_ION, cycle_loss_share=0.0)
    return [
        compare(
            f"battery lost to {by} in 15 years of geostationary orbit",
            2.0,
            100.0 * (1.0 - float(battery_remaining_share(law, _CYCLES, _MEAN_DEPTH, _YEARS))),
            tolerance=0.5,
            source=_SOURCE,
            unit="%",
            note=_NOTE,
        )
        for by, law in (("cycling", cycled), ("time", stored))
    ]
