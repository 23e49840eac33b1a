"""What the relay network of a scenario is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.errors import Problem, ScenarioError
from perigrid.fleet.model import Fleet, NodeKind
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.relay_mesh import MeshGrid, mesh_grid, shell_pairs
from perigrid.scenario.model import Laser, Scenario, SunSynchronous, WalkerShell

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RelayNetwork:
    """What the relay network is made of.

    Parameters
    ----------
    grid : MeshGrid
        Its lasers.
    laser : Laser
        Terminals of a relay satellite.
    gateway_m, gateway_up : (3, n_gateways) float array
        Earth-fixed positions [m] and verticals.
    min_elevation_rad : (n_gateways,) float array
        Masks [rad].
    feeder_bps : (n_gateways,) float array
        Rate of one feeder link, from a relay satellite to an antenna [bit/s].
    antennas : (n_gateways,) int array
        Feeder links of each gateway at a time; its users share them.
    hop_s : float
        Processing delay in each relay satellite [s].
    """

    grid: MeshGrid
    laser: Laser
    gateway_m: Floats
    gateway_up: Floats
    min_elevation_rad: Floats
    feeder_bps: Floats
    antennas: Ints
    hop_s: float


def relay_network(scenario: Scenario, fleet: Fleet) -> RelayNetwork | None:
    """Describe the relay network of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet : Fleet
        Its rows.

    Returns
    -------
    RelayNetwork or None
        None if there are no relay satellites, no lasers on them, or no gateways.

    Raises
    ------
    ScenarioError
        If the relay satellites do not fly in a Walker shell or ring.
    """
    relays, rows = fleet.relays, fleet.rows(NodeKind.GATEWAY)
    if relays is None or relays.laser is None or len(rows) == 0:
        return None
    orbit = relays.orbit
    if isinstance(orbit, SunSynchronous):
        orbit = WalkerShell(1, orbit.satellites, 0, orbit.altitude_m, 0.0, math.tau, 0.0)
    if not isinstance(orbit, WalkerShell):
        problem = Problem(
            f"the relay group {relays.name!r} is given by element sets or as a formation, "
            "whose grid is not known",
            remedy="describe the relay satellites as a Walker shell",
            key="groups",
            path=scenario.source_path,
        )
        raise ScenarioError([problem])
    gateways = [fleet.stations[row] for row in rows.tolist()]
    position, up = ground_sites(gateways)
    return RelayNetwork(
        grid=mesh_grid(shell_pairs(orbit), fleet.n_relays),
        laser=relays.laser,
        gateway_m=position,
        gateway_up=up,
        min_elevation_rad=np.array([gateway.min_elevation_rad for gateway in gateways]),
        feeder_bps=np.array([gateway.feeder_rate_bps for gateway in gateways]),
        antennas=np.array([gateway.antennas for gateway in gateways], dtype=np.int64),
        hop_s=scenario.relay_hop_s,
    )
