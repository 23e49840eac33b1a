"""Which satellites a decision looks at: the nearest over the network, and some from anywhere."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import (
    FAR,
    FRONTIER,
    NEAR,
    NOBODY,
    Floats,
    Ints,
    Sight,
    Table,
)
from perigrid.physics.compiled import kernel, part

_MODULUS = 2_147_483_647  # of Lehmer's generator
_MULTIPLIER = 48_271


@part
def around_ground(w: Sight, job: int, attempt: int, ground: int) -> int:
    """List candidates for data on the ground.

    Parameters
    ----------
    w : Sight
        Routes; its room receives nodes and delays.
    job, attempt : int
        They choose the far candidates.
    ground : int
        Ground node, from 0.

    Returns
    -------
    int
        How many.
    """
    n = w.delay_s.shape[1] - w.delay_s.shape[0]
    count, last_s = 0, -1.0
    for k in range(NEAR):
        satellite = w.near[ground, k]
        if satellite < 0:
            break
        last_s = w.delay_s[ground, satellite]
        w.room[count].node, w.room[count].delay_s = satellite, last_s
        count += 1
    state = (job * 7_919 + attempt * 104_729 + 12_345) % _MODULUS
    for _ in range(FAR):
        state = (state * _MULTIPLIER + 11) % _MODULUS
        satellite = state % n
        delay_s = w.delay_s[ground, satellite]
        # What is nearer than the last near one is listed already.
        if np.isfinite(delay_s) and delay_s > last_s:
            w.room[count].node, w.room[count].delay_s = satellite, delay_s
            count += 1
    return count


@part
def around_satellite(w: Sight, holder: int) -> int:
    """List the satellites nearest to one over lasers, itself first.

    Parameters
    ----------
    w : Sight
        Lasers; its room receives nodes and delays.
    holder : int
        Satellite.

    Returns
    -------
    int
        How many.
    """
    count, waiting = 0, 1
    frontier = w.frontier
    frontier[0].node, frontier[0].delay_s = holder, 0.0
    while waiting > 0 and count < NEAR + FAR:
        best = 0
        for k in range(1, waiting):
            if _nearer(frontier[k], frontier[best]):
                best = k
        node, delay_s = frontier[best].node, frontier[best].delay_s
        waiting -= 1
        frontier[best].node = frontier[waiting].node
        frontier[best].delay_s = frontier[waiting].delay_s
        known = False
        for k in range(count):
            known = known or w.room[k].node == node
        if known:
            continue
        w.room[count].node, w.room[count].delay_s = node, delay_s
        count += 1
        for entry in range(w.row_start[node], w.row_start[node + 1]):
            if np.isfinite(w.laser_s[entry]) and waiting < FRONTIER:
                frontier[waiting].node = w.neighbour[entry]
                frontier[waiting].delay_s = delay_s + w.laser_s[entry]
                waiting += 1
    return count


@part
def _nearer(a: Table, b: Table) -> bool:
    """Whether one place of the search comes before another."""
    if a.delay_s == b.delay_s:
        return bool(a.node < b.node)
    return bool(a.delay_s < b.delay_s)


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
