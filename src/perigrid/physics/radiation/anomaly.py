"""The South Atlantic Anomaly: when a satellite is inside, and for how much of its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

ANOMALY_THRESHOLD_M2_S: Final = 1.0e5
"""Flux of protons above 10 MeV that counts as the Anomaly: 10 per cm2 and s, assumed. Outside it
the belt models have none in low orbit; operators draw their contours between 1 and 100."""


@dataclass(frozen=True, slots=True)
class AnomalyPasses:
    """Passes through the Anomaly, one row each, by satellite and then by time.

    Parameters
    ----------
    satellite : (n,) int array
        Row of the satellite.
    t_start_s, t_end_s : (n,) float array
        First and last instant inside; the ends of the time grid where the pass is cut [s].
    """

    satellite: Ints
    t_start_s: Floats
    t_end_s: Floats

    def __len__(self) -> int:
        return len(self.satellite)


def in_anomaly(flux_m2_s: Floats, threshold_m2_s: Floats | None = None) -> Bools:
    """Tell where critical work had better not run.

    Parameters
    ----------
    flux_m2_s : (n, n_times) float array
        Protons above 10 MeV [1/m2/s].
    threshold_m2_s : float array, optional
        Flux from which on a satellite is inside, :data:`ANOMALY_THRESHOLD_M2_S` by default
        [1/m2/s].

    Returns
    -------
    (n, n_times) bool array
        True inside; False where the flux is NaN.
    """
    limit = ANOMALY_THRESHOLD_M2_S if threshold_m2_s is None else threshold_m2_s
    return np.asarray(flux_m2_s >= limit)


def time_mean(values: Floats, t_s: Floats) -> Floats:
    """Mean over time by the trapezoidal rule.

    Parameters
    ----------
    values : (..., n_times) float array
        At instants.
    t_s : (n_times,) float array
        Ascending, at least two [s].

    Returns
    -------
    (...) float array
        In the unit of ``values``.

    Raises
    ------
    ValueError
        If there are fewer than two instants.
    """
    if len(t_s) < 2:
        raise ValueError("a mean over time needs at least two instants")
    return np.asarray(np.trapezoid(values, t_s, axis=-1) / (t_s[-1] - t_s[0]))


def anomaly_share(inside: Bools, t_s: Floats) -> Floats:
    """Share of time in the Anomaly.

    Parameters
    ----------
    inside : (n, n_times) bool array
        From :func:`in_anomaly`.
    t_s : (n_times,) float array
        Ascending, at least two [s].

    Returns
    -------
    (n,) float array
        0 to 1. Best over whole days, so that the Earth turns under the orbit.
    """
    return time_mean(inside.astype(np.float64), t_s)


def anomaly_passes(
    flux_m2_s: Floats, t_s: Floats, threshold_m2_s: Floats | None = None
) -> AnomalyPasses:
    """Entries into the Anomaly and exits from it.

    Parameters
    ----------
    flux_m2_s : (n, n_times) float array
        Protons above 10 MeV [1/m2/s].
    t_s : (n_times,) float array
        Ascending [s].
    threshold_m2_s : float array, optional
        As in :func:`in_anomaly` [1/m2/s].

    Returns
    -------
    AnomalyPasses
        Instants lie on the threshold where the flux, linear in time, meets it.
    """
    limit = ANOMALY_THRESHOLD_M2_S if threshold_m2_s is None else threshold_m2_s
    inside = in_anomaly(flux_m2_s, threshold_m2_s)
    edge = np.zeros((len(inside), 1), dtype=bool)
    steps = np.diff(np.hstack([edge, inside, edge]).astype(np.int8), axis=1)
    satellite, enters = np.nonzero(steps == 1)
    _, leaves = np.nonzero(steps == -1)
    return AnomalyPasses(
        satellite=satellite.astype(np.int64),
        t_start_s=_crossing_s(flux_m2_s, t_s, satellite, enters, limit),
        t_end_s=_crossing_s(flux_m2_s, t_s, satellite, leaves, limit),
    )


def _crossing_s(
    flux: Floats, t_s: Floats, satellite: Ints, after: Ints, limit: float | Floats
) -> Floats:
    """Instant between ``after - 1`` and ``after`` at which the flux meets the limit."""
    last = len(t_s) - 1
    early, late = np.maximum(after - 1, 0), np.minimum(after, last)
    before, behind = flux[satellite, early], flux[satellite, late]
    rise = np.where(early < late, behind - before, 1.0)
    rise = np.where(rise == 0.0, 1.0, rise)
    share = np.clip(np.nan_to_num((limit - before) / rise), 0.0, 1.0)
    cut = t_s[early] + share * (t_s[late] - t_s[early])
    return np.where(after == 0, t_s[0], np.where(after > last, t_s[last], cut))
