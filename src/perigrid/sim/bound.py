"""What no scheduler could have exceeded on a run's observations: an upper bound on its value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from perigrid.base.architecture import Architecture, ComputePlace
from perigrid.base.jobs import Job, Product
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan import Bools, ContactPlan, Exit, ways_out
from perigrid.control.first_belief import Premises, first_belief
from perigrid.control.open_nodes import open_to_any
from perigrid.control.planning.alone import EmptyNetwork, fibre_s
from perigrid.control.planning.most import (
    SLACK_S,
    Windows,
    most_computed,
    most_powered,
    most_received,
    most_sent,
)
from perigrid.control.policy.build import build_gate
from perigrid.fleet.model import ContactKind, Contacts, Floats, Outlook
from perigrid.fleet.windows import rows_by_label
from perigrid.sim.crossing import Crossing, crossing_of
from perigrid.sim.least_work import ground_work_s
from perigrid.sim.upper_bound import COMPUTE, CONTACTS, ENERGY, ROUTES, RunBound
from perigrid.sim.world import World
from perigrid.workload.job_graph import Ways, ways_taken

OpenTo = dict[Product, Bools]
"""Nodes that some job's product may ever touch, in the plan's node order."""

MOST_SEARCHED: Final = 20_000
"""Scenes up to which each one's routes are searched; beyond, only its times are compared."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A job and the times between which its stages would have to lie."""

    job: Job
    done_s: float  # latest end of computing in orbit
    due_s: float  # latest arrival on the ground at a data centre


def run_bound(world: World, architecture: Architecture) -> RunBound:
    r"""Bound what any scheduler could deliver under an architecture on these observations.

    Parameters
    ----------
    world : World
        Observations, contacts and what the detector says of each scene.
    architecture : Architecture
        Where computing is done and which links may be used.

    Returns
    -------
    RunBound
        Valid for every scheduler, also one that knows the clouds and the day beforehand.

    Notes
    -----
    An insight counts if it is at a data centre by its deadline and by the end of the run; scenes
    still under way then count for nothing, in the value as in the bound. Each of the following
    leaves constraints out, so that none is below what can be reached, and the least is taken:

    - *routes*: scenes that are in time with the network and all computers to themselves. Pixels go
      the earliest way to every satellite that may compute them, and the answer must be ready there
      before the latest time from which a data centre is reached.
    - *contact volume*: every product crosses a contact that ends on the ground, whole and one after
      the other (:func:`~perigrid.control.planning.most.most_sent`); one that is larger than any
      contact may be torn at will, and of those no more cross than all contacts carry.
    - *compute*: all computers as one, jobs torn at will
      (:func:`~perigrid.control.planning.most.most_computed`).
    - *energy*: what the arrays give beyond bus and idle computers, and the batteries held above
      their floor at the start, with no losses and no limit of storage
      (:func:`~perigrid.control.planning.most.most_powered`).

    The problem falls apart into one for each cluster of satellites that can hand scenes to each
    other; without crosslinks each is a cluster of its own. The least is taken for each cluster and
    the sum over them. Contacts, computers and energy of a cluster are pooled. Heat, storage, laser
    power and the time of people who approve are left out.

    Stations serve satellites of all clusters: together these deliver no more than what the
    stations' antennas take in over the run
    (:func:`~perigrid.control.planning.most.most_received`).

    Where orbit and ground may both compute, or the stages part, only routes and contact volume are
    asked, of the smallest product that can cross.
    """
    kept = world.wanted
    jobs = [job for job in world.jobs if kept[job.job_id]]
    paths = ways_taken(world.scenario.pipeline, world.stages_run[:, kept])
    exits, links = ways_out(world.scenario, world.fleet), ContactKind.of(architecture.every_link)
    plan = ContactPlan(world.outlook.contacts, links, len(world.fleet.names), exits)
    into = plan.contacts.some(np.isin(plan.contacts.target, list(exits)))
    form = crossing_of(architecture, world.scenario.pipeline, paths, into)
    belief = first_belief(world.fleet, world.outlook, world.scenario.pipeline, architecture, plan)
    belief = replace(belief, works=belief.works.at_best(paths))
    gate = build_gate(world.scenario, world.fleet)
    open_to = {product: open_to_any(gate, plan, jobs, product) for product in Product}
    networks = _Networks(
        belief, plan.contacts, exits, form, open_to, searched=len(jobs) <= MOST_SEARCHED
    )
    spans = _alone(world, form, networks, jobs, paths)
    sent = _Sent(form, belief, exits, open_to)
    total, cuts = 0, Counter[str]()
    for part in _parts(spans, plan.contacts, world.fleet.n_satellites):
        most = _most_of(part, sent, world.outlook)
        kind = min(most, key=lambda name: most[name])
        total += most[kind]
        cuts[kind] += len(part.spans) - most[kind]
    heard = _most_heard(world, sent, spans, plan.contacts)
    cuts[CONTACTS] += max(0, total - heard)
    total = min(total, heard)
    cuts[ROUTES] += len(jobs) - len(spans)
    kind = max((ROUTES, CONTACTS, COMPUTE, ENERGY), key=lambda name: cuts[name])
    return RunBound(total, kind, len(jobs))


