from dataclasses import replace

import pytest

from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import AskApproval, Close, Compute, Leg, Move, Wait
from perigrid.control.policy.approval.autonomy import SAFE_ACTS, Autonomy, is_safe

DOWN = Leg(0, "downlink", 0, 5, 0, 0, 0, 1, 1, 1.0)
FIBRE = replace(DOWN, kind="terrestrial", source=5, target=6)
DOWNLINK = Move(0, Product.RAW, 0, 6, (DOWN, FIBRE), "")
STAGE = Compute(0, 0, "screen", "")


@pytest.mark.parametrize(
    ("action", "approved", "safe"),
    [
        (Wait(0, 1.0, Cause.RULE, ""), False, True),
        (Close(0, delivered=False, reason="", detail=""), False, True),
        (AskApproval(0, "r", STAGE), False, True),
        (DOWNLINK, True, True),
        (DOWNLINK, False, False),
        (replace(DOWNLINK, legs=()), True, False),
        (replace(DOWNLINK, legs=(replace(DOWN, kind="crosslink"), DOWN)), True, False),
        (replace(DOWNLINK, legs=(replace(DOWN, kind="relay"),)), True, False),
        (STAGE, True, False),
    ],
)
def test_the_list_of_safe_acts_is_closed(action, approved, safe):
    assert is_safe(action, approved=approved) is safe
    assert set(SAFE_ACTS) == {"wait", "charge", "downlink", "ask", "close"}


def test_the_timer_runs_from_the_end_of_the_last_contact():
    timer = Autonomy(100.0, {0: [(500.0, 600.0), (550.0, 700.0), (50.0, 60.0)], 1: []})
    assert [timer.last_contact_s(0, t) for t in (10.0, 55.0, 80.0, 650.0, 900.0)] == [
        0.0, 55.0, 60.0, 650.0, 700.0,
    ]  # fmt: skip
    assert timer.has_leave(0, 160.0)
    assert not timer.has_leave(0, 160.1)
    assert timer.leave_ends_s(0, 520.0) == 800.0
    assert timer.leave_ends_s(1, 520.0) == 100.0
    assert not timer.has_leave(1, 100.1)
    assert timer.next_contact_s(0, 200.0) == 500.0
    assert timer.next_contact_s(0, 650.0) == 650.0
    assert timer.next_contact_s(1, 0.0) == 0.0
    assert timer.next_contact_s(1, 200.0) == float("inf")


def test_the_ground_needs_no_timer():
    timer = Autonomy(100.0, {})
    assert timer.has_leave(7, 1e9)
    assert timer.leave_ends_s(7, 0.0) == float("inf")
    assert timer.next_contact_s(7, 5.0) == 5.0
