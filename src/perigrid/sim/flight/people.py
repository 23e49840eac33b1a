"""People in a flight: asked about many decisions at once, they answer when their models say.

Decisions of a step that need people leave the loop as requests, one for each class of jobs and
places. What is asked and answered stands in the record, so a flight that is gone on with finds out
from there whom it waits for.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from perigrid.base.messages import EnvelopeAnswered
from perigrid.control.approver_model import Reply, SimulatedPeople, roster_of
from perigrid.control.oversight import terms_of
from perigrid.control.policy.approval.book import Request
from perigrid.control.policy.approval.intake import Intake, envelope_request
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS
from perigrid.control.policy.request import Approver
from perigrid.control.policy.verdicts import ALLOW, ASK, STRICTNESS
from perigrid.ledger.batches import answer_content, request_content
from perigrid.ledger.record import ANSWER as ANSWERED
from perigrid.ledger.record import EVENTS, REQUEST, RecordWriter
from perigrid.ledger.row_hash import root_of
from perigrid.ledger.rows import Kind
from perigrid.scenario.pseudonyms import pseudonymous
from perigrid.sim.flight.answers import answered
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.world import Count

_ACTS: Final = {BRING: "bring", PROCESS: "process"}
_ASK, _ALLOW = STRICTNESS[ASK], STRICTNESS[ALLOW]
Classes = tuple[int, int, int, int]
"""Number of a rule, span of verdicts, class of places, class of receivers."""
Wanted = tuple[float, int, tuple[str, ...]]
"""How long leave holds [s], how many must grant it, in which roles."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that people have not answered yet."""

    subject: str
    classes: Classes
    jobs: tuple[int, ...]
    request: Request
    reply: Reply


