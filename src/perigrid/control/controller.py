"""THE DECISION CORE: events in, authorised actions out. No clock, no I/O, no randomness.

The same controller flies in simulation and live; replaying recorded events through a fresh one
gives the same actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from perigrid.base.architecture import Architecture
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Action,
    ApprovalAnswered,
    AskApproval,
    AuthorityExpired,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    EnvelopeAnswered,
    Event,
    JobEvent,
    Move,
    Moved,
    MoveFailed,
    NodeEvent,
    NodeFailed,
    NodeRepaired,
    Ordered,
    StateReported,
    TaskLost,
    TimerRang,
    Wait,
)
from perigrid.base.registry import weighs_places
from perigrid.control.act_facts import facts_of, retimed
from perigrid.control.closed import ClosedPlaces
from perigrid.control.computers import freed_by, note_given
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.first_belief import first_belief
from perigrid.control.hosting import Hosting
from perigrid.control.job_words import SHUT, found_words, ruled_out
from perigrid.control.open_nodes import OpenNodes
from perigrid.control.policy.approval.authority import GRANT, HELD, MAX_REQUESTS, Authority, Lender
from perigrid.control.policy.approval.envelope import Facts
from perigrid.control.policy.approval.intake import why_over
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.recovery import Outages
from perigrid.control.scheduling.protocol import Scheduler, demand_answers
from perigrid.control.track import Track
from perigrid.control.ways_down import WaysDown
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.pipeline import Pipeline, Stage
from perigrid.workload.job_graph import delivered_bytes, is_computed, next_stage, stages_ahead

Decision = Authorized | Refused


class Controller:
    """Turns events into authorised actions for one architecture.

    Parameters
    ----------
    fleet, outlook
        What there is, and what decisions cannot change.
    pipeline : Pipeline
        Stages and the cloud threshold.
    architecture : Architecture
        Which places may run which stages, and which links carry what.
    plan : ContactPlan
        Contacts of the kinds it allows, nothing booked yet.
    scheduler : Scheduler
        Chooses satellites and times.
    authority : Authority
        Judges every action.
    outages : Outages, optional
        What is done about faults; the scenario's default if left out.
    """

    def __init__(
        self,
        fleet: Fleet,
        outlook: Outlook,
        pipeline: Pipeline,
        architecture: Architecture,
        plan: ContactPlan,
        scheduler: Scheduler,
        authority: Authority,
        outages: Outages | None = None,
    ) -> None:
        self._fleet = fleet
        self._outlook = outlook
        self._pipeline = pipeline
        self._scheduler = scheduler
        self._weighs = weighs_places(scheduler)
        self.outages = Outages() if outages is None else outages
        self._authority = authority
        self._tracks: dict[int, Track] = {}
        self._open_nodes = OpenNodes(authority.gate, plan, architecture)
        self._end_s = float(outlook.t_s[-1])
        self.belief = first_belief(fleet, outlook, pipeline, architecture, plan)
        self.belief.open_nodes = self._open_nodes
        self._hosting = Hosting(architecture, self.belief, self.outages, pipeline, self._end_s)
        gate = authority.gate
        self.belief.closed = ClosedPlaces(gate, self._open_nodes, range(fleet.n_satellites))
        closed_exits = ClosedPlaces(gate, self._open_nodes, plan.exits())
        self._ways_down = WaysDown(
            self.belief, self.outages, closed_exits, fleet.names, self._end_s
        )

    @property
    def lender(self) -> Lender | None:
        """Grants between operators; None where all nodes are one operator's."""
        return self._authority.lender

    @property
    def orders(self) -> OrderBook:
        """People's orders, for those who begin later what was decided before them."""
        return self._authority.intake.orders

    @property
    def fixed_parts(self) -> tuple[object, ...]:
        """What no run changes, and what a checkpoint need not hold."""
        return (*self.belief.plan.fixed_parts, *self._authority.gate.fixed_parts)

    def handle(self, events: Sequence[Event]) -> list[Decision]:
        """React to a batch of events.

        Parameters
        ----------
        events : sequence of Event
            In order of time.

        Returns
        -------
        list of Authorized or Refused
            In the order in which they are to be carried out; refusals are for the record.
        """
        decisions: list[Decision] = []
        to_place: list[Track] = []
        freed: list[int] = []
        self._authority.learn(events)
        for event in events:
            self.belief.t_s = self._open_nodes.t_s = max(self.belief.t_s, event.t_s)
            if isinstance(event, (EnvelopeAnswered, Ordered)):
                decisions += self._authority.intake.told(event)
                continue
            track = self._learn(event)
            freed += freed_by(event, self.belief)
            if isinstance(event, NodeFailed) and event.wiped:
                self._abandon(event.node, decisions)
            if track is not None and self._react(track, event, decisions):
                to_place.append(track)
        self._place(to_place, freed, decisions)
        return decisions

    def _react(self, track: Track, event: Event, decisions: list[Decision]) -> bool:
        """Take a job's next step; True if the scheduler has to be asked for it."""
        if isinstance(event, CaptureRefused):
            detail = f"{SHUT.get(event.cause, 'the satellite was away')} at the shutter"
            self._close(track, event.cause, detail, decisions)
        elif isinstance(event, ApprovalAnswered) and self._answered(track, event, decisions):
            return False
        elif (step := self._recover(track)) is not None:
            self._issue(track, step, decisions)
        elif self._hosting.asks(track, weighed=self._weighs):
            return True
        else:
            self._continue(track, decisions)
        return False

    # ------------------------------------------------------------------ what happened

    def _learn(self, event: JobEvent | NodeEvent | StateReported) -> Track | None:
        """Take an event into the belief; answer the job that can go on, if any."""
        match event:
            case StateReported():
                self.belief.telemetry = event
                return None
            case NodeFailed() | NodeRepaired():
                self.outages.learn(event, self.belief)
                return None
            case Captured(job=job) | CaptureRefused(job=job):
                self._tracks[job.job_id] = Track(job, job.origin)
                if isinstance(event, Captured):
                    self.belief.storage.take(job.job_id, job.origin, job.raw_bytes)
                return self._tracks[job.job_id]
            case Computed():
                return self._computed(event)
            case Moved():
                return self._moved(event)
            case MoveFailed() | TaskLost() | AuthorityExpired():
                return self._struck(event)
        track = self._tracks[event.job_id]
        ended = isinstance(event, TimerRang) and not isinstance(track.doing, Wait)
        return None if ended else track

    def _moved(self, event: Moved) -> Track:
        track = self._tracks[event.job_id]
        track.requests = 0
        if event.product is Product.RAW:
            track.holder = event.node
            track.history.set_out()
            self.belief.storage.arrive(event.job_id)
        if is_computed(self._pipeline, track.results):
            track.answer_at = event.node
        return track

    def _struck(self, event: MoveFailed | TaskLost | AuthorityExpired) -> Track:
        track = self._tracks[event.job_id]
        if isinstance(event, AuthorityExpired):
            self.belief.storage.cancel(event.job_id)
            return track
        track.requests = 0  # what was approved was begun
        if isinstance(event, TaskLost):
            self.outages.task_lost(event, track.history)
        else:
            assert isinstance(track.doing, Move)  # noqa: S101  what failed is what was wanted
            self.outages.move_failed(event, track.doing, track.job, track.history, self.belief)
            track.holder = event.node
        return track

    def _computed(self, event: Computed) -> Track:
        track = self._tracks[event.job_id]
        if event.suspect and self.outages.suspect(event, track.history, self.belief):
            return track
        track.results[event.stage] = event.outcome
        track.requests = 0
        if event.outcome is not None:
            self.belief.screened += 1
            self.belief.kept += next_stage(self._pipeline, track.results) is not None
        if is_computed(self._pipeline, track.results):
            if event.node in self._fleet.data_centres:
                track.answer_at = event.node
            if not self._pipeline.sends_pixels and not event.suspect:
                self.belief.storage.release(event.job_id)  # the answer is what goes down
        return track

    # ------------------------------------------------------------------ what is wanted

    def _recover(self, track: Track) -> Action | None:
        """Say what faults leave to do for a job, if they stand against its next step."""
        hosts = self._hosting.hosts(track)
        step = self.outages.step(track.job, track.holder, track.history, self.belief, hosts)
        return step or self._hosting.too_late(track)

    def _abandon(self, node: int, decisions: list[Decision]) -> None:
        """End the jobs that rested on a satellite that was lost."""
        for track in self._tracks.values():
            resting = isinstance(track.doing, Wait | AskApproval)
            if resting and track.holder == node and (step := self._recover(track)) is not None:
                self._issue(track, step, decisions)

    def _place(self, tracks: list[Track], freed: list[int], decisions: list[Decision]) -> None:
        """Ask the scheduler for the jobs that can go on, and tell it what satellites are free."""
        if not tracks and not freed:
            return
        ready = [self._hosting.ready(track) for track in tracks]
        asked = {track.job.job_id for track in tracks}
        actions = self._scheduler.choose(ready, freed, self.belief, self._outlook)
        demand_answers(self._scheduler, ready, actions, self._tracks)
        for action in actions:
            track, waited = self._tracks[action.job_id], action.job_id not in asked
            if waited and not isinstance(track.doing, Wait):  # it ended meanwhile
                self.belief.take_back(action.job_id)
                continue
            self._hosting.demand_possible(track, action, self._scheduler)
            step = self._recover(track) if waited else None
            if step is None and isinstance(action, Close):
                late = self._ways_down.given_up(track.job, track.holder, track.history, action)
                self._end(track, late, decisions)
            else:
                self._issue(track, step or action, decisions)

    def _continue(self, track: Track, decisions: list[Decision]) -> None:
        """Take the next step of a job whose place is decided."""
        stage = next_stage(self._pipeline, track.results)
        if stage is not None:
            self._work(track, stage, decisions)
        elif (nbytes := delivered_bytes(self._pipeline, track.results)) is None:
            reason, detail = ruled_out(self._pipeline, track.results)
            self._close(track, reason, detail, decisions)
        elif track.answer_at is None:
            if self._pipeline.sends_pixels:
                self._send(track, Product.RAW, track.job.raw_bytes, decisions)
            else:
                self._send(track, Product.ANSWER, nbytes, decisions)
        elif self.belief.t_s > track.job.deadline_s:
            self._close(track, Cause.COMPUTE, "the answer came after the deadline", decisions)
        else:
            done = Close(track.job.job_id, delivered=True, reason="", detail="answer at the centre")
            self._issue(track, done, decisions)

    def _work(self, track: Track, stage: Stage, decisions: list[Decision]) -> None:
        """Do the next stage where the pixels are, or bring them where it may be done."""
        if self._hosting.may_run(stage.name, track.job, track.holder):
            where = found_words(self._pipeline, track.results, stage)
            self._issue(
                track, Compute(track.job.job_id, track.holder, stage.name, where), decisions
            )
        elif self._hosting.on_ground(stage.name):
            self._send(track, Product.RAW, track.job.raw_bytes, decisions)
        else:
            self._take(track, self._hosting.to_host(track, stage.name), decisions)

    def _send(
        self, track: Track, product: Product, nbytes: float, decisions: list[Decision]
    ) -> None:
        """Send a product to a data centre by the way that arrives first."""
        step = self._ways_down.step(track.job, track.holder, product, nbytes, track.history)
        self._take(track, step, decisions)

    def _take(self, track: Track, step: Move | Wait | Close, decisions: list[Decision]) -> None:
        """Take a step with a product, or end its job."""
        if isinstance(step, Close):
            self._end(track, step, decisions)
        else:
            self._issue(track, step, decisions)

    # ------------------------------------------------------------------ what is allowed

    def _answered(self, track: Track, event: ApprovalAnswered, decisions: list[Decision]) -> bool:
        """Take in what people said; False if the job has to be planned anew."""
        asked, now_s = track.asked, self.belief.t_s
        if asked is None:
            return True
        intake = self._authority.intake
        refused = intake.answered(asked, event, now_s)
        decisions += refused
        lacks = intake.lacks(asked, track.evidence(), now_s)
        if lacks or track.requests > MAX_REQUESTS:
            self._close(track, Cause.RULE, why_over(refused, lacks=lacks), decisions)
            return True
        step = self._recover(track)  # its node may have failed while people thought
        again = step or retimed(asked.subject, self.belief, track.job, self._fleet)
        if again is not None:
            self._issue(track, again, decisions)
        return again is not None

    def _issue(self, track: Track, action: Action, decisions: list[Decision]) -> None:
        """Pass an action through the gate and note what it commits."""
        facts = partial(self._facts, track, action)
        decision = self._authority.decide(action, self.belief.t_s, facts, track.evidence)
        decisions.append(decision)
        track.doing = decision.action
        if not isinstance(decision.action, Move) or isinstance(decision, Refused):
            self.belief.storage.cancel(action.job_id)  # a scheduler reserved for a move not made
        if isinstance(decision.action, Close):
            self.belief.storage.release(action.job_id)
        note_given(decision, self.belief, track.job)
        if isinstance(decision, Refused):
            self._refused(track, decision, decisions)
        elif isinstance(decision.action, AskApproval):
            track.asked = decision.action
            track.requests += 1
        elif isinstance(decision.action, Move):
            self.belief.plan.book(decision.action.legs)
            if decision.action.product is Product.ANSWER:
                self.belief.storage.release(action.job_id)

    def _facts(self, track: Track, action: Action) -> Facts:
        """Gather what approvals and grants ask, only where they do."""
        ahead = stages_ahead(self._pipeline, track.results)
        return facts_of(action, track.job, self.belief, ahead)

    def _refused(self, track: Track, refused: Refused, decisions: list[Decision]) -> None:
        """Hold a job that is stopped or out of leave, end any other."""
        until_s = self._authority.look_again_s(refused, self.belief.t_s)
        reason, origin, deadline_s = refused.verdict.reason, track.job.origin, track.job.deadline_s
        lent = refused.verdict.rule.startswith(f"{GRANT}:") and isinstance(refused.action, Move)
        hosts = self._hosting.hosts(track)
        if lent and hosts is not None and track.holder == origin and hosts(origin):
            stage = stages_ahead(self._pipeline, track.results)[0].name
            self._issue(
                track, Compute(track.job.job_id, origin, stage, "where it was taken"), decisions
            )
        elif until_s is None or (refused.verdict.rule not in HELD and until_s > deadline_s):
            self._close(track, Cause.RULE, reason, decisions)
        else:
            wait = Wait(track.job.job_id, min(until_s, self._end_s), Cause.RULE, reason)
            self._issue(track, wait, decisions)

    def _close(self, track: Track, reason: str, detail: str, decisions: list[Decision]) -> None:
        """End a job as missed."""
        close = Close(track.job.job_id, delivered=False, reason=str(reason), detail=detail)
        self._end(track, close, decisions)

    def _end(self, track: Track, close: Close, decisions: list[Decision]) -> None:
        decisions.append(self._authority.allow(close, self.belief.t_s))
        track.doing = close
        self.belief.storage.release(track.job.job_id)
