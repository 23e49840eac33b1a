"""What no decision changes, as the flight goes: light, power and heat of each step, routes."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.control.dispatch.arrays import NEAR
from perigrid.control.dispatch.candidates import exits, nearest
from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.ephemeris import GroupOrbits, earth_fixed
from perigrid.fleet.faults import FaultKind, FaultSchedule
from perigrid.fleet.model import Fleet
from perigrid.fleet.network.series import follow_paths
from perigrid.fleet.network.snapshot import Down, GroundNodes, LaserLimits, Snapshot, snapshot
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.fleet.relay_mesh import MeshGrid, mesh_grid, shell_pairs
from perigrid.physics.eclipse import illumination
from perigrid.physics.sun import sun_position_m
from perigrid.physics.topology import nearest_pairs
from perigrid.scenario.model import Scenario, SunSynchronous, WalkerShell

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

LEGS_PER_BLOCK: Final = 10
"""Legs whose light is worked out at once; a checkpoint comes after a whole number of blocks."""
_AHEAD: Final = 3
_POLL_S: Final = 0.1
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
    exit_node : (n,) int32 array
        Ground node that each satellite reaches first.
    laser_s : (n_lasers,) float array
        Delays of the lasers [s].
    """

    number: int
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    delay_s: Floats
    near: Ints
    exit_node: Ints
    laser_s: Floats


@dataclass(frozen=True, slots=True)
class _Light:
    """A leg before its routes are known."""

    number: int
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    shot: Snapshot


