from dataclasses import replace

import pytest

from perigrid.base.digest import action_hash
from perigrid.base.jobs import Product, StageName
from perigrid.base.messages import AskApproval, Compute, Leg, Move

LEG = Leg(5, "downlink", 1, 14, 60.5, 70.0, 70.0, 71.25, 71.253, 1.5e8)
MOVE = Move(3, Product.RAW, 1, 14, (LEG,), "why")
STAGE = Compute(3, 1, StageName.SCREEN, "why")


def test_times_words_and_rows_of_tables_are_not_bound():
    later = replace(LEG, t_start_s=99.0, t_end_s=100.0, t_arrival_s=101.0, contact=9)
    assert action_hash(MOVE) == action_hash(replace(MOVE, legs=(later,), reason="other"))
    assert action_hash(STAGE) == action_hash(replace(STAGE, reason="other"))


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
