"""Look-ahead list scheduling: battery, heat, storage and the way down are simulated first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from perigrid.base.jobs import Cause, Job, Product, StageName
from perigrid.base.messages import Action, Alternative, Compute, Move, StateReported, Wait
from perigrid.control.alternatives import shortlist
from perigrid.control.contact_plan import Route
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.forecast import Forecast, forecast
from perigrid.control.scheduling.imagers import NO_COMPUTER, unplaced
from perigrid.fleet.model import Outlook


@dataclass(frozen=True, slots=True)
class _Option:
    """One place where a job could be computed, and what rules it out, if anything does."""

    node: int
    start_s: float
    cause: Cause | None
    insight_s: float
    route: Route | None
    out: str = ""


class Lookahead:
    """Places each job where its answer arrives first, and starts it only when limits will hold.

    Notes
    -----
    An answer is never larger than its pixels, so any way that pixels can take the answer can take
    too: among satellites that are alike, computing at the origin cannot lose while the origin is
    free. The other satellites are looked at only when the origin would have to wait, or has no
    computer.
    """

    def __init__(self) -> None:
        self._forecast: Forecast | None = None
        self._seen: StateReported | None = None
        # Contacts of this batch's moves: they are booked only when the batch is answered.
        self._taken: set[int] = set()
        self._end_s = 0.0

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:
        """Answer every job with one action.

        Parameters
        ----------
        jobs : sequence of Job
            Waiting jobs.
        belief : Belief
            The fleet now; commitments are noted in it.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        list of Action
            ``Compute``, ``Move`` or ``Wait`` per job.
        """
        self._look(belief, outlook)
        self._end_s = float(outlook.t_s[-1])
        self._taken.clear()
        return [self._place(job, belief) for job in jobs]

    def _look(self, belief: Belief, outlook: Outlook) -> None:
        """Simulate ahead again when new telemetry came."""
        if belief.telemetry is not None and belief.telemetry is not self._seen:
            self._seen = belief.telemetry
            self._forecast = forecast(
                belief.telemetry,
                belief.fleet,
                outlook,
                belief.busy_until_s,
                *belief.works.of_largest(),
                belief.laser_w,
            )

    def _start(self, node: int, t_s: float, belief: Belief) -> tuple[float, Cause | None]:
        queue_s = max(t_s, float(belief.busy_until_s[node]))
        if self._forecast is None:
            return queue_s, None
        return self._forecast.earliest_start(node, queue_s)

    def _place(self, job: Job, belief: Belief) -> Action:
        if not belief.computes(job.origin):
            return self._send(job, belief)
        start_s, cause = self._start(job.origin, belief.t_s, belief)
        home = _Option(job.origin, start_s, cause, float("inf"), None)
        if start_s <= belief.t_s or not belief.may_migrate:
            return self._commit(job, home, belief, ())
        home = self._with_insight(home, job, belief)
        every = [home, *self._elsewhere(job, belief, home)]
        best = min(
            (option for option in every if not option.out),
            key=lambda option: (option.insight_s, option.node != job.origin, option.node),
        )
        lost = [_told(option, belief) for option in every if option is not best]
        return self._commit(job, best, belief, (*shortlist(lost), *belief.ruled_out(job)))

    def _send(self, job: Job, belief: Belief) -> Action:
        """Find a place for a scene whose own satellite has no computer."""
        home = _Option(job.origin, float("inf"), None, float("inf"), None)
        every = self._elsewhere(job, belief, home) if belief.may_migrate else []
        able = [option for option in every if not option.out]
        if not able:
            cause = next((option.cause for option in every if option.cause), Cause.LINK)
            lost = shortlist([_told(option, belief) for option in every])
            return unplaced(job, belief, cause, self._end_s, tuple(lost))
        best = min(able, key=lambda option: (option.insight_s, option.start_s, option.node))
        lost = shortlist([_told(option, belief) for option in every if option is not best])
        return self._commit(job, best, belief, (*lost, *belief.ruled_out(job)))

    def _with_insight(self, option: _Option, job: Job, belief: Belief) -> _Option:
        done_s = option.start_s + belief.work_s(option.node, job)
        down = belief.plan.to_data_centre(
            option.node, done_s, belief.sent_bytes(job), belief.delivery_nodes(job)
        )
        return replace(option, insight_s=float("inf") if down is None else down.t_arrival_s)

    def _elsewhere(self, job: Job, belief: Belief, home: _Option) -> list[_Option]:
        """Other satellites in reach; those that would not begin before the origin are ruled out."""
        ways = belief.reached(job, job.origin)
        return [self._option(node, way, job, belief, home) for node, way in ways.items()]

    def _option(self, node: int, route: Route, job: Job, belief: Belief, home: _Option) -> _Option:
        start_s, cause = self._start(node, route.t_arrival_s, belief)
        option = _Option(node, start_s, cause, float("inf"), route)
        if not belief.storage.has_room(node, job.raw_bytes):
            return replace(option, out="no room for the pixels")
        if self._taken & {leg.contact for leg in route.legs}:
            return replace(option, out="the link is being given to another scene")
        if cause is not None:
            return replace(option, out=f"{cause} would not last")
        if start_s >= home.start_s:
            return replace(option, out="would begin later")
        return self._with_insight(option, job, belief)

    def _commit(
        self, job: Job, option: _Option, belief: Belief, lost: tuple[Alternative, ...]
    ) -> Action:
        if option.cause is not None:
            reason = f"{option.cause} would not last; start when the forecast allows it"
            until_s = max(option.start_s, belief.t_s + 1.0)
            return Wait(job.job_id, until_s, option.cause, reason, lost)
        belief.commit(option.node, option.start_s, job)
        if self._forecast is not None:
            self._forecast.commit(option.node, option.start_s)
        if option.route is not None:
            belief.storage.reserve(job.job_id, option.node, job.raw_bytes)
            self._taken |= {leg.contact for leg in option.route.legs}
            taken_up = "the satellite that took it is taken up"
            why = taken_up if belief.computes(job.origin) else NO_COMPUTER
            reason = f"{why}; its answer comes sooner from there"
            legs = option.route.legs
            return Move(job.job_id, Product.RAW, job.origin, option.node, legs, reason, lost)
        wait_s = option.start_s - belief.t_s
        when = f"after {wait_s:.0f} s of queue" if wait_s > 0.0 else "at once"
        why = "nowhere sooner" if wait_s > 0.0 else "while it is free no other place is looked at"
        reason = f"where it was taken, {when}: {why}"
        return Compute(job.job_id, option.node, StageName.SCREEN, reason, lost)


def _told(option: _Option, belief: Belief) -> Alternative:
    """Say why an option lost."""
    never = option.insight_s == float("inf")
    why = option.out or ("no way down before the run ends" if never else "its answer comes later")
    if option.route is None and option.start_s > belief.t_s:  # where it was taken
        held = f"{option.cause} would not last" if option.cause else "the computer is taken up"
        why = f"{held} until {option.start_s - belief.t_s:.0f} s from then"
    return Alternative(option.node, None if never else option.insight_s, why)
