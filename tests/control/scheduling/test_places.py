from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Cause
from perigrid.control.scheduling.base import Ready
from perigrid.control.scheduling.places import NEVER_S, Place, best_of, why_at_once, why_lost
from scheduling_cases import JOB, belief_of

HOME = Place(0, 50.0, None, None, 90.0, (False, 90.0))


def test_the_least_cost_wins_and_home_of_two_alike() -> None:
    alike, sooner = replace(HOME, node=1), replace(HOME, node=2, cost=(False, 80.0))
    assert best_of(HOME, [alike]) is HOME
    assert best_of(HOME, [alike, sooner]) is sooner
    assert best_of(HOME, [replace(sooner, out="no room for the pixels")]) is HOME


def test_in_time_comes_before_sooner() -> None:
    late = replace(HOME, node=1, cost=(True, 10.0))
    assert best_of(HOME, [late]) is HOME


def test_why_a_place_lost_is_told() -> None:
    belief = belief_of(SCENARIO)
    busy = why_lost(HOME, belief)
    assert (busy.node, busy.t_answer_s) == (0, 90.0)
    assert busy.why == "the computer is taken up until 50 s from then"
    dark = why_lost(replace(HOME, start_s=NEVER_S, cause=Cause.BATTERY, insight_s=NEVER_S), belief)
    assert (dark.t_answer_s, dark.why) == (None, "battery would not last")
    assert why_lost(replace(HOME, out="may not compute it"), belief).why == "may not compute it"


def test_a_reason_says_whether_other_places_were_weighed() -> None:
    belief, one = belief_of(SCENARIO), Ready(JOB, JOB.origin, ("screen",))
    told = (belief, "no other is asked", "it is sooner there")
    assert why_at_once(one, *told) == "where it was taken, at once: no other is asked"
    belief.weighs_all = True
    assert why_at_once(one, *told) == "of the places that may compute it, it is sooner there"
    assert why_at_once(one, belief, "no other is asked", "").endswith("no other is asked")
    assert why_at_once(replace(one, node=1), *told) == "where the pixels are"
