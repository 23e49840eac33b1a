"""THE DECISION CORE: events in, authorised actions out. No clock, no I/O, no randomness.

The compiled core behind messages: for live runs, whose events come one by one, and for the replay
of what they recorded. A simulated run decides by the same core inside its compiled loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Job
from perigrid.base.messages import (
    ApprovalAnswered,
    AskApproval,
    EnvelopeAnswered,
    Event,
    Ordered,
    StateReported,
)
from perigrid.control.core.authority import NOTES, People
from perigrid.control.core.build import build_core, enlarged
from perigrid.control.core.events import demand_possible, event_rows, tell
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import DECISION, LEG, OTHER, ActionKind, Table
from perigrid.control.core.outside import outside_of
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.core.state import FINE, NO_ROOM
from perigrid.control.policy.approval.authority import Lender, Watch
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.model import Scenario

Decision = Authorized | Refused
_OF_PEOPLE = frozenset({int(ActionKind.ASK), int(ActionKind.ACKNOWLEDGE)})
_ROWS, _LEGS, _OTHERS = 256, 8, 16
"""Decisions that there is room for at first; legs and alternatives of each."""


class Controller:
    """Turns events into authorised actions for one architecture.

    Parameters
    ----------
    scenario : Scenario
        Rules, people, scheduler and pipeline.
    fleet, outlook
        What there is, and what decisions cannot change.
    architecture : Architecture
        Where the jobs are done.
    jobs : sequence of Job
        All that may be taken, numbered from 0.
    roster : Roster, optional
        Whose approvals count; the scenario's people if left out.
    clock : callable, optional
        Seconds, for the time budget of the policy gate in a live run; in simulation and replay
        decisions depend on no clock.
    watch : callable, optional
        Told of every action before it is judged; it must change nothing.
    run : str
        Nonce of a live run with real people, to which they bind what they sign.

    Raises
    ------
    ScenarioError
        As :func:`perigrid.control.core.build.build_core`.
    """

    def __init__(
        self,
        scenario: Scenario,
        fleet: Fleet,
        outlook: Outlook,
        architecture: Architecture,
        jobs: Sequence[Job],
        roster: Roster | None = None,
        clock: Callable[[], float] | None = None,
        watch: Watch | None = None,
        run: str = "",
    ) -> None:
        built = build_core(scenario, fleet, outlook, architecture, jobs)
        self._core, self._words, asked, self._belief = built
        self._jobs = jobs
        self._opening: list[EnvelopeAnswered | Ordered] = []
        self._noted: list[Decision] = []
        self._people = People(
            scenario, fleet, outlook, jobs, self._core, self._words,
            ask=_not_known, heard=_ignore, wanted=self._noted.append, opening=self._opening,
            roster=roster, run=run,
        )  # fmt: skip
        self._words.cases.gate.clock = clock  # what is tabled already took the time it took
        if watch is not None:
            self._people.watch(watch)
        hosts = (self._people,) if asked is None else (asked, self._people)
        self._outside = outside_of(*hosts)
        # Somebody else's scheduler may answer all that wait at once.
        many = len(jobs) + 1 if isinstance(asked, PlugIn) else 1
        self._tables = _tables(max(_ROWS, many * int(self._core.con["answers"][0])))
        self.handle(())  # compiled, or read from the cache, before any clock runs

    @property
    def belief(self) -> Belief:
        """What it holds true now; room and time that are given in it are given."""
        self._belief.look(self._core)
        return self._belief

    @property
    def lender(self) -> Lender | None:
        """Grants between operators; None where all nodes are one operator's."""
        return self._people.authority.lender

    @property
    def orders(self) -> OrderBook:
        """People's orders, for those who begin later what was decided before them."""
        return self._people.authority.intake.orders

    def handle(self, events: Sequence[Event]) -> list[Decision]:
        """React to a batch of events.

        Parameters
        ----------
        events : sequence of Event
            Of one instant.

        Returns
        -------
        list of Authorized or Refused
            In the order in which they are to be carried out; refusals are for the record.

        Raises
        ------
        ValueError
            If an event cannot be, as in a record that somebody altered.
        InvariantError
            If a decision took more room than there can be need of.
        """
        demand_possible(events, self._core, self._jobs)
        self._make_room(events)
        for event in events:
            if isinstance(event, StateReported):
                tell(self._core, event)
            elif isinstance(event, EnvelopeAnswered | Ordered):
                self._opening.append(event)
            elif isinstance(event, ApprovalAnswered):
                self._people.answer(event)
        rows = event_rows(events, self._words.pipeline.names, self._opening)
        t_s = max((event.t_s for event in events), default=0.0)
        while (decided := self._handled(t_s, rows)) is None:
            self._core, self._tables = enlarged(self._core), _tables(2 * len(self._tables[0]))
        return decided

    def _make_room(self, events: Sequence[Event]) -> None:
        """Reckon with a note of each signature, however many came."""
        signed = [
            len(one.approvals)
            for one in events
            if isinstance(one, ApprovalAnswered | EnvelopeAnswered)
        ]
        most = max(signed, default=0) + NOTES
        self._core.con["answers"] = max(int(self._core.con["answers"][0]), most)

    def _handled(self, t_s: float, rows: Table) -> list[Decision] | None:
        """Put events before the core; None if it has no room for what may follow."""
        decisions, legs, others = self._tables
        filled = np.zeros(3, dtype=np.int64)
        self._outside.see(self._core, decisions, legs, others, filled)
        status = handle_once(self._core, t_s, rows, len(rows), decisions, legs, others, filled)
        self._outside.raise_failure()
        if status == NO_ROOM:
            return None
        if status != FINE:
            raise InvariantError(f"a batch of {len(rows)} events is decided on with no room")
        made: list[Decision] = []
        noted = deque(self._noted)
        self._noted.clear()
        for row in decisions[: filled[0]]:
            if int(row["kind"]) not in _OF_PEOPLE:
                made.append(self._words.decision(row, legs, others))
            elif noted and noted[0].action.job_id == row["job"]:  # else in a request of before
                made.append(noted.popleft())
        return made


def _tables(rows: int) -> tuple[Table, Table, Table]:
    """Make room for so many decisions, with legs and alternatives."""
    decisions, legs = np.zeros(rows, dtype=DECISION), np.zeros(_LEGS * rows, dtype=LEG)
    return decisions, legs, np.zeros(_OTHERS * rows, dtype=OTHER)


def _not_known(t_s: float, asked: AskApproval) -> ApprovalAnswered:  # noqa: ARG001  not yet
    """Stand for an answer that will come as an event."""
    return ApprovalAnswered(np.inf, asked.job_id, granted=False)


def _ignore(event: Event) -> None:
    """Take no note: whoever gave the event has it."""
