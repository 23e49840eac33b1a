"""Codes and numbers of decisions back in words, and decisions as messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np

from perigrid.base.jobs import CLOUD, NOTHING_FOUND, Cause
from perigrid.base.messages import (
    Acknowledge,
    Action,
    Alternative,
    Close,
    Compute,
    Leg,
    Move,
    Verdict,
    Wait,
)
from perigrid.control.alternatives import several
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    NOTHING_FOUND_CODE,
    PRODUCTS,
    ActionKind,
    Table,
)
from perigrid.control.core.news import News
from perigrid.control.core.rule_table import Cases, RuleTable
from perigrid.control.core.texts import (
    CHOSEN,
    FIXED,
    HOME,
    TAKEN_UP,
    Texts,
    away_words,
    known_words,
    mesh_words,
    reserved,
    spell,
    tried_words,
)
from perigrid.control.core.views import AGE
from perigrid.control.job_words import SHUT, found_words, ruled_out
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.policy.verdicts import ALLOW
from perigrid.fleet.model import ContactKind, Fleet
from perigrid.scenario.pipeline import Pipeline

_SCREENED: Final = {CLOUD_CODE: CLOUD, NOTHING_FOUND_CODE: NOTHING_FOUND}
_TERRESTRIAL: Final = ContactKind.TERRESTRIAL.name.lower()
_LINKS: Final = {int(kind): kind.name.lower() for kind in ContactKind}


@dataclass(frozen=True, slots=True)
class Words:
    """What the codes of one core say.

    Parameters
    ----------
    pipeline : Pipeline
        The stages.
    names : tuple of str
        Of the nodes.
    mesh : str
        Whose relay satellites there are.
    alone, gain : str
        Why a scheduler looks at no other place, and what speaks for one.
    texts : News
        Verdicts and what was said while it flew, by place.
    cases : Cases
        Of what its gate was asked, which names the nodes.
    said : Texts
        Of its kind of work.
    """

    pipeline: Pipeline
    names: tuple[str, ...]
    mesh: str
    alone: str
    gain: str
    texts: News
    cases: Cases
    said: Texts

    @classmethod
    def of(
        cls,
        pipeline: Pipeline,
        scheduler: object,
        fleet: Fleet,
        rules: RuleTable,
        said: Texts,
    ) -> Words:
        """Gather the words of a mission.

        Parameters
        ----------
        pipeline : Pipeline
            The stages.
        scheduler : object
            A built-in one has words; what another one says comes with its answers.
        fleet : Fleet
            Its nodes.
        rules : RuleTable
            Its verdicts by place; its gate names the nodes.
        said : Texts
            Of its kind of work.

        Returns
        -------
        Words
            Of its core.
        """
        alone, gain = (str(getattr(scheduler, name, "")) for name in ("alone", "gain"))
        mesh, news = mesh_words(fleet), News(rules.verdicts)
        return cls(pipeline, fleet.names, mesh, alone, gain, news, rules.cases, said)

    @property
    def verdicts(self) -> list[Verdict]:
        """Verdicts by place; it grows where people or grants decide."""
        return self.texts.verdicts

    @property
    def spoken(self) -> list[str]:
        """Texts made while it flew, by place."""
        return self.texts.spoken

    def news(self) -> dict[str, list[Any]] | None:
        """List what came since this was asked last; see :meth:`News.news`."""
        return self.texts.news()

    # ------------------------------------------------------------------ messages

    def decision(self, row: Table, legs: Table, others: Table) -> Authorized | Refused:
        """Write a decision as a message.

        Parameters
        ----------
        row : structured scalar
            Of :data:`~perigrid.control.core.messages.DECISION`.
        legs, others : structured array
            That it names rows of.

        Returns
        -------
        Authorized or Refused
            Its message.
        """
        verdict = self.verdict(int(row["verdict"]), int(row["verdict_node"]))
        action = self.action(row, legs, others)
        if row["refused"]:
            return Refused(action, verdict)
        return Authorized(action, verdict, float(row["expires_s"]))

    def verdict(self, place: int, node: int) -> Verdict:
        """Give a verdict, with the node at which a rule bit.

        Parameters
        ----------
        place, node : int
            In the list of verdicts; fleet row.

        Returns
        -------
        Verdict
            As the gate words it.
        """
        said = self.verdicts[place]
        if said.decision == ALLOW or node < 0:
            return said
        return Verdict(
            said.decision, said.rule, f"{said.reason}: {self.cases.gate.places.told(node)}"
        )

    def action(self, row: Table, legs: Table, others: Table) -> Action:
        """Write an action as a message.

        Parameters
        ----------
        row, legs, others
            As for :meth:`decision`.

        Returns
        -------
        Action
            With its words.

        Raises
        ------
        ValueError
            Of a request to people: it stands whole in the record, and is more than a row.
        """
        job, why, lost = int(row["job"]), self.reason(row, legs), self.alternatives(row, others)
        match ActionKind(int(row["kind"])):
            case ActionKind.MOVE:
                product = PRODUCTS[int(row["product"])]
                way = tuple(_leg(leg) for leg in _rows(legs, row["first_leg"], row["legs"]))
                return Move(job, product, int(row["source"]), int(row["target"]), way, why, lost)
            case ActionKind.COMPUTE:
                stage = self.pipeline.names[int(row["stage"])]
                return Compute(job, int(row["source"]), stage, why, lost)
            case ActionKind.WAIT:
                cause = CAUSES[int(row["cause"])]
                return Wait(job, float(row["until_s"]), cause, why, lost)
            case ActionKind.CLOSE:
                delivered = bool(row["delivered"])
                reason = "" if delivered else cause_words(int(row["cause"]))
                return Close(job, delivered, reason, why, lost)
            case ActionKind.ACKNOWLEDGE:
                return Acknowledge(job, self.spoken[int(row["numbers"][1])], why)
            case ActionKind.ASK:
                raise ValueError(f"a row does not hold what people are asked about job {job}")

    # ------------------------------------------------------------------ words

    def reason(self, row: Table, legs: Table) -> str:
        """Say why an action was chosen; of a close, what else is told of it.

        Parameters
        ----------
        row, legs
            As for :meth:`decision`.

        Returns
        -------
        str
            From its code, its numbers and its legs.
        """
        return self._said(row, legs) + known_words(float(row["numbers"][AGE]))

    def _said(self, row: Table, legs: Table) -> str:
        if (why := Why(int(row["why"]))) in self.said.fixed:
            return self.said.fixed[why]
        own = {
            Why.FOUND: self._found, Why.REFUSED: self._refused, Why.RULED_OUT: self._ruled_out,
            Why.TRIED: tried_words, Why.AWAY: away_words, Why.SPOKEN: self._spoken,
            Why.RESERVED: self._reserved, Why.RULED: self._ruled,
        }  # fmt: skip
        if why is Why.WAY_LATE:
            return self._way_late(row, legs)
        if why in own:
            return own[why](row)
        code = int(row["cause"])
        cause = CAUSES[code] if code < len(CAUSES) else Cause.COMPUTE
        known = {
            Why.AT_ONCE: f"where it was taken, at once: {self.alone}",
            Why.TAKEN_UP: TAKEN_UP + self.gain,
            Why.CHOSEN: CHOSEN + self.gain,
            Why.EARLIEST_MESH: f"{FIXED[Why.EARLIEST]}; the light may pass any {self.mesh}",
            Why.NOT_LASTING: f"{cause} would not last",
            Why.SHUTTER: f"{SHUT.get(cause, 'the satellite was away')} at {self.said.begin}",
        }
        return known[why]

    def _refused(self, row: Table) -> str:
        return self.verdict(int(row["numbers"][0]), int(row["numbers"][1])).reason

    def _spoken(self, row: Table) -> str:
        return self.spoken[int(row["numbers"][0])]

    def _reserved(self, row: Table) -> str:
        verdict, acts = np.nan_to_num(row["numbers"][:2]).astype(int).tolist()
        waits = row["kind"] == ActionKind.WAIT
        return reserved(self.verdicts[verdict].rule, acts, waits=bool(waits))

    def _ruled(self, row: Table) -> str:
        node, wait_s, verdict = (float(one) for one in row["numbers"][:3])
        rule = "a rule" if np.isnan(verdict) else f"rule {self.verdicts[int(verdict)].rule}"
        closed = "every satellite to it" if np.isnan(node) else self.names[int(node)]
        return f"{rule} closes {closed} for {spell(wait_s)} from now"

    def _ruled_out(self, row: Table) -> str:
        name = self.pipeline.names[int(row["stage"])]
        return ruled_out(self.pipeline, {name: float(row["numbers"][0])})[1]

    def _found(self, row: Table) -> str:
        """Say why a stage comes next."""
        last, outcome = row["numbers"][:2]
        if np.isnan(last) or last < 0:
            return self.said.fixed[Why.HERE]
        stage = self.pipeline.stages[int(row["stage"])]
        results: dict[str, float | None] = {self.pipeline.names[int(last)]: None}
        if stage.when is not None:
            results[stage.when.stage] = float(outcome)
        return found_words(self.pipeline, results, stage)

    def _way_late(self, row: Table, legs: Table) -> str:
        """Say which way came too late."""
        waits_s, arrives_s, deadline_s = (float(one) for one in row["numbers"][:3])
        way = _rows(legs, row["first_leg"], row["legs"])
        stops = ", ".join(dict.fromkeys(self.names[int(leg["target"])] for leg in way))
        detail = (
            f"the earliest way down, over {stops}, waits {spell(waits_s)} for a window and "
            f"arrives {spell(arrives_s)} after {self.said.begin}; the deadline is "
            f"{spell(deadline_s)} after it"
        )
        ruled = CAUSES[int(row["cause"])] is Cause.RULE
        return f"{detail}; every way in time is closed by a rule" if ruled else detail

    def alternatives(self, row: Table, others: Table) -> tuple[Alternative, ...]:
        """Say what lost beside an action.

        Parameters
        ----------
        row : structured scalar
            The decision.
        others : structured array
            That it names rows of.

        Returns
        -------
        tuple of Alternative
            Those that are counted told together.
        """
        found: list[Alternative] = []
        rows = _rows(others, row["first_other"], row["others"])
        for counted, group in groupby(rows, key=lambda one: int(one["node"]) < 0):
            if counted:
                found.append(Alternative(-1, None, self.counted(list(group))))
                continue
            for one in group:
                t_s = float(one["t_answer_s"])
                answer_s = None if np.isnan(t_s) else t_s
                found.append(Alternative(int(one["node"]), answer_s, self.lost(one)))
        return tuple(found)

    def counted(self, rows: Sequence[Any]) -> str:
        """Say of how many others not told by name what is said of them.

        Parameters
        ----------
        rows : sequence of structured scalar
            Of one decision.

        Returns
        -------
        str
            In the order of the words.
        """
        counts: Counter[str] = Counter()
        for one in rows:
            counts[self.lost(one)] += int(one["count"])
        return "; ".join(several(counts[reason], reason) for reason in sorted(counts))

    def lost(self, other: Table) -> str:
        """Say why an alternative lost.

        Parameters
        ----------
        other : structured scalar
            Of :data:`~perigrid.control.core.messages.OTHER`.

        Returns
        -------
        str
            From its code and its number.
        """
        why, number = Lost(int(other["why"])), float(other["number"])
        if why is Lost.CLOSED:
            return f"closed by rule {self.verdicts[int(number)].rule}"
        if why is Lost.SPOKEN:
            return self.spoken[int(number)]
        if why in HOME:
            return HOME[why] + ("" if np.isnan(number) else f" until {number:.0f} s from then")
        return self.said.lost[why]


def cause_words(code: int) -> str:
    """Say what a job missed by.

    Parameters
    ----------
    code : int
        Place of a cause, or a code of what a stage found.

    Returns
    -------
    str
        As a close gives it.
    """
    return _SCREENED[code] if code in _SCREENED else str(CAUSES[code])


def _rows(table: Table, first: int, count: int) -> Table:
    return table[int(first) : int(first) + int(count)]


def _leg(row: Table) -> Leg:
    contact, kind, *rest = row.item()  # columns are in the order of a leg's own
    return Leg(contact, _TERRESTRIAL if kind < 0 else _LINKS[kind], *rest)
