"""Products that fit into no single window go down in parts, and arrive when the last one does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core_cases import DOWN, FLEET, GROUND, core, told
from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, ORBITAL, Architecture
from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import (
    Captured,
    Close,
    Move,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    TimerRang,
    Wait,
)
from perigrid.fleet.terrestrial import nearest_centre
from perigrid.scenario.faults import Faults
from perigrid.sim.bound import run_bound
from perigrid.sim.run import simulate
from perigrid.sim.storm import audit
from perigrid.sim.storm_record import told as recorded
from perigrid.sim.world import build_world
from storms import storm

NEAREST = nearest_centre(FLEET, GROUND)
BYTES_S = 1e9 / 8.0
JOB = Job(0, 0, 10.0, 9000.0, 250.0 * BYTES_S, 1.6e9, 0.5, 1.0, 3, 2)
"""It takes 250 s."""
PASSES = [(DOWN, 0, GROUND, 1000.0, 1100.0), (DOWN, 0, GROUND, 2000.0, 2100.0),
          (DOWN, 0, GROUND, 3000.0, 3100.0)]  # fmt: skip
IN_PARTS = "in parts, as it fits into no window: each as early as the booked contacts allow"


def sent(move: Move) -> list[tuple[float, float]]:
    """When its parts are sent, to the second."""
    down = [leg for leg in move.legs if leg.kind == "downlink"]
    return [(round(leg.t_start_s, 3), round(leg.t_end_s, 3)) for leg in down]


def test_three_passes_carry_what_one_does_not() -> None:
    (move,) = told(core(BENT_PIPE, [JOB], PASSES), Captured(10.0, JOB))
    assert isinstance(move, Move)
    assert move.reason == IN_PARTS
    assert sent(move) == [(1000.0, 1100.0), (2000.0, 2100.0), (3000.0, 3050.0)]
    assert [leg.target for leg in move.legs] == [GROUND, NEAREST] * 3
    assert sum(leg.nbytes for leg in move.legs if leg.contact >= 0) == JOB.raw_bytes
    assert move.target == NEAREST


def test_what_fits_goes_whole_and_what_no_passes_carry_is_given_up() -> None:
    small = replace(JOB, raw_bytes=99.0 * BYTES_S)
    (move,) = told(core(BENT_PIPE, [small], PASSES), Captured(10.0, small))
    assert sent(move) == [(1000.0, 1099.0)]
    (close,) = told(core(BENT_PIPE, [JOB], PASSES[:2]), Captured(10.0, JOB))
    assert isinstance(close, Close)
    assert close.reason == Cause.CONTACT
    short = replace(JOB, deadline_s=3020.0)
    (late,) = told(core(BENT_PIPE, [short], PASSES), Captured(10.0, short))
    assert isinstance(late, Close)
    assert "arrives 51 min after the shutter; the deadline is 50 min after it" in late.detail


def test_parts_take_the_gaps_that_others_leave() -> None:
    jobs = [replace(JOB, raw_bytes=40.0 * BYTES_S), replace(JOB, job_id=1)]
    made = core(BENT_PIPE, jobs, PASSES)
    whole, parts = told(made, *(Captured(10.0, job) for job in jobs))
    assert sent(whole) == [(1000.0, 1040.0)]
    assert sent(parts) == [(1040.0, 1100.0), (2000.0, 2100.0), (3000.0, 3090.0)]


def test_only_what_has_not_come_is_sent_again() -> None:
    passes = [*PASSES, (DOWN, 0, GROUND, 4000.0, 4100.0)]
    made = core(BENT_PIPE, [JOB], passes)
    told(made, Captured(10.0, JOB))
    # The third leg is the second part: it breaks off, and its contact is planned with no more.
    (again,) = told(made, MoveFailed(2050.0, 0, 0, 2, "acquisition"))
    assert sent(again) == [(3000.0, 3100.0), (4000.0, 4050.0)]
    all_bytes = sum(leg.nbytes for leg in again.legs if leg.contact >= 0)
    assert all_bytes == pytest.approx(150.0 * BYTES_S, abs=2.0)
    assert again.product is Product.RAW


def test_a_station_that_is_away_is_waited_for() -> None:
    faults = Faults(station_between_s=1.0, station_repair_s=3600.0)
    made = core(BENT_PIPE, [JOB], PASSES, replace(SCENARIO, faults=faults))
    told(made, NodeFailed(5.0, GROUND, "station", wiped=False))
    (wait,) = told(made, Captured(10.0, JOB))
    assert isinstance(wait, Wait)
    assert wait.reason == "every way in time is over a node away"
    told(made, NodeRepaired(500.0, GROUND))
    assert wait.until_s == 910.0  # a quarter of the mean
    (move,) = told(made, TimerRang(wait.until_s, 0))
    assert len(sent(move)) == 3


def test_a_lookahead_scheduler_counts_on_parts_too() -> None:
    pixels = replace(JOB, deadline_s=20_000.0)
    made = core(BENT_PIPE, [pixels], PASSES, scheduler="lookahead")
    (move,) = told(made, Captured(10.0, pixels))
    assert len(sent(move)) == 3


FINE = (
    "groups.ring.sensor.gsd_m=0.4",
    "groups.ring.storage_gb=2000",
    "demand.revisit_hours=48",
    "demand.deadline_hours=24",
    "hours=8",
)
"""Cameras so fine that no pass carries a scene."""


@pytest.mark.parametrize("architecture", [BENT_PIPE, ORBITAL])
def test_a_storm_of_large_scenes_is_in_order(tmp_path: Path, architecture: Architecture) -> None:
    world = build_world(storm(*FINE)).under(architecture)
    result = simulate(world, architecture, tmp_path)
    entries = recorded(tmp_path, world.fleet.names)
    assert audit(world, result, entries, tmp_path) == []
    parts = [
        sum(leg["kind"] == "downlink" for leg in decision["action"]["legs"])
        for entry in entries
        for decision in entry.get("decisions", ())
    ]
    if architecture is BENT_PIPE:
        assert max(parts) > 1
        assert result.summary["insights_delivered"] > 0
    bound = run_bound(world, architecture)
    assert result.summary["insights_delivered"] <= bound.value
    # Of another size than all that came, the auditor finds it.
    job = max((job for job in world.jobs), key=lambda one: one.raw_bytes)
    other = replace(world, jobs=[replace(one, raw_bytes=job.raw_bytes * 2.0) for one in world.jobs])
    found = audit(other, result, entries, tmp_path)
    assert any("B came, of" in one for one in found) == (architecture is BENT_PIPE)
