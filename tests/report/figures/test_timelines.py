import numpy as np
import polars as pl
import pytest

from perigrid.base.time import Epoch
from perigrid.report.figures import timelines
from tests.report.conftest import SATELLITES, telemetry


@pytest.fixture(scope="module")
def series():
    return timelines.read_series(telemetry("orbital", 60.0), 24.0)


def test_extremes_survive_the_coarse_grid(series):
    frame = telemetry("orbital", 60.0)
    low = np.nanmin(series.values["battery_soc"])
    assert low == pytest.approx(frame["battery_soc"].min())
    hottest_c = np.nanmax(series.values["radiator_c"])
    assert hottest_c == pytest.approx(frame["radiator_k"].max() - 273.15)


def test_a_small_fleet_is_shown_whole(series):
    assert timelines.chosen_satellites([series]) == SATELLITES


def test_of_a_large_fleet_the_deepest_discharges_are_shown():
    base = telemetry("orbital", 3600.0).filter(pl.col("satellite") == SATELLITES[0])
    frames = [
        base.with_columns(satellite=pl.lit(f"S{i:02d}"), battery_soc=pl.lit(0.9 - 0.01 * i))
        for i in range(30)
    ]
    large = timelines.read_series(pl.concat(frames), 24.0)
    shown = timelines.chosen_satellites([large])
    assert shown == tuple(f"S{i:02d}" for i in range(18, 30))
    assert shown[timelines.hardest_pressed([large], shown)] == "S29"


def test_only_one_satellite_is_seen_from_the_start(series):
    strips = timelines.panels([series])
    start = Epoch.from_iso("2026-10-01T06:00:00Z")
    made = timelines.timeline_figure(series, strips, SATELLITES, 4, start, 24.0, "orbital")
    assert made.count('class="sat sat-4 on"') == len(strips)
    assert made.count(' on"') == len(strips)
    assert ">06:00<" in made


def test_a_gap_in_telemetry_is_left_open():
    frame = telemetry("orbital", 60.0).filter(~pl.col("t_s").is_between(7_200.0, 14_400.0))
    series = timelines.read_series(frame, 24.0)
    assert np.isnan(series.values["battery_soc"]).any()
    made = timelines.timeline_figure(
        series, timelines.panels([series]), (), -1, Epoch.from_iso("2026-10-01"), 24.0, "x"
    )
    assert "nan" not in made


def test_the_axis_of_time_is_what_its_caption_says(series):
    strips, start = timelines.panels([series]), Epoch.from_iso("2026-10-01T06:00:00Z")
    day, week = (
        timelines.timeline_figure(series, strips, (), -1, start, hours, "x") for hours in (24, 168)
    )
    assert ">06:00<" in day
    assert "Time of day" in timelines.axis_caption(start, 24.0)
    assert ">10-02<" in week
    assert ">06:00<" not in week
    assert timelines.axis_caption(start, 168.0).startswith("Date in UTC")
