"""Whom a live run asks: the models of people, or people themselves through an inbox."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from perigrid.base.approvals import SignedOrder
from perigrid.base.messages import ApprovalAnswered, AskApproval, EnvelopeAnswered, Event, Ordered
from perigrid.base.signed_text import is_signed_by
from perigrid.base.withheld import Told
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.policy.approval.book import ApprovalBook
from perigrid.control.policy.approval.intake import request_of
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.roster import Roster
from perigrid.live.approval_inbox import ApprovalInbox, request_id
from perigrid.live.inbox_files import FileId
from perigrid.scenario.model import Scenario

Keep = Callable[[Mapping[str, Told | None]], None]
"""Keeps what people say, by commitment."""


class People(Protocol):
    """Whoever answers."""

    @property
    def look_again_s(self) -> float:
        """Mission time at which to listen again; infinity if nothing comes unasked [s]."""

    def begin(self, context: Mapping[str, str], names: Sequence[str], roster: Roster) -> None:
        """Learn what is signed besides the action, of which nodes, and whose signatures count."""

    def opening(self) -> list[EnvelopeAnswered | Ordered]:
        """Events that are certain from the start."""

    def ask(self, asked: AskApproval) -> ApprovalAnswered | None:
        """Put a request to them; the answer, if it is known already."""

    def heard(self, t_s: float) -> list[Event]:
        """Take in what they have said since."""

    def hand_over(self, order: SignedOrder, keep: Keep) -> None:
        """Give why an order was given to whoever keeps it, before the order is recorded."""


class ModelledPeople:
    """People as the scenario models them.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    """

    look_again_s = math.inf

    def __init__(self, scenario: Scenario) -> None:
        self._people = SimulatedPeople(scenario)

    def begin(self, context: Mapping[str, str], names: Sequence[str], roster: Roster) -> None:
        """Learn nothing: models sign what they are asked.

        Parameters
        ----------
        context : mapping of str to str
            What is signed besides the action.
        names : sequence of str
            Of the nodes, by fleet row.
        roster : Roster
            Whose signatures count.
        """

    def opening(self) -> list[EnvelopeAnswered | Ordered]:
        """Events that are certain from the start.

        Returns
        -------
        list of EnvelopeAnswered or Ordered
            Each with its time.
        """
        return self._people.opening()

    def ask(self, asked: AskApproval) -> ApprovalAnswered | None:
        """Answer a request.

        Parameters
        ----------
        asked : AskApproval
            The request.

        Returns
        -------
        ApprovalAnswered
            With the time at which it will be heard.
        """
        return self._people.answer(asked)

    def heard(self, t_s: float) -> list[Event]:  # noqa: ARG002  models say everything at once
        """Take in nothing.

        Parameters
        ----------
        t_s : float
            Mission time [s].

        Returns
        -------
        list of Event
            Empty.
        """
        return []

    def hand_over(self, order: SignedOrder, keep: Keep) -> None:
        """Give why an order was given.

        Parameters
        ----------
        order : SignedOrder
            About to be recorded.
        keep : callable
            Keeps it.
        """
        keep({order.reason.commitment: self._people.reason(order)})


class PeopleAtInbox:
    """Real people, asked through a folder.

    Parameters
    ----------
    folder : Path
        The inbox; created.
    every_s : float
        Mission time between two looks into the folder [s].
    """

    def __init__(self, folder: Path, every_s: float) -> None:
        self._every_s = every_s
        self.look_again_s = 0.0
        self._context: dict[str, str] = {}
        self._inbox = ApprovalInbox(folder, create=True)
        self._roster = Roster()
        self._open: dict[str, AskApproval] = {}
        self._seen: set[FileId] = set()
        self._reasons: dict[SignedOrder, dict[str, Told | None]] = {}
        self._handed_over: set[SignedOrder] = set()

    def begin(self, context: Mapping[str, str], names: Sequence[str], roster: Roster) -> None:
        """Learn what people bind their signatures to, and tell them which nodes there are.

        Parameters
        ----------
        context : mapping of str to str
            From :func:`perigrid.control.oversight.approval_context`.
        names : sequence of str
            Of the nodes, by fleet row.
        roster : Roster
            Whose signatures count; nothing else in the folder is believed.
        """
        self._roster = roster
        self._context = dict(context)
        self._inbox.notices.tell_nodes(names)

    def opening(self) -> list[EnvelopeAnswered | Ordered]:
        """List what is certain from the start.

        Returns
        -------
        list of EnvelopeAnswered or Ordered
            Nothing.
        """
        return []

    def ask(self, asked: AskApproval) -> ApprovalAnswered | None:
        """Put a request into the folder.

        Parameters
        ----------
        asked : AskApproval
            The request.

        Returns
        -------
        None
            The answer comes later.
        """
        self._open[request_id(asked)] = asked
        with suppress(OSError):  # nobody can answer it then, and its time will be over
            self._inbox.ask(asked)
        return None

    def heard(self, t_s: float) -> list[Event]:
        """Look into the folder.

        Parameters
        ----------
        t_s : float
            Mission time [s].

        Returns
        -------
        list of Event
            Requests that are settled now, and new orders, signed by people of the roster. Whether
            what they signed counts is for the controller to say.
        """
        if t_s < self.look_again_s:
            return []
        self.look_again_s = t_s + self._every_s
        with suppress(OSError):  # somebody put a folder there: the run goes on
            self._inbox.notices.tell_time(t_s, self._context)
        events: list[Event] = list(self._new_orders(t_s))
        for name, asked in list(self._open.items()):
            settled = self._settled(name, asked, t_s)
            if settled is not None:
                del self._open[name]
                with suppress(OSError):
                    self._inbox.withdraw(name)
                events.append(settled)
        return events

    def _new_orders(self, t_s: float) -> Iterator[Ordered]:
        """Take in orders that somebody of the roster signed, each once."""
        for name, order, reason in self._inbox.orders(self._seen):
            found = self._roster.find(order.signer)
            if found is None or not is_signed_by(order, found[1]):
                continue
            if order in self._handed_over:
                if reason is not None:  # a copy of what has been taken already
                    with suppress(OSError):
                        self._inbox.forget_reason(name)
                continue
            if order not in self._reasons:
                yield Ordered(t_s, order)
            self._reasons.setdefault(order, {})[name] = reason

    def hand_over(self, order: SignedOrder, keep: Keep) -> None:
        """Give why an order was given; from then on the inbox does not hold it.

        Parameters
        ----------
        order : SignedOrder
            About to be recorded.
        keep : callable
            Keeps it.
        """
        self._handed_over.add(order)
        copies = self._reasons.pop(order, {})  # of a file that somebody copied, all at once
        told = [one for one in copies.values() if one is not None]
        keep({order.reason.commitment: told[0] if told else None})
        for name in copies:
            with suppress(OSError):
                self._inbox.forget_reason(name)

    def _settled(self, name: str, asked: AskApproval, t_s: float) -> ApprovalAnswered | None:
        """Close a request: enough granted it, somebody refused it, or its time is over."""
        # Only what counts closes it: anyone may be able to put a file there.
        signers = [key.signer_id for person in self._roster.people for key in person.keys]
        found = self._inbox.answers(name, signers)
        answers = tuple(one for one in found if one.signed_at_s <= t_s)
        book = ApprovalBook(self._roster)
        book.ask(request_of(asked))
        refusals = [book.add(one, t_s) for one in answers]
        if book.lacking(asked.subject_hash, asked.evidence, t_s) is None:
            return ApprovalAnswered(t_s, asked.job_id, granted=True, approvals=answers)
        if t_s >= asked.expires_s or Refusal.REFUSED in refusals:
            return ApprovalAnswered(t_s, asked.job_id, granted=False, approvals=answers)
        return None
