"""``perigrid bench contactplan``: earliest arrival over a day's contacts of a constellation."""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.benchmark.measure import Timing, best_of, duel
from perigrid.control.contact_plan.search import earliest_arrival
from perigrid.control.contact_plan.table import ContactTable, Floats, Ints, contact_table

_DAY_S: Final = 86_400.0
_SIZE_BYTES: Final = 1e9
_LASER_BPS: Final = 10e9
_RADIO_BPS: Final = 1e9
Contact = tuple[int, float, float, float, float, float]
"""Target, start, end, free from, rate, light time."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's contacts, and what is booked already."""

    n_nodes: int
    table: ContactTable
    free_s: Floats
    sources: Ints


def bench_contactplan(
    n_contacts: int = 500_000, n_nodes: int = 2000, n_graph: int = 4000
) -> list[Timing]:
    """Time the search over a made-up day, against plain Python.

    Parameters
    ----------
    n_contacts, n_nodes : int
        Size of the plan.
    n_graph : int
        Contacts of the small plan on which the contact graph is searched.

    Returns
    -------
    list of Timing
        One source against plain Python, the slowest of many sources, the table, and the small
        plan against a search of its contact graph.
    """
    built_s, day = best_of(lambda: _made_up(n_contacts, n_nodes), 1)
    size = f"contactplan: {n_contacts} contacts, {n_nodes} nodes"
    return [
        _against_python(day, f"{size}, one source to all"),
        Timing(f"{size}, slowest of {len(day.sources)} sources", _slowest_s(day)),
        Timing(f"{size}, made up and sorted", built_s),
        _against_contact_graph(n_graph),
    ]


def _made_up(n_contacts: int, n_nodes: int, n_sources: int = 100) -> _Day:
    """Lasers always on around a ring, lasers that come and go, and passes; a fifth half booked."""
    rng = np.random.default_rng(20_260)
    n_stations = n_nodes // 10
    n_satellites = n_nodes - n_stations
    along = np.arange(n_satellites)
    ring = np.stack([np.append(along, along), np.append(along + 1, along - 1) % n_satellites])
    n_rest = n_contacts - ring.shape[1]
    n_passes = 2 * n_rest // 3
    satellite = rng.integers(0, n_satellites, n_rest)
    other = (satellite + rng.integers(2, 40, n_rest)) % n_satellites
    other[:n_passes] = n_satellites + rng.integers(0, n_stations, n_passes)
    down = rng.random(n_rest) < 0.5
    source = np.concatenate([ring[0], np.where(down, satellite, other)])
    target = np.concatenate([ring[1], np.where(down, other, satellite)])
    opens_s = rng.uniform(0.0, _DAY_S - 600.0, n_contacts)
    closes_s = opens_s + rng.uniform(60.0, 600.0, n_contacts)
    opens_s[: ring.shape[1]], closes_s[: ring.shape[1]] = 0.0, _DAY_S
    rate_bps = np.where((source < n_satellites) & (target < n_satellites), _LASER_BPS, _RADIO_BPS)
    light_s = rng.uniform(0.002, 0.02, n_contacts)
    table = contact_table(n_nodes, source, target, opens_s, closes_s, rate_bps, light_s)
    busy = rng.random(n_contacts) < 0.2
    share = rng.random(n_contacts)
    free_s = np.where(busy, table.start_s + share * (table.end_s - table.start_s), table.start_s)
    return _Day(n_nodes, table, free_s, rng.integers(0, n_satellites, n_sources))


def _against_python(day: _Day, name: str, n_sources: int = 3) -> Timing:
    """Both sides search the same sources; times are per source."""
    by_node = _by_node(day)
    sources = [int(source) for source in day.sources[:n_sources]]
    timed = duel(
        lambda: [
            earliest_arrival(day.table, day.free_s, one, 0.0, _SIZE_BYTES).arrival_s
            for one in sources
        ],
        lambda: [_plain_search(by_node, day.n_nodes, one) for one in sources],
        2,
    )
    return Timing(
        name,
        timed.ours_s / n_sources,
        "plain Python with heapq, the same search",
        timed.reference_s / n_sources,
        agreement=max(
            _difference_s(own, other)
            for own, other in zip(timed.ours, timed.reference, strict=True)
        ),
        unit="s",
    )


