"""Verdicts by class: the gate asked once for each class of job at each class of place.

A verdict depends on few facts: of the job's data, and of the node. Jobs that are equal in all that
policy may ask about are one class, and so are nodes; what the gate says of one of each it says of
all. What the clock changes is cut into spans: in each the gate's answers stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Action, Captured, Compute, Computed, Move
from perigrid.control.policy.gate import NOTHING, Gate
from perigrid.control.policy.places import Place
from perigrid.control.policy.request import DERIVED, RAW, Approver
from perigrid.control.policy.verdicts import STRICTNESS

Ints = npt.NDArray[np.int32]
Table = npt.NDArray[np.void]

BRING: Final = 0
PROCESS: Final = 1
ANSWER: Final = 2
"""Acts: raw data brought to a place, computing there, and from here on the answer sent to each
class of receivers."""

VERDICT: Final[list[tuple[str, type[np.generic]]]] = [
    ("decision", np.uint8),  # as in STRICTNESS: of several the least counts
    ("rule", np.int16),  # place in ClassVerdicts.rules
]
SPAN: Final[list[tuple[str, type[np.generic]]]] = [
    ("begins_s", np.float64),
    ("shut", np.uint8),  # 1 if from here on every place is closed for ever
]
"""A time in which the answers about a class of jobs stay what they are."""
_DENY: Final = STRICTNESS["deny"]


@dataclass(frozen=True, slots=True)
class NodeClasses:
    """Nodes of which policy, and whoever else is asked, knows the same.

    Parameters
    ----------
    of_row : dict of int to int
        Class of each fleet row.
    rows : tuple of int
        One fleet row of each class.
    """

    of_row: dict[int, int]
    rows: tuple[int, ...]


def node_classes(
    gate: Gate, rows: Iterable[int], apart: Callable[[int], object] = lambda _: None
) -> NodeClasses:
    """Sort nodes into classes.

    Parameters
    ----------
    gate : Gate
        Knows which nodes policy cannot tell apart.
    rows : iterable of int
        Fleet rows.
    apart : callable
        What else tells nodes apart, such as whether an envelope names them.

    Returns
    -------
    NodeClasses
        Numbered in order of their first rows.
    """
    known: dict[object, int] = {}
    of_row: dict[int, int] = {}
    first: list[int] = []
    for row in rows:
        number = known.setdefault((gate.place_name(row), apart(row)), len(known))
        of_row[row] = number
        if number == len(first):
            first.append(row)
    return NodeClasses(of_row, tuple(first))


@dataclass(frozen=True, slots=True)
class ClassVerdicts:
    """What the gate says of every class of jobs at every class of places.

    Parameters
    ----------
    first : (n_job_classes + 1,) int32 array
        Where the spans of each class of jobs begin.
    spans : (n_spans,) structured array
        :data:`SPAN`, by class of jobs, then time; the first of each begins at the start.
    verdicts : (n_spans, n_places, 2 + n_receivers) structured array
        :data:`VERDICT` by place and act: :data:`BRING`, :data:`PROCESS`, and :data:`ANSWER` to each
        class of receivers. Denied where a job's answer never goes.
    rules : tuple of str
        Names of what decided.
    """

    first: Ints
    spans: Table
    verdicts: Table
    rules: tuple[str, ...]


class ClassGate:
    """Asks the gate about classes, and remembers one job of each class at each place.

    Parameters
    ----------
    gate : Gate
        Of its own: it learns of jobs that stand for others.
    jobs : sequence of Job
        All that differ in what policy may ask about.
    receivers_of : sequence of sequence of int
        For each of them the classes of nodes that its answer may be sent to.
    places, receivers : NodeClasses
        Where jobs are computed, and where answers go.
    stages : iterable of str
        After which a result counts as derived.
    apart : callable
        What else tells jobs apart, such as where their data come from.

    Attributes
    ----------
    class_of : (n,) int32 array
        Class of each of ``jobs``.
    jobs : tuple of Job
        One job of each class.
    """

    def __init__(
        self,
        gate: Gate,
        jobs: Sequence[Job],
        receivers_of: Sequence[Sequence[int]],
        places: NodeClasses,
        receivers: NodeClasses,
        stages: Iterable[str],
        apart: Callable[[Job], object] = lambda _: None,
    ) -> None:
        self._gate, self._places, self._receivers = gate, places, receivers
        self._stages = tuple(stages)
        known: dict[object, int] = {}
        # Told apart by scene as a gate sees it, which it learns of under numbers of their own.
        probes = [replace(job, job_id=-1 - number) for number, job in enumerate(jobs)]
        gate.learn([Captured(one.t_capture_s, one) for one in probes])
        keys = [
            (gate.custody.scene(one.job_id, RAW), gate.place_name(one.origin), apart(one), *to)
            for one, to in zip(probes, receivers_of, strict=True)
        ]
        of_job = [known.setdefault(key, len(known)) for key in keys]
        self.class_of: Ints = np.array(of_job, dtype=np.int32)
        self._first = [of_job.index(number) for number in range(len(known))]
        self.jobs = tuple(jobs[one] for one in self._first)
        self._receivers_of = [tuple(receivers_of[one]) for one in self._first]
        self._learn()

    def _learn(self) -> None:
        """Let the gate learn of one more job of each class at each place, computed there."""
        gate = self._gate
        for number, job in enumerate(self.jobs):
            for place, row in enumerate(self._places.rows):
                probe = replace(job, job_id=self._probe(number, place))
                gate.learn([Captured(job.t_capture_s, probe)])
                gate.custody.note(Move(probe.job_id, Product.RAW, job.origin, row, (), ""))
                for stage in self._stages:
                    gate.custody.note(Compute(probe.job_id, row, stage, ""))
                    gate.learn([Computed(job.t_capture_s, probe.job_id, row, stage, None)])

    def _probe(self, number: int, place: int) -> int:
        return number * len(self._places.rows) + place

    def _action(self, number: int, place: int, act: int) -> Action:
        """Put an act as an action of the job that stands for a class at a place."""
        probe, row = self._probe(number, place), self._places.rows[place]
        if act == BRING:  # of a job that nobody but its source has held
            fresh, source = -1 - self._first[number], self.jobs[number].origin
            return Move(fresh, Product.RAW, source, row, (), "")
        if act == PROCESS:
            return Compute(probe, row, self._stages[0] if self._stages else "", "")
        to = self._receivers.rows[act - ANSWER]
        return Move(probe, Product.ANSWER, row, to, (), "")

    @property
    def facts(self) -> tuple[Place, ...]:
        """What policy may ask about each node, by fleet row."""
        return self._gate.places.places

    def judge(
        self, number: int, place: int, act: int, t_s: float, approvers: tuple[Approver, ...] = ()
    ) -> tuple[int, str]:
        """Ask the gate about a class of jobs at a class of places.

        Parameters
        ----------
        number, place, act : int
            Class of jobs, class of places, and act.
        t_s : float
            When the act begins [s].
        approvers : tuple of Approver
            Who approved it.

        Returns
        -------
        decision : int
            As in :data:`VERDICT`.
        rule : str
            What decided.
        """
        verdict = self._gate.judge(self._action(number, place, act), t_s=t_s, approvers=approvers)
        return STRICTNESS[verdict.decision], verdict.rule

    def acts_of(self, number: int) -> tuple[int, ...]:
        """List the acts that there are for a class of jobs.

        Parameters
        ----------
        number : int
            Class of jobs.

        Returns
        -------
        tuple of int
            Bringing, computing, and the answers that may be sent.
        """
        return (BRING, PROCESS, *(ANSWER + one for one in self._receivers_of[number]))

    def verdicts(self) -> ClassVerdicts:
        """Ask about everything.

        Returns
        -------
        ClassVerdicts
            The gate's answers at all times.
        """
        rules: dict[str, int] = {}
        first, begins_s, rows = [0], [], []
        for number in range(len(self.jobs)):
            before: Table | None = None
            for t_s in (0, *self._turns_s(number)):
                row = self._row(number, float(t_s), rules)
                if before is None or (row != before).any():  # not every turn turns an answer
                    begins_s.append(float(t_s))
                    rows.append(row)
                    before = row
            first.append(len(rows))
        table = np.stack(rows)
        spans = np.zeros(len(rows), dtype=SPAN)
        spans["begins_s"], spans["shut"] = begins_s, self._shut(first, table)
        return ClassVerdicts(np.array(first, dtype=np.int32), spans, table, tuple(rules))

    def _row(self, number: int, t_s: float, rules: dict[str, int]) -> Table:
        """Ask about a class of jobs from a time on, at every place."""
        places, acts = len(self._places.rows), ANSWER + len(self._receivers.rows)
        row = np.zeros((places, acts), dtype=VERDICT)
        for place in range(places):
            for act in self.acts_of(number):
                decision, rule = self.judge(number, place, act, t_s)
                row[place, act] = decision, rules.setdefault(rule, len(rules))
        return row

    def _turns_s(self, number: int) -> tuple[int, ...]:
        """When an answer about a class may change, whatever place holds it."""
        gate = self._gate
        if not gate.policies.reads_now:
            return ()
        scenes = [
            gate.custody.scene(self._probe(number, place), level) or NOTHING
            for place in range(len(self._places.rows))
            for level in (RAW, DERIVED)
        ]
        return tuple(sorted({turn for one in scenes for turn in gate.policies.turns_s(one)}))

    def _shut(self, first: Sequence[int], table: Table) -> npt.NDArray[np.bool_]:
        """Say from which spans on no place opens any more."""
        shut = np.zeros(len(table), dtype=np.bool_)
        for number in range(len(self.jobs)):
            rows = slice(first[number], first[number + 1])
            decisions = table["decision"][rows]
            answered = decisions[:, :, [act for act in self.acts_of(number) if act >= ANSWER]]
            open_now = (decisions[:, :, :ANSWER] != _DENY).all(axis=2)
            open_now &= (answered != _DENY).any(axis=2)
            opens = open_now.any(axis=1)[::-1]
            shut[rows] = ~np.logical_or.accumulate(opens)[::-1]
        return shut
