"""A year of shadow by other libraries' Sun and shadow function, beside ours.

Only the positions are ours (SGP4): the Sun, its turn into TEME and the share in view are theirs.
The search is a plain one, with none of our code: a grid, then bisection; and a grid of seconds
around every place where an orbit passes within 60 km of the shadow's edge, so that no short stay at
either end of a season is lost.
"""

import math
from dataclasses import dataclass

import erfa
import numpy as np
from scipy.interpolate import CubicSpline

from perigrid.base.time import Epoch
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.orbit.design import sun_synchronous_elements, walker_elements
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m

START = Epoch.from_iso("2026-06-21T00:00:00Z")
YEAR_S = 365.25 * 86400.0
TT_LESS_UTC_S = 69.184
EARTH_RADIUS_M = 6378137.0


def low_orbit():
    return walker_elements(
        "low",
        planes=1,
        satellites_per_plane=1,
        phasing=0,
        altitude_m=500e3,
        inclination_rad=math.radians(51.6),
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=START,
    )


def dawn_dusk():
    return sun_synchronous_elements(
        "dawn-dusk", satellites=1, altitude_m=650e3, ltan_hours=6.0, epoch=START
    )


def geostationary():
    return walker_elements(
        "geostationary",
        planes=1,
        satellites_per_plane=1,
        phasing=0,
        altitude_m=35_786e3,
        inclination_rad=math.radians(0.05),
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=START,
    )


def sun_by_erfa(t_s):
    """Apparent Sun in TEME from ERFA: epv00, aberration, IAU 2006/2000A, equation of equinoxes."""
    jd, day = START.jd_midnight, (START.day_s + t_s + TT_LESS_UTC_S) / 86400.0
    around_sun, around_centre = erfa.epv00(jd, day)
    direction = -around_sun["p"]
    distance_au = np.linalg.norm(direction, axis=1)
    velocity = around_centre["v"] * erfa.DAU / 86400.0 / erfa.CMPS
    apparent = direction / distance_au[:, None] + velocity
    apparent /= np.linalg.norm(apparent, axis=1)[:, None]
    of_date = np.einsum("nij,nj->in", erfa.pnm06a(jd, day), apparent)
    turn = erfa.eqeq94(jd, day)
    cosine, sine = np.cos(turn), np.sin(turn)
    teme = np.stack(
        [
            cosine * of_date[0] + sine * of_date[1],
            cosine * of_date[1] - sine * of_date[0],
            of_date[2],
        ]
    )
    return teme * distance_au * erfa.DAU


def sun_by_satkit(t_s):
    """Sun in TEME from satkit: its series for the Sun, its turn from GCRF."""
    import satkit

    satkit.frametransform.disable_eop_time_warning()
    zero = satkit.time(2026, 6, 21)
    instants = [zero + satkit.duration(seconds=float(t)) for t in t_s]
    inertial = satkit.sun.pos_gcrf(instants)
    turns = satkit.frametransform.qteme2gcrf(instants)
    return np.array([q.conj() * p for q, p in zip(turns, inertial, strict=True)]).T


def interpolated(sun):
    """Their Sun every two hours and a cubic spline, 1e-9 of its distance off at most."""
    knots = np.arange(-7200.0, YEAR_S + 7201.0, 7200.0)
    return CubicSpline(knots, sun(knots), axis=1)


@dataclass
class Theirs:
    """Their view of one orbit: share of the Sun in view at any times."""

    orbit: list
    sun: object
    share: object

    def dark(self, t_s, kind):
        position = propagate(self.orbit, START, t_s)[0][:, 0]
        return self.dark_at(position, t_s, kind)

    def dark_at(self, position, t_s, kind):
        pairs = zip(position.T.copy(), self.sun(t_s).T.copy(), strict=True)
        seen = np.array([self.share(place, sun) for place, sun in pairs])
        return seen <= 0.0 if kind is Shadow.UMBRA else seen < 1.0

    def edges(self, kind, step_s):
        grid = np.arange(0.0, YEAR_S, step_s)
        position = propagate(self.orbit, START, grid)[0][:, 0]
        times = np.unique(np.concatenate([grid, *self.close_passes(grid, position)]))
        position = propagate(self.orbit, START, times)[0][:, 0]
        dark = self.dark_at(position, times, kind)
        at = np.flatnonzero(dark[1:] != dark[:-1])
        low, high, entering = times[at], times[at + 1], dark[at + 1]
        while (high - low).max() > 1e-3:
            middle = 0.5 * (low + high)
            after = self.dark(middle, kind) == entering
            low, high = np.where(after, low, middle), np.where(after, middle, high)
        return 0.5 * (low + high)[entering], 0.5 * (low + high)[~entering]

    def close_passes(self, grid, position):
        """Seconds around the samples at which an orbit barely meets or misses the shadow."""
        sun = self.sun(grid)
        axis = sun / np.linalg.norm(sun, axis=0)
        depth = -np.sum(position * axis, axis=0)
        beside = np.sqrt(np.sum(position * position, axis=0) - depth**2)
        near = (depth > 0.0) & (np.abs(beside - EARTH_RADIUS_M) < 60e3 + 0.005 * depth)
        lowest = near & (beside <= np.roll(beside, 1)) & (beside <= np.roll(beside, -1))
        span = grid[1] - grid[0]
        return [np.arange(t - 1.5 * span, t + 1.5 * span, 1.0) for t in grid[lowest]]


@dataclass
class Comparison:
    """Differences of matched edges, and the stays that only one side has [s]."""

    apart_s: np.ndarray
    ours_only_s: list
    theirs_only_s: list


def compare(orbit, kind, sun, share, step_s):
    theirs_in, theirs_out = Theirs(orbit, sun, share).edges(kind, step_s)
    grid = np.arange(0.0, YEAR_S, step_s)
    position, velocity, _ = propagate(orbit, START, grid)
    # Theirs is a spherical Earth.
    windows = shadow_windows(position, velocity, grid, sun_position_m(START, grid), flattening=0.0)
    ours = windows.of(0, kind)
    if theirs_out[0] < theirs_in[0]:  # starts in the shadow
        theirs_in = np.concatenate([[0.0], theirs_in])
    theirs = np.stack([theirs_in[: len(theirs_out)], theirs_out], axis=1)
    ours = ours[(ours[:, 1] < grid[-1])]
    middle = theirs.mean(axis=1)
    row = np.searchsorted(ours[:, 0], middle, side="right") - 1
    met = (row >= 0) & (ours[row, 1] > middle)
    missed = np.setdiff1d(np.arange(len(ours)), row[met])
    return Comparison(
        apart_s=ours[row[met]] - theirs[met],
        ours_only_s=(ours[missed, 1] - ours[missed, 0]).tolist(),
        theirs_only_s=(theirs[~met, 1] - theirs[~met, 0]).tolist(),
    )
