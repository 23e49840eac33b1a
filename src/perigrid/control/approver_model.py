"""People in simulation: when they are on duty, how long they take, what they answer and sign.

Their keys follow from the scenario's seed, so that a run repeats to the byte; such a signature
proves nothing outside the simulation, and its key's name says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from perigrid.base.approvals import GRANT, REFUSE, SignedApproval, SignedOrder
from perigrid.base.messages import (
    ApprovalAnswered,
    AskApproval,
    EnvelopeAnswered,
    Ordered,
    jobs_of,
)
from perigrid.base.signing import SigningKey, VerifyKey
from perigrid.base.time import Epoch
from perigrid.base.withheld import Told, simulated_salts
from perigrid.control.policy.approval.book import Request, is_quorum
from perigrid.control.policy.approval.intake import envelope_request, request_of
from perigrid.control.policy.approval.roster import Person, Roster
from perigrid.control.policy.approval.signed import sign
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder
from perigrid.scenario.pseudonyms import pseudonymous, pseudonyms

APPROVAL_STREAM: Final = 5
"""Stream of random draws of approvers, beside those of scenes and observations."""
DAY_S: Final = 86_400.0
HOUR_S: Final = 3600.0
DEFAULT_ROLE: Final = "approver"


def people_of(scenario: Scenario) -> tuple[PersonModel, ...]:
    """Everyone who may be asked.

    Parameters
    ----------
    scenario : Scenario
        With a list of people, or one approver.

    Returns
    -------
    tuple of PersonModel
        Under pseudonyms, from which keys follow; the one approver as a person on duty day and
        night, if there is no list.
    """
    if scenario.oversight.people:
        return pseudonymous(scenario).oversight.people
    one = scenario.approver
    share = 1.0 if one.grants else 0.0
    return (PersonModel(DEFAULT_ROLE, DEFAULT_ROLE, one.delay_s, grants_share=share),)


def simulated_key(person: PersonModel, seed: int) -> SigningKey:
    """Key of a simulated person.

    Parameters
    ----------
    person : PersonModel
        Whose, under a pseudonym.
    seed : int
        The scenario's.

    Returns
    -------
    SigningKey
        The same for the same name and seed.
    """
    return _derived(person.name, seed)


@lru_cache(maxsize=64)
def _derived(name: str, seed: int) -> SigningKey:
    return SigningKey.simulated(name, seed)


def roster_of(scenario: Scenario) -> Roster:
    """Everyone whose signature counts in a mission.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    Roster
        One person may stand in several rows, one for each role.
    """
    by_name: dict[str, list[PersonModel]] = {}
    for person in people_of(scenario):
        by_name.setdefault(person.name, []).append(person)
    return Roster(
        Person(
            name,
            tuple(dict.fromkeys(row.role for row in rows)),
            tuple(dict.fromkeys(_public_key(row, scenario.seed) for row in rows)),
            min(row.revoked_s for row in rows),
        )
        for name, rows in by_name.items()
    )


def cards_of(scenario: Scenario, roster: Roster | None = None) -> list[dict[str, Any]]:
    """Say who the people of a mission are, for a place that can be erased.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    roster : Roster, optional
        Whose signatures count in place of those of the scenario's people.

    Returns
    -------
    list of dict
        As :meth:`~perigrid.control.policy.approval.roster.Roster.cards`, with the names that the
        scenario gives; empty if it lists nobody.
    """
    if roster is not None:
        return roster.cards()
    names = {other: name for name, other in pseudonyms(scenario).items()}
    cards = roster_of(scenario).cards() if names else []
    return [{**card, "name": names[card["name"]]} for card in cards]


def _public_key(person: PersonModel, seed: int) -> VerifyKey:
    if person.key:
        return VerifyKey.parse(person.key)
    return simulated_key(person, seed).verify_key


@dataclass(frozen=True, slots=True)
class Reply:
    """How a request ends: when, how, and with which signed answers."""

    t_s: float
    granted: bool
    approvals: tuple[SignedApproval, ...]


class SimulatedPeople:
    """The people of a mission, answering requests as their models say.

    Parameters
    ----------
    scenario : Scenario
        People, start of the mission and seed.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._start: Epoch = scenario.start
        self._seed = scenario.seed
        self._people = tuple(one for one in people_of(scenario) if not one.key)
        self._oversight: Oversight = pseudonymous(scenario).oversight
        salts = simulated_salts(scenario.seed, "orders")
        self._reasons = tuple(Told(one.reason, salts()) for one in scenario.oversight.orders)
        self._rng = np.random.default_rng([scenario.seed, APPROVAL_STREAM])
        self._asked = 0

    def opening(self) -> list[EnvelopeAnswered | Ordered]:
        """Events that are certain from the start: answers about envelopes, and planned orders.

        Returns
        -------
        list of EnvelopeAnswered or Ordered
            Each with its time.
        """
        events: list[EnvelopeAnswered | Ordered] = []
        for envelope in self._oversight.envelopes:
            reply = self.reply(envelope_request(envelope))
            events.append(EnvelopeAnswered(reply.t_s, envelope.id, reply.approvals))
        events += [
            Ordered(order.at_s, self._signed_order(order, number))
            for number, order in enumerate(self._oversight.orders)
        ]
        return events

    def reason(self, order: SignedOrder) -> Told | None:
        """Say why an order was given.

        Parameters
        ----------
        order : SignedOrder
            From :meth:`opening`.

        Returns
        -------
        Told or None
            None for an order of somebody else's.
        """
        return next((one for one in self._reasons if one.withheld == order.reason), None)

    def answer(self, asked: AskApproval) -> ApprovalAnswered:
        """Answer a request about one action.

        Parameters
        ----------
        asked : AskApproval
            The request.

        Returns
        -------
        ApprovalAnswered
            At the time at which it is settled: enough people granted it, too many refused it, or
            the request closed.
        """
        reply = self.reply(request_of(asked))
        jobs = jobs_of(asked) if asked.acts else ()
        return ApprovalAnswered(reply.t_s, asked.job_id, reply.granted, reply.approvals, jobs)

    def reply(self, request: Request) -> Reply:
        """Answer a request.

        Parameters
        ----------
        request : Request
            About an action, an envelope or many decisions at once.

        Returns
        -------
        Reply
            What people will say, signed, and when it is settled.
        """
        self._asked += 1
        answers = sorted(
            ((self._one_answer(one, request), one) for one in self._wanted(request)),
            key=lambda pair: pair[0].signed_at_s,
        )
        reply = settle(request, [answer for answer, _ in answers])
        # Signed is what is sent: the first of them, up to the one that settles it.
        signed = tuple(
            sign(answer, simulated_key(person, self._seed))
            for answer, person in answers[: len(reply.approvals)]
        )
        return replace(reply, approvals=signed)

    def _wanted(self, request: Request) -> list[PersonModel]:
        """Whom to ask: each person once, in the first role of theirs that is wanted."""
        chosen: dict[str, PersonModel] = {}
        for person in self._people:
            if not request.roles or person.role in request.roles:
                chosen.setdefault(person.name, person)
        return list(chosen.values())

    def _one_answer(self, person: PersonModel, request: Request) -> SignedApproval:
        normal, chance = float(self._rng.standard_normal()), float(self._rng.random())
        delay_s = person.delay_s * math.exp(math.log(person.delay_spread) * normal)
        t_s = on_duty_s(person, self._start, request.asked_s) + delay_s
        return SignedApproval(
            subject=request.subject,
            answer=GRANT if chance < person.grants_share else REFUSE,
            signer="",
            role=person.role,
            signed_at_s=t_s,
            expires_s=request.closes_s,
            nonce=f"{self._asked}",
            evidence=request.evidence,
        )

    def _signed_order(self, order: PlannedOrder, number: int) -> SignedOrder:
        person = next(one for one in self._people if one.name == order.person)
        draft = SignedOrder(
            kind=order.kind,
            nodes=order.nodes,
            subject="",
            reason=self._reasons[number].withheld,
            signer="",
            role=person.role,
            issued_s=order.at_s,
            expires_s=order.at_s + order.for_s,
            nonce=f"order {number}",
        )
        return sign(draft, simulated_key(person, self._seed))


