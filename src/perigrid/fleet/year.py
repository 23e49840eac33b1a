"""The light of a year: one orbit on the days on which the Sun is lowest and highest over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch
from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.build import elements_of
from perigrid.fleet.long_track import evenly
from perigrid.fleet.model import Floats, Ints
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.physics.eclipse import illumination
from perigrid.physics.orbit.kozai import brouwer_axis_m
from perigrid.physics.orbit.secular import drifted, nodal_period_s
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.physics.sun import sun_position_m
from perigrid.scenario.model import SatelliteGroup

YEAR_DAYS: Final = 366
_MONTHS: Final = 12
_STEPS: Final = 240
"""Of an orbit: 24 s in low orbit."""
_MOST_PLANES: Final = 16
# Orbits that differ by less fly through the same light.
_SAME_AXIS_M: Final = 2_000.0
_SAME_ANGLE: Final = 2.0e-3


@dataclass(frozen=True, slots=True)
class PlaneYear:
    """One orbit, flown on some days of the year from the scenario's start.

    Parameters
    ----------
    satellite : int
        Which of the group stands for those of the plane.
    members : (n,) int array
        All of them.
    day : (n_days,) int array
        Whole days after the start, ascending.
    beta_rad : (n_days,) float array
        Height of the Sun over the orbit's plane [rad].
    step_s : float
        Length of a step; all of them are a whole orbit [s].
    illumination, array_w, environment_w : (n_days, n_steps) float array
        Share of the solar disc in view, power of the array, heat into the radiator: means of each
        step [1, W].
    """

    satellite: int
    members: Ints
    day: Ints
    beta_rad: Floats
    step_s: float
    illumination: Floats
    array_w: Floats
    environment_w: Floats

    @property
    def dark_s(self) -> Floats:
        """Time of an orbit that is lost to shadow, ``(n_days,)`` [s]."""
        lost: Floats = (1.0 - self.illumination).sum(axis=1) * self.step_s
        return lost


def group_year(group: SatelliteGroup, start: Epoch) -> tuple[PlaneYear, ...]:
    """Fly every orbital plane of a group on the telling days of a year.

    Parameters
    ----------
    group : SatelliteGroup
        Orbits, array and radiator at their present age.
    start : Epoch
        From which the year runs.

    Returns
    -------
    tuple of PlaneYear
        One for each plane; of many planes some, evenly chosen.

    Notes
    -----
    The satellite is held at its height while node and perigee drift by the Earth's flattening. Of
    every month the day with the Sun nearest to the plane is flown, which has the longest shadow,
    and that with the Sun farthest from it, beside the first day. The shadow is that of the
    ellipsoid. The Sun's and the Moon's pull on the plane is left out: half a degree in a year.
    """
    elements = elements_of(group, start)
    planes = _planes(elements)
    chosen = evenly(len(planes), _MOST_PLANES).tolist()
    return tuple(_flown(group, elements, planes[one], start) for one in chosen)


def beta_over_year_rad(elements: MeanElements, start: Epoch) -> Floats:
    """Height of the Sun over an orbit's plane on each day of a year.

    Parameters
    ----------
    elements : MeanElements
        The orbit.
    start : Epoch
        First of the days.

    Returns
    -------
    (YEAR_DAYS,) float array
        Positive on the side of the orbit's turn [rad].
    """
    t_s: Floats = np.arange(YEAR_DAYS, dtype=np.float64) * SECONDS_PER_DAY
    first, last = (drifted(elements, start.plus(one_s)) for one_s in (0.0, SECONDS_PER_DAY))
    daily_rad = math.remainder(last.raan_rad - first.raan_rad, math.tau)
    node = first.raan_rad + daily_rad * np.arange(YEAR_DAYS)
    tilt = elements.inclination_rad
    normal = np.stack(
        [
            math.sin(tilt) * np.sin(node),
            -math.sin(tilt) * np.cos(node),
            np.full(YEAR_DAYS, math.cos(tilt)),
        ]
    )
    sun = sun_position_m(start, t_s)
    sine = (normal * sun).sum(axis=0) / np.sqrt((sun**2).sum(axis=0))
    return np.asarray(np.arcsin(sine))


def _planes(elements: Sequence[MeanElements]) -> list[Ints]:
    """Group satellites whose orbits differ only in where on them they are."""
    columns = ElementArrays.of(elements)
    shape = columns.eccentricity, columns.inclination_rad
    key = np.stack(
        [
            brouwer_axis_m(columns.mean_motion_rad_s, *shape) / _SAME_AXIS_M,
            columns.eccentricity * np.cos(columns.argument_of_perigee_rad) / _SAME_ANGLE,
            columns.eccentricity * np.sin(columns.argument_of_perigee_rad) / _SAME_ANGLE,
            columns.inclination_rad / _SAME_ANGLE,
            columns.raan_rad / _SAME_ANGLE,
        ]
    )
    _, first, plane = np.unique(np.round(key), axis=1, return_index=True, return_inverse=True)
    return [np.flatnonzero(plane.ravel() == one) for one in np.argsort(first)]


def _telling_days(beta_rad: Floats) -> Ints:
    """Choose the first day, and of each month those of the lowest and of the highest Sun."""
    months = np.array_split(np.arange(len(beta_rad)), _MONTHS)
    height = np.abs(beta_rad)
    telling = [month[pick(height[month])] for month in months for pick in (np.argmin, np.argmax)]
    return np.unique([0, *telling])


def _flown(
    group: SatelliteGroup, elements: Sequence[MeanElements], members: Ints, start: Epoch
) -> PlaneYear:
    """Fly one plane for an orbit on each of its days."""
    one = elements[int(members[0])]
    beta = beta_over_year_rad(one, start)
    day = _telling_days(beta)
    axis_m = float(
        brouwer_axis_m(
            *(np.asarray(v) for v in (one.mean_motion_rad_s, one.eccentricity, one.inclination_rad))
        )
    )
    step_s = nodal_period_s(axis_m, one.eccentricity, one.inclination_rad) / _STEPS
    edges_s: Floats = np.arange(_STEPS + 1, dtype=np.float64) * step_s
    # Without drag SGP4 knows no calendar: all days are flown from one epoch, each with its Sun.
    later = [
        replace(drifted(one, start.plus(it * SECONDS_PER_DAY)), epoch=start) for it in day.tolist()
    ]
    position, velocity, _ = Sgp4Set.from_elements(later).propagate(start, edges_s)
    # One day after the other, as one satellite: the Sun is then a column beside the states.
    position, velocity = (each.reshape(3, 1, -1) for each in (position, velocity))
    t_s = (day[:, None] * SECONDS_PER_DAY + edges_s).ravel()
    sun = sun_position_m(start, t_s)
    lit = illumination(position, sun)
    array_w = fleet_array_w(group, t_s, position, velocity, sun, lit)
    heat_w = fleet_environment_w(group, position, velocity, sun, lit)
    by_step = (_step_means(each, len(day)) for each in (lit, array_w, heat_w))
    return PlaneYear(int(members[0]), members, day, beta[day], step_s, *by_step)


def _step_means(at_edges: Floats, days: int) -> Floats:
    """Mean of each step's two edges, a row for each day."""
    rows = at_edges.reshape(days, -1)
    mean: Floats = 0.5 * (rows[:, 1:] + rows[:, :-1])
    return mean
