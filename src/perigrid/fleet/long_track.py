"""Some days of a group's orbits, however short a run is: for radiation and for ground stations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.time import Epoch
from perigrid.fleet.build import elements_of
from perigrid.fleet.ephemeris import Ephemeris, fleet_ephemeris
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.frames import ecef_to_geodetic
from perigrid.physics.orbit.secular import drifted
from perigrid.scenario.model import ElementSets, SatelliteGroup

TRACK_DAYS: Final = 5.0
"""Within them the ground track of a low orbit crosses the South Atlantic Anomaly at all heights of
its belt: the mean dose of a day moves by some per cent from day to day, that of an hour by its
whole."""
_STEP_S: Final = 60.0
_MOST_SATELLITES: Final = 48
"""Of a large group so many are flown, evenly chosen."""


@dataclass(frozen=True, slots=True)
class LongTrack:
    """Where satellites of a group are over whole days, held at their heights.

    Parameters
    ----------
    satellite : (n,) int array
        Which of the group.
    ephemeris : Ephemeris
        Their states, from the scenario's start.
    latitude_rad, longitude_rad, altitude_m : (n, n_times) float array
        Geodetic [rad, m].
    """

    satellite: Ints
    ephemeris: Ephemeris
    latitude_rad: Floats
    longitude_rad: Floats
    altitude_m: Floats

    @property
    def t_s(self) -> Floats:
        """Times of the grid, ``(n_times,)`` [s]."""
        return self.ephemeris.t_s


def long_track(
    group: SatelliteGroup, start: Epoch, earth: EarthOrientation | None = None
) -> LongTrack:
    """Fly a group for :data:`TRACK_DAYS`.

    Parameters
    ----------
    group : SatelliteGroup
        Whose orbits; of a large group some satellites, evenly chosen.
    start : Epoch
        Instant of ``t_s = 0``.
    earth : EarthOrientation, optional
        Without it UTC stands for UT1 and the pole stands still.

    Returns
    -------
    LongTrack
        At every minute.
    """
    elements = elements_of(group, start)
    chosen = evenly(len(elements), _MOST_SATELLITES)
    held = tuple(drifted(elements[row], start) for row in chosen.tolist())
    flown = replace(group, orbit=ElementSets(held, source="held at its height"))
    t_s = np.arange(0.0, TRACK_DAYS * SECONDS_PER_DAY + 0.5 * _STEP_S, _STEP_S)
    found = fleet_ephemeris((flown,), start, t_s, earth)
    return LongTrack(chosen, found, *ecef_to_geodetic(found.position_ecef_m))


def evenly(count: int, most: int) -> Ints:
    """Choose rows of many, evenly.

    Parameters
    ----------
    count : int
        How many there are.
    most : int
        How many are wanted.

    Returns
    -------
    (n,) int array
        Ascending; all of them where they are few enough.
    """
    if count <= most:
        return np.arange(count)
    return np.arange(most) * count // most
