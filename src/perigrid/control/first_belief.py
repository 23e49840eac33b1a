"""What a controller holds true before anything has happened."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.placement import Placement
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.model import Pipeline
from perigrid.workload.profile import stage_power_w, stage_time_s

PIXELS: Final = "pixels"
"""What is delivered where the customer wants the clear pixels themselves."""


def first_belief(
    fleet: Fleet,
    outlook: Outlook,
    pipeline: Pipeline,
    scene_area_m2: float,
    placement: Placement,
    plan: ContactPlan,
) -> Belief:
    """Believe in empty computers and storages, and in what the scenario says of the stages.

    Parameters
    ----------
    fleet, outlook, pipeline, scene_area_m2, placement, plan
        As for :class:`perigrid.control.controller.Controller`.

    Returns
    -------
    Belief
        At time 0, before the first telemetry; no rule is known to it yet.
    """
    computer = fleet.satellites.computer
    stages = (pipeline.screen, pipeline.classify)
    screen_s, classify_s = (
        0.0 if computer is None else stage_time_s(stage, computer, scene_area_m2)
        for stage in stages
    )
    screen_w, classify_w = (
        0.0 if computer is None else stage_power_w(stage, computer) for stage in stages
    )
    return Belief(
        t_s=0.0,
        fleet=fleet,
        plan=plan,
        storage=Storage(fleet.satellites.storage_bytes, np.zeros(fleet.n_satellites)),
        telemetry=None,
        busy_until_s=np.zeros(fleet.n_satellites),
        screen_s=screen_s,
        classify_s=classify_s,
        screen_j=screen_s * screen_w,
        classify_j=classify_s * classify_w,
        answer_bytes=None if pipeline.deliver == PIXELS else pipeline.classify.output_bytes,
        may_migrate=placement.may_migrate,
        open_nodes=Everywhere(plan),
        laser_w=held_laser_w(fleet, outlook, placement.links),
    )