# ---------------------------------------------------------------------- each job alone


def _alone(
    world: World,
    form: Crossing,
    networks: _Networks,
    jobs: Sequence[Job],
    paths: Ways,
) -> list[_Span]:
    """Jobs that would be in time alone."""
    end_s = float(world.outlook.t_s[-1])
    ground_s = {
        one: ground_work_s(world, paths, form.ground, one) for one in {j.area_m2 for j in jobs}
    }
    spans = []
    for job in jobs:
        due_s = min(job.deadline_s, end_s) - ground_s[job.area_m2]
        done_s = networks.latest_done_s(job, due_s)
        if done_s > -np.inf:
            spans.append(_Span(job, done_s, due_s))
    return spans


class _Sent:
    """What goes down under an architecture, and over which contacts."""

    def __init__(
        self, form: Crossing, belief: Premises, exits: dict[int, Exit], open_to: OpenTo
    ) -> None:
        self.form, self.belief, self._exits = form, belief, exits
        # By product, for what may carry one need not carry the other.
        self._open = {
            one: sorted(set(exits) - belief.plan.rows(~open_to[one])) for one in form.crossing
        }

    def least_bytes(self, spans: list[_Span]) -> float:
        """Size of the smallest product that goes down."""
        return min((self.form.nbytes(span.job) for span in spans), default=0.0)

    def into_ground(self, contacts: Contacts) -> Contacts:
        """Choose the contacts into the ground that no rule closes."""
        takes = np.zeros(len(contacts), dtype=np.bool_)
        for product in self.form.crossing:
            kinds = [int(kind) for kind in self.form.links[product]]
            takes |= np.isin(contacts.target, self._open[product]) & np.isin(contacts.kind, kinds)
        return contacts.some(takes)

    def windows(self, chosen: Contacts, nbytes: float) -> Windows:
        """Give contacts with what follows them on the way of a product of a size."""
        after = {row: fibre_s(way, nbytes) for row, way in self._exits.items()}
        fibres_s = np.array([after[int(row)] for row in chosen.target])
        return Windows(
            chosen.t_start_s, chosen.t_end_s, chosen.rate_bps, chosen.light_time_s + fibres_s
        )


