"""Windows through the relay network: satellite, relay mesh, gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.fleet.ephemeris import GroupOrbits, earth_fixed
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
from perigrid.fleet.terminals import Terminals
from perigrid.fleet.windows import contact_rows, label_runs, merge_contacts, no_contacts
from perigrid.physics.compiled import kernel
from perigrid.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SNAPSHOTS_PER_BLOCK: Final = 480  # 1,584 relays: 100 MB of positions and velocities at a time
_BLOCK_BYTES: Final = 16.0e6  # of ranges: about 40 snapshots of 1,584 relays


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
    """Plan the satellites' windows through the relay network.

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
    users, lasers = np.arange(fleet.n_satellites), fleet.terminals()
    network = relay_network(scenario, fleet)
    if network is None or len(t_s) < 2 or not len(lasers.carried):
        return no_contacts()
    snapshots = zip(
        np.ascontiguousarray(np.moveaxis(user_ecef_m, 2, 0)),
        _relay_snapshots(scenario, t_s),
        strict=True,
    )
    intervals = relay_intervals(network, lasers, snapshots, len(t_s) - 1, progress)
    acquisition_s = lasers.column(lambda one: one.acquisition_s)
    return _merge_intervals(intervals, t_s, acquisition_s, users, fleet.rows(NodeKind.GATEWAY))


def relay_intervals(
    network: RelayNetwork,
    lasers: Terminals,
    snapshots: Iterator[tuple[Floats, Floats]],
    n_intervals: int,
    progress: Callable[[float], None] | None = None,
) -> RelayIntervals:
    """Route every user satellite in every interval between snapshots.

    Parameters
    ----------
    network : RelayNetwork
        The relays and gateways.
    lasers : Terminals
        Of each user; its link is reckoned with them at both ends.
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
    parts: list[RelayIntervals] = []
    relay: Ints | None = None
    done = 0
    for users, relays in _blocks(snapshots, n_intervals, network):
        view = _view(network, lasers, users, relays)
        parts.append(_route(network, lasers, view, relay))
        relay = parts[-1].relay[:, -1]
        done += len(users) - 1
        if progress is not None:
            progress(done / n_intervals)
    return RelayIntervals(
        *(
            np.concatenate([getattr(part, name) for part in parts], axis=1)
            for name in RelayIntervals.__dataclass_fields__
        )
    )


def _blocks(
    snapshots: Iterator[tuple[Floats, Floats]], n_intervals: int, network: RelayNetwork
) -> Iterator[tuple[Floats, Floats]]:
    """Users and relays of many snapshots at a time; a block begins with the last one's end."""
    held = [next(snapshots)]
    done = 0
    while done < n_intervals:
        rows = held[0][0].shape[1] + network.gateway_m.shape[1] + 4
        fitting = int(_BLOCK_BYTES / (8.0 * rows * network.grid.n_relays))
        held += islice(snapshots, min(max(fitting, 1), n_intervals - done))
        yield np.stack([users for users, _ in held]), np.stack([relays for _, relays in held])
        done += len(held) - 1
        held = held[-1:]


@dataclass(frozen=True, slots=True)
class _View:
    """Ranges in a block of snapshots, inf where there is no link."""

    relay_m: Floats  # (n_snapshots, 3, n_relays)
    user_range_m: Floats  # (n_snapshots, n_users, n_relays)
    grid_m: Floats  # (n_snapshots, n_pairs)
    gateway_range_m: Floats  # (n_snapshots, n_gateways, n_relays)


def _view(network: RelayNetwork, lasers: Terminals, user_m: Floats, relay_m: Floats) -> _View:
    """Measure a block of snapshots."""
    return _View(
        relay_m=relay_m,
        user_range_m=user_ranges_m(lasers, network.laser, user_m, relay_m),
        grid_m=grid_lengths_m(network.grid, network.laser, relay_m),
        gateway_range_m=gateway_ranges_m(
            relay_m, network.gateway_m, network.gateway_up, network.min_elevation_rad
        ),
    )


def _route(
    network: RelayNetwork, lasers: Terminals, view: _View, relay: Ints | None
) -> RelayIntervals:
    """Way, rate, delay and hops of every user in each interval of a block."""
    _hold_to_the_end(view.grid_m)
    _hold_to_the_end(view.gateway_range_m.reshape(len(view.relay_m), -1))
    ways = shortest_ways(network.grid, view.grid_m[:-1], view.gateway_range_m[:-1], network.hop_s)
    reach = view.user_range_m
    chosen = np.empty((len(reach) - 1, reach.shape[1]), dtype=np.int64)
    for k in range(len(chosen)):
        relay = chosen[k] = choose_relays(reach[k], reach[k + 1], relay)
    at = np.arange(len(chosen))[:, None]
    users = np.arange(reach.shape[1])
    routed = (chosen >= 0) & np.isfinite(ways.delay_s[at, chosen])
    trails = follow(ways, np.where(routed, chosen, -1), network.grid.n_relays)
    here_m = reach[at, users, chosen]
    # The user's own link is longest at one of the interval's ends.
    longest_m = np.where(routed, np.maximum(here_m, reach[at + 1, users, chosen]), 1.0)
    rate = lasers.own_rate_bps(longest_m)
    np.minimum(rate, path_share_bps(network, view.relay_m, trails), out=rate)
    routed &= rate > 0.0
    delay = here_m / SPEED_OF_LIGHT_M_S + ways.delay_s[at, chosen]
    return RelayIntervals(
        relay=chosen.T,
        gateway=np.where(routed, trails.gateway, -1).T,
        rate_bps=np.where(routed, rate, 0.0).T,
        light_time_s=np.where(routed, delay, np.inf).T,
        hops=np.where(routed, trails.hops, 0).T,
    )


