"""Terminals given to the shortest pairs first: the same as by sorting all pairs."""

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, LASER, START
from perigrid.fleet import terminal_assignment
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.terminal_assignment import TerminalAssignment
from perigrid.fleet.terminals import Terminals
from perigrid.physics.crosslinks import line_of_sight
from perigrid.scenario.model import WalkerShell

FAR = replace(LASER, max_range_m=5.0e6)
T_S = np.arange(0.0, 1801.0, 60.0)


def fleet(planes, per_plane):
    shell = WalkerShell(planes, per_plane, 1, 700.0e3, np.radians(80.0), 2.0 * np.pi, 0.0)
    return group_ephemeris(replace(COMPUTE, orbit=shell), START, T_S).position_ecef_m


def by_sorting(lasers, position_m):
    """All pairs of every interval, listed and sorted."""
    n = position_m.shape[1]
    a, b = np.triu_indices(n, 1)
    have = np.isin(a, lasers.carried) & np.isin(b, lasers.carried)
    a, b = a[have], b[have]
    floor_m = lasers.column(lambda one: one.grazing_altitude_m)
    terminals = lasers.column(lambda one: one.terminals)
    current = []
    for at in range(position_m.shape[2] - 1):
        usable = np.ones(len(a), dtype=bool)
        for k in (at + 1, at):
            first, second = position_m[:, a, k], position_m[:, b, k]
            length_m = np.linalg.norm(first - second, axis=0)
            usable &= line_of_sight(first, second, np.maximum(floor_m[a], floor_m[b]))
            usable &= lasers.pair_rate_bps(a, b, length_m) > 0.0
        pairs = sorted(zip(length_m[usable], a[usable], b[usable], strict=True))
        pairs = [(int(one), int(other)) for _, one, other in pairs]
        current = given(pairs, [pair for pair in current if pair in pairs], terminals.tolist())
        yield sorted(current)


def given(pairs, kept, free):
    part = list(range(len(free)))
    links = []
    for pair in kept:
        link(pair, links, free, part)
    for joining in (True, False):
        for one, other in pairs:
            apart = part[one] != part[other] or not joining
            if (one, other) not in links and free[one] >= 1 and free[other] >= 1 and apart:
                link((one, other), links, free, part)
    return links


def link(pair, links, free, part):
    links.append(pair)
    old, new = part[pair[0]], part[pair[1]]
    part[:] = [new if one == old else one for one in part]
    for one in pair:
        free[one] -= 1


UNLIKE = (FAR, None, replace(FAR, terminals=1, max_range_m=3.0e6),
          replace(FAR, terminals=4, grazing_altitude_m=200.0e3))  # fmt: skip


@pytest.mark.parametrize("ring_m", ["all measured", None, 1.0, 3.0e5, 1.0e9])
@pytest.mark.parametrize(
    ("planes", "per_plane", "carried"),
    [(4, 5, (FAR,)), (6, 6, (replace(FAR, terminals=1),)), (5, 6, (replace(FAR, terminals=4),)),
     (6, 6, UNLIKE), (1, 2, (replace(FAR, max_range_m=1.0e3),))],
)  # fmt: skip
def test_rings_of_any_width_give_what_sorting_gives(
    planes, per_plane, carried, ring_m, monkeypatch
):
    if ring_m != "all measured":
        monkeypatch.setattr(terminal_assignment, "_MOST_MEASURED", 0)
    position_m = fleet(planes, per_plane)
    n = position_m.shape[1]
    lasers = Terminals.of([carried[row % len(carried)] for row in range(n)])
    assignment = TerminalAssignment(lasers, position_m)
    if isinstance(ring_m, float):
        assignment.first_ring_m = ring_m
    found = [sorted(map(tuple, pairs.tolist())) for pairs in assignment.intervals()]
    assert found == list(by_sorting(lasers, position_m))


def test_far_fewer_pairs_are_looked_at_than_are_in_reach(monkeypatch):
    looked, whole = [], TerminalAssignment._rings

    def counted(self, *args):
        for ring in whole(self, *args):
            looked.append(len(ring))
            yield ring

    monkeypatch.setattr(TerminalAssignment, "_rings", counted)
    monkeypatch.setattr(terminal_assignment, "_MOST_MEASURED", 0)
    position_m = fleet(12, 20)[:, :, :4]
    for _ in TerminalAssignment(Terminals.of([FAR] * 240), position_m).intervals():
        pass
    assert sum(looked) / 3 < 12 * 240 < 240 * 239 / 2 / 8
