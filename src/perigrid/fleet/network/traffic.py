"""What flows get, and how busy links are, while the network changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.flows import flow_links
from perigrid.fleet.network.series import follow_paths
from perigrid.fleet.network.sharing import link_loads_bps, max_min_rates
from perigrid.fleet.network.snapshot import Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Rates of flows and use of links over snapshots.

    Parameters
    ----------
    rate_bps : (n_flows, n_times) float array
        Max-min fair rates; 0 without a path [bit/s].
    tail, head : (n_links,) int array
        Ends of every directed link that carried anything, sorted.
    mean_use, peak_use : (n_links,) float array
        Utilisation: load over capacity, its mean over all snapshots (0 where the link did not
        exist) and its largest.
    """

    rate_bps: Floats
    tail: Ints
    head: Ints
    mean_use: Floats
    peak_use: Floats


def share_traffic(
    snapshots: Iterable[Snapshot],
    source: Ints,
    target: Ints,
    demand_bps: Floats,
    *,
    laser_bps: float,
    ground_bps: float,
) -> Traffic:
    """Send flows along the quickest paths of each snapshot and share links fairly.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        In the order of time, of the same nodes; none is kept.
    source, target : (n_flows,) int array
        Nodes.
    demand_bps : (n_flows,) float array
        Most that each flow wants at all times [bit/s].
    laser_bps, ground_bps : float
        Capacity of a laser each way, and of each link between a satellite and the ground [bit/s].

    Returns
    -------
    Traffic
        Rates and utilisation.
    """
    sources, row = np.unique(source, return_inverse=True)
    rates: list[Floats] = []
    names: list[Ints] = []
    uses: list[Floats] = []
    graphs: list[Snapshot] = []  # the one whose paths are being followed

    def watched() -> Iterable[Snapshot]:
        for graph in snapshots:
            graphs[:] = [graph]
            yield graph

    size = 1
    for paths in follow_paths(watched(), sources):
        (graph,) = graphs
        size = graph.n_satellites + graph.n_ground
        links = flow_links(graph, paths, row, target)
        lasers = np.arange(graph.n_links) < len(graph.neighbour)
        capacity = np.where(lasers, laser_bps, ground_bps)
        rates.append(max_min_rates(links, capacity, demand_bps))
        use = link_loads_bps(links, rates[-1], graph.n_links) / capacity
        tail, head = graph.link_ends()
        busy = np.flatnonzero(use > 0.0)
        names.append(tail[busy] * size + head[busy])
        uses.append(use[busy])
    return _summed(rates, names, uses, size, len(source))


def _summed(
    rates: list[Floats], names: list[Ints], uses: list[Floats], size: int, n_flows: int
) -> Traffic:
    """Bring the links of all snapshots together by their ends."""
    name, which = np.unique(
        np.concatenate([np.empty(0, dtype=np.int64), *names]), return_inverse=True
    )
    use = np.concatenate([np.empty(0), *uses])
    total = np.bincount(which, weights=use, minlength=len(name))
    peak = np.zeros(len(name))
    np.maximum.at(peak, which, use)
    tail, head = np.divmod(name, size)
    return Traffic(
        rate_bps=np.array(rates).reshape(len(rates), n_flows).T,
        tail=tail,
        head=head,
        mean_use=total / max(1, len(rates)),
        peak_use=peak,
    )
