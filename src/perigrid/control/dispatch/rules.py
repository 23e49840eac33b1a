"""What rules and people let a large fleet do: classes of its jobs and places, and envelopes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.approvals import BY_APPROVAL, BY_ENVELOPE, Envelope
from perigrid.base.jobs import Job
from perigrid.control.dispatch.arrays import ENVELOPE, Bytes, Ints, Table
from perigrid.control.dispatch.envelopes import held_by
from perigrid.control.policy.build import build_gate
from perigrid.control.policy.classes import ClassGate, NodeClasses, node_classes
from perigrid.control.policy.gate import DEFAULT_RULE
from perigrid.control.policy.verdicts import DENY, STRICTNESS
from perigrid.fleet.model import Fleet
from perigrid.scenario.model import Scenario

_FEW: Final = 1 << 32
Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FlightRules:
    """Rules and people of a flight, as its decisions look them up.

    Parameters
    ----------
    gate : ClassGate
        To ask about a class once people have signed.
    job_class : (n_jobs,) int32 array
        Class of each job.
    node_class : (n + n_ground,) int32 array
        Class of each satellite as a place, and of each ground node as a receiver.
    first, spans, verdicts
        As in :class:`~perigrid.control.policy.classes.ClassVerdicts`; rules are those below.
    envelopes : (n_envelopes,) structured array
        :data:`~perigrid.control.dispatch.arrays.ENVELOPE`; none is in force yet.
    inside : (n_envelopes, n_spans, n_places, n_acts) uint8 array
        1 where an envelope holds an act of a class of jobs at a class of places.
    places, receivers : tuple of int
        A fleet row of each class of nodes.
    names : tuple of str
        Of rules, by number: that of what touches nothing, people's approval, one for each
        envelope, then the gate's.
    """

    gate: ClassGate
    job_class: Ints
    node_class: Ints
    first: Ints
    spans: Table
    verdicts: Table
    envelopes: Table
    inside: Bytes
    places: tuple[int, ...]
    receivers: tuple[int, ...]
    names: tuple[str, ...]

    def open_places(self) -> Bytes:
        """Say which satellites are open to some class of jobs at some time.

        Returns
        -------
        (n + n_ground,) uint8 array
            1 where they are; means nothing for ground nodes.
        """
        acts = self.verdicts["decision"][:, :, :2] != STRICTNESS[DENY]
        places = acts.all(axis=2).any(axis=0)
        found: Bytes = places[np.minimum(self.node_class, len(places) - 1)].astype(np.uint8)
        return found


def flight_rules(
    scenario: Scenario, fleet: Fleet, source: Ints, release_s: npt.NDArray[np.float64]
) -> FlightRules:
    """Sort a flight's jobs and nodes into classes, and ask the gate about each.

    Parameters
    ----------
    scenario : Scenario
        Rules, packs, people's envelopes.
    fleet : Fleet
        Operators and countries.
    source : (n_jobs,) int32 array
        Satellite, or ground node from ``n_satellites`` on, that each job's data come from.
    release_s : (n_jobs,) float array
        When each is asked for: the shutter time of its data [s].

    Returns
    -------
    FlightRules
        Of data that a satellite holds it is not known what they show: a rule that asks denies them.
    """
    gate, envelopes = build_gate(scenario, fleet), scenario.oversight.envelopes
    n, first_ground = fleet.n_satellites, min(fleet.stations)
    apart = _told_apart(fleet, envelopes)
    places = node_classes(gate, range(n), apart)
    receivers = node_classes(gate, fleet.stations, apart)
    row = np.where(source < n, source, source - n + first_ground)
    stand_in = np.array([places.rows[places.of_row[one]] for one in range(n)])
    row = np.where(source < n, stand_in[np.minimum(row, n - 1)], row)
    since_s = _since_s(gate.policies.capture_turns_s, release_s.astype(np.int64))
    pairs, of_pair = np.unique(row.astype(np.int64) * _FEW + since_s, return_inverse=True)
    jobs = [_probe(k, pair // _FEW, pair % _FEW, fleet) for k, pair in enumerate(pairs.tolist())]
    every = tuple(range(len(receivers.rows)))
    classes = ClassGate(
        gate, jobs, [(receivers.of_row[one.origin],) if one.origin >= n else every for one in jobs],
        places, receivers, sorted(scenario.pipeline.delivering),
        lambda job: _origin(job, places, envelopes),
    )  # fmt: skip
    known = classes.verdicts()
    names = (DEFAULT_RULE, BY_APPROVAL, *(f"{BY_ENVELOPE}{one.id}" for one in envelopes))
    names = tuple(dict.fromkeys((*names, *known.rules)))
    numbers = np.array([names.index(one) for one in known.rules])
    known.verdicts["rule"] = numbers[known.verdicts["rule"]]
    inside = held_by(envelopes, classes, known, (places, receivers), fleet)
    of_node = [
        *(places.of_row[one] for one in range(n)),
        *map(receivers.of_row.get, fleet.stations),
    ]
    return FlightRules(
        classes, classes.class_of[of_pair.ravel()], np.array(of_node, dtype=np.int32),
        known.first, known.spans, known.verdicts, _limits(envelopes), inside,
        places.rows, receivers.rows, names,
    )  # fmt: skip


def unasked(rules: FlightRules, fleet: Fleet) -> tuple[str, ...]:
    """Say what a flight does not ask about, where satellites differ for the rules.

    Parameters
    ----------
    rules : FlightRules
        Of the flight.
    fleet : Fleet
        Whose satellites.

    Returns
    -------
    tuple of str
        Warnings, if there are any.
    """
    n = fleet.n_satellites
    decisions = rules.verdicts["decision"][:, :, :2].min(axis=2)
    closed = (decisions == STRICTNESS[DENY]) & (decisions.max(axis=1) != STRICTNESS[DENY])[:, None]
    some = int(np.isin(rules.node_class[:n], np.flatnonzero(closed.any(axis=0))).sum())
    warnings = []
    if some:
        warnings.append(
            f"rules close {some} of {n} satellites to some jobs: none is computed there, but its "
            "data may cross them on their way, which a flight does not ask about; compare does"
        )
    owners = sorted(set(fleet.operators[:n]))
    if len(owners) > 1:
        warnings.append(
            f"satellites of {', '.join(owners)}: a flight lends nothing, so rules alone decide "
            "whose are used"
        )
    return tuple(warnings)


def _told_apart(fleet: Fleet, envelopes: tuple[Envelope, ...]) -> Callable[[int], object]:
    """Tell nodes apart that an envelope names, by themselves or by their group."""
    named = {name for one in envelopes for name in one.nodes}

    def apart(row: int) -> tuple[str, ...]:
        return tuple(name for name in fleet.called(row) if name in named)

    return apart


def _origin(job: Job, places: NodeClasses, envelopes: tuple[Envelope, ...]) -> object:
    """Tell jobs apart by where their data lie, as far as envelopes ask."""
    placed = any(one.area is not None or one.territories for one in envelopes)
    return places.of_row.get(job.origin), (job.latitude_rad, job.longitude_rad) if placed else None


def _since_s(turns_s: tuple[int, ...] | None, captured_s: Seconds) -> Seconds:
    """From when on scenes have had the answers that they have at their shutter times."""
    if turns_s is None:
        return captured_s
    edges = np.array([0, *turns_s], dtype=np.int64)
    found: Seconds = edges[np.searchsorted(edges, captured_s, side="right") - 1]
    return found


def _probe(number: int, row: int, captured_s: int, fleet: Fleet) -> Job:
    """Stand for jobs whose data come from a node; of a satellite's it is not known where from."""
    in_orbit = row < fleet.n_satellites
    latitude_rad, longitude_rad = (
        (math.nan, math.nan)
        if in_orbit
        else (float(fleet.latitude_rad[row]), float(fleet.longitude_rad[row]))
    )
    return Job(
        number, row, float(captured_s), math.inf, 0.0, 0.0, latitude_rad, longitude_rad, 0, 0
    )


def _limits(envelopes: tuple[Envelope, ...]) -> Table:
    """Limits of envelopes that nobody has signed yet."""
    table = np.zeros(len(envelopes), dtype=ENVELOPE)
    table["opens_s"], table["from_s"] = math.inf, [one.from_s for one in envelopes]
    table["until_s"] = [one.until_s for one in envelopes]
    for name in ("count", "nbytes", "energy_j"):
        given = [getattr(one, name) for one in envelopes]
        table[f"most_{name}"] = [math.inf if one < 0.0 else one for one in given]
    return table
