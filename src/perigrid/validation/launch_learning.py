"""How much must be launched until launch costs 200 USD/kg."""

from __future__ import annotations

from typing import Final

from perigrid.economics.launch import learned_price_usd_kg, mass_to_reach_kg
from perigrid.validation.case import Case, compare

_SOURCE: Final = "arXiv:2511.19468v2, launch price learning"
_KG_PER_T: Final = 1000.0
_FIRST_PRICE_USD_KG: Final = 1_800.0
_FIRST_MASS_KG: Final = 400.0 * _KG_PER_T
_TARGET_USD_KG: Final = 200.0
_TARGET_T: Final = 370_000.0
_LEARNING_RATE: Final = 0.2


def launch_learning() -> list[Case]:
    """Compare the learning curve with the publication, both ways.

    Returns
    -------
    list of Case
        The mass at the published price, and the price at the published mass.
    """
    mass_kg = mass_to_reach_kg(_FIRST_PRICE_USD_KG, _FIRST_MASS_KG, _TARGET_USD_KG, _LEARNING_RATE)
    price_usd_kg = learned_price_usd_kg(
        _FIRST_PRICE_USD_KG, _FIRST_MASS_KG, _TARGET_T * _KG_PER_T, _LEARNING_RATE
    )
    return [
        compare(
            "mass launched until 200 USD/kg",
            _TARGET_T,
            mass_kg / _KG_PER_T,
            tolerance=5_000.0,
            source=_SOURCE,
            unit="t",
            note="tolerance: half a unit of the second and last printed digit",
        ),
        compare(
            "launch price after 370,000 t",
            _TARGET_USD_KG,
            price_usd_kg,
            tolerance=1.0,
            source=_SOURCE,
            unit="USD/kg",
            note="tolerance: what half a unit of the mass's last digit does to the price",
        ),
    ]
