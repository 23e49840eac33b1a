"""Means over whole orbits."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_RELATIVE: Final = 1.0e-12


def orbit_average(values: Floats, t_s: Floats, period_s: float) -> Floats:
    """Mean over as many whole orbits as a series holds, from its start.

    Parameters
    ----------
    values : (n, n_times) float array
        Any quantity.
    t_s : (n_times,) float array
        Rising times [s].
    period_s : float
        Of an orbit [s].

    Returns
    -------
    (n,) float array
        In the unit of the values; linear between the times.

    Raises
    ------
    ValueError
        If the series is shorter than an orbit.
    """
    turns = np.floor((t_s[-1] - t_s[0]) / period_s * (1.0 + _RELATIVE))
    if turns < 1.0:
        raise ValueError(f"{t_s[-1] - t_s[0]:g} s hold no whole orbit of {period_s:g} s")
    until_s = min(turns * period_s, t_s[-1] - t_s[0])
    spent = np.cumsum(0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(t_s), axis=1)
    spent = np.concatenate([np.zeros((len(values), 1)), spent], axis=1)
    # Within the last interval the integral of a straight line is a parabola.
    last = min(int(np.searchsorted(t_s - t_s[0], until_s, side="right")) - 1, len(t_s) - 2)
    step_s = t_s[last + 1] - t_s[last]
    share = (until_s - (t_s[last] - t_s[0])) / step_s
    slope = values[:, last + 1] - values[:, last]
    tail = step_s * share * (values[:, last] + 0.5 * share * slope)
    mean: Floats = (spent[:, last] + tail) / until_s
    return mean


def spans_as_rows(values: Floats, steps: int) -> Floats:
    """Cut long series into spans of equal length, each a row, so that the worst can be looked for.

    Parameters
    ----------
    values : (n, n_steps) float array
        Any quantity.
    steps : int
        Of a span; best a whole number of orbits.

    Returns
    -------
    (n * n_spans, steps) float array
        Spans of the first series, then of the next; a shorter rest is left out.

    Raises
    ------
    ValueError
        If the series are shorter than a span.
    """
    spans = values.shape[1] // steps
    if spans < 1:
        raise ValueError(f"{values.shape[1]} steps hold no span of {steps}")
    return np.ascontiguousarray(values[:, : spans * steps]).reshape(-1, steps)
