"""When an action may begin, as far as rules that read the clock go."""

from __future__ import annotations

import math

from perigrid.base.jobs import Product
from perigrid.base.messages import Compute
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.hours import holds_until_s, opens_again_s
from policy_cases import gate, move, row

STAGE = Compute(0, row("sat-eu"), "screen", "")


def at_night(action: str, condition: str) -> str:
    return (
        f'@id("night") forbid (principal, action == Action::"{action}", resource) '
        f"when {{ {condition} }};"
    )


NIGHT = "context.now_s >= 100 && context.now_s < 300"


def test_a_stage_has_leave_until_a_rule_closes_it() -> None:
    judge = gate(text=at_night("process", NIGHT))
    allowed = authorize(judge, STAGE, t_s=50.0)
    assert isinstance(allowed, Authorized)
    assert allowed.expires_s == 100.0  # one that is still in the queue then is asked again
    assert isinstance(authorize(judge, STAGE, t_s=100.0), Refused)
    assert authorize(judge, STAGE, t_s=300.0).expires_s == math.inf
    assert authorize(judge, STAGE, t_s=50.0, expires_s=70.0).expires_s == 70.0


def test_turns_that_change_nothing_end_no_leave() -> None:
    judge = gate(text=at_night("process", "context.now_s >= 100 && context.gsd_cm < 1"))
    assert holds_until_s(judge, STAGE, 50.0) == math.inf
    assert holds_until_s(gate(), STAGE, 50.0) == math.inf


def test_a_denied_action_is_tried_again_when_the_rule_lets_it() -> None:
    judge = gate(text=at_night("process", NIGHT))
    assert opens_again_s(judge, STAGE, 100.0) == 300.0
    for_good = gate(text=at_night("process", "context.now_s >= 100"))
    assert opens_again_s(for_good, STAGE, 100.0) == math.inf
    always = gate(text=at_night("downlink", "true"))
    assert opens_again_s(always, move(Product.RAW, "gs-eu"), 0.0) == math.inf


def test_every_step_of_a_move_counts() -> None:
    text = at_night("downlink", "context.now_s < 200") + at_night("move", "context.now_s < 400")
    judge = gate(text=text.replace('"night"', '"other"', 1))
    assert opens_again_s(judge, move(Product.RAW, "gs-eu", "dc-eu"), 0.0) == 400.0
