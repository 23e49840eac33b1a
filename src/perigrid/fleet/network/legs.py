"""What no decision changes, as a run goes: light, power and heat of each step, and routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.ephemeris import step_edges_s
from perigrid.fleet.faults import FaultKind, FaultSchedule
from perigrid.fleet.light import Light
from perigrid.fleet.model import Fleet
from perigrid.fleet.network.series import follow_paths
from perigrid.fleet.network.snapshot import Down, GroundNodes, LaserLimits, Snapshot, snapshot
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.relay_mesh import MeshGrid
from perigrid.physics.compiled import kernel
from perigrid.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

LEGS_PER_BLOCK: Final = 10
"""Legs whose light is worked out at once: whoever begins later begins at a whole block."""
NEAR: Final = 24
"""Satellites listed as nearest to a ground node."""
_NEAR = NEAR
_NOBODY = -1
_DOWN: Final = (FaultKind.CRASH, FaultKind.LOSS, FaultKind.STATION, FaultKind.WEATHER)


@dataclass(frozen=True, slots=True)
class Leg:
    """The time between two snapshots of the network.

    Parameters
    ----------
    number : int
        From 0.
    t_s : (n_steps + 1,) float array
        Step edges [s].
    array_w, environment_w : (n_steps, n) float array
        Array power, and heat the radiators absorb, at the start of each step [W].
    delay_s : (n_ground, n + n_ground) float array
        Quickest ways from the ground nodes [s].
    near : (n_ground, NEAR) int32 array
        Nearest satellites.
    laser_s : (n_lasers,) float array
        Delays of the lasers [s].
    missed : (n,) bool array
        Satellites out of order that a ground node has in sight.
    laser_cut : (n_lasers,) bool array
        Lasers that would be held but for an end out of order.
    """

    number: int
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    delay_s: Floats
    near: Ints
    laser_s: Floats
    missed: npt.NDArray[np.bool_]
    laser_cut: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Light:
    """A leg before its routes are known."""

    number: int
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    shot: Snapshot


def steps_per_leg(scenario: Scenario) -> int:
    """Say how many steps there are between two snapshots.

    Parameters
    ----------
    scenario : Scenario
        With jobs.

    Returns
    -------
    int
        At least one.
    """
    jobs = scenario.jobs
    routes_s = scenario.step_s if jobs is None else jobs.routes_s
    return max(1, round(routes_s / scenario.step_s))


def ground_nodes(fleet: Fleet) -> GroundNodes:
    """Lay the stations of a fleet out as ground nodes of its network.

    Parameters
    ----------
    fleet : Fleet
        Its stations, in the order of their rows.

    Returns
    -------
    GroundNodes
        Places and what they reach.
    """
    stations = list(fleet.stations.values())
    position, up = ground_sites(stations)
    return GroundNodes(
        position,
        up,
        np.array([one.min_elevation_rad for one in stations]),
        np.array([one.max_range_m for one in stations]),
    )


class Sky:
    """Works out legs in turn.

    Parameters
    ----------
    scenario : Scenario
        The mission; it has jobs.
    fleet : Fleet
        Its rows.
    mesh : MeshGrid
        Lasers.
    faults : FaultSchedule
        What is out of order when, by fleet row.
    """

    def __init__(
        self, scenario: Scenario, fleet: Fleet, mesh: MeshGrid, faults: FaultSchedule
    ) -> None:
        self._scenario, self._fleet, self._mesh, self._faults = scenario, fleet, mesh, faults
        self._light = Light(scenario, fleet)
        self._stride = steps_per_leg(scenario)
        self._edges_s = step_edges_s(scenario.duration_s, scenario.step_s)
        self._ground = ground_nodes(fleet)
        self._laser = _limits(fleet, mesh)

    @property
    def n_legs(self) -> int:
        """Legs of the whole run."""
        return -(-(len(self._edges_s) - 1) // self._stride)

    def legs(self, first: int) -> Iterator[Leg]:
        """Work out legs from one on.

        Parameters
        ----------
        first : int
            A multiple of :data:`LEGS_PER_BLOCK`.

        Yields
        ------
        Leg
            With arrays of its own.
        """
        n, n_ground = self._fleet.n_satellites, len(self._ground)
        source = np.arange(n, n + n_ground, dtype=np.int64)
        waiting: list[_Light] = []

        def snapshots() -> Iterator[Snapshot]:
            # Routes are asked for one snapshot at a time; its light comes along.
            for light in self._lit(first):
                waiting.append(light)
                yield light.shot

        for found in follow_paths(snapshots(), source):
            light = waiting.pop()
            near = np.empty((n_ground, NEAR), dtype=np.int32)
            nearest(found.delay_s, near)
            yield Leg(
                light.number, light.t_s, light.array_w, light.environment_w,
                found.delay_s.copy(), near, light.shot.laser_delay_s, light.shot.missed,
                light.shot.laser_cut,
            )  # fmt: skip

    def _lit(self, first: int) -> Iterator[_Light]:
        """Light and network of legs in turn."""
        stride, edges_s = self._stride, self._edges_s
        for low in range(first, self.n_legs, LEGS_PER_BLOCK):
            legs = range(low, min(low + LEGS_PER_BLOCK, self.n_legs))
            t_s = edges_s[low * stride : legs.stop * stride + 1]
            stretch = self._light.at(t_s[:-1])
            array_w = np.ascontiguousarray(stretch.array_w.T)
            outside_w = np.ascontiguousarray(stretch.environment_w.T)
            fixed_m = self._light.fixed_m(stretch, stride)
            for leg in legs:
                begin = (leg - low) * stride
                rows = slice(begin, min(begin + stride, len(array_w)))
                shot = snapshot(
                    self._mesh, fixed_m[:, :, leg - low], self._ground, self._laser,
                    hop_s=self._scenario.relay_hop_s, down=self._down(float(t_s[begin])),
                )  # fmt: skip
                yield _Light(leg, t_s[begin : rows.stop + 1], array_w[rows], outside_w[rows], shot)

    def _down(self, t_s: float) -> Down | None:
        """Tell what is out of order at a snapshot."""
        faults, n = self._faults, self._fleet.n_satellites
        if len(faults) == 0:
            return None
        now = (faults.t_start_s <= t_s) & (t_s < faults.t_end_s) & np.isin(faults.kind, _DOWN)
        row, first_station = faults.node[now], min(self._fleet.stations, default=0)
        node = np.zeros(n + len(self._ground), dtype=np.bool_)
        node[np.where(row < n, row, row - first_station + n)] = True
        return Down(node=node, laser=np.zeros(len(self._mesh.pairs), dtype=np.bool_))


def _limits(fleet: Fleet, mesh: MeshGrid) -> LaserLimits:
    """Reach of each laser, by the group whose satellites it joins."""
    lasers = [group.laser for group in fleet.groups]
    reach_m = np.array([0.0 if one is None else one.max_range_m for one in lasers])
    grazing_m = np.array([0.0 if one is None else one.grazing_altitude_m for one in lasers])
    group = fleet.group_of[mesh.pairs[:, 0]]
    return LaserLimits(reach_m[group], grazing_m[group])


@kernel
def nearest(delay_s: Floats, near: Ints) -> None:
    """Find the nearest satellites of every ground node.

    Parameters
    ----------
    delay_s : (n_ground, n + n_ground) float array
        From each ground node; inf where there is no way [s].
    near : (n_ground, NEAR) int32 array
        Filled, nearest first, of equals the lower number; -1 where there are fewer.
    """
    n = delay_s.shape[1] - delay_s.shape[0]
    kept_s = np.empty(_NEAR)
    for g in range(len(delay_s)):
        count = 0
        for satellite in range(n):
            there_s = delay_s[g, satellite]
            if not np.isfinite(there_s) or (count == _NEAR and there_s >= kept_s[_NEAR - 1]):
                continue
            place = min(count, _NEAR - 1)
            while place > 0 and kept_s[place - 1] > there_s:
                kept_s[place], near[g, place] = kept_s[place - 1], near[g, place - 1]
                place -= 1
            kept_s[place], near[g, place] = there_s, satellite
            count = min(count + 1, _NEAR)
        near[g, count:] = _NOBODY
