"""``perigrid bench routes``: quickest paths of a constellation against scipy and networkx."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, duel
from perigrid.benchmark.reference import START, shell, spread_stations
from perigrid.fleet.network.repair import repair_paths
from perigrid.fleet.network.shortest import ShortestPaths, shortest_paths
from perigrid.fleet.network.snapshot import GroundNodes, LaserLimits, Snapshot, snapshot
from perigrid.fleet.relay_mesh import MeshGrid, mesh_grid
from perigrid.physics.chunks import limited_threads
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef, up_vector
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.topology import plus_grid_pairs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LASER = LaserLimits(max_range_m=5.0e6, grazing_altitude_m=80.0e3)
_MIN_ELEVATION_RAD = math.radians(25.0)
_NEARER_THE_EQUATOR = 0.7  # within 53 degrees, so that every place sees satellites
_STEP_S = 15.0
_DEMAND = 2.5  # the design's, of a repaired snapshot against a fresh run


@dataclass(frozen=True, slots=True)
class Constellation:
    """A shell with a +Grid, and ground nodes, at several times.

    Parameters
    ----------
    mesh : MeshGrid
        Its lasers.
    satellite_m : (3, n_satellites, n_times) float array
        Earth-fixed positions [m].
    ground : GroundNodes
        Places on the Earth.
    """

    mesh: MeshGrid
    satellite_m: Floats
    ground: GroundNodes

    @classmethod
    def of(cls, planes: int, slots: int, n_ground: int, t_s: Floats) -> Constellation:
        """Lay a constellation out at 550 km and 53 degrees.

        Parameters
        ----------
        planes, slots, n_ground : int
            Size.
        t_s : (n_times,) float array
            Times [s].

        Returns
        -------
        Constellation
            Ground nodes are spread over the latitudes that the shell serves.
        """
        position, _, _ = propagate(shell(planes, slots), START, t_s)
        latitude, longitude = spread_stations(n_ground)
        latitude = latitude * _NEARER_THE_EQUATOR
        return cls(
            mesh=mesh_grid(plus_grid_pairs(planes, slots, 1), planes * slots),
            satellite_m=teme_to_ecef(position, gmst_rad(START, t_s)),
            ground=GroundNodes(
                geodetic_to_ecef(latitude, longitude, np.zeros(n_ground)),
                up_vector(latitude, longitude),
                np.full(n_ground, _MIN_ELEVATION_RAD),
                np.full(n_ground, np.inf),
            ),
        )

    def snapshot(self, step: int) -> Snapshot:
        """Build the network at one time.

        Parameters
        ----------
        step : int
            Number of the time.

        Returns
        -------
        Snapshot
            The network.
        """
        return snapshot(self.mesh, self.satellite_m[:, :, step], self.ground, LASER)

    @property
    def ground_rows(self) -> Ints:
        """Nodes on the ground."""
        first = self.mesh.n_relays
        return np.arange(first, first + len(self.ground), dtype=np.int64)


def bench_routes(
    sizes: tuple[tuple[int, int, int], ...] = ((72, 22, 100), (100, 100, 200)), steps: int = 4
) -> list[Timing]:
    """Time snapshots and quickest paths from every ground node to every node.

    Parameters
    ----------
    sizes : tuple of (planes, satellites per plane, ground nodes)
        Shells.
    steps : int
        Snapshots of 15 s that are repaired in turn.

    Returns
    -------
    list of Timing
        On one thread, for one snapshot. The agreement of paths is the largest difference of
        delays, which must be 0.
    """
    rows: list[Timing] = []
    with limited_threads(1):
        for planes, slots, n_ground in sizes:
            network = Constellation.of(planes, slots, n_ground, _STEP_S * np.arange(steps + 1.0))
            name = f"routes: {planes * slots} satellites x {n_ground} ground nodes"
            graphs = [network.snapshot(step) for step in range(steps + 1)]
            rows += [
                _building(name, network),
                _repair(name, graphs, network.ground_rows),
                _fresh(name, graphs[0], network.ground_rows),
            ]
        rows.append(_against_networkx(name, graphs[0], network.ground_rows))
    return rows


def _building(name: str, network: Constellation) -> Timing:
    """Which links there are, against numpy."""
    timed = duel(lambda: network.snapshot(0), lambda: numpy_delays_s(network))
    graph = timed.ours
    own = np.concatenate([graph.laser_delay_s[_first_entries(graph)], graph.up_s])
    same_size = len(own) == len(timed.reference)
    return Timing(
        f"{name}, snapshot",
        timed.ours_s,
        "numpy",
        timed.reference_s,
        agreement=float(np.abs(own - timed.reference).max()) if same_size else math.inf,
        unit="s",
    )


def _first_entries(graph: Snapshot) -> Ints:
    """Entry of the mesh for each pair, as its lower row meets it."""
    entry = np.empty(len(graph.mesh.pairs), dtype=np.int64)
    entry[graph.mesh.pair_of] = np.arange(len(graph.mesh.pair_of))
    return entry


def numpy_delays_s(network: Constellation) -> Floats:
    """Write the links of the first snapshot down in numpy.

    Parameters
    ----------
    network : Constellation
        With lasers that are all short enough to clear the Earth.

    Returns
    -------
    (n,) float array
        Light times: of the lasers by pair, then from each ground node up [s].
    """
    at, ground = network.satellite_m[:, :, 0], network.ground
    a, b = at[:, network.mesh.pairs[:, 0]], at[:, network.mesh.pairs[:, 1]]
    length = np.linalg.norm(b - a, axis=0)
    length[length > LASER.max_range_m] = np.inf
    look = at[:, None, :] - ground.position_m[:, :, None]
    distance = np.linalg.norm(look, axis=0)
    climb = np.einsum("kgs,kg->gs", look, ground.up)
    seen = climb >= np.sin(ground.min_elevation_rad)[:, None] * distance
    delays: Floats = np.concatenate([length, distance[seen]]) / SPEED_OF_LIGHT_M_S
    return delays


def _repair(name: str, graphs: list[Snapshot], sources: Ints) -> Timing:
    """Repair several snapshots in turn, against scipy's fresh runs of the same."""
    matrices = [graph.split_graph() for graph in graphs]
    first = shortest_paths(graphs[0], sources)
    rooms = [ShortestPaths.empty(sources, first.delay_s.shape[1]) for _ in graphs[1:]]

    def ours() -> list[ShortestPaths]:
        found = [first]
        for graph, room in zip(graphs[1:], rooms, strict=True):
            found.append(repair_paths(graph, found[-1], room))
        return found[1:]

    timed = duel(
        ours,
        lambda: [
            dijkstra(matrix, indices=sources, return_predecessors=True)[0]
            for matrix in matrices[1:]
        ],
    )
    return Timing(
        f"{name}, paths repaired after {_STEP_S:g} s",
        timed.ours_s / len(rooms),
        "scipy dijkstra, fresh",
        timed.reference_s / len(rooms),
        demand=_DEMAND,
        agreement=max(
            _apart(graph, own.delay_s, reference)
            for graph, own, reference in zip(graphs[1:], timed.ours, timed.reference, strict=True)
        ),
        unit="s",
    )


