"""Fair shares of links that many flows use at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.flows import FlowLinks
from perigrid.fleet.network.heap import move_up, take_first
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof that shares are max-min fair, or what speaks against it.

    Parameters
    ----------
    overload_ratio : float
        Load of the fullest link in parts of its capacity; above 1 the shares do not fit.
    unexplained : (n,) int array
        Flows that want more although no link of theirs is full with them among its largest.
    excess : (n,) int array
        Flows that get more than they asked for.
    tolerance_ratio : float
        Relative difference that counts as equal.
    """

    overload_ratio: float
    unexplained: Ints
    excess: Ints
    tolerance_ratio: float

    @property
    def holds(self) -> bool:
        """Whether the shares are max-min fair."""
        fits = self.overload_ratio <= 1.0 + self.tolerance_ratio
        return fits and len(self.unexplained) == 0 and len(self.excess) == 0


def max_min_rates(links: FlowLinks, capacity_bps: Floats, demand_bps: Floats) -> Floats:
    """Share links max-min fairly: no flow can get more but at the cost of one that has no more.

    Parameters
    ----------
    links : FlowLinks
        Links of each flow.
    capacity_bps : (n_links,) float array
        Of each directed link [bit/s].
    demand_bps : (n_flows,) float array
        Most that each flow wants; may be inf [bit/s].

    Returns
    -------
    (n_flows,) float array
        Rates; 0 for a flow without a path [bit/s].

    Raises
    ------
    ValueError
        If a demand or a capacity is negative or not a number.

    Notes
    -----
    Progressive filling: all rates grow together; a flow stops at its demand, or when a link on its
    way is full. Next comes whichever is lower, the least demand left or the least level
    ``remaining / flows`` of a link. As the level of a link only rises, a heap of levels from some
    time ago is enough: the first is brought up to date, and put back if it has risen.

    References
    ----------
    .. [1] D. Bertsekas, R. Gallager, "Data Networks", 2nd ed., Prentice Hall (1992), section 6.5.2.
    """
    capacity = np.ascontiguousarray(capacity_bps, dtype=np.float64)
    demand = np.ascontiguousarray(demand_bps, dtype=np.float64)
    if not ((capacity >= 0.0).all() and (demand >= 0.0).all()):
        raise ValueError("demands and capacities must be numbers of at least 0")
    rate = np.zeros(len(links))
    member_start, member = _members(links.start, links.link, len(capacity))
    _fill(
        links.start, links.link, member_start, member,
        capacity.copy(), demand, np.argsort(demand, kind="stable"), rate,
    )  # fmt: skip
    return rate


def link_loads_bps(links: FlowLinks, rate_bps: Floats, n_links: int) -> Floats:
    """Add up what flows through each link.

    Parameters
    ----------
    links : FlowLinks
        Links of each flow.
    rate_bps : (n_flows,) float array
        Rates [bit/s].
    n_links : int
        Directed links of the network.

    Returns
    -------
    (n_links,) float array
        Loads; divided by the capacities they are the utilisation [bit/s].
    """
    each = np.repeat(rate_bps, np.diff(links.start))
    return np.bincount(links.link, weights=each, minlength=n_links).astype(np.float64)


def fairness_certificate(
    links: FlowLinks,
    capacity_bps: Floats,
    demand_bps: Floats,
    rate_bps: Floats,
    tolerance_ratio: float = 1.0e-9,
) -> Certificate:
    """Check shares independently of how they were found.

    Parameters
    ----------
    links : FlowLinks
        Links of each flow.
    capacity_bps : (n_links,) float array
        Of each link [bit/s].
    demand_bps, rate_bps : (n_flows,) float array
        What each flow wants and gets [bit/s].
    tolerance_ratio : float
        Relative difference that counts as equal; sums of many rates round.

    Returns
    -------
    Certificate
        Holds exactly for max-min fair shares.

    Notes
    -----
    Shares that fit are max-min fair if and only if every flow that wants more crosses a bottleneck:
    a link that is full and on which no flow has more.

    References
    ----------
    .. [1] D. Bertsekas, R. Gallager, "Data Networks", 2nd ed., Prentice Hall (1992), section 6.5.2.
    """
    below, above = 1.0 - tolerance_ratio, 1.0 + tolerance_ratio
    load = link_loads_bps(links, rate_bps, len(capacity_bps))
    each = np.repeat(rate_bps, np.diff(links.start))
    largest = np.zeros(len(capacity_bps))
    np.maximum.at(largest, links.link, each)
    full = load >= capacity_bps * below
    bottleneck = full[links.link] & (each >= largest[links.link] * below)
    flow = np.repeat(np.arange(len(links)), np.diff(links.start))
    explained = np.bincount(flow[bottleneck], minlength=len(links)) > 0
    has_path = np.diff(links.start) > 0
    wants = has_path & (rate_bps < demand_bps * below)
    used = load > 0.0
    with np.errstate(divide="ignore"):
        overload = float(np.max(load[used] / capacity_bps[used], initial=0.0))
    return Certificate(
        overload_ratio=overload,
        unexplained=np.flatnonzero(wants & ~explained),
        excess=np.flatnonzero(rate_bps > np.where(has_path, demand_bps * above, 0.0)),
        tolerance_ratio=tolerance_ratio,
    )


