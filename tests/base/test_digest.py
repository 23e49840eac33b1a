from dataclasses import replace

import pytest

from perigrid.base.digest import action_hash
from perigrid.base.jobs import Product
from perigrid.base.messages import Alternative, AskApproval, Close, Compute, Leg, Move

LEG = Leg(5, "downlink", 1, 14, 60.5, 70.0, 70.0, 71.25, 71.253, 1.5e8)
MOVE = Move(3, Product.RAW, 1, 14, (LEG,), "why")
STAGE = Compute(3, 1, "screen", "why")
MOVE_HASH = "1d8838073500b78160652ba6a687a3de508c56515cb70a14f5132940323505f8"
STAGE_HASH = "753c3024afe2e3bf2d1dbef345d2c2d9285e9f622f75280149ef197fd6d0ef29"


def test_times_words_and_rows_of_tables_are_not_bound():
    later = replace(LEG, t_start_s=99.0, t_end_s=100.0, t_arrival_s=101.0, contact=9)
    assert action_hash(MOVE) == action_hash(replace(MOVE, legs=(later,), reason="other"))
    assert action_hash(STAGE) == action_hash(replace(STAGE, reason="other"))


def test_what_was_weighed_and_not_taken_is_not_bound():
    weighed = (Alternative(15, 99.0, "later"), Alternative(-1, None, "2 more: later"))
    assert action_hash(MOVE) == action_hash(replace(MOVE, alternatives=weighed))
    assert action_hash(STAGE) == action_hash(replace(STAGE, alternatives=weighed))
    assert action_hash(Close(3, True, "", "")) == action_hash(
        Close(3, True, "", "", alternatives=weighed)
    )


def test_hashes_that_stand_in_records_stay_what_they_are():
    assert action_hash(MOVE, {"scenario": "s"}) == MOVE_HASH
    assert action_hash(STAGE) == STAGE_HASH


@pytest.mark.parametrize(
    "other",
    [
        replace(MOVE, job_id=4),
        replace(MOVE, product=Product.ANSWER),
        replace(MOVE, source=2),
        replace(MOVE, target=15),
        replace(MOVE, legs=(replace(LEG, target=15),)),
        replace(MOVE, legs=(replace(LEG, nbytes=1.0),)),
        replace(MOVE, legs=(replace(LEG, kind="crosslink"),)),
        replace(MOVE, legs=(LEG, LEG)),
        STAGE,
    ],
)
def test_everything_else_is(other):
    assert action_hash(other) != action_hash(MOVE)


def test_the_context_is_bound_and_a_request_stands_for_its_subject():
    assert action_hash(MOVE, {"policy": "a"}) != action_hash(MOVE, {"policy": "b"})
    assert action_hash(MOVE, {}) == action_hash(MOVE)
    assert action_hash(AskApproval(3, "rule", MOVE)) == action_hash(MOVE)