def _fresh(name: str, graph: Snapshot, sources: Ints) -> Timing:
    """Fresh runs of both."""
    matrix = graph.split_graph()
    room = ShortestPaths.empty(sources, graph.n_satellites + graph.n_ground)
    timed = duel(
        lambda: shortest_paths(graph, sources, room),
        lambda: dijkstra(matrix, indices=sources, return_predecessors=True)[0],
    )
    return Timing(
        f"{name}, fresh paths",
        timed.ours_s,
        "scipy dijkstra",
        timed.reference_s,
        agreement=_apart(graph, timed.ours.delay_s, timed.reference),
        unit="s",
    )


def _apart(graph: Snapshot, own: Floats, reference: Floats) -> float:
    """Largest difference of delays; both must call the same nodes out of reach."""
    n, sinks = graph.n_satellites, graph.n_satellites + graph.n_ground
    other = np.concatenate([reference[:, :n], reference[:, sinks:]], axis=1)
    reached = np.isfinite(other)
    if not np.array_equal(reached, np.isfinite(own)):
        return math.inf
    return float(np.abs(own[reached] - other[reached]).max(initial=0.0))


def _against_networkx(name: str, graph: Snapshot, sources: Ints, n_timed: int = 2) -> Timing:
    """Fresh runs against networkx, which is timed from a few sources."""
    networkx = development_module("networkx")
    matrix = graph.split_graph().tocoo()
    whole = networkx.DiGraph()
    whole.add_nodes_from(range(matrix.shape[0]))
    whole.add_weighted_edges_from(
        zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True)
    )
    some = sources[:: len(sources) // n_timed][:n_timed].tolist()
    timed = duel(
        lambda: shortest_paths(graph, sources),
        lambda: [networkx.single_source_dijkstra_path_length(whole, one) for one in some],
        repeats=1,
    )
    apart = 0.0
    for one, lengths in zip(some, timed.reference, strict=True):
        own = timed.ours.delay_s[one - sources[0], : graph.n_satellites]
        other = np.array([lengths.get(node, math.inf) for node in range(graph.n_satellites)])
        apart = max(apart, 0.0 if np.array_equal(own, other) else float(np.abs(own - other).max()))
    return Timing(
        f"{name}, fresh paths (networkx extrapolated from {n_timed} sources)",
        timed.ours_s,
        "networkx dijkstra",
        timed.reference_s * len(sources) / n_timed,
        agreement=apart,
        unit="s",
    )
