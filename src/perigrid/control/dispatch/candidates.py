"""Which satellites a decision looks at: the nearest over the network, and some from anywhere."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import (
    EDGE,
    FAR,
    NEAR,
    NOBODY,
    Floats,
    Ints,
    Network,
    Scratch,
)
from perigrid.physics.compiled import kernel, part

_MODULUS = 2_147_483_647  # of Lehmer's generator
_MULTIPLIER = 48_271


@part
def around_ground(job: int, attempt: int, ground: int, net: Network, room: Scratch) -> int:
    """List candidates for data on the ground.

    Parameters
    ----------
    job, attempt : int
        They choose the far candidates.
    ground : int
        Ground node, from 0.
    net : Network
        Routes.
    room : Scratch
        Receives nodes and delays.

    Returns
    -------
    int
        How many.
    """
    n = net.delay_s.shape[1] - net.delay_s.shape[0]
    count, last_s = 0, -1.0
    for k in range(NEAR):
        satellite = net.near[ground, k]
        if satellite < 0:
            break
        last_s = net.delay_s[ground, satellite]
        room.node[count], room.delay_s[count] = satellite, last_s
        count += 1
    state = (job * 7_919 + attempt * 104_729 + 12_345) % _MODULUS
    for _ in range(FAR):
        state = (state * _MULTIPLIER + 11) % _MODULUS
        satellite = state % n
        delay_s = net.delay_s[ground, satellite]
        # What is nearer than the last near one is listed already.
        if np.isfinite(delay_s) and delay_s > last_s:
            room.node[count], room.delay_s[count] = satellite, delay_s
            count += 1
    return count


@part
def around_satellite(holder: int, net: Network, room: Scratch) -> int:
    """List the satellites nearest to one over lasers, itself first.

    Parameters
    ----------
    holder : int
        Satellite.
    net : Network
        Lasers.
    room : Scratch
        Receives nodes and delays.

    Returns
    -------
    int
        How many.
    """
    count, waiting = 0, 1
    room.edge[0], room.edge_s[0] = holder, 0.0
    while waiting > 0 and count < NEAR + FAR:
        best = 0
        for k in range(1, waiting):
            nearer = room.edge_s[k] < room.edge_s[best]
            tied = room.edge_s[k] == room.edge_s[best] and room.edge[k] < room.edge[best]
            if nearer or tied:
                best = k
        node, delay_s = room.edge[best], room.edge_s[best]
        waiting -= 1
        room.edge[best], room.edge_s[best] = room.edge[waiting], room.edge_s[waiting]
        known = False
        for k in range(count):
            known = known or room.node[k] == node
        if known:
            continue
        room.node[count], room.delay_s[count] = node, delay_s
        count += 1
        for entry in range(net.row_start[node], net.row_start[node + 1]):
            if np.isfinite(net.laser_s[entry]) and waiting < EDGE:
                room.edge[waiting] = net.neighbour[entry]
                room.edge_s[waiting] = delay_s + net.laser_s[entry]
                waiting += 1
    return count


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
    kept_s = np.empty(NEAR)
    for g in range(len(delay_s)):
        count = 0
        for satellite in range(n):
            there_s = delay_s[g, satellite]
            if not np.isfinite(there_s) or (count == NEAR and there_s >= kept_s[NEAR - 1]):
                continue
            place = min(count, NEAR - 1)
            while place > 0 and kept_s[place - 1] > there_s:
                kept_s[place], near[g, place] = kept_s[place - 1], near[g, place - 1]
                place -= 1
            kept_s[place], near[g, place] = there_s, satellite
            count = min(count + 1, NEAR)
        near[g, count:] = NOBODY


@kernel
def exits(delay_s: Floats, exit_node: Ints) -> None:
    """Find the ground node that each satellite reaches first.

    Parameters
    ----------
    delay_s : (n_ground, n + n_ground) float array
        From each ground node, and so back to it [s].
    exit_node : (n,) int32 array
        Filled with nodes from ``n`` on; -1 for none.
    """
    n = len(exit_node)
    soonest_s = np.full(n, np.inf)
    exit_node[:] = NOBODY
    for g in range(len(delay_s)):
        for satellite in range(n):
            if delay_s[g, satellite] < soonest_s[satellite]:
                soonest_s[satellite], exit_node[satellite] = delay_s[g, satellite], n + g
