"""Power price on the ground, at both ends of the published range."""

from __future__ import annotations

from typing import Final

from perigrid.economics.ground import ground_power_usd_w_year
from perigrid.validation.case import Case, compare

_SOURCE: Final = "arXiv:2511.19468v2, terrestrial power price"
_W_PER_KW: Final = 1000.0

# End of the range; price [USD/kWh]; power usage effectiveness; published [USD/kW/a]; tolerance.
_ENDS: Final = (
    ("low", 0.06, 1.09, 570.0, 5.0, "half a unit of its second and last printed digit"),
    ("high", 0.25, 1.4, 3_000.0, 110.0, "an effectiveness printed as 1.4 is known to 0.05"),
)


def ground_power() -> list[Case]:
    """Compare the price of power on the ground with the publication.

    Returns
    -------
    list of Case
        Both ends of the range.
    """
    return [
        compare(
            f"ground power price, {end} end",
            published,
            ground_power_usd_w_year(price_usd_kwh, pue) * _W_PER_KW,
            tolerance=tolerance,
            source=_SOURCE,
            unit="USD/kW/a",
            note=f"tolerance: {reason}; electricity only",
        )
        for end, price_usd_kwh, pue, published, tolerance, reason in _ENDS
    ]
