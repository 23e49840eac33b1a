import math

import pytest

from perigrid.base.architecture import BENT_PIPE, ORBITAL
from perigrid.report import words


@pytest.mark.parametrize(
    ("elapsed_s", "expected"),
    [
        (0.0, "0 s"),
        (0.004, "4 ms"),
        (8.24, "8.24 s"),
        (59.96, "1 min"),
        (246.0, "4.1 min"),
        (3599.9, "1 h"),
        (8_280.0, "2.3 h"),
        (90_000.0, "25 h"),
        (172_800.0, "2 d"),
        (math.nan, words.NONE),
    ],
)
def test_duration_takes_the_natural_unit(elapsed_s, expected):
    assert words.duration(elapsed_s) == expected


def test_exact_duration_keeps_the_seconds():
    assert words.exact_duration(2_993.0) == "49 min 53 s"
    assert words.exact_duration(7_200.0) == "2 h"
    assert words.exact_duration(3_605.0) == "1 h 0 min 5 s"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0.0, "0 B"), (999.0, "999 B"), (4_100.0, "4.1 kB"), (1.7063e12, "1.71 TB")],
)
def test_size_is_decimal(amount, expected):
    assert words.size(amount) == expected


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.62, "62 %"),
        (0.9998, "99.98 %"),
        (0.999_999, "over 99.99 %"),
        (1e-7, "under 0.01 %"),
        (0.01, "1 %"),
    ],
)
def test_share_never_rounds_to_nothing_or_everything(fraction, expected):
    assert words.share(fraction) == expected


def test_numbers_have_no_exponent():
    assert words.number(1_234_567.0) == "1,234,567"
    assert words.number(0.00012) == "0.00012"
    assert words.energy(0.5) == "500 mJ"
    assert words.power(1_200.0) == "1.2 kW"
    assert words.temperature(273.15) == "0.0 °C"


def test_more_is_percent_below_twice_and_a_factor_above():
    assert words.more(1.34) == "34 %"
    assert words.more(2.3) == "2.3 times"
    assert words.more(1_197.0) == "1,200 times"


def test_listing_reads_as_a_sentence():
    assert words.listing([]) == ""
    assert words.listing(["a", "b", "c"]) == "a, b and c"


def test_what_serves_compute_jobs_does_not_speak_of_pixels():
    told = words.architecture_words(BENT_PIPE, observes=False)
    assert told == "all work in a ground data centre; all products by downlink"
    told = words.architecture_words(ORBITAL, observes=False)
    assert told == (
        "all work where its data are or on another satellite; all products by downlink or crosslink"
    )
    assert "pixels" in words.architecture_words(BENT_PIPE)
