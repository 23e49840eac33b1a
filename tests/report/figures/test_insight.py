import math

import numpy as np
import pytest

from perigrid.report.figures.insight import Delays, arrivals, insight_figure, median_s

# Remission of 21 children on 6-mercaptopurine, in weeks: the usual example of the estimator.
# Freireich et al., Blood 21, 699 (1963), as worked in Cox and Oakes, Analysis of Survival Data,
# 1984.
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def remission():
    age = np.array([*WEEKS, *CENSORED], dtype=np.float64)
    return Delays("relay", age, np.arange(len(age)) < len(WEEKS))


@pytest.mark.validation
def test_estimate_is_the_published_one():
    times, shares = arrivals(remission())
    last = {float(time): float(share) for time, share in zip(times, shares, strict=True)}
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {time: 1.0 - share for time, share in last.items()} == pytest.approx(
        published, abs=0.0006
    )
    assert median_s(remission()) == 23.0


def test_without_cut_off_scenes_it_is_the_plain_share():
    age = np.array([4.0, 1.0, 3.0, 2.0])
    times, shares = arrivals(Delays("x", age, np.full(4, fill_value=True)))
    assert times == pytest.approx([1.0, 2.0, 3.0, 4.0])
    assert shares == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_a_missed_scene_never_arrives():
    one = Delays("x", np.array([1.0, 2.0, np.inf, np.inf]), np.array([True, True, False, False]))
    assert arrivals(one)[1][-1] == pytest.approx(0.5)
    assert median_s(one) == 2.0
    more = Delays("x", np.array([1.0, np.inf, np.inf]), np.array([True, False, False]))
    assert median_s(more) == math.inf


def test_picture_names_every_architecture_and_is_drawn_for_both_widths():
    made = insight_figure([remission(), Delays("orbital", np.array([2.0]), np.array([False]))])
    assert made.count("<svg") == 2
    assert ">relay 23 s<" in made
    assert ">orbital (not half)<" in made


def test_nothing_delivered_is_said_instead_of_drawn():
    made = insight_figure([Delays("relay", np.array([2.0]), np.array([False]))])
    assert "<svg" not in made
    assert "No insight was delivered" in made


def test_thousands_of_points_are_thinned():
    age = np.linspace(1.0, 5e4, 50_000)
    made = insight_figure([Delays("relay", age, np.full(len(age), fill_value=True))])
    assert len(made) < 20_000
