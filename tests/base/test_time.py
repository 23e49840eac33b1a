import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.time import Epoch, calendar_date, julian_midnight


@given(st.datetimes(min_value=dt.datetime(1957, 10, 4), max_value=dt.datetime(2199, 12, 31)))
def test_iso_round_trip_agrees_with_the_standard_library(moment: dt.datetime) -> None:
    text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    epoch = Epoch.from_iso(text)
    assert epoch.iso() == text
    days = (moment.replace(microsecond=0) - dt.datetime(2000, 1, 1, 12)) / dt.timedelta(days=1)
    assert epoch.days_since_j2000 == pytest.approx(days, abs=1e-9)


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_calendar_date_inverts_julian_midnight(day: dt.date) -> None:
    assert calendar_date(julian_midnight(day.year, day.month, day.day)) == (
        day.year,
        day.month,
        day.day,
    )


def test_tle_epoch_is_the_day_of_the_year() -> None:
    epoch = Epoch.from_year_and_day(2026, 234.5)
    assert epoch == Epoch.from_iso("2026-08-22T12:00:00Z")


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-01-01T24:00", "yesterday", "2026-1-1", ""]
)
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"2026|yesterday|''"):
        Epoch.from_iso(text)


def test_plus_and_seconds_since_are_inverse() -> None:
    start = Epoch.from_iso("2026-12-31T23:59:59Z")
    later = start.plus(86_402.5)
    assert later.seconds_since(start) == 86_402.5
    assert later.iso() == "2027-01-02T00:00:02Z"  # 1.5 s past midnight, rounded to even


def test_julian_dates_split_keeps_a_microsecond() -> None:
    start = Epoch.from_iso("2026-08-22T12:00:00Z")
    jd, fraction = start.julian_dates(np.array([0.0, 1e-6]))
    assert jd[0] == jd[1]
    assert (fraction[1] - fraction[0]) * 86_400.0 == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize(
    ("by_day", "by_month"),
    [("2026-234T00:00:00", "2026-08-22T00:00:00"), ("2024-366", "2024-12-31"),
     ("2026-001T12:00:00.5Z", "2026-01-01T12:00:00.5Z")],
)  # fmt: skip
def test_days_may_be_counted_through_the_year(by_day, by_month):
    assert Epoch.from_iso(by_day) == Epoch.from_iso(by_month)


@pytest.mark.parametrize(
    "text", ["2026-366", "2026-000", "2026-12", "2026-1234", "\u0662026-01-01"]
)
def test_days_that_no_year_has(text):
    with pytest.raises(ValueError, match=r"does not exist|is not a UTC"):
        Epoch.from_iso(text)
