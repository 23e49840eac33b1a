"""THE DECISION CORE: events in, authorised actions out. No clock, no I/O, no randomness.

The same controller flies in simulation and live; replaying recorded events through a fresh one
gives the same actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from perigrid.base.jobs import Cause, Job, Product, StageName
from perigrid.base.messages import (
    Action,
    ApprovalAnswered,
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Event,
    Move,
    Moved,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    StateReported,
    TaskLost,
    Wait,
)
from perigrid.control.contact_plan import ContactPlan, Route
from perigrid.control.placement import Placement
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate
from perigrid.control.recovery import Outages, Scars
from perigrid.control.scheduling.base import Belief, Scheduler
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.model import Pipeline
from perigrid.workload.profile import stage_power_w, stage_time_s

CLOUD = "cloud"
PIXELS = "pixels"
SECONDS_PER_MINUTE = 60.0
REPORT_INTERVAL_S: Final = 300.0
"""How often satellites report their state to the controller (assumed). [s]"""

Decision = Authorized | Refused


@dataclass(slots=True)
class _Track:
    """Where a job stands."""

    job: Job
    holder: int
    done: StageName | None = None
    cloud_seen: float = float("nan")
    answer_at: int | None = None
    approved: set[str] = field(default_factory=set)
    asked: str = ""
    doing: Action | None = None
    scars: Scars = field(default_factory=Scars)


class Controller:
    """Turns events into authorised actions for one placement of the jobs.

    Parameters
    ----------
    fleet, outlook
        What there is, and what decisions cannot change.
    pipeline : Pipeline
        Stages and the cloud threshold.
    scene_area_m2 : float
        Ground area of a scene [m2].
    placement : Placement
        The architecture.
    plan : ContactPlan
        Contacts of the kinds the placement allows, nothing booked yet.
    scheduler : Scheduler
        Chooses satellites and times.
    gate : Gate
        Judges every action.
    outages : Outages, optional
        What is done about faults; the scenario's default if left out.
    """

    def __init__(
        self,
        fleet: Fleet,
        outlook: Outlook,
        pipeline: Pipeline,
        scene_area_m2: float,
        placement: Placement,
        plan: ContactPlan,
        scheduler: Scheduler,
        gate: Gate,
        outages: Outages | None = None,
    ) -> None:
        self._fleet = fleet
        self._outlook = outlook
        self._pipeline = pipeline
        self._placement = placement
        self._scheduler = scheduler
        self._gate = gate
        self.outages = Outages() if outages is None else outages
        self._tracks: dict[int, _Track] = {}
        self._end_s = float(outlook.t_s[-1])
        computer = fleet.satellites.computer
        stages = (pipeline.screen, pipeline.classify)
        screen_s, classify_s = (
            0.0 if computer is None else stage_time_s(stage, computer, scene_area_m2)
            for stage in stages
        )
        screen_w, classify_w = (
            0.0 if computer is None else stage_power_w(stage, computer) for stage in stages
        )
        self.belief = Belief(
            t_s=0.0,
            fleet=fleet,
            plan=plan,
            storage=Storage(fleet.satellites.storage_bytes, np.zeros(fleet.n_satellites)),
            telemetry=None,
            busy_until_s=np.zeros(fleet.n_satellites),
            screen_s=screen_s,
            classify_s=classify_s,
            work_j=screen_s * screen_w + classify_s * classify_w,
            answer_bytes=None if pipeline.deliver == PIXELS else pipeline.classify.output_bytes,
            may_migrate=placement.may_migrate,
            raw_nodes=plan.allowed_nodes(gate.forbidden_nodes(Product.RAW)),
            answer_nodes=plan.allowed_nodes(gate.forbidden_nodes(Product.ANSWER)),
            laser_w=held_laser_w(fleet, outlook, placement.links),
        )

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
        to_place: list[_Track] = []
        for event in events:
            self.belief.t_s = max(self.belief.t_s, event.t_s)
            track = self._learn(event)
            if track is None:
                if isinstance(event, NodeFailed) and event.wiped:
                    self._mourn(event.node, decisions)
                continue
            if isinstance(event, CaptureRefused):
                full = event.cause is Cause.STORAGE
                detail = "storage was full" if full else "the satellite was away"
                self._close(track, event.cause, f"{detail} at the shutter", decisions)
            elif isinstance(event, ApprovalAnswered) and not event.granted:
                self._close(track, Cause.RULE, "a person refused it", decisions)
            elif (step := self._recover(track)) is not None:
                self._issue(track, step, decisions)
            elif self._placement.compute_in_space and self._unplaced(track):
                to_place.append(track)
            else:
                self._continue(track, decisions)
        self._place(to_place, decisions)
        return decisions

    # ------------------------------------------------------------------ what happened

    def _learn(self, event: Event) -> _Track | None:
        """Take an event into the belief; answer the job that can go on, if any."""
        match event:
            case StateReported() | NodeFailed() | NodeRepaired():
                self._told(event)
                return None
            case Captured(job=job) | CaptureRefused(job=job):
                self._tracks[job.job_id] = _Track(job, job.origin)
                if isinstance(event, Captured):
                    self.belief.storage.take(job.job_id, job.origin, job.raw_bytes)
                return self._tracks[job.job_id]
            case Computed():
                return self._computed(event)
            case Moved():
                return self._moved(event)
            case MoveFailed() | TaskLost():
                return self._struck(event)
            case ApprovalAnswered(granted=True):
                track = self._tracks[event.job_id]
                track.approved.add(track.asked)
        return self._tracks[event.job_id]

    def _moved(self, event: Moved) -> _Track:
        track = self._tracks[event.job_id]
        if event.product is Product.RAW:
            track.holder = event.node
            self.belief.storage.arrive(event.job_id)
        if track.done is StageName.CLASSIFY:
            track.answer_at = event.node
        return track

    def _told(self, event: StateReported | NodeFailed | NodeRepaired) -> None:
        if isinstance(event, StateReported):
            self.belief.telemetry = event
        else:
            self.outages.learn(event, self.belief)

    def _struck(self, event: MoveFailed | TaskLost) -> _Track:
        track = self._tracks[event.job_id]
        if isinstance(event, TaskLost):
            self.outages.task_lost(event, track.scars)
        else:
            assert isinstance(track.doing, Move)  # noqa: S101  what failed is what was wanted
            self.outages.move_failed(event, track.doing, track.job, track.scars, self.belief)
            track.holder = event.node
        return track

    def _computed(self, event: Computed) -> _Track:
        track = self._tracks[event.job_id]
        if event.suspect and self.outages.suspect(event, track.scars, self.belief):
            return track
        track.done = event.stage
        if event.stage is StageName.SCREEN:
            track.cloud_seen = event.cloud_seen
            if event.node < self._fleet.n_satellites and self._is_cloudy(track):
                self.belief.busy_until_s[event.node] -= self.belief.classify_s
        else:
            if event.node in self._fleet.data_centres:
                track.answer_at = event.node
            if self._pipeline.deliver != PIXELS and not event.suspect:
                self.belief.storage.release(event.job_id)  # the answer is what goes down
        return track

    # ------------------------------------------------------------------ what is wanted

    def _recover(self, track: _Track) -> Action | None:
        """Say what faults leave to do for a job, if they stand against its next step."""
        in_space = self._placement.compute_in_space and track.done is not StageName.CLASSIFY
        computes = in_space and not (track.done is StageName.SCREEN and self._is_cloudy(track))
        return self.outages.step(
            track.job, track.holder, track.scars, self.belief, computes=computes
        )

    def _mourn(self, node: int, decisions: list[Decision]) -> None:
        """End the jobs that rested on a satellite that was lost."""
        for track in self._tracks.values():
            resting = isinstance(track.doing, Wait | AskApproval)
            if resting and track.holder == node and (step := self._recover(track)) is not None:
                self._issue(track, step, decisions)

    def _unplaced(self, track: _Track) -> bool:
        at_home = track.done is None and track.holder == track.job.origin
        return at_home and not track.scars.stay

    def _is_cloudy(self, track: _Track) -> bool:
        return track.cloud_seen > self._pipeline.drop_above_cloud

    def _place(self, tracks: list[_Track], decisions: list[Decision]) -> None:
        if not tracks:
            return
        jobs = [track.job for track in tracks]
        chosen = self._scheduler.choose(jobs, self.belief, self._outlook)
        for track, action in zip(tracks, chosen, strict=True):
            self._issue(track, action, decisions)

    def _continue(self, track: _Track, decisions: list[Decision]) -> None:
        """Take the next step of a job whose place is decided."""
        if track.done is None:
            if track.holder < self._fleet.n_satellites and not self._placement.compute_in_space:
                self._send(track, Product.RAW, track.job.raw_bytes, decisions)
            else:
                where = "where the pixels are"
                if track.scars.stay:
                    self.belief.commit(track.holder, self.belief.t_s)
                action = Compute(track.job.job_id, track.holder, StageName.SCREEN, where)
                self._issue(track, action, decisions)
        elif track.done is StageName.SCREEN:
            self._screened(track, decisions)
        elif track.answer_at is None:
            product, nbytes = self._deliverable(track.job)
            self._send(track, product, nbytes, decisions)
        elif self.belief.t_s > track.job.deadline_s:
            self._close(track, Cause.COMPUTE, "the answer came after the deadline", decisions)
        else:
            done = Close(track.job.job_id, delivered=True, reason="", detail="answer at the centre")
            self._issue(track, done, decisions)

    def _screened(self, track: _Track, decisions: list[Decision]) -> None:
        if self._is_cloudy(track):
            seen, limit = track.cloud_seen, self._pipeline.drop_above_cloud
            detail = f"the detector saw {seen:.0%} cloud, more than {limit:.0%}"
            self._close(track, CLOUD, detail, decisions)
            return
        reason = f"the detector saw {track.cloud_seen:.0%} cloud: worth classifying"
        action = Compute(track.job.job_id, track.holder, StageName.CLASSIFY, reason)
        self._issue(track, action, decisions)

    def _deliverable(self, job: Job) -> tuple[Product, float]:
        product = Product.RAW if self._pipeline.deliver == PIXELS else Product.ANSWER
        return product, self.belief.sent_bytes(job)

    def _send(
        self, track: _Track, product: Product, nbytes: float, decisions: list[Decision]
    ) -> None:
        """Send a product to a data centre by the way that arrives first."""
        job, now_s = track.job, self.belief.t_s
        nodes = self.belief.raw_nodes if product is Product.RAW else self.belief.answer_nodes
        route = self.belief.plan.to_data_centre(track.holder, now_s, nbytes, nodes)
        late = route is None or route.t_arrival_s > job.deadline_s
        outages, belief = self.outages, self.belief
        if late and (wait := outages.hope(job, track.holder, nbytes, nodes, track.scars, belief)):
            self._issue(track, wait, decisions)
        elif route is None:
            self._no_way(track, nbytes, decisions)
        elif route.t_arrival_s > job.deadline_s:
            self._too_late(track, route, decisions)
        else:
            reason = "earliest arrival over the booked contacts"
            move = Move(job.job_id, product, track.holder, route.target, route.legs, reason)
            self._issue(track, move, decisions)

    def _too_late(self, track: _Track, route: Route, decisions: list[Decision]) -> None:
        """Miss a job whose earliest way down ends after its deadline, and say which way that is."""
        job, now_s = track.job, self.belief.t_s
        opens_s = self.belief.plan.next_window_s(track.holder, now_s)
        cause = Cause.CONTACT if opens_s >= job.deadline_s else Cause.LINK
        cause = Cause.FAULT if track.scars.struck else cause
        stops = ", ".join(self._fleet.names[leg.target] for leg in route.legs)
        wait_s = route.legs[0].t_window_s - now_s
        detail = (
            f"the earliest way down, over {stops}, waits {_spell(wait_s)} for a window and "
            f"arrives {_spell(route.t_arrival_s - job.t_capture_s)} after the shutter; the "
            f"deadline is {_spell(job.deadline_s - job.t_capture_s)} after it"
        )
        self._close(track, cause, detail, decisions)

    def _no_way(self, track: _Track, nbytes: float, decisions: list[Decision]) -> None:
        job, plan, now_s = track.job, self.belief.plan, self.belief.t_s
        anywhere = np.ones_like(self.belief.raw_nodes)
        if plan.to_data_centre(track.holder, now_s, nbytes, anywhere) is not None:
            self._close(track, Cause.RULE, "every way down is closed by a rule", decisions)
        elif job.deadline_s <= self._end_s:
            detail = "no contact that could carry it opens before the deadline"
            cause = Cause.FAULT if track.scars.struck else Cause.CONTACT
            self._close(track, cause, detail, decisions)
        else:
            reason = "no contact that could carry it opens before the run ends"
            wait = Wait(job.job_id, self._end_s, Cause.CONTACT, reason)
            self._issue(track, wait, decisions)

    # ------------------------------------------------------------------ what is allowed

    def _issue(self, track: _Track, action: Action, decisions: list[Decision]) -> None:
        """Pass an action through the gate and note what it commits."""
        decision = authorize(self._gate, action, approved=False)
        if isinstance(decision.action, AskApproval) and decision.action.rule in track.approved:
            decision = authorize(self._gate, action, approved=True)
        decisions.append(decision)
        track.doing = decision.action
        if not isinstance(decision.action, Move) or isinstance(decision, Refused):
            self.belief.storage.cancel(action.job_id)  # a scheduler reserved for a move not made
        if isinstance(decision.action, Close):
            self.belief.storage.release(action.job_id)
        if isinstance(decision, Refused):
            self._close(track, Cause.RULE, decision.verdict.reason, decisions)
        elif isinstance(decision.action, AskApproval):
            track.asked = decision.action.rule
        elif isinstance(decision.action, Move):
            self.belief.plan.book(decision.action.legs)
            if decision.action.product is Product.ANSWER:
                self.belief.storage.release(action.job_id)

    def _close(self, track: _Track, reason: str, detail: str, decisions: list[Decision]) -> None:
        """End a job as missed."""
        close = Close(track.job.job_id, delivered=False, reason=str(reason), detail=detail)
        decisions.append(authorize(self._gate, close))
        track.doing = close
        self.belief.storage.release(track.job.job_id)


def _spell(seconds_s: float) -> str:
    """Write a time span as ``2 h 05 min`` or ``12 s``."""
    if seconds_s < SECONDS_PER_MINUTE:
        return f"{seconds_s:.0f} s"
    hours, minutes = divmod(round(seconds_s / SECONDS_PER_MINUTE), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
