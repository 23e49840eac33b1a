from pathlib import Path

import numpy as np
import pytest

from perigrid.base.errors import InputError
from perigrid.scenario.space_weather import parse_space_weather

SHARED = Path(__file__).parents[3] / "shared" / "data" / "env" / "space_weather_2019_2041.txt"


def line(date, ap, flux, mean):
    """One line in the columns of the format."""
    return f"{date:<78}{ap:>4}{'':30}{flux:>6}{mean:>6}{'70.0':>6}"


TEXT = "\n".join(
    [
        "DATATYPE CssiSpaceWeather",
        "NUM_OBSERVED_POINTS 2",
        "BEGIN OBSERVED",
        line("2019 01 01 2529  8", "3", "71.9", "70.5"),
        line("2019 01 02 2529  9", "0", "75.2", "70.5"),
        "END OBSERVED",
        "",
        "BEGIN MONTHLY_PREDICTED",
        line("2019 02 01 2833 17", "", "68.5", "68.8"),
        "END MONTHLY_PREDICTED",
    ]
)


def test_values_by_column():
    found = parse_space_weather(TEXT, "sw.txt")
    assert found.start.iso() == "2019-01-01T00:00:00Z"
    assert (found.t_s / 86400.0).tolist() == [0.0, 1.0, 31.0]
    assert found.f107_sfu.tolist() == [71.9, 75.2, 68.5]
    assert found.f107_mean_sfu.tolist() == [70.5, 70.5, 68.8]
    assert found.ap[:2].tolist() == [3.0, 0.0]
    assert np.isnan(found.ap[2])


def test_a_file_of_something_else():
    with pytest.raises(InputError, match="has no space weather"):
        parse_space_weather("one\ntwo\n", "sw.txt")


def test_a_broken_line_is_shown_with_its_number():
    broken = TEXT.replace("75.2", "7x.2")
    with pytest.raises(InputError, match=r"sw\.txt:5:1"):
        parse_space_weather(broken, "sw.txt")


def test_the_real_file():
    if not SHARED.exists():
        pytest.skip("needs the shared data file env/space_weather_2019_2041.txt")
    found = parse_space_weather(SHARED.read_text(), str(SHARED))
    assert len(found.t_s) > 2800
    assert (np.diff(found.t_s) > 0.0).all()
    assert 60.0 < found.f107_mean_sfu.min() < 72.0
    assert 180.0 < found.f107_mean_sfu.max() < 230.0


@pytest.mark.parametrize(
    ("old", "new"), [("2019 01 01", "2019 13 01"), ("2019 01 02", "2019 02 30"), ("71.9", " nan"),
                     ("70.5", " inf")],
)  # fmt: skip
def test_what_is_no_day_and_no_number_is_refused_at_its_line(old, new):
    with pytest.raises(InputError, match="is not a line of space weather"):
        parse_space_weather(TEXT.replace(old, new), "sw.txt")


def test_a_page_in_its_place_is_named():
    with pytest.raises(InputError, match="is an HTML page"):
        parse_space_weather("<html>" + TEXT.replace("BEGIN", ""), "sw.txt")
