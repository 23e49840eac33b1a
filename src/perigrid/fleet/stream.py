"""Orbits, light, power and heat of fleets too large to keep: range by range, only sums remain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.time import Epoch
from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.model import Floats
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.physics.chunks import over_ranges
from perigrid.physics.eclipse import illumination
from perigrid.physics.heat_series import two_node_series
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.physics.sun import sun_position_m
from perigrid.scenario.model import SatelliteGroup

Bools = npt.NDArray[np.bool_]

# Satellites at a time: a day of minutes of so many fits into the processor's cache.
_RANGE: Final = 16


@dataclass(frozen=True, slots=True)
class StreamedOutlook:
    """What is left of a fleet's outlook when the series are thrown away.

    Parameters
    ----------
    radius_m : (n,) float array
        Mean distance from the Earth's centre [m].
    sunlit_share : (n,) float array
        Mean share of the solar disc in view.
    array_w : (n,) float array
        Mean array power [W].
    coldest_k, hottest_k : (n,) float array
        Extremes of the radiator's temperature [K].
    lost : (n,) bool array
        Satellites that SGP4 could not propagate all the way; their other figures are NaN.
    """

    radius_m: Floats
    sunlit_share: Floats
    array_w: Floats
    coldest_k: Floats
    hottest_k: Floats
    lost: Bools


def stream_outlook(
    satellites: Sgp4Set, bus: SatelliteGroup, start: Epoch, t_s: Floats, compute_w: float
) -> StreamedOutlook:
    """Work out orbits, light, array power and radiator temperature of very many satellites.

    Parameters
    ----------
    satellites : Sgp4Set
        Prepared orbits; a million are no trouble.
    bus : SatelliteGroup
        Array, thermal path and bus load that all of them share.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Evenly spaced, at least two [s].
    compute_w : float
        Constant power of each computer [W].

    Returns
    -------
    StreamedOutlook
        Means and extremes over the span.

    Raises
    ------
    ValueError
        If there are fewer than two times.

    Notes
    -----
    The physics of :func:`perigrid.fleet.outlook.build_outlook` and of the two thermal nodes, in
    ranges of 16 satellites that stay in the processor's cache; threads take ranges in turn.
    Temperatures start from the bus's initial one, so the first hours settle.
    """
    if len(t_s) < 2:
        raise ValueError("an outlook needs at least two times")
    sun_m = sun_position_m(start, t_s)
    sums = np.empty((5, len(satellites)))
    lost: Bools = np.empty(len(satellites), dtype=np.bool_)

    def work(first: int, stop: int) -> None:
        for low in range(first, stop, _RANGE):
            rows = slice(low, min(low + _RANGE, stop))
            lost[rows], sums[:, rows] = _summed(satellites, rows, bus, start, t_s, sun_m, compute_w)

    over_ranges(work, len(satellites), _RANGE)
    radius, sunlit, array, coldest, hottest = sums
    return StreamedOutlook(radius, sunlit, array, coldest, hottest, lost)


def _summed(
    satellites: Sgp4Set,
    rows: slice,
    bus: SatelliteGroup,
    start: Epoch,
    t_s: Floats,
    sun_m: Floats,
    compute_w: float,
) -> tuple[Bools, Floats]:
    """Means and extremes of one range, and who was lost."""
    position, velocity, error = satellites.propagate_range(rows.start, rows.stop, start, t_s)
    lit = illumination(position, sun_m)
    array_w = fleet_array_w(bus, t_s, position, velocity, sun_m, lit)
    outside_w = fleet_environment_w(bus, position, velocity, sun_m, lit)
    _, radiator_k = two_node_series(
        bus.thermal.initial_k,
        bus.thermal.initial_k,
        compute_w,
        0.5 * (outside_w[:, 1:] + outside_w[:, :-1]) + bus.bus_load_w,
        float(t_s[1] - t_s[0]),
        computer_heat_capacity_j_k=bus.thermal.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=bus.thermal.radiator_heat_capacity_j_k,
        conductance_w_k=bus.thermal.conductance_w_k,
        emissivity=bus.thermal.emissivity,
        area_m2=bus.thermal.radiator_area_m2,
    )
    sums = np.stack(
        [
            np.sqrt(np.sum(position * position, axis=0)).mean(axis=1),
            lit.mean(axis=1),
            array_w.mean(axis=1),
            radiator_k.min(axis=1),
            radiator_k.max(axis=1),
        ]
    )
    lost = np.asarray(error.any(axis=1))
    sums[:, lost] = np.nan
    return lost, sums
