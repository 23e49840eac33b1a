"""Which satellites are joined by lasers, for a fleet whose ways are routes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.architecture import Architecture, Link
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.model import Fleet
from perigrid.fleet.relay_mesh import MeshGrid, mesh_grid, shell_pairs
from perigrid.physics.topology import nearest_pairs
from perigrid.scenario.model import SatelliteGroup, Scenario, SunSynchronous, WalkerShell

Longs = npt.NDArray[np.int64]


def fleet_mesh(scenario: Scenario, fleet: Fleet, architecture: Architecture) -> MeshGrid:
    """Lasers between the computing satellites, within each group.

    Parameters
    ----------
    scenario : Scenario
        Start, for formations and listed orbits.
    fleet : Fleet
        Orbits and terminals.
    architecture : Architecture
        Whether it carries anything over lasers between satellites.

    Returns
    -------
    MeshGrid
        Of each group a +Grid if it is a shell or ring, else nearest neighbours at the start; nobody
        without lasers.
    """
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    if Link.CROSSLINK in architecture.every_link:
        pairs += [
            _group_pairs(scenario, group, rows.stop - rows.start) + rows.start
            for group, rows in fleet.spans()
        ]
    return mesh_grid(np.concatenate(pairs), fleet.n_satellites)


def _group_pairs(scenario: Scenario, group: SatelliteGroup, n: int) -> Longs:
    """Pairs of satellites of a group, numbered from 0, that lasers join."""
    if group.laser is None or n < 2:
        return np.zeros((0, 2), dtype=np.int64)
    orbit = group.orbit
    if isinstance(orbit, SunSynchronous):
        orbit = WalkerShell(1, orbit.satellites, 0, orbit.altitude_m, 0.0, math.tau, 0.0)
    if isinstance(orbit, WalkerShell):
        return shell_pairs(orbit)
    position, _ = GroupOrbits.of(group, scenario.start).states(np.zeros(1))
    return nearest_pairs(
        np.ascontiguousarray(position[:, :, 0]),
        neighbours=group.laser.terminals,
        terminals=group.laser.terminals,
        max_range_m=group.laser.max_range_m,
        grazing_altitude_m=group.laser.grazing_altitude_m,
    )
