"""What use and time leave of a battery's capacity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BatteryFade:
    """Empirical law of a lithium-ion battery's fade.

    Parameters
    ----------
    cycle_loss_share : float
        Capacity lost in one full cycle.
    depth_exponent : float
        Power of the depth of discharge; 1 if only the charge that passes matters, above 1 if deep
        cycles wear more than as many shallow ones of the same charge.
    calendar_loss_share : float
        Capacity lost in the first year by time alone.
    calendar_exponent : float
        Power of the age in years; 0.5 for a layer whose growth slows itself.
    """

    cycle_loss_share: float
    depth_exponent: float
    calendar_loss_share: float
    calendar_exponent: float


SPACE_LITHIUM_ION = BatteryFade(
    cycle_loss_share=0.20 / (5.0 * 5500.0 * 0.30),
    depth_exponent=1.0,
    calendar_loss_share=0.01 / 5.0**0.5,
    calendar_exponent=0.5,
)
"""Upper end of what a maker specifies for a space cell.

From Saft's VES180 (ESA ARTES project "Development of High specific energy Li-Ion cell", cell
specification summary, read 2026-11-23): 5 years in low orbit at 30 % depth lose below 20 % by
cycling and below 1 % by time. The number of cycles, 5500 a year, is ours (orbits of 96 min).
Forms: linear in the charge that passes and the square root of time (Wang et al. 2014). Derived;
true to perhaps a factor of 2, as cell, temperature and voltage window all move it.
"""


def battery_remaining_share(
    fade: BatteryFade,
    cycles: float | Floats,
    depth_share: float | Floats,
    age_years: float | Floats,
) -> Floats:
    """Capacity left after use and time, of the capacity when new.

    Parameters
    ----------
    fade : BatteryFade
        The law.
    cycles : float or float array
        Discharges so far.
    depth_share : float or float array
        Depth of each discharge, of the capacity when new, 0 to 1.
    age_years : float or float array
        Time since the battery was made [year].

    Returns
    -------
    float array
        1 when new, 0 at the least.

    Raises
    ------
    ValueError
        If cycles, depth or age lie below 0, or the depth above 1.

    Notes
    -----
    ``1 - k_cycle N D^p - k_year a^z``: no rain-flow count, no temperature, no knee.

    References
    ----------
    .. [1] J. Wang et al., "Degradation of lithium ion batteries employing graphite negatives and
       nickel-cobalt-manganese oxide + spinel manganese oxide positives: Part 1", Journal of Power
       Sources 269, 937 (2014), doi:10.1016/j.jpowsour.2014.07.030.
    """
    count, depth, age = (np.asarray(x, dtype=np.float64) for x in (cycles, depth_share, age_years))
    if np.any(count < 0.0) or np.any(age < 0.0) or np.any((depth < 0.0) | (depth > 1.0)):
        raise ValueError("cycles and age must not be negative, and a depth lies between 0 and 1")
    used = fade.cycle_loss_share * count * depth**fade.depth_exponent
    aged = fade.calendar_loss_share * age**fade.calendar_exponent
    left: Floats = np.asarray(np.maximum(0.0, 1.0 - used - aged), dtype=np.float64)
    return left


def equivalent_full_cycles(drawn_j: float | Floats, capacity_j: float | Floats) -> Floats:
    """Count the full discharges that would draw as much energy.

    Parameters
    ----------
    drawn_j : float or float array
        Energy taken from the cells, their discharge losses with it [J].
    capacity_j : float or float array
        Energy when full and new [J].

    Returns
    -------
    float array
        Cycles.
    """
    return np.asarray(np.divide(drawn_j, capacity_j), dtype=np.float64)


def typical_depth_share(stored_j: Floats, capacity_j: float) -> Floats:
    """Depth of discharge that stands for a run: full cycles over turns from draining to filling.

    Parameters
    ----------
    stored_j : (n, n_times) float array
        Energy in the cells over time [J].
    capacity_j : float
        Energy when full and new [J].

    Returns
    -------
    (n,) float array
        Mean depth of the discharges, weighted by nothing; 0 if nothing was drawn.

    Notes
    -----
    A discharge is an unbroken fall of the store; a plateau does not end it.
    """
    change = np.diff(stored_j, axis=1)
    drawn = np.sum(np.maximum(-change, 0.0), axis=1)
    return np.asarray(
        np.divide(drawn / capacity_j, np.maximum(1, [_falls(row) for row in change])),
        dtype=np.float64,
    )


def _falls(change: Floats) -> int:
    """Count the unbroken falls in a row of changes."""
    signs = np.sign(change[change != 0.0])
    return int(np.count_nonzero(np.diff(signs, prepend=1.0) < 0.0))
