import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_cases import computing
from perigrid.base.architecture import ORBITAL
from perigrid.engine.columns import TRY
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.state import STATE_COLUMNS, Count, Ended
from perigrid.engine.telemetry import TelemetrySums
from perigrid.fleet.state import initial_state
from perigrid.sim.summary import (
    binding,
    median_with_in_flight_s,
    reached,
    summarise,
    time_groups,
)
from perigrid.sim.trace import Trace
from perigrid.sim.world import World
from tests.engine.plain import built


def jobs(rows: list[tuple[float, str]], end_s: float = 1000.0) -> pl.DataFrame:
    """Rows of age and outcome."""
    ends = [math.nan if outcome == "in_flight" else end_s - 500 + age for age, outcome in rows]
    starts = [end_s - age if outcome == "in_flight" else end_s - 500 for age, outcome in rows]
    return pl.DataFrame(
        {
            "kept": [True] * len(rows),
            "t_capture_s": starts,
            "t_end_s": ends,
            "outcome": [outcome for _, outcome in rows],
        }
    )


@given(st.lists(st.floats(0.0, 400.0), min_size=1, max_size=30))
def test_with_nothing_in_flight_it_is_the_lower_median(ages: list[float]) -> None:
    table = jobs([(age, "delivered") for age in ages])
    expected = np.sort(np.round(np.array(ages) + 500.0, 12))[(len(ages) - 1) // 2] - 500.0
    assert median_with_in_flight_s(table, 1000.0) == pytest.approx(expected, abs=1e-9)


def test_the_textbook_case_of_kaplan_and_meier() -> None:
    """Deaths at 0.8, 3.1, 5.4, 9.2; losses at 1.0, 2.7, 7.0, 12.1 (their table of 1958)."""
    deaths = [(0.8, "delivered"), (3.1, "delivered"), (5.4, "delivered"), (9.2, "delivered")]
    losses = [(age, "in_flight") for age in (1.0, 2.7, 7.0, 12.1)]
    # P: 7/8, then 4/5, 3/4, 1/2 of it: 0.875, 0.7, 0.525, 0.2625
    assert median_with_in_flight_s(jobs(deaths + losses), 1000.0) == pytest.approx(9.2)


def test_what_was_missed_never_arrives() -> None:
    assert median_with_in_flight_s(jobs([(5.0, "delivered"), (0.0, "missed")]), 1e3) == 5.0
    rows = [(5.0, "delivered"), (0.0, "missed"), (0.0, "missed")]
    assert median_with_in_flight_s(jobs(rows), 1000.0) is None


def test_when_most_still_wait_there_is_no_median() -> None:
    table = jobs([(10.0, "delivered"), (300.0, "in_flight"), (400.0, "in_flight")])
    assert median_with_in_flight_s(table, 1000.0) is None


def test_scenes_that_would_be_dropped_do_not_count() -> None:
    table = jobs([(10.0, "delivered"), (300.0, "in_flight"), (400.0, "in_flight")])
    table = table.with_columns(pl.Series("kept", [True, False, False]))
    assert median_with_in_flight_s(table, 1000.0) == pytest.approx(10.0)


def test_binding_shares_add_up_to_one_or_nothing() -> None:
    causes = ("contact", "heat", "battery", "link", "compute", "storage", "rule", "fault")
    table = pl.DataFrame({f"wait_{cause}_s": [float(k), 1.0] for k, cause in enumerate(causes)})
    shares = binding(table)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["rule"] == pytest.approx(7.0 / 36.0)
    assert set(binding(table * 0.0).values()) == {0.0}


def test_two_groups_are_told_apart() -> None:
    quick, slow = np.linspace(1.0, 2.0, 44), np.linspace(3000.0, 9000.0, 56)
    found = time_groups(np.concatenate([slow, quick]), 110)
    assert found == {"quick_share": 0.4, "quick_s": 2.0, "rest_s": pytest.approx(6000.0)}


def test_a_straggler_between_two_groups_does_not_hide_them() -> None:
    quick, slow = np.full(100, 1.5), np.full(100, 5000.0)
    found = time_groups(np.concatenate([quick, slow, [40.0]]), 201)
    assert found is not None
    assert found["quick_share"] in {100 / 201, 101 / 201}
    spread = np.geomspace(2.0, 4e3, 40)
    assert time_groups(np.concatenate([quick, slow, spread]), 240) is None


@pytest.mark.parametrize("small", [4, 96])
def test_a_few_outliers_are_no_group(small: int) -> None:
    times_s = np.concatenate([np.full(small, 1.0), np.full(100 - small, 5000.0)])
    assert time_groups(times_s, 100) is None


def test_few_insights_make_no_groups() -> None:
    assert time_groups(np.array([1.0, 1.0, 5000.0, 5000.0]), 4) is None
    assert time_groups(np.empty(0), 0) is None


@pytest.mark.parametrize("shape", ["exponential", "uniform", "lognormal", "weibull"])
def test_spreads_with_one_mode_have_one_group(shape: str) -> None:
    rng = np.random.default_rng(7)
    draws = {
        "exponential": rng.exponential(3000.0, 2000),
        "uniform": rng.uniform(0.0, 6000.0, 2000),
        "lognormal": rng.lognormal(5.0, 2.0, 2000),
        "weibull": 1000.0 * rng.weibull(0.7, 2000),
    }
    assert time_groups(draws[shape], 2000) is None


def traced(world: World, jobs: pl.DataFrame, compute_w: float) -> Trace:
    """What a run of the world leaves, with one figure for all its satellites."""
    telemetry = TelemetrySums(world.fleet, world.outlook.t_s)
    held = {name: np.full((2, world.fleet.n_satellites), 300.0) for name in STATE_COLUMNS}
    telemetry.add({**held, "compute_w": held["compute_w"] * compute_w / 300.0})
    state = initial_state(world.fleet)
    state.flows_j["generated_j"] += 5.0
    return Trace(
        jobs=jobs, telemetry=telemetry, state=state, booked_bytes=np.zeros(0), balance_error=0.0,
        held_laser_j=0.0, architecture=ORBITAL, head="", records=1, faults=None,
        telemetry_age_s=None, approvals={},
    )  # fmt: skip


def asked_for(world: World) -> pl.DataFrame:
    """Four jobs: delivered, delivered wrong, missed, in flight."""
    w = built(world, ORBITAL)
    w.counts[Count.TAKEN] = 4
    w.jobs["ended"] = Ended.DELIVERED, Ended.DELIVERED, Ended.MISSED, Ended.IN_FLIGHT
    w.jobs["t_end_s"][:3] = w.jobs["t_capture_s"][:3] + np.array([60.0, 80.0, 3600.0])
    w.jobs["tasks"] = 1, 2, 1, 0
    tries = np.zeros((4, 1), dtype=TRY)
    tries["wrong"][1] = 1
    return jobs_frame(world, w._replace(tries=tries))


def test_compute_jobs_are_worth_what_their_right_answers_are(world: World) -> None:
    asked = computing(world)
    jobs = asked_for(asked)
    assert reached(asked, jobs) == 1.0
    assert reached(world, jobs) == 2
    computer = asked.scenario.groups[0].computer
    assert computer is not None
    half_w = 0.5 * (computer.idle_w + computer.active_w)
    found = summarise(asked, jobs, traced(asked, jobs, half_w))
    assert (found["insights_delivered"], found["insights_missed"], found["in_flight"]) == (2, 1, 1)
    assert (found["wrong"], found["attempts"], found["satellites"]) == (1, 4, 6)
    assert found["time_to_insight_s"]["p99"] == pytest.approx(79.8)
    assert found["utilisation"] == pytest.approx(0.5)
    lived_s = 6 * asked.scenario.duration_s
    busy_w = half_w - computer.idle_w
    assert found["compute_energy_j"] == pytest.approx(busy_w * lived_s)
    assert found["energy_j"]["generated_j"] == 30.0
    assert "surplus_j" not in found["energy_j"]
    assert found["sustained_compute_w"] is None
    assert "bytes_saved" not in found
