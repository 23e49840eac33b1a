"""Jobs as schedulers of others see them, and what is wrong with their answers."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from perigrid.base.architecture import Architecture, ComputePlace
from perigrid.base.errors import WorkError
from perigrid.base.jobs import CLOUD, NOTHING_FOUND, Cause, Job
from perigrid.base.messages import Action, Close, Compute, Leg, Move, Wait
from perigrid.control.contact_plan import NO_CONTACT, ContactPlan
from perigrid.control.job_words import found_words
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.protocol import Scheduler, wrong_answer
from perigrid.fleet.model import ContactKind
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.job_graph import Results, next_stage, stages_ahead

_CAUSES: Final = frozenset(Cause)
_REASONS: Final = frozenset({*Cause, CLOUD, NOTHING_FOUND})


class Standing(NamedTuple):
    """Where a job stands: who holds its pixels, and what the stages done found [1]."""

    job: Job
    holder: int
    results: Results


class Hosting:
    """The places of an architecture's stages.

    Parameters
    ----------
    architecture : Architecture
        Which kinds of place may run which stages.
    belief : Belief
        The controller's.
    pipeline : Pipeline
        The stages.
    """

    def __init__(self, architecture: Architecture, belief: Belief, pipeline: Pipeline) -> None:
        self._belief, self._pipeline = belief, pipeline
        self._places = {one.name: architecture.places(one.name) for one in pipeline.stages}

    def may_run(self, stage: str, job: Job, node: int) -> bool:
        """Say whether a stage of a job may run on a node.

        Parameters
        ----------
        stage : str
            Name of the stage.
        job : Job
            Whose.
        node : int
            Fleet row of a satellite or a data centre.

        Returns
        -------
        bool
            False too for a satellite without a computer.
        """
        fleet = self._belief.fleet
        if node >= fleet.n_satellites:
            return ComputePlace.DATA_CENTRE in self._places[stage]
        home = node == job.origin
        place = ComputePlace.ORIGIN if home else ComputePlace.SATELLITE
        return place in self._places[stage] and fleet.computer(node) is not None

    def ready(self, one: Standing) -> Ready:
        """Put a job before a scheduler.

        Parameters
        ----------
        one : Standing
            A job that has a stage left.

        Returns
        -------
        Ready
            With its next stage, where its pixels are.
        """
        ahead = stages_ahead(self._pipeline, one.results)
        why = found_words(self._pipeline, one.results, ahead[0]) if one.results else ""
        here = self.may_run(ahead[0].name, one.job, one.holder)
        leave = ComputePlace.SATELLITE in self._places[ahead[0].name]
        return Ready(one.job, one.holder, tuple(stage.name for stage in ahead), why, here, leave)

    def demand_possible(self, one: Standing, action: Action, scheduler: Scheduler) -> None:
        """Refuse a scheduler's answer that is nowhere near the pixels, or in the past.

        Parameters
        ----------
        one : Standing
            The job.
        action : Action
            The answer.
        scheduler : Scheduler
            Whose.

        Raises
        ------
        WorkError
            That says what it did.
        """
        if wrong := self._wrong(one, action):
            raise WorkError(wrong_answer(scheduler, wrong))

    def _wrong(self, one: Standing, action: Action) -> str:
        """Say what an answer does that cannot be; nothing if it can."""
        job = f"job {action.job_id}"
        match action:
            case Move():
                if action.source != one.holder:
                    return f"moves {job} from a node that does not hold its pixels"
                leads = _leads(action, self._belief.plan, self._belief.t_s)
                return "" if leads else f"moves {job} over what is no way to where it sends it"
            case Wait():
                if not action.until_s > self._belief.t_s:
                    return f"lets {job} wait for what is past"
                return "" if action.cause in _CAUSES else f"lets {job} wait for no known cause"
            case Close():
                known = action.delivered or action.reason in _REASONS
                return "" if known else f"gives {job} up for no known cause: {action.reason!r}"
            case Compute():
                due = next_stage(self._pipeline, one.results)
                here = due is not None and due.name == action.stage and action.node == one.holder
                if not (here and self.may_run(action.stage, one.job, action.node)):
                    return f"computes {action.stage} of {job} where it is not due"
        return ""


def _leads(move: Move, plan: ContactPlan, now_s: float) -> bool:
    """Whether legs are over contacts of a plan, or fibre, and lead to where they should."""
    node = move.source
    for leg in move.legs:
        if leg.source != node or not now_s <= leg.t_start_s <= leg.t_end_s <= leg.t_arrival_s:
            return False
        if not _joins(leg, plan):
            return False
        node, now_s = leg.target, leg.t_arrival_s
    return bool(move.legs) and node == move.target


def _joins(leg: Leg, plan: ContactPlan) -> bool:
    """Whether there is such a contact between the ends of a leg."""
    if leg.contact == NO_CONTACT:
        way = plan.ways_out.get(leg.source)
        ends = way is not None and way.centre == leg.target
        return ends and leg.kind == ContactKind.TERRESTRIAL.name.lower()
    rows, contacts = plan.fixed_parts[:2]
    place = int(np.searchsorted(rows, leg.contact))
    if place == len(rows) or rows[place] != leg.contact:
        return False
    ends = contacts.source[place] == leg.source and contacts.target[place] == leg.target
    return bool(ends) and leg.kind == ContactKind(int(contacts.kind[place])).name.lower()
