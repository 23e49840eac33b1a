"""The table of jobs."""

import math
from dataclasses import replace

import numpy as np

from batch_cases import computing
from perigrid.base.architecture import ORBITAL, RELAY
from perigrid.control.core.messages import CLOUD_CODE
from perigrid.engine.columns import TRY
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.state import Count, Ended
from perigrid.ledger.tables import COMPUTE_JOBS, JOBS
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


def test_compute_jobs_tell_who_asked_for_what_and_what_it_is_worth(world):
    sizes = {"area_m2": np.array([1.0, 2.0, 0.5, 1.0]), "answer_share": np.array([1, 3, 1, 1.0])}
    asked = computing(world, {**sizes, "model": np.array([0, 2, 1, 0])})
    w = built(asked, ORBITAL)
    w.counts[Count.TAKEN] = 3
    w.jobs["ended"][:3] = Ended.DELIVERED, Ended.MISSED, Ended.IN_FLIGHT
    w.jobs["t_end_s"][:2] = w.jobs["t_capture_s"][:2] + 60.0
    w.jobs["tasks"][:3] = 1, 2, 0
    frame = jobs_frame(asked, w)
    ground = min(world.fleet.stations)
    assert dict(frame.schema) == COMPUTE_JOBS
    assert (
        frame["satellite"].to_list() == frame["place"].to_list() == 3 * [world.fleet.names[ground]]
    )
    assert frame["latitude_deg"][0] == math.degrees(world.fleet.latitude_rad[ground])
    assert frame["outcome"].to_list() == ["delivered", "missed", "in_flight"]
    assert frame["model"].to_list() == [0, 2, 1]
    assert frame["size"].to_list() == [1.0, 2.0, 0.5]
    assert frame["answer_bytes"].to_list() == [0.5e6, 1.5e6, 0.5e6]
    assert frame["value"].to_list() == [1.0, 2.0, 3.0]
    assert frame["attempts"].to_list() == [1, 2, 0]
    assert frame["scene"].to_list() == [-1, -1, -1]
    assert frame["kept"].all()
    assert not frame["wrong"].any()


def test_data_of_a_satellite_is_nobodys_and_nowhere(world):
    nowhere = np.full(4, np.nan)
    held = {"origin": np.array([0, 1, 0, 1]), "user": np.full(4, -1)}
    asked = computing(world, {**held, "latitude_rad": nowhere, "longitude_rad": nowhere})
    w = built(asked, ORBITAL)
    w.counts[Count.TAKEN] = 2
    frame = jobs_frame(asked, w)
    assert frame["satellite"].to_list() == list(world.fleet.names[:2])
    assert frame["place"].to_list() == ["", ""]
    assert frame["latitude_deg"].is_nan().all()


def test_a_wrong_answer_is_one_that_no_check_found_and_that_was_delivered(world):
    asked = computing(world)
    w = built(asked, ORBITAL)
    w.counts[Count.TAKEN] = 3
    tries = np.zeros((4, 1), dtype=TRY)
    tries["wrong"][:2] = 1
    w.jobs["ended"][[0, 2]] = Ended.DELIVERED
    assert jobs_frame(asked, w._replace(tries=tries))["wrong"].to_list() == [True, False, False]
