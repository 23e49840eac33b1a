"""Positions of satellites over a time grid, in both frames, with the Sun's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.errors import ElementSetError, Problem
from perigrid.base.time import Epoch
from perigrid.fleet.build import elements_of
from perigrid.fleet.orbit_bounds import Lost, OrbitBounds, first_lost, lost_on_the_way, why_lost
from perigrid.physics.earth_orientation import orientation_at, polar_motion
from perigrid.physics.frames import gmst_rad, teme_to_ecef, teme_to_ecef_state
from perigrid.physics.orbit.sgp4.model import Sgp4Set, States
from perigrid.physics.sun import sun_position_m
from perigrid.scenario.model import ElementSets, SatelliteGroup, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GEOMETRY_STEP_S: Final = 60.0
"""Longest step of the grid that passes are searched on, and the step of link snapshots [s]."""

_LOOKS: Final = 25
"""Instants of a run at which orbits are looked at before it."""


@dataclass(frozen=True, slots=True)
class Ephemeris:
    """Where satellites and the Sun are.

    Parameters
    ----------
    t_s : (n_times,) float array
        Seconds after the scenario's start [s].
    position_teme_m, position_ecef_m : (3, n_satellites, n_times) float array
        True equator and mean equinox of date; Earth-fixed [m].
    velocity_teme_m_s, velocity_ecef_m_s : (3, n_satellites, n_times) float array
        Time derivatives within each frame [m/s].
    sun_m : (3, n_times) float array
        The Sun, in TEME [m].
    sun_ecef_m : (3, n_times) float array
        The Sun, Earth-fixed [m].
    """

    t_s: Floats
    position_teme_m: Floats
    velocity_teme_m_s: Floats
    position_ecef_m: Floats
    velocity_ecef_m_s: Floats
    sun_m: Floats
    sun_ecef_m: Floats


def step_edges_s(duration_s: float, step_s: float) -> Floats:
    """Edges of the steps of a run, the last one at the duration even if that step is shorter.

    Parameters
    ----------
    duration_s, step_s : float
        Length of the run and of a step [s].

    Returns
    -------
    (n_times,) float array
        Ascending from 0 [s].
    """
    whole = math.floor(duration_s / step_s + 1.0e-9)
    edges: Floats = np.arange(whole + 1, dtype=np.float64) * step_s
    if duration_s - edges[-1] > 1.0e-6:
        edges = np.append(edges, duration_s)
    return edges


def geometry_times_s(scenario: Scenario) -> tuple[Floats, int]:
    """Time grid for the search of passes: the step edges, divided to at most a minute.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    t_s : (n_times,) float array
        The grid [s].
    stride : int
        ``t_s[::stride]`` are the step edges.
    """
    edges = step_edges_s(scenario.duration_s, scenario.step_s)
    stride = max(1, math.ceil(scenario.step_s / GEOMETRY_STEP_S - 1.0e-9))
    fine = np.interp(
        np.arange((len(edges) - 1) * stride + 1) / stride, np.arange(len(edges)), edges
    )
    return fine, stride


@dataclass(frozen=True, slots=True)
class GroupOrbits:
    """Orbits of a group, prepared once to be propagated over as many stretches of time as needed.

    Parameters
    ----------
    group : str
        Name of the group.
    names : tuple of str
        Its satellites, in the order of :func:`perigrid.fleet.build.elements_of`.
    start : Epoch
        Instant of ``t_s = 0``.
    satellites : Sgp4Set
        Ready to propagate.
    bounds : OrbitBounds or None
        Where they can be; None for designed orbits, whose elements are those of the start.
    """

    group: str
    names: tuple[str, ...]
    start: Epoch
    satellites: Sgp4Set
    bounds: OrbitBounds | None = None

    @classmethod
    def of(cls, group: SatelliteGroup, start: Epoch) -> GroupOrbits:
        """Prepare a group.

        Parameters
        ----------
        group : SatelliteGroup
            Whose orbits.
        start : Epoch
            Instant of ``t_s = 0``.

        Returns
        -------
        GroupOrbits
            Ready to propagate.

        Raises
        ------
        ElementSetError
            If between the epoch of published elements and the start SGP4 loses a satellite.
        """
        elements = elements_of(group, start)
        names = tuple(one.name for one in elements)
        satellites = Sgp4Set.from_elements(elements)
        if not isinstance(group.orbit, ElementSets):
            return cls(group.name, names, start, satellites)
        prepared = cls(group.name, names, start, satellites, OrbitBounds.of(elements))
        prepared.refuse(lost_on_the_way(satellites, elements, start))
        return prepared

    def states(self, t_s: Floats, into: States | None = None) -> tuple[Floats, Floats]:
        """Propagate.

        Parameters
        ----------
        t_s : (n_times,) float array
            Seconds after the start [s].
        into : tuple of arrays, optional
            Position, velocity and error code to write into.

        Returns
        -------
        position_teme_m : (3, n_satellites, n_times) float array
            Position in TEME [m].
        velocity_teme_m_s : (3, n_satellites, n_times) float array
            Velocity in TEME [m/s].

        Raises
        ------
        ElementSetError
            If SGP4 reports a satellite as decayed or its elements as out of range, or puts it
            where it cannot be.
        """
        position, velocity, error = self.satellites.propagate(self.start, t_s, into)
        if self.bounds is None and not error.any():
            return position, velocity
        lost = error != 0 if self.bounds is None else self.bounds.lost(position, error)
        self.refuse(first_lost(position, error, lost))
        return position, velocity

    def refuse(self, lost: list[Lost]) -> None:
        """Raise what is lost, if anything.

        Parameters
        ----------
        lost : list of Lost
            States that no satellite has.

        Raises
        ------
        ElementSetError
            With every satellite that is lost.
        """
        remedy = "use elements nearer the start of the scenario, or a higher orbit"
        problems = [
            Problem(why_lost(self.names[one.row], one), remedy, key=self.group) for one in lost
        ]
        if problems:
            raise ElementSetError(problems)


def refuse_lost(scenario: Scenario) -> None:
    """Refuse published orbits that SGP4 loses before or within the run, without flying it.

    Parameters
    ----------
    scenario : Scenario
        The mission; designed orbits are not looked at.

    Raises
    ------
    ElementSetError
        With every satellite that is lost.
    """
    t_s = np.linspace(0.0, scenario.duration_s, _LOOKS)
    for group in scenario.groups:
        if isinstance(group.orbit, ElementSets):
            GroupOrbits.of(group, scenario.start).states(t_s)


def group_ephemeris(
    group: SatelliteGroup, start: Epoch, t_s: Floats, earth: EarthOrientation | None = None
) -> Ephemeris:
    """Propagate a group with SGP4.

    Parameters
    ----------
    group : SatelliteGroup
        Whose orbits.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].
    earth : EarthOrientation, optional
        Without it UTC stands for UT1 and the pole stands still.

    Returns
    -------
    Ephemeris
        In the order of :func:`perigrid.fleet.build.elements_of`.

    Raises
    ------
    ElementSetError
        If SGP4 reports a satellite as decayed or its elements as out of range.
    """
    return fleet_ephemeris((group,), start, t_s, earth)


def fleet_ephemeris(
    groups: Sequence[SatelliteGroup],
    start: Epoch,
    t_s: Floats,
    earth: EarthOrientation | None = None,
) -> Ephemeris:
    """Propagate groups with SGP4, one after the other.

    Parameters
    ----------
    groups : sequence of SatelliteGroup
        Whose orbits; at least one.
    start, t_s, earth
        As for :func:`group_ephemeris`.

    Returns
    -------
    Ephemeris
        Satellites in the order of the fleet's rows.

    Raises
    ------
    ElementSetError
        As :func:`group_ephemeris`.
    """
    states = [GroupOrbits.of(group, start).states(t_s) for group in groups]
    position, velocity = (
        parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        for parts in zip(*states, strict=True)
    )
    position_ecef, velocity_ecef = earth_fixed(position, velocity, start, t_s, earth)
    sun = sun_position_m(start, t_s)
    return Ephemeris(
        t_s=t_s,
        position_teme_m=position,
        velocity_teme_m_s=velocity,
        position_ecef_m=position_ecef,
        velocity_ecef_m_s=velocity_ecef,
        sun_m=sun,
        # UT1 would move it by 14 arc seconds at most: nothing to a night that ends at -6 degrees.
        sun_ecef_m=teme_to_ecef(sun, gmst_rad(start, t_s)),
    )


def earth_fixed(
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    start: Epoch,
    t_s: Floats,
    earth: EarthOrientation | None,
) -> tuple[Floats, Floats]:
    """Turn states from TEME to the Earth, with UT1 and the pole if they are known.

    Parameters
    ----------
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        States in TEME [m, m/s].
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].
    earth : EarthOrientation or None
        UT1 and pole; without them UTC stands for UT1, and the pole stands still.

    Returns
    -------
    position_ecef_m, velocity_ecef_m_s : (3, n, n_times) float array
        States as seen from the turning Earth [m, m/s].
    """
    if earth is None:
        return teme_to_ecef_state(position_teme_m, velocity_teme_m_s, gmst_rad(start, t_s))
    now = orientation_at(earth, start, t_s)
    gmst = gmst_rad(start, t_s, now.ut1_minus_utc_s)
    fixed = teme_to_ecef_state(position_teme_m, velocity_teme_m_s, gmst)
    for vector in fixed:
        polar_motion(vector, now.x_pole_rad, now.y_pole_rad)
    return fixed


def satellite_ephemeris(scenario: Scenario) -> Ephemeris:
    """Propagate the mission's satellites over the whole run.

    Parameters
    ----------
    scenario : Scenario
        The mission; it has a group with role ``compute``.

    Returns
    -------
    Ephemeris
        On the grid of :func:`geometry_times_s`.

    Raises
    ------
    ValueError
        If the scenario has no computing satellites.
    """
    if not scenario.flown:
        raise ValueError("the scenario has no group of satellites with role 'compute'")
    times = geometry_times_s(scenario)[0]
    return fleet_ephemeris(scenario.flown, scenario.start, times, scenario.earth_orientation)


def position_at_m(ephemeris: Ephemeris, satellite: Ints, t_s: Floats) -> Floats:
    """Earth-fixed positions between the grid times.

    Parameters
    ----------
    ephemeris : Ephemeris
        Grid of at most a minute.
    satellite : (n,) int array
        Which satellite, one per time.
    t_s : (n,) float array
        Times within the grid [s].

    Returns
    -------
    (3, n) float array
        Position [m].

    Notes
    -----
    Cubic Hermite on positions and velocities. With a 60 s grid in low orbit the error is below
    1 m, from ``h^4 |r''''| / 384``.
    """
    grid = ephemeris.t_s
    before = np.clip(np.searchsorted(grid, t_s, side="right") - 1, 0, len(grid) - 2)
    step = grid[before + 1] - grid[before]
    u = (t_s - grid[before]) / step
    position, velocity = ephemeris.position_ecef_m, ephemeris.velocity_ecef_m_s
    at: Floats = (
        (1.0 + 2.0 * u) * (1.0 - u) ** 2 * position[:, satellite, before]
        + u * (1.0 - u) ** 2 * step * velocity[:, satellite, before]
        + u**2 * (3.0 - 2.0 * u) * position[:, satellite, before + 1]
        + u**2 * (u - 1.0) * step * velocity[:, satellite, before + 1]
    )
    return at
