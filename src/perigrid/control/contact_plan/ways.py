"""Earliest ways over an imported contact plan, for people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.base.errors import ContactPlanError, Problem
from perigrid.control.contact_plan.ion_import import ImportedPlan
from perigrid.control.contact_plan.search import Hop, earliest_arrival, hops_to


@dataclass(frozen=True, slots=True)
class Way:
    """The earliest way to a node.

    Parameters
    ----------
    target : int
        The file's number of the node.
    stops : tuple of int
        Numbers of the nodes on the way, the source first; empty if there is no way.
    hops : tuple of Hop
        Timed; nodes and contacts as in the table.
    t_arrival_s : float
        Infinity if there is no way [s].
    """

    target: int
    stops: tuple[int, ...]
    hops: tuple[Hop, ...]
    t_arrival_s: float


def earliest_ways(
    imported: ImportedPlan, source: int, t_ready_s: float, nbytes: float
) -> tuple[Way, ...]:
    """Find the earliest way from a node to every other, nothing else being sent.

    Parameters
    ----------
    imported : ImportedPlan
        The contacts.
    source : int
        The file's number of the node that holds the product.
    t_ready_s : float
        When it is ready there, in the plan's time [s].
    nbytes : float
        Its size [B].

    Returns
    -------
    tuple of Way
        The earliest first; nodes without a way last.

    Raises
    ------
    ContactPlanError
        If the plan has no such node.
    """
    if source not in imported.nodes:
        some = ", ".join(str(node) for node in imported.nodes[:20])
        more = " and others" if len(imported.nodes) > 20 else ""
        remedy = f"choose one of {some}{more}"
        raise ContactPlanError([Problem(f"no contact of the plan names node {source}", remedy)])
    table = imported.table
    free_s = np.full(len(table), -np.inf)
    found = earliest_arrival(table, free_s, imported.nodes.index(source), t_ready_s, nbytes)
    ways = []
    for node, number in enumerate(imported.nodes):
        arrival_s = float(found.arrival_s[node])
        if number == source:
            continue
        hops = hops_to(table, free_s, found, node) if np.isfinite(arrival_s) else ()
        stops = tuple(imported.nodes[hop.target] for hop in hops)
        ways.append(Way(number, (source, *stops) if hops else (), hops, arrival_s))
    return tuple(sorted(ways, key=lambda way: (way.t_arrival_s, way.target)))
