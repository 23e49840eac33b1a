"""Positions and velocities from mean elements with SGP4/SDP4."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.sgp4.model import Sgp4Set

Floats = npt.NDArray[np.float64]


def propagate(
    elements: Sequence[MeanElements], start: Epoch, t_s: Floats
) -> tuple[Floats, Floats, npt.NDArray[np.uint8]]:
    """Propagate satellites with SGP4 (SDP4 above 225 minutes of period).

    Parameters
    ----------
    elements : sequence of MeanElements
        One set per satellite.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    position_teme_m : (3, n_satellites, n_times) float array
        Position in TEME, true equator and mean equinox of date [m].
    velocity_teme_m_s : (3, n_satellites, n_times) float array
        Velocity in TEME [m/s].
    error : (n_satellites, n_times) uint8 array
        SGP4 error code, 0 for none; 6 means decayed. Codes 1 to 5 leave NaN behind. As in the
        published routine, elements that are no numbers give NaN with code 0.

    Notes
    -----
    Elements are taken as published: WGS 72 constants and the improved mode, which is how TLE and
    OMM sets are made. UTC is used as the time argument, as the publisher does. Who propagates the
    same satellites again prepares them once, as
    :class:`perigrid.physics.orbit.sgp4.model.Sgp4Set`.

    References
    ----------
    .. [1] D. A. Vallado, P. Crawford, R. Hujsak, T. S. Kelso, "Revisiting Spacetrack Report #3",
       AIAA 2006-6753, doi:10.2514/6.2006-6753.
    """
    return Sgp4Set.from_elements(elements).propagate(start, t_s)
