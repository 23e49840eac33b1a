"""What a scheduler sees and what it must answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Action, Alternative, StateReported, Wait
from perigrid.control.contact_plan import Bools, ContactPlan, Open, Route
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.fleet.storage import Storage


class OpenTo(Protocol):
    """Nodes that policy lets a product touch, in the plan's node order."""

    def __call__(self, job_id: int, product: Product) -> Open:
        """Nodes open to a product of a job, now or at times from now on."""
        ...

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:
        """Nodes that are ever open to a product of at least one of the jobs."""
        ...


@dataclass(slots=True)
class Belief:
    """What the controller holds true about the fleet, from telemetry and its own commitments.

    Parameters
    ----------
    t_s : float
        Time of the batch being handled [s].
    fleet : Fleet
        The fleet.
    plan : ContactPlan
        Contacts with what is booked.
    storage : Storage
        What satellites hold and what is on its way to them, kept from events and own actions.
    telemetry : StateReported or None
        The last report; None before the first.
    busy_until_s : (n_satellites,) float array
        When each computer will have done what it was given [s].
    works : WorkTimes
        What a scene takes on each computer.
    answer_bytes : float or None
        Size of the largest answer; None if the customer wants the clear pixels themselves [B].
    may_migrate : bool
        Whether a job may be computed on another satellite than the one that took it.
    at_origin : bool
        Whether it may be computed on the one that took it.
    on_ground : bool
        Whether a data centre may do it instead, where that is a choice.
    weighs_all : bool
        Whether another place may be better even while the one that took it is free: one on the
        ground, or one to which pixels have links that answers have not.
    open_nodes : OpenTo
        Nodes that policy lets a product of a job touch, and when.
    laser_w : (n_satellites, n_steps) float array
        What holding the laser links draws in each step of the outlook [W].
    closed : callable, optional
        Satellites that a product of a job may not be moved to, with the rules that say so.
    """

    t_s: float
    fleet: Fleet
    plan: ContactPlan
    storage: Storage
    telemetry: StateReported | None
    busy_until_s: Floats
    works: WorkTimes
    answer_bytes: float | None
    may_migrate: bool
    open_nodes: OpenTo
    laser_w: Floats
    closed: Callable[[int, Product], tuple[Alternative, ...]] | None = None
    at_origin: bool = True
    on_ground: bool = False
    weighs_all: bool = False

    @property
    def first_stage(self) -> str:
        """What a job that nothing was done for begins with."""
        return self.works.first_stage

    def computes(self, node: int) -> bool:
        """Say whether a node is a satellite with a computer.

        Parameters
        ----------
        node : int
            Fleet row.

        Returns
        -------
        bool
            False for imagers that only take scenes, and for all that is no satellite.
        """
        return node < self.fleet.n_satellites and bool(self.fleet.buses.computes[node])

    def at_home(self, job: Job) -> bool:
        """Say whether a job may be computed on the satellite that took it.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        bool
            False too if that satellite has no computer.
        """
        return self.at_origin and self.computes(job.origin)

    def work(self, node: int, job: Job) -> SceneWork:
        """Say what a job takes on a computer.

        Parameters
        ----------
        node : int
            Fleet row of a satellite or a data centre.
        job : Job
            The observation.

        Returns
        -------
        SceneWork
            At full speed.
        """
        return self.works.on(node, job.area_m2)

    def work_s(self, node: int, job: Job) -> float:
        """Say how long a job takes on a computer.

        Parameters
        ----------
        node, job
            As for :meth:`work`.

        Returns
        -------
        float
            All stages that it runs there, at full speed [s].
        """
        return self.works.on(node, job.area_m2).work_s

    def reached(self, job: Job, holder: int) -> dict[int, Route]:
        """Find the satellites with a computer to which a job's pixels can be sent.

        Parameters
        ----------
        job : Job
            The observation.
        holder : int
            Fleet row that has the pixels.

        Returns
        -------
        dict of int to Route
            By fleet row, ascending, without the holder itself.
        """
        nodes = self.open_nodes(job.job_id, Product.RAW)
        routes = self.plan.to_nodes(holder, self.t_s, job.raw_bytes, nodes)
        return {node: routes[node] for node in sorted(routes) if self.computes(node)}

    def ruled_out(self, job: Job) -> tuple[Alternative, ...]:
        """Satellites that rules close to a job's pixels.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        tuple of Alternative
            With the rule that says so.
        """
        return () if self.closed is None else self.closed(job.job_id, Product.RAW)

    def sent_bytes(self, job: Job) -> float:
        """Size of what goes down after a job is computed.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        float
            The answer, or the pixels if those are wanted [B].
        """
        return job.raw_bytes if self.answer_bytes is None else self.answer_bytes

    def delivery_nodes(self, job: Job) -> Open:
        """Nodes that policy lets touch what goes down after a job is computed.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        Open
            In the plan's node order.
        """
        product = Product.RAW if self.answer_bytes is None else Product.ANSWER
        return self.open_nodes(job.job_id, product)

    def commit(self, node: int, start_s: float, work_s: float) -> None:
        """Note that a job will be computed on a satellite.

        Parameters
        ----------
        node : int
            Fleet row of the satellite.
        start_s : float
            When it starts at the earliest [s].
        work_s : float
            What it takes there [s].
        """
        self.busy_until_s[node] = max(start_s, float(self.busy_until_s[node])) + work_s


@runtime_checkable
class WeighsPlaces(Protocol):
    """A scheduler that heeds ``at_home`` and ``on_ground``; the others know satellites only."""

    weighs_places: bool


@runtime_checkable
class Rechecks(Protocol):
    """A scheduler that looks again when pixels have arrived where it had sent them."""

    def recheck(self, job: Job, node: int, belief: Belief, outlook: Outlook) -> Wait | None:
        """Say whether a job still may be computed where it has arrived.

        Parameters
        ----------
        job : Job
            Its pixels are on the node.
        node : int
            Fleet row of the satellite.
        belief : Belief
            The fleet now.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        Wait or None
            None if it may begin.
        """
        ...


class Scheduler(Protocol):
    """Chooses where and when waiting jobs are computed."""

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:
        """Answer every job with one action: compute here, move there, or wait.

        Parameters
        ----------
        jobs : sequence of Job
            Held by their origin satellites, none computed yet.
        belief : Belief
            The fleet now; commitments are noted in it, room on other satellites reserved.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        list of Action
            One per job, in order: ``Compute``, ``Move`` or ``Wait``.
        """
        ...
