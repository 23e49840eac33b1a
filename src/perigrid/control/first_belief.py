"""What a controller holds true before anything has happened."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import Product, StageName
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.scheduling.base import Belief
from perigrid.control.work_times import WorkTimes
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.model import Pipeline

PIXELS: Final = "pixels"
"""What is delivered where the customer wants the clear pixels themselves."""


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
    first, last = (architecture.places(stage) for stage in (StageName.SCREEN, StageName.CLASSIFY))
    begun = first & IN_ORBIT
    answers = pipeline.deliver != PIXELS and bool(last & IN_ORBIT)
    sent = Product.ANSWER if answers else Product.RAW
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
        # Else the pixels leave the computer on which they were screened.
        works=WorkTimes(fleet, pipeline, together=not begun or bool(begun & last)),
        answer_bytes=pipeline.classify.output_bytes if answers else None,
        may_migrate=ComputePlace.SATELLITE in first,
        at_origin=ComputePlace.ORIGIN in first,
        on_ground=on_ground,
        weighs_all=on_ground or roams,
        open_nodes=Everywhere(plan),
        laser_w=held_laser_w(fleet, outlook, ContactKind.of(architecture.every_link)),
    )
