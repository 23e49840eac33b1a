"""Requests to people about acts of many jobs at once, and what follows from their answers.

Of compute jobs a rule says the same of thousands. The core lets them wait for one instant
(:mod:`perigrid.control.core.reserved`); here all that one verdict reserves become one request,
which names every act and which one signature answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.codec import digest
from perigrid.base.messages import ApprovalAnswered, AskApproval, Compute, Event, Move
from perigrid.control.core.codes import Why
from perigrid.control.core.messages import NOTHING, ActionKind
from perigrid.control.core.outside import Heard, Outside
from perigrid.control.core.state import Longs
from perigrid.control.core.words import Words
from perigrid.control.policy.approval.authority import MAX_REQUESTS, Authority
from perigrid.control.policy.approval.intake import why_over
from perigrid.control.policy.authorize import Authorized, Refused

Decision = Authorized | Refused
Ask = Callable[[float, AskApproval], ApprovalAnswered]
"""Puts a request to people at a time [s]; tells what they will say, and when."""
_ALIKE: Final = ("asked_rule", "asked_act", "asked_part")
"""What acts have in common that people are asked about together."""
_UNHEARD: Final = -1


@dataclass(slots=True)
class Asked:
    """A request under way.

    Parameters
    ----------
    request : AskApproval
        What people are asked.
    answer : ApprovalAnswered
        What they will say.
    verdict : int
        Place of the verdict that reserved it.
    jobs, done : (n,) int array
        Whose acts, and the stages of theirs that were done, as bits.
    heard : int
        What the answer leads to; -1 before it came.
    """

    request: AskApproval
    answer: ApprovalAnswered
    verdict: int
    jobs: Longs
    done: Longs
    heard: int = _UNHEARD


class Together:
    """Asks people about acts that are alike, and takes in what they said.

    Parameters
    ----------
    words : Words
        Of the core.
    authority : Authority
        Keeps the books of what was asked and signed.
    ask, heard, wanted : callable
        As for :class:`perigrid.control.core.authority.People`.
    note : callable
        Writes a note that an answer does not count: the decision, job, place of the verdict.

    Attributes
    ----------
    pending : dict of int to Asked
        The request that each job waits for.
    """

    def __init__(
        self,
        words: Words,
        authority: Authority,
        ask: Ask,
        heard: Callable[[Event], None],
        wanted: Callable[[Decision], None],
        note: Callable[[Decision, int, int], None],
    ) -> None:
        self._words, self._authority = words, authority
        self._ask, self._heard, self._wanted, self._note = ask, heard, wanted, note
        self.pending: dict[int, Asked] = {}

    def ask(self, seen: Outside, first: int, t_s: float) -> None:
        """Ask about all acts that became requests since a decision.

        Parameters
        ----------
        seen : Outside
            Shows the core and its decisions, which get the times of the answers.
        first : int
            Row of that decision.
        t_s : float
            Now [s].
        """
        rows = seen.decisions[first : int(seen.filled[0])]
        asking = (rows["kind"] == ActionKind.ASK) & np.isinf(rows["until_s"])
        places = first + np.flatnonzero(asking)
        told = seen.core.jobs[seen.decisions["job"][places]]
        classes = list(zip(*(told[name].tolist() for name in _ALIKE), strict=True))
        for alike in dict.fromkeys(classes):
            mine = [place for place, one in zip(places, classes, strict=True) if one == alike]
            self._ask_about(seen, np.array(mine), t_s)

    def _ask_about(self, seen: Outside, places: Longs, t_s: float) -> None:
        rows = seen.decisions[places]
        jobs, node = rows["job"].astype(np.int64), int(rows["verdict_node"][0])
        if (rows["verdict_node"] != node).any():
            node = NOTHING
        place, done = int(rows["verdict"][0]), seen.core.jobs["done"][jobs]
        verdict = self._words.verdict(place, node)
        numbers = (jobs.tolist(), rows["source"].tolist(), rows["target"].tolist())
        asked = AskApproval(
            int(jobs[0]), verdict.rule, self._act(seen, int(places[0])),
            evidence=digest({"jobs": numbers[0], "done": done.tolist()}),
            acts=tuple(zip(*numbers, strict=True)),
        )  # fmt: skip
        decision = self._authority.ask_together(asked, verdict, t_s)
        request = decision.action
        assert isinstance(request, AskApproval)  # noqa: S101  that is what it was asked for
        self._wanted(decision)
        answer = self._ask(t_s, request)
        _write(seen, places, place, node, answer.t_s)
        whole = Asked(request, answer, place, jobs, done)
        self.pending.update(dict.fromkeys(numbers[0], whole))

    def _act(self, seen: Outside, place: int) -> Move | Compute:
        """Write the act that a decision was before it became a request."""
        row = seen.decisions[place].copy()
        row["kind"] = seen.core.jobs["asked_act"][row["job"]]
        action = self._words.action(row, seen.legs, seen.others)
        assert isinstance(action, Move | Compute)  # noqa: S101  nothing else is reserved
        return action

    def answered(self, seen: Outside, job_id: int, t_s: float) -> int:
        """Take in what people said of a job's act.

        Parameters
        ----------
        seen : Outside
            Shows the core, whose jobs get what was granted.
        job_id : int
            Whose answer it is.
        t_s : float
            Now [s].

        Returns
        -------
        int
            A :class:`perigrid.control.core.outside.Heard`.
        """
        asked = self.pending[job_id]
        if asked.heard == _UNHEARD:
            asked.heard = self._hear(seen, asked, t_s)
        del self.pending[job_id]
        if seen.core.jobs["requests"][job_id] > MAX_REQUESTS and asked.heard < Heard.OVER:
            return int(Heard.OVER) + self._words.texts.say(why_over((), lacks=False))
        return asked.heard

    def _hear(self, seen: Outside, asked: Asked, t_s: float) -> int:
        """Take in an answer, once for all jobs that it is about."""
        request, intake = asked.request, self._authority.intake
        self._heard(asked.answer)
        refused = intake.answered(replace(request, acts=()), asked.answer, t_s)
        for one in refused:
            self._note(one, request.job_id, asked.verdict)
        if intake.lacks(request, request.evidence, t_s):
            return int(Heard.OVER) + self._words.texts.say(why_over(refused, lacks=True))
        allowed = self._authority.granted_together(request, t_s)
        if allowed is not None:
            self._grant(seen, asked, allowed)
        return int(Heard.ANEW)

    def _grant(self, seen: Outside, asked: Asked, allowed: Authorized) -> None:
        """Note what was granted with the jobs that wait for it, and are as they were."""
        table, jobs = seen.core.jobs, asked.jobs
        waits = np.array([self.pending.get(one) is asked for one in jobs.tolist()])
        same = jobs[waits & (table["done"][jobs] == asked.done)]
        table["granted"][same] = self._words.texts.place_of(allowed.verdict)
        table["granted_s"][same] = allowed.expires_s


def _write(
    seen: Outside, places: Sequence[int] | Longs, verdict: int, node: int, t_s: float
) -> None:
    """Write requests where acts stood; answers come at a time."""
    table = seen.decisions
    for name in ("first_leg", "legs", "first_other", "others"):
        table[name][places] = 0
    table["why"][places], table["until_s"][places] = Why.RESERVED, t_s
    table["verdict_node"][places] = node
    table["numbers"][places] = np.nan
    table["numbers"][places, 0] = verdict
    if len(places) > 1:
        table["numbers"][places, 1] = len(places)
