"""What a controller holds true before anything has happened."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import Product
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.scheduling.base import Belief
from perigrid.control.work_times import WorkTimes
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.pipeline import Pipeline


def first_belief(
    fleet: Fleet,
    outlook: Outlook,
    pipeline: Pipeline,
    architecture: Architecture,
    plan: ContactPlan,
) -> Belief:
    """Believe in empty computers and storages, and in what the scenario says of the stages.

    Parameters
    ----------
    fleet, outlook, pipeline, architecture, plan
        As for :class:`perigrid.control.controller.Controller`.

    Returns
    -------
    Belief
        At time 0, before the first telemetry; no rule is known to it yet.
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
    return Belief(
        t_s=0.0,
        fleet=fleet,
        plan=plan,
        storage=Storage(fleet.buses.storage_bytes, np.zeros(fleet.n_satellites)),
        telemetry=None,
        busy_until_s=np.zeros(fleet.n_satellites),
        works=WorkTimes(fleet, pipeline, frozenset(pipeline.names) - frozenset(kept)),
        answer_bytes=answer_bytes,
        may_migrate=ComputePlace.SATELLITE in first,
        at_origin=ComputePlace.ORIGIN in first,
        on_ground=on_ground,
        weighs_all=on_ground or roams,
        open_nodes=Everywhere(plan),
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
