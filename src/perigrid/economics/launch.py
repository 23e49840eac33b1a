"""The price of putting power in orbit, and how launch prices fall as more is launched."""

from __future__ import annotations

import math


def launched_power_usd_w_year(
    mass_kg: float, power_w: float, launch_price_usd_kg: float, life_years: float
) -> float:
    r"""Launch price of a satellite, spread over the power it carries and its life.

    Parameters
    ----------
    mass_kg : float
        Launched mass of the satellite [kg].
    power_w : float
        Power of its array [W].
    launch_price_usd_kg : float
        Price of launching a kilogram [USD/kg].
    life_years : float
        Years in service [a].

    Returns
    -------
    float
        Price of a watt for a year [USD/(W a)]. Launch only: no build, no ground segment, no
        operations, no interest.

    Raises
    ------
    ValueError
        If power or life is not above zero, or mass or price is negative.

    Notes
    -----
    .. math:: p = \frac{m}{P} \, \frac{c}{T}

    References
    ----------
    .. [1] "Towards a future space-based, highly scalable AI infrastructure system design",
       arXiv:2511.19468v2 (2025), comparison of launched power price and terrestrial energy price.
    """
    _require_positive(power_w=power_w, life_years=life_years)
    _require_not_negative(mass_kg=mass_kg, launch_price_usd_kg=launch_price_usd_kg)
    return mass_kg / power_w * launch_price_usd_kg / life_years


def learned_price_usd_kg(
    first_price_usd_kg: float, first_mass_kg: float, total_mass_kg: float, learning_rate: float
) -> float:
    r"""Launch price after a learning curve.

    Parameters
    ----------
    first_price_usd_kg : float
        Price when ``first_mass_kg`` had been launched [USD/kg].
    first_mass_kg, total_mass_kg : float
        Cumulative launched mass then and now [kg].
    learning_rate : float
        Share by which the price falls with each doubling of the mass, 0 to below 1.

    Returns
    -------
    float
        Price now [USD/kg].

    Raises
    ------
    ValueError
        If a mass or the price is not above zero, or the rate is outside 0 to 1.

    Notes
    -----
    .. math:: c = c_0 (m / m_0)^{\log_2 (1 - r)}

    References
    ----------
    .. [1] T. P. Wright, "Factors affecting the cost of airplanes", Journal of the Aeronautical
       Sciences 3, 122 (1936), doi:10.2514/8.155.
    """
    _require_positive(first_mass_kg=first_mass_kg, total_mass_kg=total_mass_kg)
    _require_positive(first_price_usd_kg=first_price_usd_kg)
    ratio = total_mass_kg / first_mass_kg
    return float(first_price_usd_kg * ratio ** _exponent(learning_rate))


def mass_to_reach_kg(
    first_price_usd_kg: float,
    first_mass_kg: float,
    target_price_usd_kg: float,
    learning_rate: float,
) -> float:
    """Cumulative launched mass at which a learning curve reaches a price.

    Parameters
    ----------
    first_price_usd_kg : float
        Price when ``first_mass_kg`` had been launched [USD/kg].
    first_mass_kg : float
        Cumulative launched mass then [kg].
    target_price_usd_kg : float
        Price to reach [USD/kg].
    learning_rate : float
        Share by which the price falls with each doubling of the mass, above 0 and below 1.

    Returns
    -------
    float
        Cumulative mass [kg]; inverse of :func:`learned_price_usd_kg`.

    Raises
    ------
    ValueError
        If a price or the mass is not above zero, or the rate is not between 0 and 1.
    """
    _require_positive(first_price_usd_kg=first_price_usd_kg, first_mass_kg=first_mass_kg)
    _require_positive(target_price_usd_kg=target_price_usd_kg, learning_rate=learning_rate)
    ratio = target_price_usd_kg / first_price_usd_kg
    return float(first_mass_kg * ratio ** (1.0 / _exponent(learning_rate)))


def _exponent(learning_rate: float) -> float:
    """Slope of the curve in log-log."""
    if not 0.0 <= learning_rate < 1.0:
        raise ValueError(f"learning_rate is {learning_rate}; it is a share from 0 to below 1")
    return math.log2(1.0 - learning_rate)


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0.0):
            raise ValueError(f"{name} is {value}; it must be finite and above zero")


def _require_not_negative(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0.0):
            raise ValueError(f"{name} is {value}; it must be finite and not negative")
