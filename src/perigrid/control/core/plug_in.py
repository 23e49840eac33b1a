"""Schedulers of others: the core's batch as the protocol has it, and their answers as drafts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import Any, Final

import numpy as np

from perigrid.base.errors import WorkError
from perigrid.base.jobs import Job
from perigrid.base.messages import (
    Acknowledge,
    Action,
    Alternative,
    AskApproval,
    Close,
    Compute,
    Leg,
    Move,
    Wait,
)
from perigrid.control.alternatives import SEVERAL, several
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.drafts import blank
from perigrid.control.core.graph import results_of
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    NOTHING,
    NOTHING_FOUND_CODE,
    PRODUCTS,
    ActionKind,
    Table,
)
from perigrid.control.core.outside import Answers, Outside, Question
from perigrid.control.core.state import UNTAKEN
from perigrid.control.core.view import CoreBelief
from perigrid.control.core.words import Words, cause_words
from perigrid.control.hosting import Hosting, Standing
from perigrid.control.scheduling.protocol import Scheduler, demand_answers, wrong_answer
from perigrid.fleet.model import ContactKind, Outlook

MOST_OTHERS: Final = 16
"""Alternatives that may be told of beside an answer."""
_WAITS = int(ActionKind.WAIT)
_REASONS: Final = {
    cause_words(code): code for code in (*range(len(CAUSES)), CLOUD_CODE, NOTHING_FOUND_CODE)
}
_COUNTED: Final = re.compile(r"(\d+) more: (.*)", re.DOTALL)


class PlugIn:
    """Asks a scheduler of somebody else what the core asks.

    Parameters
    ----------
    scheduler : Scheduler
        Fresh.
    belief : CoreBelief
        Of the core.
    hosting : Hosting
        Over that belief: puts jobs before the scheduler, and checks its answers.
    outlook : Outlook
        What decisions cannot change.
    jobs : sequence of Job
        Of the run, numbered from 0.
    words : Words
        Of the core; what the scheduler says goes there.
    """

    outside: Outside
    """Shows the core."""

    def __init__(
        self,
        scheduler: Scheduler,
        belief: CoreBelief,
        hosting: Hosting,
        outlook: Outlook,
        jobs: Sequence[Job],
        words: Words,
    ) -> None:
        self.scheduler, self._belief, self._hosting = scheduler, belief, hosting
        self._outlook, self._jobs, self._words = outlook, jobs, words

    @property
    def answers(self) -> Answers:
        """By question."""
        return {Question.CHOOSE: self._choose}

    @property
    def fixed_parts(self) -> dict[str, object]:
        """By name, what a scheduler may hold on to and a checkpoint need not hold."""
        belief = self._belief
        held = belief, belief.plan, belief.storage, belief.open_nodes, belief.works, belief.laser_w
        every = enumerate((*held, *belief.plan.fixed_parts))
        return {f"belief.{number}": one for number, one in every}

    def state(self) -> dict[str, Any]:
        """Give what changes in Python, for a checkpoint: one graph of objects."""
        texts = self._words.texts.state()
        return {"scheduler": self.scheduler, "told": self._belief.told(), "texts": texts}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what was given.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        self.scheduler = state["scheduler"]
        self._belief.restore(state["told"])
        self._words.texts.restore(state["texts"])

    def _choose(self, n_ready: int) -> int:
        """Have the batch answered; drafts are written."""
        core, con = self.outside.core, self.outside.core.con[0]
        self._belief.look(core)
        asked = [self._standing(job) for job in core.ready[:n_ready].tolist()]
        ready = [self._hosting.ready(one) for one in asked]
        freed = core.freed[: con["freed"]].tolist()
        actions = list(self.scheduler.choose(ready, freed, self._belief, self._outlook))
        demand_answers(self.scheduler, ready, actions, self)
        ends = {one.job.job_id for one in asked}  # else waits
        if len(actions) > len(core.drafts):
            raise WorkError(wrong_answer(self.scheduler, f"gives {len(actions)} answers at once"))
        for row, action in enumerate(actions):
            blank(core.drafts.view(np.recarray), row, action.job_id, _WAITS)
            # A job that waited for nothing any more is passed over by the core.
            if action.job_id in ends or core.jobs["doing"][action.job_id] == _WAITS:
                one = self._standing(action.job_id)
                self._hosting.demand_possible(one, action, self.scheduler)
                self._write(core.drafts[row], action)
        con["drafts"] = len(actions)
        return 0

    def __contains__(self, job_id: object) -> bool:
        """Whether a job was ever taken."""
        known = self.outside.core.jobs
        if not isinstance(job_id, Integral) or not 0 <= int(job_id) < len(known):
            return False
        return bool(known["doing"][int(job_id)] != UNTAKEN or known["holder"][int(job_id)] >= 0)

    def _standing(self, job_id: int) -> Standing:
        """Tell where a job stands."""
        core = self.outside.core
        results = results_of(core, job_id, self._words.pipeline.names)
        return Standing(self._jobs[job_id], int(core.jobs["holder"][job_id]), results)

    # ------------------------------------------------------------------ drafts

    def _write(self, row: Table, action: Action) -> None:
        """Write an answer as a draft."""
        if isinstance(action, AskApproval | Acknowledge):  # answers are none of these
            return
        match action:
            case Move():
                row["kind"], row["product"] = ActionKind.MOVE, PRODUCTS.index(action.product)
                row["source"], row["target"], said = action.source, action.target, action.reason
                self._write_legs(row, action.legs)
            case Compute():
                row["kind"], row["source"], said = ActionKind.COMPUTE, action.node, action.reason
                row["stage"] = self._words.pipeline.names.index(action.stage)
            case Wait():
                row["until_s"], row["cause"] = action.until_s, CAUSES.index(action.cause)
                said = action.reason
            case Close():
                row["kind"], row["delivered"] = ActionKind.CLOSE, action.delivered
                row["cause"] = 0 if action.delivered else _REASONS[action.reason]
                said = action.detail
        row["why"], row["numbers"][0] = Why.SPOKEN, self._words.texts.say(said)
        self._write_others(row, action)

    def _write_legs(self, row: Table, legs: Sequence[Leg]) -> None:
        table, filled = self.outside.legs, self.outside.filled
        row["first_leg"], row["legs"] = filled[1], len(legs)
        if filled[1] + len(legs) > len(table):
            self.outside.core.con["overflow"] = 1
            row["legs"] = 0
            return
        for leg in legs:
            table[filled[1]] = (
                leg.contact, _link(leg.kind), leg.source, leg.target, leg.t_ready_s,
                leg.t_window_s, leg.t_start_s, leg.t_end_s, leg.t_arrival_s, leg.nbytes,
            )  # fmt: skip
            filled[1] += 1

    def _write_others(self, row: Table, action: Move | Compute | Wait | Close) -> None:
        table, filled = self.outside.others, self.outside.filled
        rows = [one for other in action.alternatives for one in self._other(other)]
        if len(rows) > MOST_OTHERS:
            what = f"tells of {len(rows)} alternatives of job {action.job_id}, over {MOST_OTHERS}"
            raise WorkError(wrong_answer(self.scheduler, what))
        row["first_other"], row["others"] = filled[2], len(rows)
        if filled[2] + len(rows) > len(table):
            self.outside.core.con["overflow"], row["others"] = 1, 0
            return
        for one in rows:
            table[filled[2]] = one
            filled[2] += 1

    def _other(self, other: Alternative) -> Iterator[tuple[int, int, int, float, float]]:
        """Give the rows of an alternative: of several, one for each reason."""
        if not SEVERAL <= other.node < len(self._words.names):
            raise WorkError(wrong_answer(self.scheduler, f"tells of node {other.node}: none is so"))
        t_s = math.nan if other.t_answer_s is None else other.t_answer_s
        counted = [(1, other.why)] if other.node != SEVERAL else _counted(other.why)
        for count, why in counted:
            yield other.node, int(Lost.SPOKEN), count, t_s, float(self._words.texts.say(why))


def _counted(why: str) -> list[tuple[int, str]]:
    """Take apart what is said of several; a text that says something else is kept whole."""
    found = [_COUNTED.fullmatch(one) for one in why.split("; ")]
    counts = {one[2]: int(one[1]) for one in found if one}
    whole = "; ".join(several(counts[reason], reason) for reason in sorted(counts))
    return [(counts[reason], reason) for reason in counts] if whole == why else [(0, why)]


def _link(kind: str) -> int:
    """Code of a kind of leg."""
    return NOTHING if kind == ContactKind.TERRESTRIAL.name.lower() else ContactKind[kind.upper()]
