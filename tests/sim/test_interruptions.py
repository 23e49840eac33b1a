import pytest

from perigrid.base.jobs import Cause
from perigrid.base.messages import Leg
from perigrid.sim.interruptions import (
    current_leg,
    older,
    sent_part,
    undone_waits_s,
)

LEGS = (
    Leg(0, "crosslink", 0, 1, 0.0, 10.0, 10.0, 20.0, 20.5, 100.0),
    Leg(1, "downlink", 1, 9, 20.5, 30.0, 30.0, 40.0, 40.5, 100.0),
)


@pytest.mark.parametrize(("t_s", "place"), [(0.0, 0), (20.4, 0), (20.5, 1), (35.0, 1)])
def test_the_leg_a_product_is_at(t_s: float, place: int) -> None:
    assert current_leg(LEGS, t_s) == place


def test_what_was_sent_of_a_leg() -> None:
    assert sent_part(LEGS[0], 10.0) == ()
    (part,) = sent_part(LEGS[0], 14.0)
    assert (part.t_end_s, part.nbytes) == (14.0, 40.0)
    (whole,) = sent_part(LEGS[0], 20.2)
    assert (whole.t_end_s, whole.nbytes) == (20.0, 100.0)


def test_time_whose_work_is_lost_is_the_faults() -> None:
    waits_s = {Cause.COMPUTE: 30.0, Cause.HEAT: 10.0}
    assert undone_waits_s(waits_s, 0.0, 0.0) == {
        Cause.COMPUTE: 0.0, Cause.HEAT: 0.0, Cause.FAULT: 40.0,
    }  # fmt: skip
    assert undone_waits_s(waits_s, 15.0, 20.0) == {
        Cause.COMPUTE: 22.5, Cause.HEAT: 7.5, Cause.FAULT: 10.0,
    }  # fmt: skip


def test_of_satellites_away_the_last_report_stands() -> None:
    assert older((1.0, 2.0, 3.0), (7.0, 8.0, 9.0), [1]) == (1.0, 8.0, 3.0)