@kernel
def _members(start: Ints, link: Nodes, n_links: int) -> tuple[Ints, Nodes]:
    """Turn links of flows into flows of links."""
    member_start = np.zeros(n_links + 2, dtype=np.int64)
    for entry in range(len(link)):
        member_start[link[entry] + 2] += 1
    for one in range(2, n_links + 2):
        member_start[one] += member_start[one - 1]
    member = np.empty(len(link), dtype=np.int32)
    for flow in range(len(start) - 1):
        for entry in range(start[flow], start[flow + 1]):
            at = member_start[link[entry] + 1]
            member[at] = flow
            member_start[link[entry] + 1] = at + 1
    return member_start[:-1], member


@kernel
def _fill(
    start: Ints,
    link: Nodes,
    member_start: Ints,
    member: Nodes,
    left: Floats,
    demand: Floats,
    by_demand: Ints,
    rate: Floats,
) -> None:
    """Raise all rates together until each flow has stopped."""
    n_links = len(left)
    level = np.full(n_links, np.inf)
    active = np.diff(member_start)
    heap, place = np.empty(n_links, dtype=np.int32), np.full(n_links, -1, dtype=np.int32)
    stopped = np.diff(start) == 0
    size, wish = _line_up(level, heap, place, left, active), 0
    while size > 0:
        first = heap[0]
        size = _refresh(level, heap, place, size, left, active)
        if size == 0 or heap[0] != first:
            continue
        current = level[first]
        while wish < len(demand) and stopped[by_demand[wish]]:
            wish += 1
        if wish < len(demand) and demand[by_demand[wish]] <= current:
            flow = by_demand[wish]
            _stop(start, link, flow, demand[flow], rate, stopped, left, active)
            continue
        for entry in range(member_start[first], member_start[first + 1]):
            if not stopped[member[entry]]:
                _stop(start, link, member[entry], current, rate, stopped, left, active)


@part
def _line_up(level: Floats, heap: Nodes, place: Nodes, left: Floats, active: Ints) -> int:
    """Put every link in use into the heap; returns how many there are."""
    size = 0
    for one in range(len(level)):
        if active[one] > 0:
            level[one] = left[one] / active[one]
            size = move_up(level, heap, place, one, size)
    return size


@part
def _refresh(
    level: Floats, heap: Nodes, place: Nodes, size: int, left: Floats, active: Ints
) -> int:
    """Bring the level of the first link up to date: it stays, sinks in the heap, or leaves it."""
    first = heap[0]
    current = max(left[first], 0.0) / active[first] if active[first] > 0 else np.inf
    if current > level[first]:
        take_first(level, heap, place, size)
        size -= 1
        if active[first] > 0:
            level[first] = current
            size = move_up(level, heap, place, first, size)
    return size


@part
def _stop(
    start: Ints,
    link: Nodes,
    flow: int,
    at_bps: float,
    rate: Floats,
    stopped: Bools,
    left: Floats,
    active: Ints,
) -> None:
    """Hold a flow's rate, and take it off its links."""
    rate[flow] = at_bps
    stopped[flow] = True
    for entry in range(start[flow], start[flow + 1]):
        left[link[entry]] -= at_bps
        active[link[entry]] -= 1
