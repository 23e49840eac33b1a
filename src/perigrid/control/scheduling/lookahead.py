"""Look-ahead list scheduling: battery, heat, storage and the way down are simulated first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Action, Alternative, Compute, Move, StateReported, Wait
from perigrid.control.alternatives import shortlist
from perigrid.control.contact_plan import NO_CONTACT, Route
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.forecast import Forecast, forecast
from perigrid.control.scheduling.guard import RETRY_S
from perigrid.fleet.model import Outlook

_GIVEN: Final = "the link is being given to another scene"


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
    free. The other satellites are looked at only when the origin would have to wait. Where the
    origin cannot or may not compute, a data centre may too, or pixels have links that answers have
    not, all places are weighed at once.
    """

    weighs_places = True

    def __init__(self) -> None:
        self._forecast: Forecast | None = None
        self._seen: StateReported | None = None
        # Contacts of this batch's moves: they are booked only when the batch is answered.
        self._taken: set[int] = set()

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
        start_s, cause = self._start(job.origin, belief.t_s, belief)
        home = _Option(job.origin, start_s, cause, float("inf"), None)
        choice = belief.may_migrate or belief.on_ground
        at_once = start_s <= belief.t_s and not belief.weighs_all
        if not belief.at_home(job):
            home = replace(
                home, start_s=float("inf"), cause=None, out="may not compute what it took"
            )
        elif at_once or not choice:
            return self._commit(job, home, belief, ())
        else:
            home = self._with_insight(home, job, belief)
        every = [home, *self._elsewhere(job, belief, home), *self._on_ground(job, belief)]
        able = [option for option in every if not option.out]
        if not able:
            return self._later(job, every, belief)
        best = min(
            able, key=lambda option: (option.insight_s, option.node != job.origin, option.node)
        )
        lost = [_told(option, belief) for option in every if option is not best]
        return self._commit(job, best, belief, (*shortlist(lost), *belief.ruled_out(job)))

    def _with_insight(self, option: _Option, job: Job, belief: Belief) -> _Option:
        done_s = option.start_s + belief.work_s(option.node, job)
        down = belief.plan.to_data_centre(
            option.node, done_s, belief.sent_bytes(job), belief.delivery_nodes(job)
        )
        return replace(option, insight_s=float("inf") if down is None else down.t_arrival_s)

    def _elsewhere(self, job: Job, belief: Belief, home: _Option) -> list[_Option]:
        """Other satellites in reach; those that would not begin before the origin are ruled out."""
        if not belief.may_migrate:
            return []
        ways = belief.reached(job, job.origin)
        return [self._option(node, way, job, belief, home) for node, way in ways.items()]

    def _option(self, node: int, route: Route, job: Job, belief: Belief, home: _Option) -> _Option:
        start_s, cause = self._start(node, route.t_arrival_s, belief)
        option = _Option(node, start_s, cause, float("inf"), route)
        if not belief.storage.has_room(node, job.raw_bytes):
            return replace(option, out="no room for the pixels")
        if self._taken & {leg.contact for leg in route.legs}:
            return replace(option, out=_GIVEN)
        if cause is not None:
            return replace(option, out=f"{cause} would not last")
        if start_s >= home.start_s and not belief.weighs_all:
            return replace(option, out="would begin later")
        return self._with_insight(option, job, belief)

    def _on_ground(self, job: Job, belief: Belief) -> list[_Option]:
        """Look for the data centre that has the pixels first, if one may compute them."""
        if not belief.on_ground:
            return []
        nodes, now_s = belief.open_nodes(job.job_id, Product.RAW), belief.t_s
        route = belief.plan.to_data_centre(job.origin, now_s, job.raw_bytes, nodes)
        if route is None:
            return []
        there_s = route.t_arrival_s
        insight_s = there_s + belief.work_s(route.target, job)
        option = _Option(route.target, there_s, None, insight_s, route)
        if self._taken & {leg.contact for leg in route.legs if leg.contact != NO_CONTACT}:
            return [replace(option, out=_GIVEN)]
        if route.opens_s > now_s:
            return [replace(option, out="closed by a rule for now")]
        return [option]

    def _later(self, job: Job, every: list[_Option], belief: Belief) -> Wait:
        """Wait while no place that may compute a job can be given it."""
        held = [option for option in every if option.route is not None]
        first = min(held, key=lambda option: option.start_s, default=None)
        cause = Cause.CONTACT if first is None else first.cause or Cause.LINK
        until_s = belief.t_s + RETRY_S
        if any(option.out == _GIVEN for option in held):
            until_s = belief.t_s + 1.0
        elif first is not None and first.cause is not None:
            until_s = min(until_s, max(first.start_s, belief.t_s + 1.0))
        lost = (*shortlist(_told(option, belief) for option in held), *belief.ruled_out(job))
        return Wait(job.job_id, until_s, cause, "no place that may compute it can take it", lost)

    def _commit(
        self, job: Job, option: _Option, belief: Belief, lost: tuple[Alternative, ...]
    ) -> Action:
        if option.cause is not None:
            reason = f"{option.cause} would not last; start when the forecast allows it"
            until_s = max(option.start_s, belief.t_s + 1.0)
            return Wait(job.job_id, until_s, option.cause, reason, lost)
        if option.node < belief.fleet.n_satellites:
            belief.commit(option.node, option.start_s, belief.work_s(option.node, job))
            if self._forecast is not None:
                self._forecast.commit(option.node, option.start_s)
        if option.route is not None:
            belief.storage.reserve(job.job_id, option.node, job.raw_bytes)
            self._taken |= {leg.contact for leg in option.route.legs}
            reason = "the satellite that took it is taken up; its answer comes sooner from there"
            if option.node >= belief.fleet.n_satellites or not belief.at_home(job):
                reason = "of the places that may compute it, its answer comes first from there"
            legs = option.route.legs
            return Move(job.job_id, Product.RAW, job.origin, option.node, legs, reason, lost)
        wait_s = option.start_s - belief.t_s
        when = f"after {wait_s:.0f} s of queue" if wait_s > 0.0 else "at once"
        weighed = wait_s > 0.0 or belief.weighs_all
        why = "nowhere sooner" if weighed else "while it is free no other place is looked at"
        reason = f"where it was taken, {when}: {why}"
        return Compute(job.job_id, option.node, belief.first_stage, reason, lost)


def _told(option: _Option, belief: Belief) -> Alternative:
    """Say why an option lost."""
    never = option.insight_s == float("inf")
    why = option.out or ("no way down before the run ends" if never else "its answer comes later")
    if (
        not option.out and option.route is None and option.start_s > belief.t_s
    ):  # where it was taken
        held = f"{option.cause} would not last" if option.cause else "the computer is taken up"
        why = f"{held} until {option.start_s - belief.t_s:.0f} s from then"
    return Alternative(option.node, None if never else option.insight_s, why)
