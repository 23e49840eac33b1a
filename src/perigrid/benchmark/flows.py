"""``perigrid bench flows``: fair shares of a constellation's links among many flows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.benchmark.measure import Timing, best_of, duel
from perigrid.benchmark.routes import Constellation
from perigrid.fleet.network.flows import FlowLinks, flow_links
from perigrid.fleet.network.sharing import fairness_certificate, max_min_rates
from perigrid.fleet.network.shortest import ShortestPaths, shortest_paths
from perigrid.fleet.network.snapshot import Snapshot
from perigrid.physics.chunks import limited_threads

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LASER_BPS = 20.0e9
_GROUND_BPS = 4.0e9
_MEAN_LOG_BPS, _SPREAD = 18.6, 1.5  # demands of 120 Mbit/s at the median, spread widely
_SEED = 1


def bench_flows(
    size: tuple[int, int, int] = (100, 100, 200), counts: tuple[int, ...] = (1_000, 100_000)
) -> list[Timing]:
    """Time max-min fair sharing between ground nodes.

    Parameters
    ----------
    size : tuple of (planes, satellites per plane, ground nodes)
        Constellation.
    counts : tuple of int
        Numbers of flows. The least is compared with plain progressive filling in numpy, whose time
        grows with the square; of each, the certificate of fairness is checked.

    Returns
    -------
    list of Timing
        On one thread. The agreement is the largest difference of rates in parts of the largest,
        or the number of flows that the certificate does not explain.
    """
    rows: list[Timing] = []
    with limited_threads(1):
        network = Constellation.of(*size, np.zeros(1))
        graph = network.snapshot(0)
        paths = shortest_paths(graph, network.ground_rows)
        lasers = np.arange(graph.n_links) < len(graph.neighbour)
        capacity = np.where(lasers, _LASER_BPS, _GROUND_BPS)
        for count in counts:
            row, target = _random_pairs(graph, paths, count)
            links = flow_links(graph, paths, row, target)
            demand = np.random.default_rng(_SEED).lognormal(_MEAN_LOG_BPS, _SPREAD, count)
            name = f"flows: {count} flows over {len(links.link) / count:.1f} links"
            if count == min(counts):
                rows.append(_against_numpy(name, links, capacity, demand))
            else:
                rows += [
                    _paths(name, graph, paths, row, target),
                    _certified(name, links, capacity, demand),
                ]
    return rows


def _random_pairs(graph: Snapshot, paths: ShortestPaths, count: int) -> tuple[Ints, Ints]:
    """Draw pairs of ground nodes that have a path."""
    delay = paths.delay_s[:, graph.n_satellites :].copy()
    np.fill_diagonal(delay, np.inf)
    row, column = np.nonzero(np.isfinite(delay))
    drawn = np.random.default_rng(_SEED).integers(0, len(row), count)
    return row[drawn], graph.n_satellites + column[drawn]


def _paths(name: str, graph: Snapshot, paths: ShortestPaths, row: Ints, target: Ints) -> Timing:
    """Links of each flow."""
    wall_s, _ = best_of(lambda: flow_links(graph, paths, row, target), 3)
    return Timing(f"{name}, links on their way", wall_s)


def _certified(name: str, links: FlowLinks, capacity: Floats, demand: Floats) -> Timing:
    """Shares of many flows, and whether they hold their certificate."""
    wall_s, rates = best_of(lambda: max_min_rates(links, capacity, demand), 3)
    found = fairness_certificate(links, capacity, demand, rates)
    wrong = len(found.unexplained) + len(found.excess) + max(0.0, found.overload_ratio - 1.0 - 1e-9)
    return Timing(f"{name}, shares", wall_s, agreement=float(wrong), unit="flows unexplained")


def _against_numpy(name: str, links: FlowLinks, capacity: Floats, demand: Floats) -> Timing:
    """Shares of few flows, against the same rule in numpy."""
    timed = duel(
        lambda: max_min_rates(links, capacity, demand),
        lambda: plain_filling(links, capacity, demand),
        repeats=2,
    )
    return Timing(
        f"{name}, shares",
        timed.ours_s,
        "numpy, level by level",
        timed.reference_s,
        agreement=float(np.abs(timed.ours - timed.reference).max() / timed.reference.max()),
        unit="of the largest",
    )


def plain_filling(links: FlowLinks, capacity: Floats, demand: Floats) -> Floats:
    """Raise all rates together, one level at a time, as one would write it in numpy.

    Parameters
    ----------
    links : FlowLinks
        Links of each flow, none empty.
    capacity : (n_links,) float array
        Capacities [bit/s].
    demand : (n_flows,) float array
        Most that each flow wants [bit/s].

    Returns
    -------
    (n_flows,) float array
        Max-min fair rates [bit/s].
    """
    flow = np.repeat(np.arange(len(links)), np.diff(links.start))
    rate, growing = np.zeros(len(links)), np.ones(len(links), dtype=np.bool_)
    while growing.any():
        entries = growing[flow]
        active = np.bincount(links.link[entries], minlength=len(capacity))
        load = np.bincount(
            links.link, weights=np.where(entries, 0.0, rate[flow]), minlength=len(capacity)
        )
        level = np.where(active > 0, (capacity - load) / np.maximum(active, 1), np.inf)
        lowest = min(float(level.min()), float(demand[growing].min()))
        full = level <= lowest * (1.0 + 1e-12)
        stopping = np.bincount(flow[full[links.link]], minlength=len(links)) > 0
        stopping = growing & (stopping | (demand <= lowest))
        rate[stopping] = lowest
        growing &= ~stopping
    return rate
