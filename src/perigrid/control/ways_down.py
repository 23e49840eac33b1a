"""How a product of a job gets to a data centre, or why it does not."""

from __future__ import annotations

from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Alternative, Close, Move, Wait
from perigrid.control.closed import ClosedPlaces
from perigrid.control.contact_plan import Open, Route
from perigrid.control.policy.places import RELAY
from perigrid.control.recovery import FaultHistory, Outages
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.model import Fleet, NodeKind

SECONDS_PER_MINUTE: Final = 60.0
Alternatives = tuple[Alternative, ...]


class WaysDown:
    """Chooses the way that arrives first.

    Parameters
    ----------
    belief : Belief
        The controller's: the contact plan with what is booked, and the nodes that rules leave open.
    outages : Outages
        What is away, and whether it pays to wait for it.
    closed_exits : ClosedPlaces
        Names the ground nodes that rules close.
    names : tuple of str
        Of the nodes, by fleet row.
    end_s : float
        End of the run [s].
    """

    def __init__(
        self,
        belief: Belief,
        outages: Outages,
        closed_exits: ClosedPlaces,
        names: tuple[str, ...],
        end_s: float,
    ) -> None:
        self._belief = belief
        self._outages = outages
        self._closed_exits = closed_exits
        self._names = names
        self._mesh = mesh_words(belief.fleet)
        self._end_s = end_s

    def step(
        self, job: Job, holder: int, product: Product, nbytes: float, history: FaultHistory
    ) -> Move | Wait | Close:
        """Say what to do with a product now.

        Parameters
        ----------
        job : Job
            Whose.
        holder : int
            Fleet row that has it.
        product : Product
            Raw pixels or the answer.
        nbytes : float
            Its size [B].
        history : FaultHistory
            What faults did to the job.

        Returns
        -------
        Move, Wait or Close
            The way that arrives first; or what is waited for; or why the job is missed.
        """
        belief = self._belief
        nodes = belief.open_nodes(job.job_id, product)
        route = belief.plan.to_data_centre(holder, belief.t_s, nbytes, nodes)
        late = route is None or route.t_arrival_s > job.deadline_s
        if late and (
            wait := self._outages.wait_for_recovery(job, holder, nbytes, nodes, history, belief)
        ):
            return wait
        if route is None:
            return self._no_way(job, holder, product, nbytes, nodes, history)
        lost = (*route.alternatives, *self._closed_exits(job.job_id, product))
        if route.t_arrival_s > job.deadline_s:
            return self._too_late(job, holder, route, lost, nodes, history)
        if route.opens_s > belief.t_s:
            return self._until_open(job, route, lost)
        reason = "earliest arrival over the booked contacts"
        if any(leg.kind == RELAY for leg in route.legs):
            reason += f"; the light may pass any {self._mesh}"
        return Move(job.job_id, product, holder, route.target, route.legs, reason, lost)

    def given_up(self, job: Job, holder: int, history: FaultHistory, otherwise: Close) -> Close:
        """Miss a job that no computer can serve in time, for what stands in its way.

        Parameters
        ----------
        job : Job
            Whose stages are not all done.
        holder : int
            Fleet row that has its pixels.
        history : FaultHistory
            What faults did to the job.
        otherwise : Close
            If an answer that were there now would be in time.

        Returns
        -------
        Close
            As missed.
        """
        product = Product.RAW if self._belief.answer_bytes is None else Product.ANSWER
        step = self.step(job, holder, product, self._belief.sent_bytes(job), history)
        return step if isinstance(step, Close) else otherwise

    def _until_open(self, job: Job, route: Route, lost: Alternatives) -> Wait:
        """Hold a product until a rule lets it go; what else it waits for is seen then."""
        first = self._names[route.legs[0].target]
        wait_s = route.opens_s - self._belief.t_s
        reason = f"a rule closes {first} for {spell(wait_s)} from now"
        return Wait(job.job_id, route.opens_s, Cause.RULE, reason, lost)

    def _too_late(
        self,
        job: Job,
        holder: int,
        route: Route,
        lost: Alternatives,
        nodes: Open,
        history: FaultHistory,
    ) -> Close:
        """Miss a job whose earliest way down ends after its deadline, and say which way that is."""
        now_s = self._belief.t_s
        opens_s = self._belief.plan.next_window_s(holder, now_s, nodes.links)
        cause = Cause.CONTACT if opens_s >= job.deadline_s else Cause.LINK
        stops = ", ".join(self._names[leg.target] for leg in route.legs)
        wait_s = route.legs[0].t_window_s - now_s
        detail = (
            f"the earliest way down, over {stops}, waits {spell(wait_s)} for a window and "
            f"arrives {spell(route.t_arrival_s - job.t_capture_s)} after the shutter; the "
            f"deadline is {spell(job.deadline_s - job.t_capture_s)} after it"
        )
        ground = route.legs[-1].source
        given_up = Alternative(ground, route.t_arrival_s, "the earliest way, after the deadline")
        closed = nodes.opens_s is not None or not nodes.mask.all()
        if closed and self._would_be_in_time(job, holder, route.legs[0].nbytes, nodes):
            detail += "; every way in time is closed by a rule"
            return _missed(job, Cause.RULE, detail, (given_up, *lost))
        return _missed(job, Cause.FAULT if history.struck else cause, detail, (given_up, *lost))

    def _would_be_in_time(self, job: Job, holder: int, nbytes: float, nodes: Open) -> bool:
        """Whether a product would arrive in time if no rule closed anything."""
        plan = self._belief.plan
        free = plan.to_data_centre(holder, self._belief.t_s, nbytes, nodes.without_rules())
        return free is not None and free.t_arrival_s <= job.deadline_s

    def _no_way(
        self,
        job: Job,
        holder: int,
        product: Product,
        nbytes: float,
        nodes: Open,
        history: FaultHistory,
    ) -> Wait | Close:
        plan, now_s = self._belief.plan, self._belief.t_s
        if plan.to_data_centre(holder, now_s, nbytes, nodes.without_rules()) is not None:
            closed = self._closed_exits(job.job_id, product)
            return _missed(job, Cause.RULE, "every way down is closed by a rule", closed)
        if job.deadline_s <= self._end_s:
            detail = "no contact that could carry it opens before the deadline"
            return _missed(job, Cause.FAULT if history.struck else Cause.CONTACT, detail)
        reason = "no contact that could carry it opens before the run ends"
        return Wait(job.job_id, self._end_s, Cause.CONTACT, reason)


def mesh_words(fleet: Fleet) -> str:
    """Say whose satellites the relay network is made of.

    Parameters
    ----------
    fleet : Fleet
        With or without one.

    Returns
    -------
    str
        ``relay satellite of OPERATOR (STATE)``, all of them.
    """
    rows = fleet.rows(NodeKind.RELAY).tolist()
    owners = dict.fromkeys((fleet.operators[row], fleet.countries[row]) for row in rows)
    return "relay satellite of " + ", ".join(f"{who} ({state or '?'})" for who, state in owners)


def _missed(job: Job, cause: Cause, detail: str, lost: Alternatives = ()) -> Close:
    return Close(job.job_id, delivered=False, reason=str(cause), detail=detail, alternatives=lost)


def spell(seconds_s: float) -> str:
    """Write a time span as ``2 h 05 min`` or ``12 s``."""
    if seconds_s < SECONDS_PER_MINUTE:
        return f"{seconds_s:.0f} s"
    hours, minutes = divmod(round(seconds_s / SECONDS_PER_MINUTE), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