class _Networks:
    """The empty network as pixels and as what is sent down see it."""

    def __init__(
        self,
        belief: Premises,
        contacts: Contacts,
        exits: dict[int, Exit],
        form: Crossing,
        open_to: OpenTo,
        *,
        searched: bool,
    ) -> None:
        self._open_to = open_to
        self._belief, self._form, self._searched = belief, form, searched
        self._made: dict[tuple[float, tuple[Product, ...]], EmptyNetwork] = {}
        self._contacts, self._exits = contacts, exits

    def _of(self, nbytes: float, products: tuple[Product, ...]) -> EmptyNetwork:
        """Where any of some products may go, by what may carry any of them."""
        if (nbytes, products) not in self._made:
            belief, n_nodes = self._belief, len(self._belief.fleet.names)
            mask = np.logical_or.reduce([self._open_to[one] for one in products])
            closed = belief.plan.rows(~mask) & frozenset(self._exits)
            kinds = {int(kind) for one in products for kind in self._form.links[one]}
            contacts = self._contacts.some(np.isin(self._contacts.kind, list(kinds)))
            self._made[nbytes, products] = EmptyNetwork(
                contacts, n_nodes, self._exits, nbytes, closed
            )
        return self._made[nbytes, products]

    def latest_done_s(self, job: Job, due_s: float) -> float:
        """When computing in orbit must have ended; minus infinity if alone it would be late."""
        form, works_s = self._form, self._belief.works.by_satellite
        nbytes = form.nbytes(job)
        if form.in_parts(job):
            return due_s  # how long that takes is left out
        if not form.in_orbit:
            # Pixels may go a part of the way and what comes of them the rest.
            products = form.crossing if form.crossing == (Product.RAW,) else tuple(Product)
            latest_s = self._latest_s(nbytes, due_s, job.origin, products)
            return latest_s if job.t_capture_s <= latest_s + SLACK_S else -np.inf
        by_node_s, others = works_s(job.area_m2)[0], ComputePlace.SATELLITE in form.places
        if not (self._searched and others):
            latest_s = self._latest_s(nbytes, due_s, job.origin, form.crossing)
            work_s = float(by_node_s.min() if others else by_node_s[job.origin])
            return latest_s if job.t_capture_s + work_s <= latest_s + SLACK_S else -np.inf
        n = self._belief.fleet.n_satellites
        at_s = self._of(nbytes, form.crossing).latest_s(due_s)[:n]
        there_s = np.full(n, np.inf)
        if ComputePlace.ORIGIN in form.places:
            there_s[job.origin] = job.t_capture_s
        if at_s[job.origin] < at_s.max() or not _fits(there_s, at_s, by_node_s).any():
            pixels = self._of(job.raw_bytes, (Product.RAW,))
            found_s = pixels.earliest_s(job.origin, job.t_capture_s, due_s)[:n]
            found_s[job.origin] = there_s[job.origin]
            there_s = found_s
        fits = _fits(there_s, at_s, by_node_s)
        return float(at_s[fits].max(initial=-np.inf))

    def _latest_s(
        self, nbytes: float, due_s: float, origin: int, products: tuple[Product, ...]
    ) -> float:
        if not self._searched:
            return due_s
        return float(self._of(nbytes, products).latest_s(due_s)[origin])


def _fits(there_s: Floats, latest_s: Floats, work_s: Floats) -> Bools:
    fits: Bools = there_s + work_s <= latest_s + SLACK_S
    return fits


# ---------------------------------------------------------------------- all jobs together


@dataclass(frozen=True, slots=True)
class _Part:
    """Satellites that can hand scenes to each other, however indirectly, and what is theirs."""

    satellites: list[int]
    spans: list[_Span]
    contacts: Contacts


def _parts(spans: list[_Span], contacts: Contacts, n_satellites: int) -> list[_Part]:
    """Problems that share nothing: one for each cluster of linked satellites."""
    inner = contacts.some((contacts.source < n_satellites) & (contacts.target < n_satellites))
    links = np.ones(len(inner)), (inner.source, inner.target)
    graph = csr_array(links, shape=(n_satellites, n_satellites))
    count, cluster = connected_components(graph, directed=False)
    sender = np.minimum(contacts.source, n_satellites)  # what no satellite sends is nobody's
    rows = rows_by_label(np.append(cluster, count)[sender], count + 1)
    satellites = rows_by_label(cluster, count)
    origins = np.array([span.job.origin for span in spans], dtype=np.int64)
    own = rows_by_label(cluster[origins], count)
    return [
        _Part(satellites[k].tolist(), [spans[row] for row in own[k]], contacts.some(rows[k]))
        for k in range(count)
        if len(own[k])
    ]


