"""Routes between two nodes of a scenario's relay network over time."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.progress import Progress
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import GroupOrbits, earth_fixed, step_edges_s
from perigrid.fleet.model import Fleet, NodeKind
from perigrid.fleet.network.multipath import Route, disjoint_routes
from perigrid.fleet.network.series import RouteSeries, route_series
from perigrid.fleet.network.snapshot import GroundNodes, LaserLimits, Snapshot, snapshot
from perigrid.fleet.relay_network import RelayNetwork, relay_network
from perigrid.scenario.model import Scenario

Floats = npt.NDArray[np.float64]

_TIMES_AT_ONCE: Final = 128
_S_TO_MS: Final = 1.0e3


def routes(
    scenario: Scenario,
    start: str,
    end: str,
    disjoint: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Follow the quickest route between two nodes of the relay network through the run.

    Parameters
    ----------
    scenario : Scenario
        The mission; a snapshot is taken at each of its steps.
    start, end : str
        Names of gateways or relay satellites.
    disjoint : int
        How many paths that share no satellite to look for at the start; 0 for none.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    dict
        JSON values: ``scenario, from, to, satellites, gateways, steps, step_s, hop_s`` (processing
        in each satellite), ``rtt_ms`` (least, median, largest), ``path_changes, handovers, outages,
        outage_fraction, paths`` (in turn, with their times) and ``disjoint``.

    Raises
    ------
    ScenarioError
        If there is no relay network, or no node of that name, or both are the same.
    """
    fleet = build_fleet(scenario)
    network = relay_network(scenario, fleet)
    if network is None:
        raise ScenarioError([_no_network(scenario)])
    names = _node_names(fleet)
    pair = np.array([[_node(scenario, names, start), _node(scenario, names, end)]])
    if pair[0, 0] == pair[0, 1]:
        problem = Problem(f"{start} is at both ends", "name two nodes", path=scenario.source_path)
        raise ScenarioError([problem])
    t_s = step_edges_s(scenario.duration_s, scenario.step_s)[:-1]
    (series,) = route_series(_snapshots(scenario, network, t_s, progress), t_s, pair)
    first = next(_snapshots(scenario, network, t_s[:1], None))
    apart = disjoint_routes(first, series.source, series.target, disjoint, "nodes")
    return {
        "scenario": scenario.name,
        "from": start,
        "to": end,
        "satellites": network.grid.n_relays,
        "gateways": network.gateway_m.shape[1],
        "steps": len(t_s),
        "step_s": scenario.step_s,
        "hop_s": network.hop_s,
        **_summary(series, scenario, names),
        "disjoint": [_route(route, names) for route in apart],
    }


def _no_network(scenario: Scenario) -> Problem:
    return Problem(
        "there is no network to route over",
        "give the scenario a relay group with lasers and at least one gateway, as starlink-relay",
        key="groups",
        path=scenario.source_path,
    )


def _node_names(fleet: Fleet) -> list[str]:
    """Names in the order of the network's nodes: relay satellites, gateways."""
    gateways = fleet.rows(NodeKind.GATEWAY).tolist()
    relays = range(fleet.n_satellites, fleet.n_satellites + fleet.n_relays)
    return [fleet.names[row] for row in (*relays, *gateways)]


def _node(scenario: Scenario, names: list[str], name: str) -> int:
    """Find a node by its name."""
    if name in names:
        return names.index(name)
    near = difflib.get_close_matches(name, names, n=1)
    places = f"did you mean {near[0]!r}?" if near else f"such as {names[-1]!r} or {names[0]!r}"
    problem = Problem(
        f"no gateway or relay satellite is called {name!r}", places, path=scenario.source_path
    )
    raise ScenarioError([problem])


def _snapshots(
    scenario: Scenario, network: RelayNetwork, t_s: Floats, progress: Progress | None
) -> Iterator[Snapshot]:
    """Take snapshots in turn; only some times' positions are kept at once."""
    group = scenario.group("relay")
    if group is None:
        return
    orbits = GroupOrbits.of(group, scenario.start)
    count = network.gateway_m.shape[1]
    ground = GroundNodes(
        network.gateway_m, network.gateway_up, network.min_elevation_rad, np.full(count, np.inf)
    )
    laser = LaserLimits(network.laser.max_range_m, network.laser.grazing_altitude_m)
    for first in range(0, len(t_s), _TIMES_AT_ONCE):
        times = t_s[first : first + _TIMES_AT_ONCE]
        states = orbits.states(times)
        position, _ = earth_fixed(*states, scenario.start, times, scenario.earth_orientation)
        if progress is not None:
            progress("routes", first / len(t_s))
        for k in range(len(times)):
            yield snapshot(network.grid, position[:, :, k], ground, laser, hop_s=network.hop_s)


def _summary(series: RouteSeries, scenario: Scenario, names: list[str]) -> dict[str, Any]:
    """Say in numbers how the route fares."""
    rtt_ms = series.rtt_s[np.isfinite(series.rtt_s)] * _S_TO_MS
    outages = [
        [float(begin), float(min(stop, scenario.duration_s))]
        for begin, stop in series.outages.tolist()
    ]
    known = len(rtt_ms) > 0
    return {
        "rtt_ms": {
            "least": float(rtt_ms.min()) if known else None,
            "median": float(np.median(rtt_ms)) if known else None,
            "largest": float(rtt_ms.max()) if known else None,
        },
        "path_changes": series.path_changes,
        "handovers": {"from": series.handovers(1), "to": series.handovers(-2)},
        "outages": outages,
        "outage_fraction": float(np.mean(~np.isfinite(series.rtt_s))),
        "paths": _turns(series, names),
    }


def _turns(series: RouteSeries, names: list[str]) -> list[dict[str, Any]]:
    """List the paths in turn, with the time from which each holds; none during outages."""
    changed = np.flatnonzero(np.diff(series.path, prepend=-2))
    return [
        {
            "t_s": float(series.t_s[step]),
            "rtt_ms": float(series.rtt_s[step]) * _S_TO_MS,
            "nodes": [names[node] for node in series.path_at(step).tolist()],
        }
        for step in changed.tolist()
    ]


def _route(route: Route, names: list[str]) -> dict[str, Any]:
    return {
        "rtt_ms": 2.0 * route.delay_s * _S_TO_MS,
        "nodes": [names[node] for node in route.nodes],
    }
