"""Acts that rules reserve to people wait until people are asked, and are done until a time."""

import numpy as np
import pytest

from perigrid.base.messages import AskApproval, Move, TimerRang, Wait
from perigrid.control.core.codes import ASK_EVERY_S
from routed_cases import FIRST, FLEET, NEAR_S, asked, routed, scenario_of

RULE = "rules=[{id: hand, reason: so, form: approve, action: move, product: raw}]"


def ruled(t_s):
    return routed(
        asked(FLEET, 1, t_capture_s=t_s), {FIRST: {2: NEAR_S}}, scenario=scenario_of(RULE)
    )


@pytest.mark.parametrize(("t_s", "until_s"), [(10.0, 30.0), (30.5, 60.0)])
def test_a_reserved_act_waits_for_the_next_time_at_which_people_are_asked(t_s, until_s):
    case = ruled(t_s)
    (wait,) = case.taken()
    assert (type(wait), wait.until_s, wait.cause) == (Wait, until_s, "rule")
    assert wait.reason == "rule hand reserves this to people, who are asked soon"
    assert case.core.satellites["promised"].sum() == 0
    (ask,) = case.told(TimerRang(until_s, 0))
    assert isinstance(ask, AskApproval)
    assert case.core.satellites["promised"].sum() == 0


def test_what_comes_when_people_are_asked_does_not_wait():
    (ask,) = ruled(2.0 * ASK_EVERY_S).taken()
    assert isinstance(ask, AskApproval)


@pytest.mark.parametrize(("left_s", "kind"), [(1.0, Move), (0.0, Wait)])
def test_a_granted_act_is_done_before_the_grant_ends(left_s, kind):
    case = ruled(10.0)
    case.taken()
    (ask,) = case.told(TimerRang(30.0, 0))
    me = case.core.jobs[0]
    assert (me["asked_from"], me["asked_to"]) == (FIRST, ask.subject.target)
    assert me["granted_s"] == -np.inf
    case.core.jobs["doing"][0], case.core.jobs["granted_s"][0] = 2, 40.0 + left_s
    (action,) = case.told(TimerRang(40.0, 0))
    assert isinstance(action, kind)
