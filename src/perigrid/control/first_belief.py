"""What a controller holds true before anything has happened."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import StageName
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
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
    architecture: Architecture,
    plan: ContactPlan,
) -> Belief:
    """Believe in empty computers and storages, and in what the scenario says of the stages.

    Parameters
    ----------
    fleet, outlook, pipeline, scene_area_m2, architecture, plan
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
    first, last = (architecture.places(stage) for stage in (StageName.SCREEN, StageName.CLASSIFY))
    begun = first & IN_ORBIT
    if begun and not begun & last:
        classify_s = 0.0  # the pixels leave the computer on which they were screened
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
        answer_bytes=(
            pipeline.classify.output_bytes
            if pipeline.deliver != PIXELS and last & IN_ORBIT
            else None
        ),
        may_migrate=ComputePlace.SATELLITE in first,
        at_origin=ComputePlace.ORIGIN in first,
        ground_s=(
            _ground_s(fleet, pipeline, scene_area_m2)
            if begun and ComputePlace.DATA_CENTRE in first
            else {}
        ),
        open_nodes=Everywhere(plan),
        laser_w=held_laser_w(fleet, outlook, ContactKind.of(architecture.every_link)),
    )


def _ground_s(fleet: Fleet, pipeline: Pipeline, scene_area_m2: float) -> dict[int, float]:
    """Time of all stages in each data centre, by fleet row."""
    stages = (pipeline.screen, pipeline.classify)
    return {
        row: sum(stage_time_s(stage, centre.computer, scene_area_m2) for stage in stages)
        for row, centre in fleet.data_centres.items()
    }
