"""The table of jobs."""

import math
from dataclasses import replace

import numpy as np

from perigrid.base.architecture import RELAY
from perigrid.control.core.messages import CLOUD_CODE
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.state import Count, Ended
from perigrid.ledger.tables import JOBS
from tests.engine.plain import built


def test_only_what_was_taken_is_listed_with_how_it_ended(world):
    w = built(world, RELAY)
    w.counts[Count.TAKEN] = 3
    w.jobs["ended"][:3] = Ended.DELIVERED, Ended.MISSED, Ended.IN_FLIGHT
    w.jobs["t_end_s"][:2] = w.jobs["t_capture_s"][:2] + 60.0
    w.jobs["reason"][:3] = 7, CLOUD_CODE, 3
    w.jobs["node"][1] = 2
    w.jobs["done"][:3] = 1, 3, 0
    frame = jobs_frame(world, w)
    assert dict(frame.schema) == JOBS
    assert frame["outcome"].to_list() == ["delivered", "missed", "in_flight"]
    assert frame["reason"].to_list() == ["", "cloud", ""]
    assert frame["node"].to_list() == ["", world.fleet.names[2], ""]
    assert frame["time_to_insight_s"][0] == 60.0
    assert np.isnan(frame["time_to_insight_s"][1:].to_numpy()).all()
    seen = world.outcomes["screen"]
    assert frame["cloud_seen"].to_list()[:2] == seen[:2].tolist()
    assert math.isnan(frame["cloud_seen"][2])


def test_jobs_carry_the_name_of_the_place(world):
    job = replace(world.jobs[0], target=1)
    asked = replace(world.scenario.demand, request_names=("Oslo", "Lake 2"))
    outcomes = {name: found[:1] for name, found in world.outcomes.items()}
    scenario = replace(world.scenario, demand=asked)
    named = replace(world, scenario=scenario, jobs=(job,), outcomes=outcomes)
    for one, place in ((named, "Lake 2"), (world, "")):
        w = built(one, RELAY)
        w.counts[Count.TAKEN] = 1
        assert jobs_frame(one, w)["place"].to_list() == [place]
