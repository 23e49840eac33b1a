"""Where satellites are and what the light gives them, one stretch of time after another.

A large fleet has too many states to hold those of a whole run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.ephemeris import GroupOrbits, earth_fixed
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.physics.eclipse import illumination
from perigrid.physics.sun import sun_position_m
from perigrid.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Stretch:
    """States and light of a fleet at some times.

    Parameters
    ----------
    t_s : (n_times,) float array
        Times [s].
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        States [m, m/s].
    illumination : (n, n_times) float array
        Share of the solar disc in view.
    array_w, environment_w : (n, n_times) float array
        Power of the arrays, and heat that the radiators absorb [W].
    """

    t_s: Floats
    position_teme_m: Floats
    velocity_teme_m_s: Floats
    illumination: Floats
    array_w: Floats
    environment_w: Floats


class Light:
    """Works out stretches of time.

    Parameters
    ----------
    scenario : Scenario
        Start, and what is known of the turning Earth.
    fleet : Fleet
        Its groups; their orbits are prepared once.
    """

    def __init__(self, scenario: Scenario, fleet: Fleet) -> None:
        self._scenario, self._fleet = scenario, fleet
        self._orbits = [GroupOrbits.of(group, scenario.start) for group in fleet.groups]

    def at(self, t_s: Floats) -> Stretch:
        """Work out states and light.

        Parameters
        ----------
        t_s : (n_times,) float array
            Evenly spaced but for the last [s].

        Returns
        -------
        Stretch
            Of all satellites.
        """
        states = [orbits.states(t_s) for orbits in self._orbits]
        position, velocity = (
            one[0] if len(states) == 1 else np.concatenate(one, axis=1)
            for one in zip(*states, strict=True)
        )
        sun = sun_position_m(self._scenario.start, t_s)
        lit = illumination(position, sun)
        taken_w = taken_in_w(self._fleet, t_s, position, velocity, sun, lit)
        return Stretch(t_s, position, velocity, lit, *taken_w)

    def fixed_m(self, stretch: Stretch, every: int = 1) -> Floats:
        """Turn positions of a stretch to the Earth.

        Parameters
        ----------
        stretch : Stretch
            From :meth:`at`.
        every : int
            Which of its times.

        Returns
        -------
        (3, n, n_shown) float array
            Earth-fixed positions [m].
        """
        shown = slice(None, None, every)
        position, _ = earth_fixed(
            np.ascontiguousarray(stretch.position_teme_m[:, :, shown]),
            np.ascontiguousarray(stretch.velocity_teme_m_s[:, :, shown]),
            self._scenario.start, stretch.t_s[shown], self._scenario.earth_orientation,
        )  # fmt: skip
        return position


def taken_in_w(
    fleet: Fleet, t_s: Floats, position: Floats, velocity: Floats, sun: Floats, lit: Floats
) -> tuple[Floats, Floats]:
    """Power of the arrays and heat into the radiators, each group by its own bus.

    Parameters
    ----------
    fleet : Fleet
        Groups.
    t_s : (n_times,) float array
        Times, evenly spaced but for the last [s].
    position, velocity : (3, n, n_times) float array
        States in TEME [m, m/s].
    sun : (3, n_times) float array
        Geocentric position of the Sun [m].
    lit : (n, n_times) float array
        Share of the solar disc in view.

    Returns
    -------
    array_w, environment_w : (n, n_times) float array
        [W].
    """
    array_w, heat_w = np.empty_like(lit), np.empty_like(lit)
    for group, rows in fleet.spans():
        state = position[:, rows], velocity[:, rows], sun, lit[rows]
        array_w[rows] = fleet_array_w(group, t_s, *state)
        heat_w[rows] = fleet_environment_w(group, *state)
    return array_w, heat_w
