"""Windows in which a satellite stands above a ground station's mask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import kernel, part
from perigrid.physics.contacts.crossings import positive_spans_of, scratch
from perigrid.physics.contacts.gather import gathered, stable_order
from perigrid.physics.contacts.sites import (
    Site,
    in_step,
    over_mask_at,
    over_mask_at_sample,
    peak_rad,
    site_of,
)
from perigrid.physics.contacts.station_limits import StationLimits, limited_windows
from perigrid.physics.contacts.tracks import (
    Bounds,
    Flags,
    Floats,
    bounds_of,
    copy_states,
    flagged_runs,
    new_flags,
)

Ints = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]

_FEWEST_SATELLITES: Final = 8  # per thread; fewer take less time than a thread's start
_SINGLE_ERROR: Final = 1.0e-6  # of a projection in single precision, relative to the radius
_NEAREST_M: Final = 1.0e3  # a satellite is taken to be no nearer when its slant bends the mask


@dataclass(frozen=True, slots=True)
class Windows:
    """Passes over stations, one row each, sorted by rise, satellite, station.

    Parameters
    ----------
    satellite, station : (n,) int array
        Indices into the inputs.
    rise_s, set_s : (n,) float array
        Crossings of the mask or of another limit, or the ends of the time grid [s].
    max_elevation_rad : (n,) float array
        Highest elevation within the window [rad].
    """

    satellite: Ints
    station: Ints
    rise_s: Floats
    set_s: Floats
    max_elevation_rad: Floats

    def __len__(self) -> int:
        return len(self.satellite)


def station_windows(
    position_ecef_m: Floats,
    velocity_ecef_m_s: Floats,
    t_s: Floats,
    station_ecef_m: Floats,
    station_up: Floats,
    min_elevation_rad: Floats,
    limits: StationLimits | None = None,
) -> Windows:
    """Find every pass of every satellite over every station.

    Parameters
    ----------
    position_ecef_m, velocity_ecef_m_s : (3, n_satellites, n_times) float array
        Earth-fixed state [m, m/s]. A satellite with NaN in it gets no windows.
    t_s : (n_times,) float array
        Rising times, not necessarily even; with one time there are no windows [s].
    station_ecef_m : (3, n_stations) float array
        Station positions [m].
    station_up : (3, n_stations) float array
        Local verticals.
    min_elevation_rad : (n_stations,) float array
        Elevation masks, also below the horizon [rad].
    limits : StationLimits, optional
        Masks that depend on the azimuth, longest ranges, the Sun.

    Returns
    -------
    Windows
        Sorted by rise, satellite, station; the same bytes for any number of threads.

    Notes
    -----
    Between samples the satellite is on the cubic Hermite path of its positions, which is off by
    ``h^4 |r''''| / 384``: 0.4 m at 60 s steps in low orbit, see
    :func:`~perigrid.physics.contacts.tracks.advised_step_s`. On that path the search is complete:
    windows and gaps of 1 ms or more are found however they lie between the samples.

    First a test of all samples that needs neither root nor division: a satellite at radius ``r``
    that is above the mask has ``r.u`` above a bound that follows from the lowest radius of its
    path. Samples below it by more than the path can bend within a step are done with. For
    the rest, with ``d`` from station to satellite, the satellite is up where
    ``g = d.u - |d| sin(mask)`` is positive; as ``|g''| <= a (1 + |sin mask|) + |sin mask| v^2/|d|``
    is bounded, spans are halved until each is free of crossings or holds one, which false position
    closes in to far below 0.1 ms. Peaks are roots of the derivative of the elevation.

    Edges agree with SGP4 itself to 0.01 s with 60 s steps in low orbit, Molniya, geostationary and
    transfer orbits; steps of several minutes lose edges near perigee to the path, not the search.
    Refraction and light time are left out.
    """
    position = np.ascontiguousarray(position_ecef_m, dtype=np.float64)
    velocity = np.ascontiguousarray(velocity_ecef_m_s, dtype=np.float64)
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    sites = np.empty((len(min_elevation_rad), 7))
    sites[:, :3], sites[:, 3:6] = station_ecef_m.T, station_up.T
    sites[:, 6] = np.sin(min_elevation_rad)
    if len(times) < 2 or len(sites) == 0:
        return _sorted_windows(np.empty((0, 2), dtype=np.int64), np.empty((0, 3)))
    arguments = (position, velocity, times, sites)
    owners, spans = gathered(_satellites_windows, position.shape[1], _FEWEST_SATELLITES, arguments)
    if limits is not None:
        owners, spans = limited_windows(limits, arguments, owners, spans)
    return _sorted_windows(owners, spans)


def _sorted_windows(owners: Ints, spans: Floats) -> Windows:
    """Sort windows that come by satellite and station by their rise."""
    rise = np.ascontiguousarray(spans[:, 0])
    order = stable_order(rise)
    return Windows(
        satellite=owners[order, 0],
        station=owners[order, 1],
        rise_s=rise[order],
        set_s=spans[order, 1],
        max_elevation_rad=spans[order, 2],
    )


_spans_above_mask = positive_spans_of(over_mask_at_sample, in_step, over_mask_at)


@part
def _lowest_projection(site: Site, bounds: Bounds) -> float:
    """Bound ``r.u`` at the samples beside a window from below [m]."""
    # On the mask |d|^2 + 2 d.p = r^2 - p^2, where d.p is (p.u) (d.u) but for the deflection of
    # the vertical, at most |d| e with e = |p - (p.u) u|.
    px, py, pz, ux, uy, uz, sine = site
    low, high, _, _, bulge = bounds
    along = px * ux + py * uy + pz * uz
    square = px * px + py * py + pz * pz
    aside = math.sqrt(max(square - along * along, 0.0))
    q = along * sine + (aside if sine >= 0.0 else -aside)
    radius = low if sine >= 0.0 else high
    slant = max(math.sqrt(max(q * q + radius * radius - square, 0.0)) - q, 0.0)
    return along + sine * slant - bulge - _SINGLE_ERROR * (high + abs(along))


@part
def _curvature(site: Site, bounds: Bounds) -> float:
    """Bound on the second derivative of :func:`_over_mask` [m/s2]."""
    px, py, pz, _, _, _, sine = site
    low, _, speed, acceleration, _ = bounds
    nearest = max(low - math.sqrt(px * px + py * py + pz * pz), _NEAREST_M)
    return acceleration * (1.0 + abs(sine)) + abs(sine) * speed * speed / nearest


@part
def _flag_high_samples(coarse: Singles, site: Site, lowest: float, flags: Flags) -> None:
    """Flag samples that may stand beside a window."""
    x, y, z = coarse[0], coarse[1], coarse[2]
    ux, uy, uz = np.float32(site[3]), np.float32(site[4]), np.float32(site[5])
    level = np.float32(lowest)
    for j in range(len(x)):
        flags[j] = x[j] * ux + y[j] * uy + z[j] * uz > level


@kernel
def _satellites_windows(
    first: int,
    stop: int,
    position: Floats,
    velocity: Floats,
    times: Floats,
    sites: Floats,
    owners: Ints,
    spans: Floats,
) -> tuple[int, int]:
    """Windows of a range of satellites; how many, and the first satellite without room."""
    flags, words = new_flags(len(times))
    runs, states, memory = np.empty((len(times), 2)), np.empty((len(times), 6)), scratch()
    coarse = np.empty((3, len(times)), dtype=np.float32)
    count = 0
    for row in range(first, stop):
        copy_states(position, velocity, row, states)
        track = states, times
        bounds = bounds_of(track)
        if not math.isfinite(bounds[2]):
            continue
        for j in range(len(times)):
            coarse[0, j], coarse[1, j], coarse[2, j] = states[j, 0], states[j, 1], states[j, 2]
        total = count
        for m in range(len(sites)):
            site = site_of(sites, m)
            _flag_high_samples(coarse, site, _lowest_projection(site, bounds), flags)
            n_runs = flagged_runs(flags, words, times, runs)
            curvature = _curvature(site, bounds)
            room = spans[min(total, len(spans)) :]
            found = _spans_above_mask((track, site), curvature, times, runs, n_runs, memory, room)
            for i in range(total, min(total + found, len(owners))):
                owners[i, 0], owners[i, 1] = row, m
                spans[i, 2] = peak_rad((track, site), spans[i, 0], spans[i, 1])
            total += found
        if total > len(spans):
            return count, row
        count = total
    return count, stop
