"""Windows through the relay network: satellite, relay mesh, gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.fleet.model import ContactKind, Contacts, Fleet, NodeKind
from perigrid.fleet.relay_access import choose_relays, user_ranges_m
from perigrid.fleet.relay_mesh import (
    ShortestWays,
    gateway_ranges_m,
    grid_lengths_m,
    shortest_ways,
)
from perigrid.fleet.relay_network import RelayNetwork, relay_network
from perigrid.fleet.windows import contact_rows, label_runs, merge_contacts, no_contacts
from perigrid.physics.frames import gmst_rad, teme_to_ecef
from perigrid.scenario.model import Laser, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SNAPSHOTS_PER_BLOCK: Final = 480  # 1,584 relays: 100 MB of positions and velocities at a time


@dataclass(frozen=True, slots=True)
class RelayIntervals:
    """Way of each user satellite in each interval between two snapshots.

    Parameters
    ----------
    relay : (n_users, n_intervals) int array
        Relay satellite that the user is linked to; -1 for none.
    gateway : (n_users, n_intervals) int array
        Gateway (index) where the way ends; -1 where there is no way.
    rate_bps : (n_users, n_intervals) float array
        Share of the tightest link on the way [bit/s].
    light_time_s : (n_users, n_intervals) float array
        One-way delay with hops [s].
    hops : (n_users, n_intervals) int array
        Relay satellites on the way.
    """

    relay: Ints
    gateway: Ints
    rate_bps: Floats
    light_time_s: Floats
    hops: Ints


def relay_windows(
    scenario: Scenario,
    fleet: Fleet,
    user_ecef_m: Floats,
    t_s: Floats,
    progress: Callable[[float], None] | None = None,
) -> Contacts:
    """Plan the computing satellites' windows through the relay network.

    Parameters
    ----------
    scenario : Scenario
        For the relay group, the start and the hop delay.
    fleet : Fleet
        Rows.
    user_ecef_m : (3, n_users, n_times) float array
        Earth-fixed positions of the computing satellites at the snapshots [m].
    t_s : (n_times,) float array
        Snapshot times [s].
    progress : callable, optional
        Told the share done, 0 to 1.

    Returns
    -------
    Contacts
        One row while relay satellite and gateway stay the same. The rate is the lowest in the
        window, with every satellite sending at once: links and feeders are shared evenly among
        all users that have a way over them. Acquisition is deducted whenever the relay satellite
        changes, not when only the way through the mesh does.

    Raises
    ------
    ScenarioError
        If the relay satellites do not fly in a Walker shell or ring.
    """
    laser = fleet.satellites.laser
    network = relay_network(scenario, fleet)
    if laser is None or laser.terminals < 1 or network is None or len(t_s) < 2:
        return no_contacts()
    snapshots = zip(
        np.ascontiguousarray(np.moveaxis(user_ecef_m, 2, 0)),
        _relay_snapshots(scenario, t_s),
        strict=True,
    )
    intervals = relay_intervals(network, laser, snapshots, len(t_s) - 1, progress)
    users = np.arange(fleet.n_satellites)
    return _merge_intervals(
        intervals, t_s, laser.acquisition_s, users, fleet.rows(NodeKind.GATEWAY)
    )


def relay_intervals(
    network: RelayNetwork,
    laser: Laser,
    snapshots: Iterator[tuple[Floats, Floats]],
    n_intervals: int,
    progress: Callable[[float], None] | None = None,
) -> RelayIntervals:
    """Route every user satellite in every interval between snapshots.

    Parameters
    ----------
    network : RelayNetwork
        The relays and gateways.
    laser : Laser
        Terminals of a user satellite; the user's link is reckoned with them at both ends.
    snapshots : iterator of pairs of (3, n_users) and (3, n_relays) float array
        Earth-fixed positions of users and relays, ``n_intervals + 1`` of them [m].
    n_intervals : int
        How many.
    progress : callable, optional
        Told the share done, 0 to 1.

    Returns
    -------
    RelayIntervals
        Links must hold at both ends of an interval. A user keeps its relay satellite while it
        can, else takes the nearest. Lengths are those at the interval's beginning.
    """
    columns: list[tuple[Ints, Ints, Floats, Floats, Ints]] = []
    relay: Ints | None = None
    views = (_view(network, laser, *snapshot) for snapshot in snapshots)
    for done, (here, ahead) in enumerate(pairwise(views)):
        relay = choose_relays(here.user_range_m, ahead.user_range_m, relay)
        columns.append(_route(network, laser, here, ahead, relay))
        if progress is not None:
            progress((done + 1) / n_intervals)
    relays, gateways, rates, delays, hops = (
        np.stack(one, axis=1) for one in zip(*columns, strict=True)
    )
    return RelayIntervals(relays, gateways, rates, delays, hops)


@dataclass(frozen=True, slots=True)
class _View:
    """Ranges in one snapshot, inf where there is no link."""

    relay_m: Floats
    user_range_m: Floats  # (n_users, n_relays)
    grid_m: Floats  # (n_pairs,)
    gateway_range_m: Floats  # (n_gateways, n_relays)


def _view(network: RelayNetwork, laser: Laser, user_m: Floats, relay_m: Floats) -> _View:
    """Measure one snapshot."""
    return _View(
        relay_m=relay_m,
        user_range_m=user_ranges_m(laser, network.laser, user_m, relay_m),
        grid_m=grid_lengths_m(network.grid, network.laser, relay_m),
        gateway_range_m=gateway_ranges_m(
            relay_m, network.gateway_m, network.gateway_up, network.min_elevation_rad
        ),
    )


def _route(
    network: RelayNetwork, laser: Laser, here: _View, ahead: _View, relay: Ints
) -> tuple[Ints, Ints, Floats, Floats, Ints]:
    """Way, rate, delay and hops of every user in one interval."""
    ways = shortest_ways(
        network.grid,
        np.where(np.isfinite(ahead.grid_m), here.grid_m, np.inf),
        np.where(np.isfinite(ahead.gateway_range_m), here.gateway_range_m, np.inf),
        network.hop_s,
    )
    users = np.arange(len(relay))
    routed = (relay >= 0) & np.isfinite(ways.delay_s[relay])
    nodes = follow(ways, np.where(routed, relay, -1), network.grid.n_relays)
    hops = np.array([len(way) - 1 if way else 0 for way in nodes], dtype=np.int64)
    gateway = np.array([way[-1] if way else -1 for way in nodes]) - network.grid.n_relays
    reach_m = here.user_range_m[users, relay]
    delay = reach_m / SPEED_OF_LIGHT_M_S + ways.delay_s[relay]
    # The user's own link is longest at one of the interval's ends.
    longest_m = np.where(routed, np.maximum(reach_m, ahead.user_range_m[users, relay]), 1.0)
    own_bps = laser_rate_bps(laser, longest_m)
    rate = np.minimum(own_bps, path_share_bps(network, here.relay_m, nodes))
    routed &= rate > 0.0
    return (
        relay,
        np.where(routed, gateway, -1),
        np.where(routed, rate, 0.0),
        np.where(routed, delay, np.inf),
        np.where(routed, hops, 0),
    )


def follow(ways: ShortestWays, relay: Ints, n_relays: int) -> list[list[int]]:
    """List the nodes on each user's way.

    Parameters
    ----------
    ways : ShortestWays
        Where to go next from each node.
    relay : (n_users,) int array
        First relay satellites; -1 for users without one.
    n_relays : int
        Nodes from here on are gateways.

    Returns
    -------
    list of list of int
        From the first relay satellite to the gateway; empty for users without a way.
    """
    found: list[list[int]] = []
    for first in relay.tolist():
        way: list[int] = [first] if first >= 0 else []
        while way and way[-1] < n_relays:
            way.append(int(ways.next_node[way[-1]]))
        found.append(way)
    return found


def path_share_bps(network: RelayNetwork, relay_m: Floats, nodes: list[list[int]]) -> Floats:
    """Rate left to each user by the links it shares with the others.

    Parameters
    ----------
    network : RelayNetwork
        Mesh terminals and feeders.
    relay_m : (3, n_relays) float array
        Positions [m].
    nodes : list of list of int
        Each user's way, as from :func:`follow`.

    Returns
    -------
    (n_users,) float array
        The smallest of capacity over number of users, along the way; inf without a way [bit/s].
    """
    links = [link for way in nodes for link in pairwise(way)]
    if not links:
        return np.full(len(nodes), np.inf)
    user = np.repeat(np.arange(len(nodes)), [max(0, len(way) - 1) for way in nodes])
    ends = np.array(links, dtype=np.int64)
    _, index, load = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    capacity = np.empty(len(ends))
    down = ends[:, 1] >= network.grid.n_relays
    # Several relay satellites may feed one gateway: what counts is the gateway.
    gateway = ends[down, 1] - network.grid.n_relays
    capacity[down] = network.feeder_bps[gateway] / np.bincount(gateway)[gateway]
    across = ends[~down]
    length = np.linalg.norm(relay_m[:, across[:, 0]] - relay_m[:, across[:, 1]], axis=0)
    capacity[~down] = laser_rate_bps(network.laser, length) / load[index.ravel()][~down]
    share = np.full(len(nodes), np.inf)
    np.minimum.at(share, user, capacity)
    return share


def _relay_snapshots(scenario: Scenario, t_s: Floats) -> Iterator[Floats]:
    """Earth-fixed positions of the relay satellites, a snapshot at a time, propagated in blocks."""
    group = scenario.group("relay")
    if group is None:
        return
    orbits = GroupOrbits.of(group, scenario.start)
    for first in range(0, len(t_s), _SNAPSHOTS_PER_BLOCK):
        block_s = t_s[first : first + _SNAPSHOTS_PER_BLOCK]
        position, _ = orbits.states(block_s)
        position_ecef = teme_to_ecef(position, gmst_rad(scenario.start, block_s))
        yield from np.ascontiguousarray(np.moveaxis(position_ecef, 2, 0))


def _merge_intervals(
    intervals: RelayIntervals, t_s: Floats, acquisition_s: float, users: Ints, gateways: Ints
) -> Contacts:
    """Make a row of each stretch with one relay satellite and one gateway."""
    parts = [no_contacts()]
    for user in users.tolist():
        relay, gateway = intervals.relay[user], intervals.gateway[user]
        first, stop = label_runs(np.where(gateway >= 0, relay * len(gateways) + gateway, -1))
        ready_s = _ready_s(relay, t_s, acquisition_s)
        start_s, end_s = np.maximum(t_s[first], ready_s[first]), t_s[stop]
        lasting = end_s > start_s
        first, stop = first[lasting], stop[lasting]
        start_s, end_s = start_s[lasting], end_s[lasting]
        middle = np.searchsorted(t_s, 0.5 * (start_s + end_s), side="right") - 1
        rate = [intervals.rate_bps[user, a:b].min() for a, b in zip(first, stop, strict=True)]
        parts.append(
            contact_rows(
                ContactKind.RELAY,
                source=np.full(len(first), user),
                target=gateways[gateway[first]],
                t_start_s=start_s,
                t_end_s=end_s,
                rate_bps=np.array(rate, dtype=np.float64),
                light_time_s=intervals.light_time_s[user, middle],
                hops=intervals.hops[user, middle],
            )
        )
    return merge_contacts(parts)


def _ready_s(relay: Ints, t_s: Floats, acquisition_s: float) -> Floats:
    """When the link of each interval has been acquired: counted from the last change of relay."""
    changed = np.concatenate([[True], relay[1:] != relay[:-1]])
    since = np.maximum.accumulate(np.where(changed, np.arange(len(relay)), 0))
    ready: Floats = t_s[since] + acquisition_s
    return ready
