"""What is urgent takes the place of what is not and has not begun."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core_cases import CENTRE, CROSS, DOWN, GROUND, core, jobs_of, told
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Captured, Compute, Computed, Move, Moved, TimerRang, Wait
from perigrid.scenario.pipeline import Condition, DrawnOutcome, Pipeline, Stage
from perigrid.sim.run import simulate
from perigrid.sim.storm import audit
from perigrid.sim.storm_record import told as recorded
from perigrid.sim.world import build_world
from storms import storm

SIZE_BYTES, SENDING_S = 5e9, 40.0


def stage(name: str, **changes) -> Stage:
    costs = (name, name, 30.0, "host", 0.1, 0.0, 1.0, 0.0, 0.0, 0.0)
    return replace(Stage(*costs), **changes)


CHANCE = DrawnOutcome("chance", 0.5, 0.0)
LOOK = stage("look", output_bytes=SIZE_BYTES, deliver=True, outcome=CHANCE)
ALERT = stage("alert", deliver=True, priority=5, when=Condition("look", 0.5, None))
NOTICE = stage("notice", deliver=True, priority=2, when=Condition("look", None, 0.5))
JOB = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.5, 1.0, 3, 2)
WINDOWS = [(DOWN, 0, GROUND, 1000.0, 1090.0), (DOWN, 0, GROUND, 2000.0, 2090.0)]
DISPLACED = "its booking was given up for a more urgent product"


def controller(count: int, rows=WINDOWS, stages=(LOOK, ALERT)):
    pipeline = Pipeline(tuple(stages), "decisions", 1)
    scenario = replace(SCENARIO, pipeline=pipeline)
    jobs = jobs_of(*[JOB] * count)
    made = core(ONBOARD, jobs, rows, scenario, scheduler="fifo")
    told(made, *(Captured(10.0, job) for job in jobs))
    return made


def answered(made, number: int, t_s: float, found: float, last: str | None = None):
    """What is decided once a job's stages are done."""
    actions = told(made, Computed(t_s, number, 0, "look", found))
    if last is not None:
        assert [type(one) for one in actions] == [Compute]
        actions = told(made, Computed(t_s, number, 0, last, None))
    return actions


def starts_s(move: Move) -> float:
    return move.legs[0].t_start_s


def test_an_alert_goes_first_and_the_one_before_it_is_decided_on_anew() -> None:
    made = controller(3)
    (first,), (second,) = answered(made, 0, 20.0, 0.0), answered(made, 1, 21.0, 0.0)
    assert (starts_s(first), starts_s(second)) == (1000.0, 1040.0)
    alert, withdrawn = answered(made, 2, 30.0, 1.0, "alert")
    assert isinstance(alert, Move)
    assert starts_s(alert) == 1000.0
    assert isinstance(withdrawn, Wait)
    assert (withdrawn.job_id, withdrawn.until_s) == (0, 30.0)
    assert (withdrawn.cause, withdrawn.reason) == (Cause.LINK, DISPLACED)
    (anew,) = told(made, TimerRang(30.0, 0))  # the second stays where it was
    assert isinstance(anew, Move)
    assert starts_s(anew) == 2000.0
    # What was given back is free: a small one finds the gap behind the second.
    assert told(made, Moved(1090.0, 2, CENTRE, alert.product))[0].delivered


def test_what_has_begun_is_not_withdrawn() -> None:
    made = controller(2)
    answered(made, 0, 20.0, 0.0)
    (alert,) = answered(made, 1, 1001.0, 1.0, "alert")
    assert starts_s(alert) == 1040.0


def test_only_what_is_strictly_less_urgent_is_withdrawn() -> None:
    made = controller(2)
    answered(made, 0, 20.0, 1.0, "alert")
    (second,) = answered(made, 1, 30.0, 1.0, "alert")
    assert starts_s(second) == 1040.0