def fleet_mesh(scenario: Scenario, fleet: Fleet) -> MeshGrid:
    """Lasers of the computing satellites.

    Parameters
    ----------
    scenario : Scenario
        Start, for formations and listed orbits.
    fleet : Fleet
        Orbits and terminals.

    Returns
    -------
    MeshGrid
        A +Grid of a shell or ring, else nearest neighbours at the start; nobody without lasers.
    """
    group, n = fleet.groups[0], fleet.n_satellites
    if group.laser is None or n < 2:
        return mesh_grid(np.zeros((0, 2), dtype=np.int64), n)
    orbit = group.orbit
    if isinstance(orbit, SunSynchronous):
        orbit = WalkerShell(1, orbit.satellites, 0, orbit.altitude_m, 0.0, math.tau, 0.0)
    if isinstance(orbit, WalkerShell):
        return mesh_grid(shell_pairs(orbit), n)
    position, _ = GroupOrbits.of(group, scenario.start).states(np.zeros(1))
    pairs = nearest_pairs(
        np.ascontiguousarray(position[:, :, 0]),
        neighbours=group.laser.terminals,
        terminals=group.laser.terminals,
        max_range_m=group.laser.max_range_m,
        grazing_altitude_m=group.laser.grazing_altitude_m,
    )
    return mesh_grid(pairs, n)


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
        What is out of order when; nodes are those of the network.
    """

    def __init__(
        self, scenario: Scenario, fleet: Fleet, mesh: MeshGrid, faults: FaultSchedule
    ) -> None:
        self._scenario, self._fleet, self._mesh, self._faults = scenario, fleet, mesh, faults
        self._orbits = GroupOrbits.of(fleet.groups[0], scenario.start)
        jobs = scenario.jobs
        routes_s = jobs.routes_s if jobs is not None else scenario.step_s
        self._stride = max(1, round(routes_s / scenario.step_s))
        self._steps = round(scenario.duration_s / scenario.step_s)
        stations = list(fleet.stations.values())
        position, up = ground_sites(stations)
        self._ground = GroundNodes(
            position,
            up,
            np.array([one.min_elevation_rad for one in stations]),
            np.array([one.max_range_m for one in stations]),
        )
        laser = fleet.groups[0].laser
        self._laser = LaserLimits(
            laser.max_range_m if laser else 0.0, laser.grazing_altitude_m if laser else 0.0
        )

    @property
    def n_legs(self) -> int:
        """Legs of the whole run."""
        return -(-self._steps // self._stride)

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
            for light in self._light(first):
                waiting.append(light)
                yield light.shot

        for found in follow_paths(snapshots(), source):
            light = waiting.pop()
            near = np.empty((n_ground, NEAR), dtype=np.int32)
            exit_node = np.empty(n, dtype=np.int32)
            nearest(found.delay_s, near)
            exits(found.delay_s, exit_node)
            yield Leg(
                light.number, light.t_s, light.array_w, light.environment_w,
                found.delay_s.copy(), near, exit_node, light.shot.laser_delay_s,
            )  # fmt: skip

    def _light(self, first: int) -> Iterator[_Light]:
        """Light and network of legs in turn."""
        scenario, bus = self._scenario, self._fleet.groups[0]
        for low in range(first, self.n_legs, LEGS_PER_BLOCK):
            legs = range(low, min(low + LEGS_PER_BLOCK, self.n_legs))
            steps = range(low * self._stride, min(legs.stop * self._stride, self._steps))
            t_s: Floats = np.arange(steps.start, steps.stop + 1, dtype=np.float64)
            t_s *= scenario.step_s
            position, velocity = self._orbits.states(t_s[:-1])
            sun = sun_position_m(scenario.start, t_s[:-1])
            lit = illumination(position, sun)
            array_w = fleet_array_w(bus, t_s[:-1], position, velocity, sun, lit)
            outside_w = fleet_environment_w(bus, position, velocity, sun, lit)
            array_w, outside_w = np.ascontiguousarray(array_w.T), np.ascontiguousarray(outside_w.T)
            shown = slice(0, None, self._stride)
            fixed, _ = earth_fixed(
                np.ascontiguousarray(position[:, :, shown]),
                np.ascontiguousarray(velocity[:, :, shown]),
                scenario.start, t_s[:-1][shown], scenario.earth_orientation,
            )  # fmt: skip
            for leg in legs:
                begin = (leg - low) * self._stride
                rows = slice(begin, min(begin + self._stride, len(steps)))
                shot = snapshot(
                    self._mesh, fixed[:, :, leg - low], self._ground, self._laser,
                    hop_s=scenario.relay_hop_s, down=self._down(float(t_s[begin])),
                )  # fmt: skip
                yield _Light(leg, t_s[begin : rows.stop + 1], array_w[rows], outside_w[rows], shot)

    def _down(self, t_s: float) -> Down | None:
        """Tell what is out of order at a snapshot."""
        faults = self._faults
        if len(faults) == 0:
            return None
        now = (faults.t_start_s <= t_s) & (t_s < faults.t_end_s) & np.isin(faults.kind, _DOWN)
        node = np.zeros(self._fleet.n_satellites + len(self._ground), dtype=np.bool_)
        node[faults.node[now]] = True
        return Down(node=node, laser=np.zeros(len(self._mesh.pairs), dtype=np.bool_))


class _Worker:
    """Works legs out on a thread of its own."""

    def __init__(self, legs: Iterator[Leg]) -> None:
        self._legs = legs
        self._ready: queue.Queue[Leg | BaseException | None] = queue.Queue(maxsize=_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def take(self) -> Iterator[Leg]:
        """Hand legs out, or raise what the thread did."""
        while (item := self._ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """End the thread, whatever is left."""
        self._stop.set()
        self._thread.join()

    def _put(self, item: Leg | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return

    def _work(self) -> None:
        try:
            for leg in self._legs:
                self._put(leg)
                if self._stop.is_set():
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001  raised again where the legs are taken
            self._put(error)


@contextmanager
def ahead(legs: Iterator[Leg]) -> Iterator[Iterator[Leg]]:
    """Work legs out on a thread of its own, a few ahead of whoever takes them.

    Parameters
    ----------
    legs : iterator of Leg
        Not used by anybody else.

    Yields
    ------
    iterator of Leg
        The same in the same order; what the thread raises is raised here.
    """
    worker = _Worker(legs)
    try:
        yield worker.take()
    finally:
        worker.close()
