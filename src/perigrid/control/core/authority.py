"""People, orders, grants and limits of autonomy beside the compiled core, which asks them.

What they say is said by :class:`~perigrid.control.policy.approval.authority.Authority`. Of an
observation it knows what the core's tables know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import (
    Acknowledge,
    ApprovalAnswered,
    AskApproval,
    AuthorityExpired,
    Captured,
    Compute,
    Computed,
    EnvelopeAnswered,
    Event,
    Move,
    Ordered,
)
from perigrid.control.act_facts import evidence_of, facts_of
from perigrid.control.approver_model import people_of
from perigrid.control.core.codes import Why
from perigrid.control.core.drafts import blank
from perigrid.control.core.graph import results_of
from perigrid.control.core.messages import DECISION, NOTHING, OTHER, ActionKind, Table
from perigrid.control.core.outside import Answers, Heard, Judged, Outside, Question
from perigrid.control.core.state import Core
from perigrid.control.core.table_custody import TableCustody
from perigrid.control.core.together import Ask, Together
from perigrid.control.core.words import Words
from perigrid.control.oversight import authority_of
from perigrid.control.policy.approval.authority import GRANT, HELD, MAX_REQUESTS, Watch
from perigrid.control.policy.approval.intake import why_over
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.model import Scenario
from perigrid.workload.job_graph import stages_ahead

Decision = Authorized | Refused

NOTES: Final = 4
"""Decisions on an answer besides those about signatures: refused, refused again, and what follows.
"""
_KEPT: Final = ("source", "target", "stage", "product", "why", "numbers")
"""What stays the same of a step that is planned again."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request under way.

    Parameters
    ----------
    asked : AskApproval
        The request.
    answer : ApprovalAnswered
        What people will say.
    verdict : int
        Place of the verdict that reserved it.
    row, others : bytes
        The step as it was wanted: its decision, and what was weighed beside it.
    """

    asked: AskApproval
    answer: ApprovalAnswered
    verdict: int
    row: bytes
    others: bytes


class People:
    """Answers the core where people, their orders, grants or timers have a say.

    Parameters
    ----------
    scenario : Scenario
        People, orders, grants.
    fleet, outlook
        What there is, and what decisions cannot change.
    jobs : sequence of Job
        All of the run, numbered from 0.
    core, words
        From :func:`perigrid.control.core.build.build_core`; the core's settings are changed.
    ask : callable
        Puts a request to people.
    heard : callable
        Told of each event about people that is about to be decided on.
    wanted : callable
        Told of each decision about a request, an envelope or an order, before it is carried out.
    opening : sequence of EnvelopeAnswered or Ordered
        Events that are certain from the start, by their numbers.
    roster : Roster, optional
        Whose signatures count; the scenario's people if left out.
    run : str
        Nonce of a live run, as for :func:`perigrid.control.oversight.approval_context`.

    Notes
    -----
    ``outside`` has to be set before the core asks.
    """

    outside: Outside

    def __init__(
        self,
        scenario: Scenario,
        fleet: Fleet,
        outlook: Outlook,
        jobs: Sequence[Job],
        core: Core,
        words: Words,
        ask: Ask,
        heard: Callable[[Event], None],
        wanted: Callable[[Decision], None],
        opening: Sequence[EnvelopeAnswered | Ordered],
        roster: Roster | None = None,
        run: str = "",
    ) -> None:
        self.fleet, self._jobs, self._words, self._core = fleet, jobs, words, core
        self._pipeline = scenario.pipeline
        gate = words.cases.gate
        gate.custody = TableCustody(words.cases, core.jobs)
        self.authority = authority_of(scenario, fleet, outlook, gate, roster, run)
        self._ask, self._heard, self._wanted, self._opening = ask, heard, wanted, opening
        self._pending: dict[int, Pending] = {}
        self._repeated: Pending | None = None
        core.con["lends"] = self.authority.lender is not None
        core.con["guarded"] = scenario.oversight.autonomy_s is not None
        core.con["answers"] = len(people_of(scenario)) + NOTES
        self.authority.asks_together = scenario.jobs is not None
        self._put_enveloped(core)
        self._together = Together(words, self.authority, ask, heard, wanted, self._note_refused)
        self.answers: Answers = {
            Question.JUDGE: self._judge,
            Question.ANSWERED: self._answered,
            Question.REPEAT: self._repeat,
            Question.TOLD: self._told,
            Question.EXPIRED: self._expired,
            Question.USED: self._used,
            Question.CLOSED: self._closed,
            Question.TOGETHER: self._ask_together,
        }

    @property
    def t_s(self) -> float:
        """Now [s]."""
        return float(self.outside.core.con["t_s"][0])

    def state(self) -> dict[str, Any]:
        """Show what a checkpoint needs besides the core's arrays.

        Returns
        -------
        dict
            Plain objects, in use.
        """
        return {
            "intake": self.authority.intake,
            "lender": self.authority.lender,
            "pending": self._pending,
            "together": self._together.pending,
            "texts": self._words.texts.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        self.authority.intake = state["intake"]
        self.authority.lender = state["lender"]
        self._pending, self._together.pending = state["pending"], state["together"]
        self._words.texts.restore(state["texts"])

    def watch(self, watch: Watch) -> None:
        """Tell somebody of every move and every stage before it is judged."""
        self.authority.watch = watch
        self._core.con["guarded"] = 1

    def answer(self, event: ApprovalAnswered) -> None:
        """Take an answer that was not known when people were asked, before it is decided on."""
        if event.job_id in self._together.pending:
            self._together.pending[event.job_id].answer = event
        elif (pending := self._pending.get(event.job_id)) is not None:
            self._pending[event.job_id] = replace(pending, answer=event)

    # ------------------------------------------------------------------ steps of jobs

    def _judge(self, row: int) -> int:
        """Say whether a step may be; one that people are asked about becomes a request."""
        seen, t_s = self.outside, self.t_s
        wanted = seen.decisions[row]
        job = self._jobs[int(wanted["job"])]
        results = self._results(job.job_id)
        ahead = stages_ahead(self._pipeline, results)
        action = self._words.action(wanted, seen.legs, seen.others)
        self._note_owner(job, t_s)
        decision = self.authority.decide(
            action,
            t_s,
            lambda: facts_of(action, job, self, ahead),
            lambda: evidence_of(job, results),
        )
        self._put_verdict(wanted, decision)
        if isinstance(decision, Refused):
            return int(self._refused(wanted, decision, job))
        wanted["refused"], wanted["expires_s"] = 0, decision.expires_s
        if self.authority.asks_together:
            self._put_enveloped(seen.core)
        if not isinstance(decision.action, AskApproval):
            return int(Judged.DONE)
        if self.authority.asks_together:
            return int(Judged.RESERVED)
        self._put_request(row, decision, decision.action)
        return int(Judged.DONE)

    def _put_enveloped(self, core: Core) -> None:
        """Have acts of compute jobs put to Python only while an envelope may hold any."""
        together = self.authority.asks_together
        core.con["enveloped"] = together and self.authority.intake.has_envelopes(core.con["t_s"][0])

    def _results(self, job_id: int) -> dict[str, float | None]:
        """Stages that are done, in order, with their outcomes."""
        return results_of(self.outside.core, job_id, self._pipeline.names)

    def _note_owner(self, job: Job, t_s: float) -> None:
        """Tell the lender whose a job is; it is told too when the job ends."""
        if self.authority.lender is not None:
            self.authority.lender.learn((Captured(t_s, job),))
            self.outside.core.jobs["lent"][job.job_id] = 1

    def _put_verdict(self, row: Table, decision: Decision) -> None:
        place, node = int(row["verdict"]), int(row["verdict_node"])
        if self._words.verdict(place, node) != decision.verdict:
            row["verdict"] = self._words.texts.place_of(decision.verdict)
            row["verdict_node"] = NOTHING

    def _refused(self, row: Table, refused: Refused, job: Job) -> Judged:
        """Say whether a refused step is looked at again."""
        row["refused"], rule = 1, refused.verdict.rule
        if rule.startswith(f"{GRANT}:") and isinstance(refused.action, Move):
            return Judged.NOT_LENT
        until_s = self.authority.look_again_s(refused, self.t_s)
        if until_s is None or (rule not in HELD and until_s > job.deadline_s):
            return Judged.ENDED
        row["until_s"] = until_s
        return Judged.HELD

    # ------------------------------------------------------------------ requests

    def _put_request(self, place: int, decision: Decision, asked: AskApproval) -> None:
        """Turn a step into the request for it, and ask."""
        seen, job_id = self.outside, asked.job_id
        row = seen.decisions[place]
        verdict = int(row["verdict"])
        first = int(row["first_other"])
        others = seen.others[first : first + int(row["others"])].tobytes()
        kept, node = row.tobytes(), int(row["verdict_node"])
        self._write(place, job_id, ActionKind.ASK, Why.RESERVED, (verdict,))
        row["verdict"], row["verdict_node"] = verdict, node
        seen.core.jobs["requests"][job_id] += 1
        self._wanted(decision)
        answer = self._ask(self.t_s, asked)
        row["until_s"] = answer.t_s
        self._pending[job_id] = Pending(asked, answer, verdict, kept, others)

    def _answered(self, job_id: int) -> int:
        """Take in what people said of a job's next step."""
        if self.authority.asks_together:
            return self._together.answered(self.outside, job_id, self.t_s)
        pending, t_s = self._pending.pop(job_id), self.t_s
        asked, event, intake = pending.asked, pending.answer, self.authority.intake
        self._heard(event)
        refused = intake.answered(asked, event, t_s)
        for one in refused:
            self._note(one, job_id, ActionKind.ASK, Why.RESERVED, (pending.verdict,))
        lacks = intake.lacks(asked, evidence_of(self._jobs[job_id], self._results(job_id)), t_s)
        if lacks or self.outside.core.jobs["requests"][job_id] > MAX_REQUESTS:
            return int(Heard.OVER) + self._words.texts.say(why_over(refused, lacks=lacks))
        self._repeated = pending
        if isinstance(asked.subject, Compute):
            return int(Heard.COMPUTE)
        # If not, the scheduler has to find room at the target again.
        down = asked.subject.target >= self.fleet.n_satellites + self.fleet.n_relays
        return int(Heard.MOVE if down else Heard.ANEW)

    def _ask_together(self, first: int) -> int:
        self._together.ask(self.outside, first, self.t_s)
        return 0

    def _note_refused(self, refused: Decision, job_id: int, verdict: int) -> None:
        """Write a note that an answer about many jobs does not count."""
        self._note(refused, job_id, ActionKind.ASK, Why.RESERVED, (verdict,))

    def _repeat(self, row: int) -> int:
        """Write what people approved into a decision."""
        again, seen = self._repeated, self.outside
        assert again is not None  # noqa: S101  it was just answered
        self._repeated = None
        kept = np.frombuffer(again.row, dtype=DECISION)[0]
        wanted = seen.decisions[row]
        for name in _KEPT:
            wanted[name] = kept[name]
        if isinstance(again.asked.subject, Move):
            self._leave_open(again.asked.subject)
            return 0
        others = np.frombuffer(again.others, dtype=OTHER)
        first = int(seen.filled[2])
        if first + len(others) > len(seen.others):
            seen.core.con["overflow"] = 1
            return 0
        seen.others[first : first + len(others)] = others
        wanted["first_other"], wanted["others"] = first, len(others)
        seen.filled[2] = first + len(others)
        return 0

    def _leave_open(self, move: Move) -> None:
        """Leave open for a search only the nodes of a way, as far as rules do."""
        core = self.outside.core
        me, product = core.jobs[move.job_id], int(move.product is Product.ANSWER)
        case = (int(me["facts"]) * 2 + product) * int(core.con["n_holders"][0])
        first = int(core.first_facts[case + int(me["held_by"])])
        spans_s = core.facts["from_s"][first : core.facts["last"][first] + 1]
        now = first + int(np.searchsorted(spans_s, core.con["t_s"][0], side="right")) - 1
        opened = int(core.facts["open"][now])
        stops = core.nodes["index"][[move.source, *(leg.target for leg in move.legs)]]
        core.open[-1] = False
        stops = stops[stops >= 0]
        core.open[-1, stops] = core.open[opened, stops]

    # ------------------------------------------------------------------ what else is heard

    def _told(self, number: int) -> int:
        """Take in an order, or an answer about an envelope."""
        event, intake = self._opening[number], self.authority.intake
        self._heard(event)
        for one in intake.told(event):
            about, texts = one.action, self._words.texts
            assert isinstance(about, Acknowledge)  # noqa: S101  of no job
            said = texts.say(about.detail), texts.say(about.what)
            self._note(one, NOTHING, ActionKind.ACKNOWLEDGE, Why.SPOKEN, said)
        if intake.any_order:
            self.outside.core.con["guarded"] = 1
        return 0

    def _note(
        self, decision: Decision, job: int, kind: ActionKind, why: Why, numbers: tuple[int, ...]
    ) -> None:
        """Write a note for the record behind the decisions."""
        seen = self.outside
        row = int(seen.filled[0])
        if row >= len(seen.decisions):
            seen.core.con["overflow"] = 1
            return
        new = self._write(row, job, kind, why, numbers)
        new["refused"] = isinstance(decision, Refused)
        new["verdict"] = self._words.texts.place_of(decision.verdict)
        seen.filled[0] = row + 1
        self._wanted(decision)

    def _write(
        self, row: int, job: int, kind: ActionKind, why: Why, numbers: tuple[int, ...]
    ) -> Table:
        """Write a decision that says nothing but these."""
        blank(self.outside.decisions.view(np.recarray), row, job, int(kind))
        new = self.outside.decisions[row]
        new["why"], new["numbers"][: len(numbers)] = why, numbers
        return new

    def _expired(self, job_id: int) -> int:
        holder = int(self.outside.core.jobs["holder"][job_id])
        self._heard(AuthorityExpired(self.t_s, job_id, holder))
        return 0

    def _used(self, packed: int) -> int:
        """Charge a grant for a stage that was computed."""
        place, node = divmod(packed, len(self.fleet.names))
        job_id, stage = divmod(place, len(self._pipeline.names))
        if self.authority.lender is not None:
            ended = Computed(self.t_s, job_id, node, self._pipeline.names[stage], None)
            self.authority.lender.learn((ended,))
        return 0

    def _closed(self, job_id: int) -> int:
        if self.authority.lender is not None:
            self.authority.lender.release(job_id)
        return 0
