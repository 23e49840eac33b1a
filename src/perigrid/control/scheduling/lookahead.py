"""Look-ahead list scheduling: battery, heat, storage and the way down are simulated first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perigrid.base.jobs import Cause, Job, Product, StageName
from perigrid.base.messages import Action, Compute, Move, StateReported, Wait
from perigrid.control.contact_plan import Route
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.forecast import Forecast, forecast
from perigrid.fleet.model import Outlook


@dataclass(frozen=True, slots=True)
class _Option:
    """One place where a job could be computed."""

    node: int
    start_s: float
    cause: Cause | None
    insight_s: float
    route: Route | None


class Lookahead:
    """Places each job where its answer arrives first, and starts it only when limits will hold.

    Notes
    -----
    Satellites are alike and an answer is never larger than its pixels, so any way that pixels can
    take the answer can take too: computing at the origin cannot lose while the origin is free. The
    other satellites are looked at only when the origin would have to wait.
    """

    def __init__(self) -> None:
        self._forecast: Forecast | None = None
        self._seen: StateReported | None = None

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
                belief.work_s,
                belief.work_j,
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
        if start_s > belief.t_s and belief.may_migrate:
            home = self._with_insight(home, job, belief)
            best = min(
                [home, *self._elsewhere(job, belief, home)],
                key=lambda option: (option.insight_s, option.node != job.origin, option.node),
            )
        else:
            best = home
        return self._commit(job, best, belief)

    def _with_insight(self, option: _Option, job: Job, belief: Belief) -> _Option:
        done_s = option.start_s + belief.work_s
        down = belief.plan.to_data_centre(
            option.node, done_s, belief.sent_bytes(job), belief.delivery_nodes(job)
        )
        insight_s = float("inf") if down is None else down.t_arrival_s
        return _Option(option.node, option.start_s, option.cause, insight_s, option.route)

    def _elsewhere(self, job: Job, belief: Belief, home: _Option) -> list[_Option]:
        """Other satellites that would have the answer done before the origin has."""
        nodes = belief.open_nodes(job.job_id, Product.RAW)
        routes = belief.plan.to_nodes(job.origin, belief.t_s, job.raw_bytes, nodes)
        options = []
        for node, route in sorted(routes.items()):
            if node >= belief.fleet.n_satellites or not belief.storage.has_room(
                node, job.raw_bytes
            ):
                continue
            start_s, cause = self._start(node, route.t_arrival_s, belief)
            if cause is None and start_s < home.start_s:
                options.append(
                    self._with_insight(_Option(node, start_s, cause, 0.0, route), job, belief)
                )
        return options

    def _commit(self, job: Job, option: _Option, belief: Belief) -> Action:
        if option.cause is not None:
            reason = f"{option.cause} would not last; start when the forecast allows it"
            return Wait(job.job_id, max(option.start_s, belief.t_s + 1.0), option.cause, reason)
        belief.commit(option.node, option.start_s)
        if self._forecast is not None:
            self._forecast.commit(option.node, option.start_s)
        if option.route is not None:
            belief.storage.reserve(job.job_id, option.node, job.raw_bytes)
            return Move(
                job.job_id,
                Product.RAW,
                job.origin,
                option.node,
                option.route.legs,
                "the satellite that took it is taken up; its answer comes sooner from there",
            )
        wait_s = option.start_s - belief.t_s
        reason = (
            "where it was taken, at once"
            if wait_s <= 0.0
            else f"where it was taken, after {wait_s:.0f} s of queue: nowhere sooner"
        )
        return Compute(job.job_id, option.node, StageName.SCREEN, reason)
