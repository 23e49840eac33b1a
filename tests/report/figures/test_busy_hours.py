"""The end of a busy day, drawn."""

import numpy as np

from perigrid.report.figures.busy_hours import busy_hours

HOURS = np.arange(1, 601) / 50.0
DARK = (HOURS > 8.0) & (HOURS < 8.5)
DAY = {
    "satellite": "SCS-01 <A>",
    "load_w": 285.0,
    "floor_soc": 0.3,
    "throttle_c": 60.0,
    "limit_c": 80.0,
    "t_h": HOURS.tolist(),
    "sunlit": np.where(DARK, 0.0, 1.0).tolist(),
    "array_w": np.where(DARK, 0.0, 800.0).tolist(),
    "battery_soc": np.where(DARK, 0.8, 1.0).tolist(),
    "computer_c": np.full(600, 35.0).tolist(),
    "radiator_c": np.full(600, 20.0).tolist(),
}


def test_names_the_satellite_the_load_and_each_curve():
    drawn = str(busy_hours(DAY, 0.0, 100.0, 500.0))
    for words in ("SCS-01 &lt;A&gt;", "load 285 W", "array", "charge", "computer", "radiator"):
        assert words in drawn
    assert drawn.count('class="limit"') == 3


def test_eclipses_are_shaded_in_every_strip():
    assert str(busy_hours(DAY, 0.0, 100.0, 500.0)).count('class="dark"') == 3
    sunny = {**DAY, "sunlit": [1.0] * 600}
    assert 'class="dark"' not in str(busy_hours(sunny, 0.0, 100.0, 500.0))


def test_a_short_run_is_drawn_whole():
    short = {key: value[:3] if isinstance(value, list) else value for key, value in DAY.items()}
    assert "NaN" not in str(busy_hours(short, 0.0, 100.0, 500.0))
