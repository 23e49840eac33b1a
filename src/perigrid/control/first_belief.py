"""What a controller holds true before anything has happened, and all along."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import Job, Product
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.scenario.pipeline import Pipeline


@dataclass
class Premises:
    """What holds before anything has happened, and all along: what a mission says of its jobs.

    Parameters
    ----------
    fleet : Fleet
        The fleet.
    plan : ContactPlan
        Contacts with what is booked.
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
    laser_w : (n_satellites, n_steps) float array
        What holding the laser links draws in each step of the outlook [W].
    """

    fleet: Fleet
    plan: ContactPlan
    works: WorkTimes
    answer_bytes: float | None
    may_migrate: bool
    at_origin: bool
    on_ground: bool
    weighs_all: bool
    laser_w: Floats

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


def first_belief(
    fleet: Fleet,
    outlook: Outlook,
    pipeline: Pipeline,
    architecture: Architecture,
    plan: ContactPlan,
) -> Premises:
    """Work out from the scenario what holds all along.

    Parameters
    ----------
    fleet, outlook
        What there is, and what decisions cannot change.
    pipeline : Pipeline
        The stages.
    architecture : Architecture
        Where they may run, and which links carry what.
    plan : ContactPlan
        Contacts of the kinds it allows, nothing booked yet.

    Returns
    -------
    Premises
        Of a controller; no rule is known to it.
    """
    places = {stage.name: architecture.places(stage.name) for stage in pipeline.stages}
    first = places[pipeline.stages[0].name]
    begun = first & IN_ORBIT
    # Behind these the pixels leave the computer on which they were begun.
    kept = itertools.takewhile(lambda name: not begun or begun & places[name], pipeline.names)
    answer_bytes = _answer_bytes(pipeline, places)
    sent = Product.RAW if answer_bytes is None else Product.ANSWER
    # Pixels may reach a satellite from which alone their answer comes down.
    roams = ComputePlace.SATELLITE in first and not (
        architecture.links(Product.RAW) <= architecture.links(sent)
    )
    on_ground = bool(begun) and ComputePlace.DATA_CENTRE in first
    return Premises(
        fleet=fleet,
        plan=plan,
        works=WorkTimes(fleet, pipeline, frozenset(pipeline.names) - frozenset(kept)),
        answer_bytes=answer_bytes,
        may_migrate=ComputePlace.SATELLITE in first,
        at_origin=ComputePlace.ORIGIN in first,
        on_ground=on_ground,
        weighs_all=on_ground or roams,
        laser_w=held_laser_w(fleet, outlook, ContactKind.of(architecture.every_link)),
    )


def _answer_bytes(
    pipeline: Pipeline, places: Mapping[str, frozenset[ComputePlace]]
) -> float | None:
    """Size of the largest answer that goes down; None where pixels do."""
    sizes = [
        stage.output_bytes
        for stage in pipeline.stages
        if stage.deliver and places[stage.name] & IN_ORBIT
    ]
    return None if pipeline.sends_pixels or not sizes else sum(sizes)
