"""What a controller holds true before anything has happened."""

from __future__ import annotations

import numpy as np

from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.placement import Placement
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.model import Pipeline
from perigrid.workload.job_graph import sure_stages
from perigrid.workload.profile import stage_power_w, stage_time_s


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
    stage_s, stage_j = {}, {}
    for stage in pipeline.stages:
        took_s = 0.0 if computer is None else stage_time_s(stage, computer, scene_area_m2)
        power_w = 0.0 if computer is None else stage_power_w(stage, computer)
        stage_s[stage.name], stage_j[stage.name] = took_s, took_s * power_w
    sizes = [stage.output_bytes for stage in pipeline.stages if stage.deliver]
    return Belief(
        t_s=0.0,
        fleet=fleet,
        plan=plan,
        storage=Storage(fleet.satellites.storage_bytes, np.zeros(fleet.n_satellites)),
        telemetry=None,
        busy_until_s=np.zeros(fleet.n_satellites),
        stage_s=stage_s,
        stage_j=stage_j,
        sure=sure_stages(pipeline),
        answer_bytes=None if pipeline.sends_pixels else sum(sizes),
        may_migrate=placement.may_migrate,
        open_nodes=Everywhere(plan),
        laser_w=held_laser_w(fleet, outlook, placement.links),
    )
