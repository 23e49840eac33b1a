"""What the policy gate answers while nobody approved, as a table: once for each class of facts.

Rules know of a product: what they read of its scene, whether it is raw or derived, and who held it.
Of that there are few different cases in a mission, and every answer depends on nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.job_table import JobTable, column_of
from perigrid.base.jobs import Job
from perigrid.base.messages import Captured, Verdict
from perigrid.control.core.codes import Lost
from perigrid.control.core.messages import OTHER, Table
from perigrid.control.core.node_sets import NodeSets, Ordered
from perigrid.control.core.state import Bools, Longs
from perigrid.control.core.way_rows import FACTS
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.gate import DEFAULT_RULE, NOBODY, NOTHING, Gate
from perigrid.control.policy.places import GROUND
from perigrid.control.policy.request import (
    DERIVED,
    DOWNLINK,
    MOVE,
    RAW,
    Request,
    Scene,
    circumstances,
)
from perigrid.control.policy.request import PROCESS as PROCESSING
from perigrid.control.policy.verdicts import ALLOW, DENY, STRICTNESS
from perigrid.scenario.model import Handling

MOST_HOLDERS: Final = 10
"""Kinds of holders that are told apart at most: each doubles the cases."""
MOST_CLOSED: Final = 2
"""Places closed by rules that are named in a decision; the others are counted (assumed)."""
NOTHING_CHANGED: Final = Verdict(ALLOW, DEFAULT_RULE, "changes nothing outside the controller")
_FEW: Final = 1 << 32
_LEVELS: Final = (RAW, DERIVED)
_COMPUTING: Final = frozenset({"satellite", "data-centre"})
"""Kinds of node that may have a computer."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Of what a gate was asked, so that it can be asked again.

    Parameters
    ----------
    gate, custody
        Which, and what it knows: of one job of each kind.
    jobs : list of int
        That job, by the number of what is known of a scene.
    holders : list of int
        A fleet row for each bit of holders.
    """

    gate: Gate
    custody: Custody
    jobs: list[int]
    holders: list[int]


@dataclass(slots=True)
class RuleTable:
    """Answers of a gate.

    Parameters
    ----------
    facts_of : (n_jobs,) int array
        What is known of each scene.
    held_by : (n_jobs,) int array
        Holders at the start, as bits.
    stand_ins, holders : (n_nodes,) int array
        Kind of node, and bit of holder, of each row of the fleet.
    n_holders : int
        Sets of holders.
    answers : (facts, 2, kinds of node) int array
        Places of verdicts: on moving there and on computing there.
    verdicts : list of Verdict
        Each once.
    first_facts : (cases,) int array
        First row of facts of each case.
    facts, closed : structured array
        What is open to whom and from when on, and the closed places that are told of.
    open, shut, open_back : (n, nodes) bool array
        Sets of nodes: open now or later, closed now, open to those who come back in time.
    masks : (n, nodes) bool array
        Those open now or later, with nodes that nothing leads to.
    cases : Cases
        Of what the gate was asked.
    """

    facts_of: Longs
    held_by: Longs
    stand_ins: Longs
    holders: Longs
    n_holders: int
    answers: Longs
    verdicts: list[Verdict]
    first_facts: Longs
    facts: Table
    closed: Table
    open: Bools
    shut: Bools
    open_back: Bools
    masks: Bools
    cases: Cases

    @property
    def kinds(self) -> Longs:
        """Strictness of each verdict."""
        return np.array([STRICTNESS[one.decision] for one in self.verdicts], dtype=np.int64)


def rule_table(
    gate: Gate,
    jobs: Sequence[Job],
    nodes: Ordered,
    n_satellites: int,
    handling: Handling,
) -> RuleTable:
    """Ask a gate everything that a run can ask it.

    Parameters
    ----------
    gate : Gate
        Fresh; it learns of one capture of each kind.
    jobs : sequence of Job
        Numbered from 0.
    nodes : Ordered
        Knows the order of nodes.
    n_satellites : int
        Rows of satellites.
    handling : Handling
        It has the export classes of the models' weights.

    Returns
    -------
    RuleTable
        Of what they leave to people it says so.

    Raises
    ------
    ScenarioError
        If rules tell more kinds of holders apart than :data:`MOST_HOLDERS`.
    """
    holders, kinds = _holders(gate)
    if len(kinds) > MOST_HOLDERS:
        raise ScenarioError([_too_many(gate, kinds)])
    asked = _Asked(gate, handling.weights_export_classes, n_satellites, nodes.exits)
    stand_ins, names = _numbered(gate.places.stand_in)
    facts_of, firsts = _facts_of(gate, jobs)
    for job_id in firsts:
        for level in _LEVELS:
            for held in range(1 << len(kinds)):
                rows = frozenset(row for bit, row in enumerate(kinds) if held >> bit & 1)
                asked.about(gate.custody.scene(job_id, level, rows), names)
    origins = column_of(jobs, "origin").astype(np.int64)
    masks, facts = NodeSets(nodes), np.zeros(len(asked.rows), dtype=FACTS)
    masks.add(frozenset())
    for row, span in zip(facts, asked.spans, strict=True):
        row["from_s"], row["last"], row["shut"] = span.from_s, span.last, masks.close(span.closed)
        row["open"], row["back"] = masks.add(span.forbidden)
        row["all_open"] = masks.masks[row["open"]].all() and not gate.policies.reads_now
        row["first_satellite"], row["satellites"] = span.satellites
        row["first_exit"], row["exits"] = span.exits
    return RuleTable(
        facts_of, holders[origins] if len(jobs) else origins, stand_ins, holders, 1 << len(kinds),
        np.array(asked.rows, dtype=np.int64), list(asked.verdicts),
        np.array(asked.first_spans, dtype=np.int64), facts, np.array(asked.closed, dtype=OTHER),
        np.array(masks.open), np.array(masks.shut), np.array(masks.back),
        np.array(masks.masks),
        Cases(gate, gate.custody, firsts, kinds),
    )  # fmt: skip


@dataclass(slots=True)
class _Span:
    """What rules say for a time.

    ``closed`` are the fleet rows of closed nodes, ``forbidden`` of those that stay so; the others
    are a first row of closed places that are told of, and how many.
    """

    from_s: float
    last: int
    closed: frozenset[int]
    forbidden: frozenset[int] = frozenset()
    satellites: tuple[int, int] = (0, 0)
    exits: tuple[int, int] = (0, 0)


class _Asked:
    """Answers by facts, and what follows from them."""

    def __init__(
        self, gate: Gate, weights: Sequence[str], n_satellites: int, exits: Sequence[int]
    ) -> None:
        self._gate, self._weights = gate, frozenset(weights)
        self._satellites, self._exits = range(n_satellites), exits
        self.verdicts: dict[Verdict, int] = {NOTHING_CHANGED: 0}
        nothing = [0] * len(set(gate.places.stand_in))
        self.rows: list[list[list[int]]] = [[nothing, nothing]]
        self.first_spans: list[int] = []
        self.spans = [_Span(0.0, 0, frozenset())]
        self.closed: list[tuple[int, int, int, float, float]] = []

    def about(self, scene: Scene | None, names: dict[str, int]) -> None:
        """Ask all about a scene of which that is known, for every time in turn."""
        scene = NOTHING if scene is None else scene
        first = len(self.spans)
        self.first_spans.append(first)
        turns_s = (0, *self._gate.policies.turns_s(scene, NOBODY))
        for from_s in turns_s:
            self._ask_at(scene, names, from_s, first + len(turns_s) - 1)
        forbidden = self.spans[-1].closed
        for row in range(len(self.spans) - 1, first - 1, -1):
            span = self.spans[row]
            span.forbidden = forbidden = forbidden & span.closed
            by_name = dict(zip(names, self.rows[row][0], strict=True))
            span.satellites = self._told(self._satellites, forbidden, by_name)
            span.exits = self._told(self._exits, forbidden, by_name)

    def _ask_at(self, scene: Scene, names: dict[str, int], from_s: int, last: int) -> None:
        places, then = self._gate.places, circumstances((), from_s) if from_s else NOBODY
        first = {name: row for row, name in reversed(list(enumerate(places.stand_in)))}
        weighted, there, here = self._weighted(scene), [], []
        for name in names:
            kind = places.places[first[name]].kind
            way = DOWNLINK if kind in GROUND else MOVE
            there.append(self._ask(Request(way, name, scene, then)))
            asked = kind in _COMPUTING and scene.level == RAW  # stages read pixels
            here.append(self._ask(Request(PROCESSING, name, weighted, then)) if asked else 0)
        self.rows.append([there, here])
        said = list(self.verdicts)
        denied = {name for name, at in zip(names, there, strict=True) if said[at].decision == DENY}
        cut_off = any(places.stand_in[row] in denied for row in places.mesh)
        closed = {row for row, name in enumerate(places.stand_in) if name in denied}
        behind = places.behind_mesh if cut_off else ()
        self.spans.append(_Span(float(from_s), last, frozenset(closed.union(behind))))

    def _ask(self, request: Request) -> int:
        return self.verdicts.setdefault(self._gate.decide(request), len(self.verdicts))

    def _weighted(self, scene: Scene) -> Scene:
        """Add the export classes of the weights that a node holds that computes."""
        if scene is NOTHING or not self._weights:
            return scene
        classes = tuple(sorted({*(scene.export_classes or ()), *self._weights}))
        return replace(scene, export_classes=classes)

    def _told(
        self, nodes: Sequence[int], forbidden: frozenset[int], by_name: dict[str, int]
    ) -> tuple[int, int]:
        """Write the closed ones among some places: the first by name, others counted by rule."""
        found = [(node, self._barred(node, by_name)) for node in nodes if node in forbidden]
        first, said = len(self.closed), list(self.verdicts)
        named = found if len(found) == MOST_CLOSED + 1 else found[:MOST_CLOSED]
        why = int(Lost.CLOSED)
        self.closed += [(node, why, 1, np.nan, float(at)) for node, at in named]
        rest = Counter(said[at].rule for _, at in found[len(named) :])
        places = {said[at].rule: at for _, at in reversed(found)}
        for rule in sorted(rest):
            self.closed.append((-1, why, rest[rule], np.nan, float(places[rule])))
        return first, len(self.closed) - first

    def _barred(self, node: int, by_name: dict[str, int]) -> int:
        """Place of the verdict that closes a node."""
        places, said = self._gate.places, list(self.verdicts)
        ways = (*places.mesh, node) if node in places.behind_mesh else (node,)
        verdicts = [by_name[places.stand_in[row]] for row in ways]
        return min(verdicts, key=lambda at: STRICTNESS[said[at].decision])


def _numbered(names: Sequence[str]) -> tuple[Longs, dict[str, int]]:
    """Give different names numbers, in the order in which they come."""
    numbers = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int64), numbers


def _holders(gate: Gate) -> tuple[Longs, list[int]]:
    """Bit of each node among holders that rules tell apart, and a node for each bit."""
    seen: dict[object, int] = {}
    bit_of: dict[object, int] = {}
    bits, rows = [], []
    for row, place in enumerate(gate.places.places):
        who = place.operator, tuple(sorted(place.barred))
        if who not in bit_of:
            scene = replace(NOTHING, held_by=who[:1], held_barred=who[1])
            known = gate.policies.normal_scene(scene)
            told = known.held_by, known.held_barred
            if told not in seen and any(told):
                seen[told] = 1 << len(seen)
                rows.append(row)
            bit_of[who] = seen.get(told, 0)
        bits.append(bit_of[who])
    return np.array(bits, dtype=np.int64), rows


def _too_many(gate: Gate, kinds: Sequence[int]) -> Problem:
    """Say that rules ask about too many who may have held a scene."""
    who = sorted({gate.places.places[row].operator for row in kinds})
    message = (
        f"rules tell {len(kinds)} kinds of holders of a scene apart, more than {MOST_HOLDERS}: "
        f"those of {', '.join(who)}"
    )
    remedy = "let rules ask of fewer operators who held a scene, or name a state instead"
    return Problem(message, remedy, key="rules")


def _facts_of(gate: Gate, jobs: Sequence[Job]) -> tuple[Longs, list[int]]:
    """Give what is known of scenes as they are taken numbers; and a job of each number."""
    alike = _alike(gate, jobs)
    some, kind_of = np.unique(alike, return_inverse=True)
    gate.learn([Captured(jobs[place].t_capture_s, jobs[place]) for place in some.tolist()])
    known: dict[Scene | None, int] = {}
    firsts: list[int] = []
    numbers = []
    for place in some.tolist():
        numbers.append(known.setdefault(gate.custody.scene(jobs[place].job_id, RAW), len(known)))
        if len(firsts) < len(known):
            firsts.append(jobs[place].job_id)
    return np.array(numbers, dtype=np.int64)[kind_of], firsts


def _alike(gate: Gate, jobs: Sequence[Job]) -> Longs:
    """Place of a job of whose data rules know the same, for each job."""
    if not isinstance(jobs, JobTable):
        return np.array(gate.custody.alike(jobs), dtype=np.int64)
    # What a satellite holds is from nobody knows where: satellites are alike that rules do not tell
    # apart. What is asked for on the ground is from its ground node.
    stand_ins, _ = _numbered(gate.places.stand_in)
    kinds, origin = [place.kind for place in gate.places.places], jobs.column("origin")
    on_ground = np.isin(kinds, list(GROUND))[origin]
    where = np.where(on_ground, origin, -1 - stand_ins[origin])
    since_s = jobs.column("t_capture_s").astype(np.int64)
    turns_s = gate.policies.capture_turns_s
    if turns_s is not None:
        edges_s = np.array([0, *turns_s], dtype=np.int64)
        since_s = edges_s[np.searchsorted(edges_s, since_s, side="right") - 1]
    _, first, row = np.unique(where * _FEW + since_s, return_index=True, return_inverse=True)
    found: Longs = first[row]
    return found