class FlightPeople:
    """The people of a flight.

    Parameters
    ----------
    flight : Flight
        Jobs, rules and envelopes.
    record : RecordWriter
        What they are asked and what they answer is entered there first.
    before : iterable of mapping
        Records of the flight so far, if it is gone on with.
    """

    def __init__(
        self, flight: Flight, record: RecordWriter, before: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        self._flight, self._record = flight, record
        self._scenario = flight.scenario
        oversight = pseudonymous(flight.scenario).oversight
        self._people = SimulatedPeople(flight.scenario)
        self._roster = roster_of(flight.scenario)
        self._intake = Intake(self._roster, oversight)
        self._general, self._terms_of = oversight.terms, terms_of(flight.scenario)
        self._waiting: list[tuple[float, int, _Asked | EnvelopeAnswered]] = []
        self._count = 0
        self._known: dict[Classes, tuple[dict[str, Any], Wanted]] = {}
        self._said: dict[tuple[int, int, int, int, tuple[str, ...]], bool] = {}
        for event in self._people.opening():
            if isinstance(event, EnvelopeAnswered):
                self._await(event.t_s, event)
        for entry in before:
            self._remember(entry)

    @property
    def next_s(self) -> float:
        """When the next answer comes; inf for none [s]."""
        return self._waiting[0][0] if self._waiting else math.inf

    def _await(self, t_s: float, what: _Asked | EnvelopeAnswered) -> None:
        heapq.heappush(self._waiting, (t_s, self._count, what))
        self._count += 1

    # ------------------------------------------------------------------ asking

    def ask(self, t_s: float, first: int, stop: int) -> None:
        """Ask about those of some rows of the log that wait for people.

        Parameters
        ----------
        t_s : float
            Now [s].
        first, stop : int
            Rows of the log, whose root stands in the record.
        """
        world = self._flight.world
        rows = first + np.flatnonzero(world.log["kind"][first:stop] == Kind.ASK)
        if not len(rows):
            return
        groups: dict[Classes, list[int]] = {}
        for row in rows.tolist():
            groups.setdefault(self._classes(world.log[row]), []).append(row)
        offset = int(world.counts[Count.ROWS]) - stop
        for classes, members in groups.items():
            root = root_of(world.leaves[members])
            about, (valid_s, people, roles) = self._shared(classes)
            asked = (t_s, t_s + valid_s, people, roles)
            numbers = [row + offset for row in members]
            content = request_content(self._scenario.digest, about, root, numbers, asked)
            jobs = world.log["job"][members].tolist()
            told = content | {"classes": list(classes), "jobs": jobs}
            self._record.enter(t_s, REQUEST, told)
            self._put(content, classes, tuple(jobs))

    def _shared(self, classes: Classes) -> tuple[dict[str, Any], Wanted]:
        """Work out once what requests about the same classes have in common."""
        if classes not in self._known:
            self._known[classes] = self._about(classes), self._terms(classes)
        return self._known[classes]

    def _put(self, content: Mapping[str, Any], classes: Classes, jobs: tuple[int, ...]) -> None:
        """Put a request to the people, who know at once what they will say and when."""
        request = Request(
            content["subject"], content["root"], content["people"], tuple(content["roles"]),
            content["asked_s"], content["expires_s"],
        )  # fmt: skip
        self._intake.book.ask(request)
        reply = self._people.reply(request)
        self._await(reply.t_s, _Asked(request.subject, classes, jobs, request, reply))

    def _classes(self, line: np.void) -> Classes:
        """Tell of which classes a decision is that waits for people."""
        flight, (job, node) = self._flight, (int(line["job"]), int(line["node"]))
        rules, n = flight.rules, len(flight.world.sats)
        law = int(rules.job_class[job])
        span = int(rules.first[law])
        while span + 1 < rules.first[law + 1] and rules.spans["begins_s"][span + 1] <= line["t_s"]:
            span += 1
        source = int(line["source"])
        down = source if source >= n else int(flight.world.sats["exit_node"][node])
        return int(line["rule"]), span, int(rules.node_class[node]), int(rules.node_class[down])

    def _asking(self, classes: Classes) -> list[int]:
        """Acts that rules leave to people."""
        _, span, place, receiver = classes
        decisions = self._flight.rules.verdicts["decision"][span, place]
        return [act for act in (BRING, PROCESS, ANSWER + receiver) if decisions[act] == _ASK]

    def _about(self, classes: Classes) -> dict[str, Any]:
        """Say what the decisions of a request share."""
        rules, (rule, _, place, receiver) = self._flight.rules, classes
        row, to = rules.places[place], rules.receivers[receiver]
        known = rules.gate.facts
        return {
            "rule": rules.names[rule],
            "acts": [_ACTS.get(act, "answer") for act in self._asking(classes)],
            "place": asdict(known[row]),
            "receiver": asdict(known[to]),
        }

    def _terms(self, classes: Classes) -> Wanted:
        """Ask as many people as the strictest of the rules that ask."""
        _, span, place, _ = classes
        rules = self._flight.rules
        numbers = [int(rules.verdicts["rule"][span, place, act]) for act in self._asking(classes)]
        terms = [self._terms_of.get(rules.names[one], self._general) for one in numbers]
        roles = dict.fromkeys(role for one in terms for role in one.roles)
        valid_s = min(one.valid_s for one in terms)
        return valid_s, max(one.people for one in terms), tuple(roles)

    # ------------------------------------------------------------------ answers

    def hear(self, t_s: float) -> None:
        """Take in every answer that has come by now.

        Parameters
        ----------
        t_s : float
            Now [s].
        """
        while self.next_s <= t_s:
            _, _, what = heapq.heappop(self._waiting)
            if isinstance(what, EnvelopeAnswered):
                self._envelope(what)
            else:
                self._answer(t_s, what)

    def _answer(self, t_s: float, asked: _Asked) -> None:
        """Enter an answer, and have the jobs decided anew."""
        until_s, refused = self._allowed_until_s(t_s, asked)
        content = answer_content(asked.subject, asked.reply.approvals, until_s, refused)
        self._record.enter(t_s, ANSWERED, content)
        _, span, place, receiver = asked.classes
        jobs = np.array(asked.jobs, dtype=np.int32)
        answered(self._flight.world, jobs, t_s, until_s, span, place, receiver)

    def _allowed_until_s(self, t_s: float, asked: _Asked) -> tuple[float, list[str]]:
        """Say until when an answer holds, -1 if it does not, and what spoke against it."""
        book = self._intake.book
        found = [book.add(one, t_s) for one in asked.reply.approvals]
        refused = [str(one) for one in found if one is not None]
        lacking = book.lacking(asked.subject, asked.request.evidence, t_s)
        if lacking is not None:
            return -1.0, refused or [str(lacking)]
        approvers = book.granted(asked.subject, t_s)
        acts = self._asking(asked.classes)
        if not all(self._last_word(asked.classes[1], asked.classes[2], act, approvers)
                   for act in acts):  # fmt: skip
            return -1.0, [*refused, "rules"]
        return min(book.expires_s(asked.subject, t_s), self._keys_end_s(approvers)), refused

    def _last_word(self, span: int, place: int, act: int, approvers: tuple[Approver, ...]) -> bool:
        """Let the rules judge again, now that they may know how many signed, in which roles."""
        roles = tuple(sorted(one.role for one in approvers))
        key = (span, place, act, len({one.name for one in approvers}), roles)
        if key not in self._said:
            rules = self._flight.rules
            number = int(np.searchsorted(rules.first, span, side="right")) - 1
            t_s = float(rules.spans["begins_s"][span])
            said, _ = rules.gate.judge(number, place, act, t_s, approvers)
            self._said[key] = said == _ALLOW
        return self._said[key]

    def _keys_end_s(self, approvers: tuple[Approver, ...]) -> float:
        """When the first of some keys counts no more [s]."""
        people = [self._roster.find(one.name) for one in approvers]
        return min((one[0].revoked_s for one in people if one is not None), default=math.inf)

    def _envelope(self, event: EnvelopeAnswered) -> None:
        """Enter the answers about an envelope; in force, it holds all that rules then allow."""
        self._record.events(event.t_s, [event])
        said = self._intake.told(event)
        self._record.actions(event.t_s, [(one.action, one.verdict) for one in said])
        book, rules = self._intake.book, self._flight.rules
        key, row = next(
            (key, row)
            for row, (key, use) in enumerate(self._intake.uses.items())
            if use.envelope.id == event.envelope
        )
        if book.lacking(key, key, event.t_s) is not None:
            return
        approvers = book.granted(key, event.t_s)
        table, inside = rules.envelopes, rules.inside[row]
        asked = (inside > 0) & (rules.verdicts["decision"] == _ASK)
        for span, place, act in np.argwhere(asked).tolist():
            inside[span, place, act] = self._last_word(span, place, act, approvers)
        ends_s = min(book.expires_s(key, event.t_s), self._keys_end_s(approvers))
        table["opens_s"][row] = event.t_s
        table["until_s"][row] = min(float(table["until_s"][row]), ends_s)

    # ------------------------------------------------------------------ going on

    def _remember(self, entry: Mapping[str, Any]) -> None:
        """Ask and hear again what stands in the record; the world is as it was then."""
        if entry["kind"] == REQUEST:
            a, b, c, d = entry["classes"]
            self._put(entry, (a, b, c, d), tuple(entry["jobs"]))
        elif entry["kind"] == ANSWERED:
            _, _, what = heapq.heappop(self._waiting)
            assert isinstance(what, _Asked)  # noqa: S101  answers come in the order of the record
            for one in what.reply.approvals:
                self._intake.book.add(one, entry["t_s"])
        elif entry["kind"] == EVENTS:
            _, _, what = heapq.heappop(self._waiting)
            assert isinstance(what, EnvelopeAnswered)  # noqa: S101  likewise
            self._intake.told(what)


def envelope_keys(flight: Flight) -> dict[str, Any]:
    """Envelopes of a flight by the hash that people sign.

    Parameters
    ----------
    flight : Flight
        The flight.

    Returns
    -------
    dict of str to Envelope
        In the order of the scenario.
    """
    envelopes = pseudonymous(flight.scenario).oversight.envelopes
    return {envelope_request(one).subject: one for one in envelopes}
