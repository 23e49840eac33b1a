"""The price of power on the ground."""

from __future__ import annotations

import math
from typing import Final

HOURS_PER_YEAR: Final = 8760.0
"""Of a year of 365 days, as electricity prices are quoted."""

WH_PER_KWH: Final = 1000.0


def ground_power_usd_w_year(energy_price_usd_kwh: float, pue: float) -> float:
    r"""Electricity of a computer in a data centre for a year, per watt of the computer.

    Parameters
    ----------
    energy_price_usd_kwh : float
        Price of electricity at the meter [USD/kWh].
    pue : float
        Power usage effectiveness: energy of the facility over energy of its computers, at least 1.

    Returns
    -------
    float
        Price of a watt for a year [USD/(W a)]. Electricity only: no building, no land, no
        cooling plant, no grid connection.

    Raises
    ------
    ValueError
        If the price is negative, the effectiveness is below 1, or either is not finite.

    Notes
    -----
    .. math:: p = c \cdot \mathrm{PUE} \cdot 8760\,\mathrm{h}

    References
    ----------
    .. [1] "Towards a future space-based, highly scalable AI infrastructure system design",
       arXiv:2511.19468v2 (2025), comparison of launched power price and terrestrial energy price.
    """
    if not (math.isfinite(energy_price_usd_kwh) and energy_price_usd_kwh >= 0.0):
        raise ValueError(f"energy_price_usd_kwh is {energy_price_usd_kwh}; it cannot be negative")
    if not (math.isfinite(pue) and pue >= 1.0):
        raise ValueError(f"pue is {pue}; a facility uses at least what its computers use")
    return energy_price_usd_kwh * pue * HOURS_PER_YEAR / WH_PER_KWH
