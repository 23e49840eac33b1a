"""The bound on compute jobs against cases worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from batch_cases import computing
from missions import COMPUTER, with_group
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL
from perigrid.base.errors import InvariantError
from perigrid.fleet.build import build_fleet
from perigrid.fleet.faults import FaultKind, FaultSchedule
from perigrid.scenario.model import Rule
from perigrid.sim import batch_bound as bounds
from perigrid.sim.batch_bound import batch_bound
from perigrid.sim.upper_bound import RunBound

COUNT = 30
PLENTY = np.full(6, 1e9)
"""Joules beyond the base load of each of the six satellites."""


def crowded(world, **asked):
    """Thirty jobs of five minutes and value 1, asked for at once and due in ten minutes."""
    together = {
        "t_capture_s": np.zeros(COUNT),
        "deadline_s": np.full(COUNT, 600.0),
        "value": np.ones(COUNT),
    }
    columns = {**together, **asked.pop("columns", {})}
    return computing(world, columns, **{"count": COUNT, "work_s": 300.0, **asked})


def near(found, exact):
    """Never below what whole jobs can reach, and within 5 % of it."""
    return exact <= found.value <= 1.05 * exact


def test_jobs_that_leave_each_other_room_are_bound_by_demand_alone(world):
    found = batch_bound(computing(world), ORBITAL, PLENTY)
    assert (found.value, found.kind, found.wanted) == (10.0, "demand", 10.0)


def test_six_computers_do_two_jobs_of_five_minutes_each_in_ten(world):
    found = batch_bound(crowded(world), ORBITAL, PLENTY)
    assert near(found, 12.0)
    assert (found.kind, found.wanted) == ("compute", 30.0)


def test_two_data_centres_do_two_each(world):
    assert near(batch_bound(crowded(world), BENT_PIPE, np.zeros(6)), 4.0)


def test_a_data_centre_half_as_fast_does_one(world):
    base = crowded(world, work_teraops=COMPUTER.peak_ops_s * 300.0 / 1e12, efficiency=1.0)
    centres = base.scenario.data_centres
    slow = replace(centres[0], computer=replace(COMPUTER, peak_ops_s=0.5 * COMPUTER.peak_ops_s))
    scenario = replace(base.scenario, data_centres=(slow, *centres[1:]))
    base = replace(base, scenario=scenario, fleet=build_fleet(scenario))
    assert near(batch_bound(base, BENT_PIPE, np.zeros(6)), 3.0)


def test_energy_for_five_jobs_serves_five(world):
    base = crowded(world)
    group = base.scenario.group("compute")
    empty = replace(group.battery, initial_soc=group.battery.min_soc)
    scenario = with_group(base.scenario, "compute", battery=empty)
    base = replace(base, scenario=scenario, fleet=build_fleet(scenario))
    slot_w = COMPUTER.active_w - COMPUTER.idle_w
    found = batch_bound(base, ORBITAL, np.full(6, 5.0 * 300.0 * slot_w / 6.0))
    assert near(found, 5.0)
    assert found.kind == "energy"
    thrifty = crowded(world, columns={"power_share": np.full(COUNT, 0.5)})
    thrifty = replace(thrifty, scenario=scenario, fleet=base.fleet)
    assert near(batch_bound(thrifty, ORBITAL, np.full(6, 5.0 * 300.0 * slot_w / 6.0)), 10.0)


@pytest.mark.parametrize(
    "change",
    [
        {"deadline_s": np.full(COUNT, 300.0)},  # the way takes milliseconds
        {"model_bytes": np.full(COUNT, 1e12)},
        {"t_capture_s": np.full(COUNT, 6 * 3600.0 - 200.0)},  # the run ends before
    ],
)
def test_what_is_late_or_too_large_alone_counts_nothing(world, change):
    late = {"deadline_s": np.full(COUNT, 1e9), **change}
    found = batch_bound(crowded(world, columns=late), ORBITAL, PLENTY)
    assert (found.value, found.wanted) == (0.0, 30.0)


def test_data_that_no_computer_may_have_counts_nothing(world):
    base = crowded(world)
    at_home = Rule("at-home", "deny", "move", "raw", "CN", "any", "closed")
    scenario = replace(base.scenario, rules=(at_home,))
    ruled = replace(base, scenario=scenario)
    assert batch_bound(ruled, ORBITAL, PLENTY).value == 0.0
    # of the data centres the one in Germany may have it
    assert near(batch_bound(ruled, BENT_PIPE, PLENTY), 2.0)


def test_data_that_may_go_nowhere_may_be_computed_where_they_are(world):
    held = {"origin": np.zeros(COUNT, dtype=int), "user": np.full(COUNT, -1)}
    base = crowded(world, origin="satellites", columns=held)
    stay = Rule("stay", "deny", "move", "raw", "any", "any", "closed")
    ruled = replace(base, scenario=replace(base.scenario, rules=(stay,)))
    assert near(batch_bound(ruled, ONBOARD, PLENTY), 2.0)
    assert batch_bound(ruled, BENT_PIPE, PLENTY).value == 0.0


def test_an_answer_that_may_not_go_to_its_user_counts_nothing(world):
    base = crowded(world)
    no_answer = Rule("no-answer", "deny", "move", "answer", "CN", "any", "closed")
    scenario = replace(base.scenario, rules=(no_answer,))
    assert batch_bound(replace(base, scenario=scenario), ORBITAL, PLENTY).value == 0.0


def test_an_answer_that_nobody_waits_for_need_go_nowhere_from_a_data_centre(world):
    held = {"origin": np.zeros(COUNT, dtype=int), "user": np.full(COUNT, -1)}
    base = crowded(world, origin="satellites", columns=held)
    silent = Rule("silent", "deny", "move", "answer", "any", "any", "closed")
    ruled = replace(base, scenario=replace(base.scenario, rules=(silent,)))
    assert near(batch_bound(ruled, BENT_PIPE, PLENTY), 4.0)
    assert batch_bound(ruled, ONBOARD, PLENTY).value == 0.0


def test_a_satellite_that_is_away_computes_nothing(world, monkeypatch):
    base = crowded(world)
    crash = FaultSchedule(
        np.array([FaultKind.CRASH], dtype=np.int8), np.array([0]), np.array([-1]),
        np.array([0.0]), np.array([300.0]), np.array([True]),
    )  # fmt: skip
    monkeypatch.setattr(bounds, "fault_schedule", lambda *_: crash)
    assert near(batch_bound(base, ORBITAL, PLENTY), 11.0)


def test_without_a_computer_nothing_is_possible(world):
    base = crowded(world)
    scenario = with_group(base.scenario, "compute", computer=None)
    bare = replace(base, scenario=scenario, fleet=build_fleet(scenario))
    assert batch_bound(bare, ORBITAL, PLENTY) == RunBound(0.0, "compute", 30.0)


def test_data_in_orbit_need_come_down_only_once(world):
    """Light takes 1.6 ms from 480 km up: once down is in time, up and down is not."""
    due = {"deadline_s": np.full(COUNT, 300.0 + 2.5e-3)}
    held = {**due, "origin": np.zeros(COUNT, dtype=int), "user": np.full(COUNT, -1)}
    assert batch_bound(crowded(world, columns=due), ORBITAL, PLENTY).value == 0.0
    found = batch_bound(crowded(world, origin="satellites", columns=held), ONBOARD, PLENTY)
    assert found.value > 0.0


def test_more_than_is_possible_is_an_error():
    with pytest.raises(InvariantError, match="possible"):
        RunBound(3.0, "compute", 5.0).beside(3.1)
    assert RunBound(4.0, "compute", 5.0).beside(3.0)["value_share"] == 0.75
