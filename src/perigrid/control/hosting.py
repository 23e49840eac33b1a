"""Which nodes may run a stage, and how pixels get to one that may."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Final

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.errors import WorkError
from perigrid.base.jobs import CLOUD, NOTHING_FOUND, Cause, Job
from perigrid.base.messages import Action, Close, Compute, Leg, Move, Wait
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.contact_plan.exits import NO_CONTACT
from perigrid.control.job_words import found_words
from perigrid.control.recovery import Hosts, Outages
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.places import RETRY_S
from perigrid.control.scheduling.protocol import Scheduler, wrong_answer
from perigrid.control.track import Track
from perigrid.fleet.model import ContactKind
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.job_graph import next_stage, stages_ahead
from perigrid.workload.profile import stage_time_s

_CAUSES: Final = frozenset(Cause)
_REASONS: Final = frozenset({*Cause, CLOUD, NOTHING_FOUND})


class Hosting:
    """The places of an architecture's stages.

    Parameters
    ----------
    architecture : Architecture
        Which kinds of place may run which stages.
    belief : Belief
        The controller's.
    outages : Outages
        What is away.
    pipeline : Pipeline
        What stages take.
    end_s : float
        End of the run [s].
    """

    def __init__(
        self,
        architecture: Architecture,
        belief: Belief,
        outages: Outages,
        pipeline: Pipeline,
        end_s: float,
    ) -> None:
        self._belief, self._outages, self._end_s = belief, outages, end_s
        self._places = {one.name: architecture.places(one.name) for one in pipeline.stages}
        self._pipeline = pipeline

    def in_orbit(self, stage: str) -> bool:
        """Whether a satellite may run a stage."""
        return bool(self._places[stage] & IN_ORBIT)

    def on_ground(self, stage: str) -> bool:
        """Whether a data centre may run a stage."""
        return ComputePlace.DATA_CENTRE in self._places[stage]

    def may_leave(self, stage: str) -> bool:
        """Whether another satellite than the one that took a scene may run a stage."""
        return ComputePlace.SATELLITE in self._places[stage]

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
            return self.on_ground(stage)
        home = node == job.origin
        place = ComputePlace.ORIGIN if home else ComputePlace.SATELLITE
        return place in self._places[stage] and fleet.computer(node) is not None

    def hosts(self, track: Track) -> Hosts | None:
        """Give the test for nodes that may run the next stage of a job.

        Parameters
        ----------
        track : Track
            Of the job.

        Returns
        -------
        callable or None
            Fleet row in; None if no stage is due on a satellite.
        """
        stage = next_stage(self._pipeline, track.results)
        if stage is None or not self.in_orbit(stage.name):
            return None
        return partial(self.may_run, stage.name, track.job)

    def asks(self, track: Track, *, weighed: bool) -> bool:
        """Whether a scheduler says where and when a job's next stage is computed.

        Parameters
        ----------
        track : Track
            Of the job.
        weighed : bool
            Whether the scheduler weighs places where the pixels may not be computed.

        Returns
        -------
        bool
            False where nothing is to be computed, or it is to be computed where it is.
        """
        hosts, fleet = self.hosts(track), self._belief.fleet
        if hosts is None or track.history.stay or not 0 <= track.holder < fleet.n_satellites:
            return False
        return hosts(track.holder) or (weighed and track.is_unplaced)

    def ready(self, track: Track) -> Ready:
        """Put a job before a scheduler.

        Parameters
        ----------
        track : Track
            Of a job that has a stage left.

        Returns
        -------
        Ready
            With its next stage, where its pixels are.
        """
        job, results = track.job, track.results
        ahead = stages_ahead(self._pipeline, results)
        why = found_words(self._pipeline, results, ahead[0]) if results else ""
        here = self.may_run(ahead[0].name, job, track.holder)
        leave = self.may_leave(ahead[0].name)
        return Ready(job, track.holder, tuple(one.name for one in ahead), why, here, leave)

    def demand_possible(self, track: Track, action: Action, scheduler: Scheduler) -> None:
        """Refuse a scheduler's answer that is nowhere near the pixels, or in the past.

        Parameters
        ----------
        track : Track
            Of the job.
        action : Action
            The answer.
        scheduler : Scheduler
            Whose.

        Raises
        ------
        WorkError
            That says what it did.
        """
        if wrong := self._wrong(track, action):
            raise WorkError(wrong_answer(scheduler, wrong))

    def _wrong(self, track: Track, action: Action) -> str:
        """Say what an answer does that cannot be; nothing if it can."""
        job = f"job {action.job_id}"
        match action:
            case Move():
                if action.source != track.holder:
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
                due = next_stage(self._pipeline, track.results)
                here = due is not None and due.name == action.stage and action.node == track.holder
                if not (here and self.may_run(action.stage, track.job, action.node)):
                    return f"computes {action.stage} of {job} where it is not due"
        return ""

    def to_host(self, track: Track, stage: str) -> Move | Wait | Close:
        """Send pixels to the satellite that may do their next stage and could begin first.

        Parameters
        ----------
        track : Track
            Of a job whose pixels are where the stage may not run.
        stage : str
            Name of the stage; no data centre may run it.

        Returns
        -------
        Move, Wait or Close
            Wait to look again while there is time.
        """
        job, belief, history = track.job, self._belief, track.history
        move = self._outages.to_host(
            job,
            track.holder,
            history,
            belief,
            partial(self.may_run, stage, job),
            partial(self._work_s, stage, job),
            "it may not be computed where it is; no other satellite could begin sooner",
        )
        look_s = belief.t_s + RETRY_S
        if move is not None:
            return move
        if look_s < job.deadline_s:
            reason = "no satellite in reach can take it now"
            return Wait(job.job_id, min(look_s, self._end_s), Cause.CONTACT, reason)
        return self._missed(track)

    def too_late(self, track: Track) -> Close | None:
        """End a job that no other satellite could take and that may not be computed where it is.

        Parameters
        ----------
        track : Track
            Of any job.

        Returns
        -------
        Close or None
            None before its deadline, and for any other job.
        """
        first = self._belief.first_stage
        homeless = self.in_orbit(first) and not self._belief.at_home(track.job)
        held = track.is_unplaced and homeless
        return self._missed(track) if held and self._belief.t_s >= track.job.deadline_s else None

    def _missed(self, track: Track) -> Close:
        cause = Cause.FAULT if track.history.struck else Cause.CONTACT
        detail = "no other satellite could be done in time"
        return Close(track.job.job_id, delivered=False, reason=str(cause), detail=detail)

    def _work_s(self, stage: str, job: Job, node: int) -> float:
        """Time on a host of a stage and of those that follow there."""
        computer, names = self._belief.fleet.computer(node), self._pipeline.names
        if stage == names[0]:
            return self._belief.work_s(node, job)
        if computer is None:
            return 0.0
        rest = self._pipeline.stages[names.index(stage) :]
        there = itertools.takewhile(lambda one: self.in_orbit(one.name), rest)
        return sum(stage_time_s(one, computer, job.area_m2) for one in there)


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