def _difference_s(own: Floats, other: Floats) -> float:
    """Largest difference of arrivals; infinite if one reaches what the other does not."""
    both = np.isfinite(own)
    if not np.array_equal(both, np.isfinite(other)):
        return float("inf")
    return float(np.abs(own[both] - other[both]).max())


def _by_node(day: _Day) -> dict[int, list[Contact]]:
    """Contacts as plain Python wants them."""
    table = day.table
    by_node: dict[int, list[Contact]] = defaultdict(list)
    columns = (table.target, table.start_s, table.end_s, day.free_s, table.rate_bps, table.light_s)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for source, row in zip(table.source.tolist(), rows, strict=True):
        by_node[source].append(row)
    return by_node


def _plain_search(by_node: dict[int, list[Contact]], n_nodes: int, source: int) -> Floats:
    """Dijkstra over nodes."""
    arrival_s = [float("inf")] * n_nodes
    arrival_s[source] = 0.0
    done = [False] * n_nodes
    heap = [(0.0, source)]
    bits = _SIZE_BYTES * BITS_PER_BYTE
    while heap:
        t_s, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = True
        for target, start_s, end_s, free_s, rate_bps, light_s in by_node[node]:
            if end_s <= t_s or start_s >= arrival_s[target]:
                continue
            over_s = max(t_s, start_s, free_s) + bits / rate_bps
            if over_s <= end_s and over_s + light_s < arrival_s[target]:
                arrival_s[target] = over_s + light_s
                heapq.heappush(heap, (arrival_s[target], target))
    return np.array(arrival_s)


def _slowest_s(day: _Day) -> float:
    """Processor time of the slowest source [s]."""
    slowest_s = 0.0
    for source in day.sources.tolist():
        quickest_s = float("inf")
        for _ in range(3):
            started_s = time.process_time()
            earliest_arrival(day.table, day.free_s, source, 0.0, _SIZE_BYTES)
            quickest_s = min(quickest_s, time.process_time() - started_s)
        slowest_s = max(slowest_s, quickest_s)
    return slowest_s


def _against_contact_graph(n_contacts: int) -> Timing:
    """Search the contact graph as contact graph routing does: its vertices are contacts."""
    n_nodes = max(n_contacts // 40, 20)
    day = _made_up(n_contacts, n_nodes)
    by_node = _by_node(day)
    source = int(day.sources[0])
    timed = duel(
        lambda: earliest_arrival(day.table, day.free_s, source, 0.0, _SIZE_BYTES).arrival_s,
        lambda: _contact_graph_search(by_node, n_nodes, source),
        2,
    )
    return Timing(
        f"contactplan: {n_contacts} contacts, {n_nodes} nodes, one source to all",
        timed.ours_s,
        "plain Python, Dijkstra over the contact graph",
        timed.reference_s,
        agreement=_difference_s(timed.ours, timed.reference),
        unit="s",
    )


def _contact_graph_search(by_node: dict[int, list[Contact]], n_nodes: int, source: int) -> Floats:
    """Earliest arrival over each contact; a node's is the earliest of those that lead to it."""
    arrival_s = np.full(n_nodes, np.inf)
    arrival_s[source] = 0.0
    reached_s: dict[tuple[int, int], float] = {}
    done: set[tuple[int, int]] = set()
    heap = [(0.0, source, -1, source)]  # arrival, node, and the contact it came over
    while heap:
        t_s, node, row, start = heapq.heappop(heap)
        if (start, row) in done:
            continue
        done.add((start, row))
        arrival_s[node] = min(float(arrival_s[node]), t_s)
        for following, contact in enumerate(by_node[node]):
            reach_s = _reach_s(contact, t_s)
            if reach_s < reached_s.get((node, following), float("inf")):
                reached_s[node, following] = reach_s
                heapq.heappush(heap, (reach_s, contact[0], following, node))
    return arrival_s


def _reach_s(contact: Contact, t_s: float) -> float:
    """When a product that is ready at a time is over a contact; never if it does not fit."""
    _, start_s, end_s, free_s, rate_bps, light_s = contact
    over_s = max(t_s, start_s, free_s) + _SIZE_BYTES * BITS_PER_BYTE / rate_bps
    return float("inf") if end_s <= t_s or over_s > end_s else over_s + light_s
