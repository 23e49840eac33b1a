"""Closed-form sizing of array and battery, as textbooks give it."""

from __future__ import annotations


def textbook_array_w(
    day_w: float,
    day_s: float,
    eclipse_w: float,
    eclipse_s: float,
    *,
    day_efficiency: float,
    eclipse_efficiency: float,
) -> float:
    """Array power in daylight that carries a load through day and eclipse.

    Parameters
    ----------
    day_w, eclipse_w : float
        Loads [W].
    day_s, eclipse_s : float
        Durations in an orbit [s].
    day_efficiency, eclipse_efficiency : float
        From the array to the load, directly and through the battery.

    Returns
    -------
    float
        Power while lit [W].

    References
    ----------
    .. [1] J. R. Wertz, W. J. Larson (eds.), Space Mission Analysis and Design, 3rd ed. (1999),
       section 11.4.
    """
    through_w = eclipse_w * eclipse_s / eclipse_efficiency
    return (through_w + day_w * day_s / day_efficiency) / day_s


def textbook_battery_j(
    eclipse_w: float,
    eclipse_s: float,
    *,
    depth_fraction: float,
    discharge_efficiency: float,
    batteries: int = 1,
) -> float:
    """Capacity of each battery that carries a load through an eclipse.

    Parameters
    ----------
    eclipse_w : float
        Load [W].
    eclipse_s : float
        Duration [s].
    depth_fraction : float
        Depth of discharge allowed.
    discharge_efficiency : float
        From the battery to the load.
    batteries : int
        That share the load.

    Returns
    -------
    float
        Energy when full [J].

    References
    ----------
    .. [1] J. R. Wertz, W. J. Larson (eds.), Space Mission Analysis and Design, 3rd ed. (1999),
       section 11.4.
    """
    return eclipse_w * eclipse_s / (depth_fraction * batteries * discharge_efficiency)
