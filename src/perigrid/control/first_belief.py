"""What a controller holds true before anything has happened."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.open_nodes import Everywhere
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.scenario.model import Pipeline
from perigrid.workload.job_graph import sure_stages
from perigrid.workload.profile import stage_power_w, stage_time_s


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
    places = {stage.name: architecture.places(stage.name) for stage in pipeline.stages}
    first = pipeline.stages[0].name
    begun = places[first] & IN_ORBIT
    stage_s, stage_j, left = {}, {}, False
    for stage in pipeline.stages:
        # Behind this one the pixels leave the computer on which they were begun.
        left = left or bool(begun and not begun & places[stage.name])
        stage_s[stage.name] = stage_j[stage.name] = 0.0
        if computer is not None and not left:
            stage_s[stage.name] = took_s = stage_time_s(stage, computer, scene_area_m2)
            stage_j[stage.name] = took_s * stage_power_w(stage, computer)
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
        answer_bytes=_answer_bytes(pipeline, places),
        may_migrate=ComputePlace.SATELLITE in places[first],
        at_origin=ComputePlace.ORIGIN in places[first],
        ground_s=(
            _ground_s(fleet, pipeline, scene_area_m2)
            if begun and ComputePlace.DATA_CENTRE in places[first]
            else {}
        ),
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


def _ground_s(fleet: Fleet, pipeline: Pipeline, scene_area_m2: float) -> dict[int, float]:
    """Time of all stages in each data centre, by fleet row."""
    return {
        row: sum(stage_time_s(stage, centre.computer, scene_area_m2) for stage in pipeline.stages)
        for row, centre in fleet.data_centres.items()
    }