@kernel
def _hold_to_the_end(ranges: Floats) -> None:
    """Strike out what is gone at the next snapshot: links must hold at both ends of an interval."""
    for k in range(ranges.shape[0] - 1):
        for j in range(ranges.shape[1]):
            ranges[k, j] = ranges[k, j] if ranges[k + 1, j] < np.inf else np.inf


@dataclass(frozen=True, slots=True)
class Trails:
    """The links on every user's way, interval by interval, user by user, from the user down.

    Parameters
    ----------
    gateway : (n_intervals, n_users) int array
        Where the way ends; -1 without one.
    hops : (n_intervals, n_users) int array
        Relay satellites on the way.
    interval, user, node, following : (n_links,) int array
        Of each link: whose way it is on, and the nodes it joins; gateways come after the relays.
    """

    gateway: Ints
    hops: Ints
    interval: Ints
    user: Ints
    node: Ints
    following: Ints


def follow(ways: ShortestWays, relay: Ints, n_relays: int) -> Trails:
    """List the links on each user's way.

    Parameters
    ----------
    ways : ShortestWays
        Where to go next from each node, of several intervals.
    relay : (n_intervals, n_users) int array
        First relay satellites; -1 for users without one.
    n_relays : int
        Nodes from here on are gateways.

    Returns
    -------
    Trails
        From the first relay satellite to the gateway.
    """
    hops = np.zeros(relay.shape, dtype=np.int64)
    room = np.empty((4, 0), dtype=np.int64)
    _walk(ways.next_node, relay, n_relays, hops, room)
    links = np.empty((4, int(hops.sum())), dtype=np.int64)
    _walk(ways.next_node, relay, n_relays, hops, links)
    gateway = np.full(relay.shape, -1, dtype=np.int64)
    last = links[3] >= n_relays
    gateway[links[0, last], links[1, last]] = links[3, last] - n_relays
    return Trails(gateway, hops, *links)


@kernel
def _walk(next_node: Ints, relay: Ints, n_relays: int, hops: Ints, links: Ints) -> None:
    """Count the hops of every way; write its links if there is room."""
    at = 0
    for k in range(relay.shape[0]):
        for u in range(relay.shape[1]):
            node = relay[k, u]
            hops[k, u] = 0
            while 0 <= node < n_relays:
                following = next_node[k, node]
                if links.shape[1] > 0:
                    links[0, at], links[1, at] = k, u
                    links[2, at], links[3, at] = node, following
                at += 1
                hops[k, u] += 1
                node = following


def path_share_bps(network: RelayNetwork, relay_m: Floats, trails: Trails) -> Floats:
    """Rate left to each user by the links it shares with the others.

    Parameters
    ----------
    network : RelayNetwork
        Mesh terminals and feeders.
    relay_m : (>= n_intervals, 3, n_relays) float array
        Positions at the beginning of each interval [m].
    trails : Trails
        Each user's way, as from :func:`follow`.

    Returns
    -------
    (n_intervals, n_users) float array
        The smallest of capacity over number of users, along the way; inf without a way [bit/s].
    """
    n_relays, interval, node = network.grid.n_relays, trails.interval, trails.node
    # All ways of an interval follow one tree, so that the node where a link begins names it.
    name = interval * n_relays + node
    down = trails.following >= n_relays
    # Several relay satellites may feed one gateway, each through an antenna of its own while there
    # are some; all users of the gateway share them evenly.
    gateway = trails.following[down] - n_relays
    feeder = interval[down] * len(network.feeder_bps) + gateway
    capacity = np.empty(len(node))
    links = np.bincount(np.unique(feeder * n_relays + node[down]) // n_relays)[feeder]
    antennas = np.minimum(links, network.antennas[gateway])
    capacity[down] = antennas * network.feeder_bps[gateway] / np.bincount(feeder)[feeder]
    k, a, b = interval[~down], node[~down], trails.following[~down]
    length = np.sqrt(np.sum((relay_m[k, :, a] - relay_m[k, :, b]) ** 2, axis=1))
    capacity[~down] = laser_rate_bps(network.laser, length) / np.bincount(name)[name[~down]]
    share = np.full(trails.hops.shape, np.inf)
    np.minimum.at(share, (interval, trails.user), capacity)
    return share


def _relay_snapshots(scenario: Scenario, t_s: Floats) -> Iterator[Floats]:
    """Earth-fixed positions of the relay satellites, a snapshot at a time, propagated in blocks."""
    group = scenario.group("relay")
    if group is None:
        return
    orbits = GroupOrbits.of(group, scenario.start)
    for first in range(0, len(t_s), _SNAPSHOTS_PER_BLOCK):
        block_s = t_s[first : first + _SNAPSHOTS_PER_BLOCK]
        position, velocity = orbits.states(block_s)
        fixed, _ = earth_fixed(
            position, velocity, scenario.start, block_s, scenario.earth_orientation
        )
        yield from np.ascontiguousarray(np.moveaxis(fixed, 2, 0))


def _merge_intervals(
    intervals: RelayIntervals,
    t_s: Floats,
    acquisition_s: Floats,
    users: Ints,
    gateways: Ints,
) -> Contacts:
    """Make a row of each stretch with one relay satellite and one gateway."""
    parts = [no_contacts()]
    for user in users.tolist():
        relay, gateway = intervals.relay[user], intervals.gateway[user]
        first, stop = label_runs(np.where(gateway >= 0, relay * len(gateways) + gateway, -1))
        ready_s = _ready_s(relay, t_s, float(acquisition_s[user]))
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
