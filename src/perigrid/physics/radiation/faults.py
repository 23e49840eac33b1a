"""Rates of faults along orbits, and faults drawn from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from perigrid.physics.radiation.devices import Device
from perigrid.physics.radiation.dose import Exposure

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Figure = Literal["value", "low", "high"]
"""Which end of the range of a sensitivity to take."""


@dataclass(frozen=True, slots=True)
class FaultEvents:
    """Faults in the order of their time.

    Parameters
    ----------
    t_s : (n_events,) float array
        When [s].
    satellite, fault_class : (n_events,) int array
        Row of the satellite; :class:`perigrid.physics.radiation.devices.FaultClass`.
    """

    t_s: Floats
    satellite: Ints
    fault_class: Ints

    def __len__(self) -> int:
        return len(self.t_s)


def fault_rates(device: Device, exposed: Exposure, figure: Figure = "value") -> Floats:
    """Rate of each class of fault.

    Parameters
    ----------
    device : Device
        Processor.
    exposed : Exposure
        Dose rate and flux behind its shield, ``(n, n_times)`` each.
    figure : str
        ``value``, or ``low`` or ``high`` for the ends of the range that is believed.

    Returns
    -------
    (5, n, n_times) float array
        Events by :class:`perigrid.physics.radiation.devices.FaultClass` [1/s].

    Notes
    -----
    Coefficient times the dose rate of protons, or cross section times their flux above 20 MeV.
    Beam figures per dose were taken with protons, so the dose of electrons, which upset far
    less, counts for total dose only. A part whose beam had 67 MeV is a little less upset per dose
    by the softer and harder protons in orbit; that is well inside the factor of two of the flux.
    Cosmic rays and solar particle events are left out.
    """
    rates = np.empty((len(device.sensitivities), *exposed.proton_gy_s.shape))
    for row, sensitivity in enumerate(device.sensitivities):
        driver = exposed.proton_gy_s if sensitivity.per == "dose" else exposed.proton_flux_m2_s
        np.multiply(driver, getattr(sensitivity, figure), out=rates[row])
    return rates


def expected_faults(rate_s: Floats, t_s: Floats) -> Floats:
    """Mean number of faults over the time grid.

    Parameters
    ----------
    rate_s : (..., n_times) float array
        Rates [1/s].
    t_s : (n_times,) float array
        Ascending [s].

    Returns
    -------
    (...) float array
        Rates linear between the instants.
    """
    return np.asarray(np.trapezoid(rate_s, t_s, axis=-1))


def mean_time_between_s(rate_s: Floats, t_s: Floats) -> Floats:
    """Mean time between faults over the time grid.

    Parameters
    ----------
    rate_s : (..., n_times) float array
        Rates [1/s].
    t_s : (n_times,) float array
        Ascending; best whole days, so that the Earth turns under the orbit [s].

    Returns
    -------
    (...) float array
        Infinite where there are none [s].
    """
    with np.errstate(divide="ignore"):
        return np.asarray((t_s[-1] - t_s[0]) / expected_faults(rate_s, t_s))


def sample_faults(rate_s: Floats, t_s: Floats, rng: np.random.Generator) -> FaultEvents:
    """Draw faults as a Poisson process whose rate changes along the orbit.

    Parameters
    ----------
    rate_s : (n_classes, n, n_times) float array
        Rates, linear between the instants [1/s].
    t_s : (n_times,) float array
        Ascending [s].
    rng : numpy.random.Generator
        Source of chance; the same state gives the same faults.

    Returns
    -------
    FaultEvents
        By time, then satellite, then class.

    Raises
    ------
    ValueError
        If a rate is negative or not a number.

    Notes
    -----
    By inversion: the number of events of each class and satellite is Poisson with mean
    ``integral of rate dt``; each takes the time at which that integral, linear rates giving
    pieces of parabolas, has reached a uniform share of it.

    References
    ----------
    .. [1] E. Cinlar, "Introduction to stochastic processes" (1975), chapter 4.
    """
    rate = np.asarray(rate_s, dtype=np.float64)
    if not (rate >= 0.0).all():
        raise ValueError("rates of faults must be numbers, and not negative")
    n_classes, n, n_times = rate.shape
    rows = rate.reshape(n_classes * n, n_times)
    steps = 0.5 * (rows[:, 1:] + rows[:, :-1]) * np.diff(t_s)
    mean = steps.sum(axis=1)
    row = np.repeat(np.arange(len(rows)), rng.poisson(mean))
    reached = rng.random(len(row)) * mean[row]
    times = np.array(
        [_time_of(steps[r], rows[r], t_s, x) for r, x in zip(row, reached, strict=True)]
    )
    satellite, fault_class = row % n, row // n
    order = np.lexsort((fault_class, satellite, times))
    return FaultEvents(
        times[order].astype(np.float64),
        satellite[order].astype(np.int64),
        fault_class[order].astype(np.int64),
    )


def _time_of(steps: Floats, rate: Floats, t_s: Floats, reached: float) -> float:
    """Instant at which the integral of a rate has reached a value."""
    integral = np.cumsum(steps)
    step = min(int(np.searchsorted(integral, reached, side="right")), len(steps) - 1)
    left = reached - (integral[step] - steps[step])
    width = t_s[step + 1] - t_s[step]
    start, slope = rate[step], (rate[step + 1] - rate[step]) / width
    # start x + slope x^2 / 2 = left, in the form that keeps its digits for a small slope.
    root = np.sqrt(max(0.0, start * start + 2.0 * slope * left))
    into = 2.0 * left / (start + root) if start + root > 0.0 else 0.0
    return float(t_s[step] + min(max(into, 0.0), width))