def settle(request: Request, answers: Sequence[SignedApproval]) -> Reply:
    """Say when a request is settled.

    Parameters
    ----------
    request : Request
        What is wanted.
    answers : sequence of SignedApproval
        In order of time.

    Returns
    -------
    Reply
        With the answers that came by then; not granted at the close of the request if nothing
        settles it before.
    """
    heard: list[SignedApproval] = []
    for number, answer in enumerate(answers, start=1):
        if answer.signed_at_s >= request.closes_s:
            break
        heard.append(answer)
        roles = [one.role for one in heard if one.answer == GRANT]
        if is_quorum(roles, request.people, request.roles):
            return Reply(answer.signed_at_s, granted=True, approvals=tuple(heard))
        to_come = [one.role for one in answers[number:]]
        if not is_quorum(roles + to_come, request.people, request.roles):
            return Reply(answer.signed_at_s, granted=False, approvals=tuple(heard))
    return Reply(request.closes_s, granted=False, approvals=tuple(heard))


def on_duty_s(person: PersonModel, start: Epoch, t_s: float) -> float:
    """Say when a person is next on duty.

    Parameters
    ----------
    person : PersonModel
        With hours of duty in local time.
    start : Epoch
        Start of the mission.
    t_s : float
        Mission time [s].

    Returns
    -------
    float
        ``t_s`` itself while on duty [s].
    """
    begin_s, end_s = person.from_hour * HOUR_S, person.until_hour * HOUR_S
    length_s = (end_s - begin_s) % DAY_S
    if length_s == 0.0:
        return t_s
    local_s = start.day_s + person.utc_offset_s + t_s
    since_s = (local_s - begin_s) % DAY_S
    return t_s if since_s < length_s else t_s + DAY_S - since_s
