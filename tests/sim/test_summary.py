import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.sim.summary import binding, median_with_in_flight_s, time_groups


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
