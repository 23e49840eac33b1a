"""Launched power price of four satellites at two launch prices."""

from __future__ import annotations

from typing import Final

from perigrid.economics.launch import launched_power_usd_w_year
from perigrid.validation.case import Case, compare

_SOURCE: Final = "arXiv:2511.19468v2, launched power price"
_W_PER_KW: Final = 1000.0

# Name; mass [kg]; power [W]; life [a]; published [USD/kW/a] at 3,600 and at 200 USD/kg.
_SATELLITES: Final = (
    ("Starlink V2 mini", 575.0, 28_000.0, 5.0, 14_700.0, 810.0),
    ("Starlink V1", 260.0, 7_000.0, 5.0, 26_600.0, 1_470.0),
    ("OneWeb", 150.0, 800.0, 5.0, 135_800.0, 7_500.0),
    ("Iridium NEXT", 860.0, 2_000.0, 12.5, 124_600.0, 6_900.0),
)
_PRICES_USD_KG: Final = (3_600.0, 200.0)
_TOLERANCE: Final = 0.02
_NOTE: Final = (
    "tolerance 2 %: masses and powers are printed to two or three digits, so their quotient is "
    "known to about half a unit of the second; launch only, no build and no operations"
)


def launched_power() -> list[Case]:
    """Compare the launched power price with the publication.

    Returns
    -------
    list of Case
        Four satellites at two launch prices.
    """
    return [
        compare(
            f"launched power price, {name} at {price_usd_kg:,.0f} USD/kg",
            published,
            launched_power_usd_w_year(mass_kg, power_w, price_usd_kg, life_years) * _W_PER_KW,
            tolerance=_TOLERANCE * published,
            source=_SOURCE,
            unit="USD/kW/a",
            note=_NOTE,
        )
        for name, mass_kg, power_w, life_years, *prices in _SATELLITES
        for price_usd_kg, published in zip(_PRICES_USD_KG, prices, strict=True)
    ]
