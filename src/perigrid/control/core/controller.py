"""The compiled core as a controller: events in, authorised actions out, as messages."""

from __future__ import annotations

from collections.abc import Sequence

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
from perigrid.control.core.authority import People, has_people
from perigrid.control.core.build import build_asking, enlarged
from perigrid.control.core.events import event_rows, tell
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import DECISION, LEG, OTHER, ActionKind, Table
from perigrid.control.core.outside import Host, outside_of
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.core.state import FINE, NO_ROOM
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.model import Scenario

Decision = Authorized | Refused
_OF_PEOPLE = frozenset({int(ActionKind.ASK), int(ActionKind.ACKNOWLEDGE)})
_ROWS, _LEGS, _OTHERS = 256, 8, 16
"""Decisions that there is room for at first; legs and alternatives of each."""


class CoreController:
    """Turns events into authorised actions as :class:`perigrid.control.controller.Controller` does.

    Parameters
    ----------
    scenario : Scenario
        Rules, people, scheduler and pipeline;
        :func:`perigrid.control.core.build.can_decide` has nothing against it.
    fleet, outlook
        What there is, and what decisions cannot change.
    architecture : Architecture
        Where the jobs are done.
    jobs : sequence of Job
        All that may be taken, numbered from 0.
    """

    def __init__(
        self,
        scenario: Scenario,
        fleet: Fleet,
        outlook: Outlook,
        architecture: Architecture,
        jobs: Sequence[Job],
    ) -> None:
        self._core, self._words, asked = build_asking(scenario, fleet, outlook, architecture, jobs)
        self._opening: list[EnvelopeAnswered | Ordered] = []
        self._noted: list[Decision] = []
        self.people: People | None = None
        if has_people(scenario):
            self.people = People(
                scenario, fleet, outlook, jobs, self._core, self._words,
                ask=_not_known, heard=_ignore, wanted=self._noted.append, opening=self._opening,
            )  # fmt: skip
        hosts: list[Host | None] = [asked, self.people]
        self._outside = outside_of(*(host for host in hosts if host is not None))
        # Somebody else's scheduler may answer all that wait at once.
        many = len(jobs) + 1 if isinstance(asked, PlugIn) else 1
        self._tables = _tables(max(_ROWS, many * int(self._core.con["answers"][0])))

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
        InvariantError
            If a decision took more room than there can be need of.
        """
        for event in events:
            if isinstance(event, StateReported):
                tell(self._core, event)
            elif isinstance(event, EnvelopeAnswered | Ordered):
                self._opening.append(event)
            elif isinstance(event, ApprovalAnswered) and self.people is not None:
                self.people.answer(event)
        rows = event_rows(events, self._words.pipeline.names, self._opening)
        t_s = max((event.t_s for event in events), default=0.0)
        while (decided := self._handled(t_s, rows)) is None:
            self._core, self._tables = enlarged(self._core), _tables(2 * len(self._tables[0]))
        return decided

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
        noted = iter(self._noted.copy())
        self._noted.clear()
        return [
            next(noted)
            if int(row["kind"]) in _OF_PEOPLE
            else self._words.decision(row, legs, others)
            for row in decisions[: filled[0]]
        ]


def _tables(rows: int) -> tuple[Table, Table, Table]:
    """Make room for so many decisions, with legs and alternatives."""
    decisions, legs = np.zeros(rows, dtype=DECISION), np.zeros(_LEGS * rows, dtype=LEG)
    return decisions, legs, np.zeros(_OTHERS * rows, dtype=OTHER)


def _not_known(t_s: float, asked: AskApproval) -> ApprovalAnswered:  # noqa: ARG001  not yet
    """Stand for an answer that will come as an event."""
    return ApprovalAnswered(np.inf, asked.job_id, granted=False)


def _ignore(event: Event) -> None:
    """Take no note: whoever gave the event has it."""
