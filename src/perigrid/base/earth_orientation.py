"""How the Earth is turned against clock and crust, as observed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarthOrientation:
    """Daily values of UT1 and the pole, as the International Earth Rotation Service gives them.

    Parameters
    ----------
    mjd_utc : tuple of float
        Modified Julian dates, UTC, ascending [d].
    ut1_minus_utc_s : tuple of float
        Jumps by a second where UTC has a leap second [s].
    x_pole_rad, y_pole_rad : tuple of float
        Coordinates of the celestial intermediate pole in the crust-fixed frame [rad].
    """

    mjd_utc: tuple[float, ...]
    ut1_minus_utc_s: tuple[float, ...]
    x_pole_rad: tuple[float, ...]
    y_pole_rad: tuple[float, ...]