def test_one_takes_the_place_of_the_next_less_urgent_and_that_of_the_least() -> None:
    made = controller(3, stages=(LOOK, ALERT, NOTICE))
    # Two fill the first window: a notice and, before there are any results, what is routine.
    (notice,) = answered(made, 0, 20.0, 0.0, "notice")
    (other,) = answered(made, 1, 20.0, 0.0, "notice")
    assert (starts_s(notice), starts_s(other)) == (1000.0, 1040.0)
    alert, withdrawn = answered(made, 2, 30.0, 1.0, "alert")
    assert (starts_s(alert), withdrawn.job_id) == (1000.0, 0)
    (anew,) = told(made, TimerRang(30.0, 0))
    assert starts_s(anew) == 2000.0  # the other notice is as urgent


def test_nothing_is_withdrawn_where_that_would_not_be_sooner() -> None:
    other = (DOWN, 1, GROUND, 1000.0, 1090.0)
    link = (CROSS, 1, 0, 0.0, 9000.0)
    made = controller(2, [*WINDOWS[:1], other, link])
    answered(made, 0, 20.0, 0.0)
    actions = answered(made, 1, 30.0, 1.0, "alert")
    assert [type(one) for one in actions] == [Move, Wait]
    quiet = controller(1, WINDOWS)
    assert len(answered(quiet, 0, 20.0, 1.0, "alert")) == 1


ALERTS = (
    "groups.ring.computer.host_gops=0.5",
    "demand.land_grid.cell_deg=3",
    "hours=5",
    "pipeline={executed_scenes: 8, stages: ["
    "{name: screen, model: s2cloudless 1.7, pixel_m: 60, ops_per_pixel: 1000, runs_on: host},"
    "{name: look, model: looker, pixel_m: 60, ops_per_pixel: 1000, runs_on: host, deliver: true,"
    " output_bytes: 2.0e+9, when: {stage: screen, at_most: 0.7},"
    " outcome: {chance: {probability: 0.2}}},"
    "{name: alert, model: alarm, pixel_m: 60, ops_per_pixel: 1000, runs_on: host, deliver: true,"
    " priority: 5, output_bytes: 1000, when: {stage: look, above: 0.5}}]}",
)


def withdrawn_of(entries) -> list[tuple[float, int]]:
    """When moves were withdrawn, and whose: a job that is moved and then waits, nothing between."""
    found, moving = [], set()
    for entry in entries:
        for event in entry.get("events", ()):
            moving.discard(event.get("job_id"))
        for decision in entry.get("decisions", ()):
            action = decision["action"]
            if action["type"] == "Wait" and action["job_id"] in moving:
                found.append((entry["t_s"], action["job_id"]))
            moving.discard(action["job_id"])
            if action["type"] == "Move":
                moving.add(action["job_id"])
    return found


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL])
def test_a_storm_with_alerts_is_in_order(tmp_path: Path, architecture) -> None:
    world = build_world(storm(*ALERTS)).under(architecture)
    result = simulate(world, architecture, tmp_path)
    entries = recorded(tmp_path, world.fleet.names)
    assert audit(world, result, entries, tmp_path) == []
    withdrawn = withdrawn_of(entries)
    assert len(withdrawn) > 3
    # The auditor would have found one that had begun, or one for nothing more urgent.
    t_s, number = withdrawn[0]
    for entry in entries:
        for decision in entry.get("decisions", ()):
            move = decision["action"]
            if move["type"] == "Move" and move["job_id"] == number and entry["t_s"] < t_s:
                move["legs"][0]["t_start_s"] = entry["t_s"]
    assert any("after it had begun" in one for one in audit(world, result, entries, tmp_path))
    pipeline = world.scenario.pipeline
    alike = replace(pipeline, stages=tuple(replace(one, priority=0) for one in pipeline.stages))
    routine = replace(world, scenario=replace(world.scenario, pipeline=alike))
    found = audit(routine, result, entries, tmp_path)
    assert any("for nothing more urgent" in one for one in found)
