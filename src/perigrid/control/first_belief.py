"""What a controller holds true before anything has happened."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import Product
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.scheduling.base import Premises
from perigrid.control.work_times import WorkTimes
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.scenario.pipeline import Pipeline


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