def _most_of(part: _Part, sent: _Sent, outlook: Outlook) -> dict[str, int]:
    """Bounds of one part by kind, the one that says least first."""
    spans, belief, in_orbit = part.spans, sent.belief, sent.form.in_orbit
    taken_s = np.array([span.job.t_capture_s for span in spans])
    due_s = np.array([span.due_s for span in spans])
    work_s, work_j = belief.works.least(part.satellites, (span.job.area_m2 for span in spans))
    ready_s, nbytes = taken_s + (work_s if in_orbit else 0.0), sent.least_bytes(spans)
    windows = sent.windows(sent.into_ground(part.contacts), nbytes)
    most = {
        ROUTES: len(spans),
        CONTACTS: _most_crossing(spans, ready_s, due_s, sent, windows),
    }
    if not in_orbit:
        return most
    slots = int(belief.fleet.buses.slots[part.satellites].sum())
    if slots == 0:
        return most | {COMPUTE: 0}
    done_s = np.array([span.done_s for span in spans])
    supply_j = _supply_j(part.satellites, belief, outlook)
    return most | {
        COMPUTE: most_computed(taken_s, done_s, work_s, slots),
        ENERGY: most_powered(done_s, work_j, outlook.t_s, supply_j),
    }


def _most_crossing(
    spans: list[_Span], ready_s: Floats, due_s: Floats, sent: _Sent, windows: Windows
) -> int:
    """Bound the products that cross: those that go whole, and by volume those that may not."""
    torn = np.array([sent.form.in_parts(span.job) for span in spans], dtype=np.bool_)
    whole = [span for span, one in zip(spans, torn, strict=True) if not one]
    most = most_sent(ready_s[~torn], due_s[~torn], sent.least_bytes(whole), windows) if whole else 0
    if not torn.any():
        return most
    parts = [span for span, one in zip(spans, torn, strict=True) if one]
    bits = float(((windows.end_s - windows.start_s) * windows.rate_bps).sum())
    return most + min(len(parts), int(bits / (sent.least_bytes(parts) * BITS_PER_BYTE)))


def _most_heard(world: World, sent: _Sent, spans: list[_Span], contacts: Contacts) -> int:
    """Bound what all clusters deliver by what antennas take in; relay links lack none."""
    into, nbytes = sent.into_ground(contacts), sent.least_bytes(spans)
    stations = world.fleet.stations
    antennas = np.array([stations[row].antennas for row in into.target.tolist()], dtype=np.int64)
    down = into.kind == int(ContactKind.DOWNLINK)
    node, serves = np.where(down, into.target, -1), np.where(down, antennas, len(into))
    return most_received(nbytes, node, serves, sent.windows(into, nbytes))


def _supply_j(rows: list[int], belief: Premises, outlook: Outlook) -> Floats:
    """Sum the most energy that satellites can have spent on jobs by each time."""
    buses = belief.fleet.buses
    at = [row for row in rows if buses.computes[row]]
    load_w = (buses.bus_load_w + buses.idle_w)[at, None]
    usable_j = np.maximum(buses.initial_soc - buses.min_soc, 0.0)[at] * buses.capacity_j[at]
    spare_w = np.maximum(outlook.array_w[at, :-1] - load_w, 0.0).sum(axis=0)
    gained_j = np.concatenate([[0.0], np.cumsum(spare_w * np.diff(outlook.t_s))])
    return np.asarray(usable_j.sum() + gained_j, dtype=np.float64)
