"""How fast a chip may run at its temperature, and how that acts back on the temperature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Halvings of the interval 0 to 1: down to the spacing of floating-point numbers.
_HALVINGS: Final = 53


@dataclass(frozen=True, slots=True)
class ThrottleCurve:
    """Share of full speed by junction temperature, straight between the points of a table.

    Parameters
    ----------
    temperature_k : tuple of float
        Rising [K].
    speed : tuple of float
        Never rising, from 1 to 0 at most. Held constant outside the table.

    Raises
    ------
    ValueError
        If the table is not as described.

    Notes
    -----
    Makers publish two or three points of it: on data-centre GPUs clocks are lowered from the
    highest operating temperature on, and a "hardware thermal slowdown (reducing the core clocks by
    a factor of 2 or more)" is engaged at the slowdown temperature [1]_, short of shutting down.

    References
    ----------
    .. [1] NVIDIA Management Library reference, clocks event reasons
       (``nvmlClocksThrottleReasonHwThermalSlowdown``).
    """

    temperature_k: tuple[float, ...]
    speed: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.temperature_k) != len(self.speed) or not self.speed:
            raise ValueError("a throttle curve needs as many speeds as temperatures")
        if np.any(np.diff(self.temperature_k) <= 0.0):
            raise ValueError("temperatures of a throttle curve must rise")
        if np.any(np.diff(self.speed) > 0.0) or not 0.0 <= self.speed[-1] <= self.speed[0] <= 1.0:
            raise ValueError("speeds of a throttle curve must fall, within 1 and 0")

    @classmethod
    def straight(cls, throttle_k: float, limit_k: float) -> Self:
        """Make the curve of :func:`perigrid.physics.heat.throttle`.

        Parameters
        ----------
        throttle_k : float
            Below this the computer runs at full speed [K].
        limit_k : float
            From this on it stands still [K].

        Returns
        -------
        ThrottleCurve
            Two points.
        """
        return cls((throttle_k, limit_k), (1.0, 0.0))

    def at(self, temperature_k: Floats) -> Floats:
        """Share of full speed at junction temperatures.

        Parameters
        ----------
        temperature_k : float array
            Junction temperature [K].

        Returns
        -------
        float array
            1 to 0.
        """
        return np.interp(temperature_k, self.temperature_k, self.speed)


def junction_k(case_k: Floats, power_w: Floats, resistance_k_w: float) -> Floats:
    """Junction temperature above the case that a chip's heat passes through.

    Parameters
    ----------
    case_k : float array
        Temperature of case or cold plate [K].
    power_w : float array
        Heat of the chip [W].
    resistance_k_w : float
        Thermal resistance from junction to case [K/W].

    Returns
    -------
    float array
        Temperature [K].
    """
    return case_k + resistance_k_w * power_w


def throttled_speed(
    curve: ThrottleCurve,
    case_k: Floats,
    *,
    idle_w: float,
    active_w: float,
    resistance_k_w: float,
) -> Floats:
    """Share of full speed at which speed and junction temperature agree.

    Parameters
    ----------
    curve : ThrottleCurve
        By junction temperature.
    case_k : (n,) float array
        Temperature of case or cold plate [K].
    idle_w : float
        Power at standstill [W].
    active_w : float
        Power at full speed, not below ``idle_w`` [W].
    resistance_k_w : float
        Thermal resistance from junction to case; 0 makes the curve one of the case [K/W].

    Returns
    -------
    (n,) float array
        1 to 0.

    Raises
    ------
    ValueError
        If running takes less power than standing still.

    Notes
    -----
    Solves ``s = curve(case + R (idle + s (active - idle)))``. The right-hand side never rises with
    ``s``, so there is exactly one answer; halving the interval finds it where the junction reacts
    at once, with no hunting between fast and hot and slow and cold.
    """
    if active_w < idle_w:
        raise ValueError("a running chip takes at least the power of an idle one")
    case = np.asarray(case_k, dtype=np.float64)
    low, high = np.zeros_like(case), np.ones_like(case)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        power_w = idle_w + middle * (active_w - idle_w)
        faster = curve.at(junction_k(case, power_w, resistance_k_w)) >= middle
        low, high = np.where(faster, middle, low), np.where(faster, high, middle)
    # The ends are met exactly, not by halving towards them.
    full = curve.at(junction_k(case, np.full_like(case, active_w), resistance_k_w)) >= 1.0
    still = curve.at(junction_k(case, np.full_like(case, idle_w), resistance_k_w)) <= 0.0
    return np.where(full, 1.0, np.where(still, 0.0, 0.5 * (low + high)))
