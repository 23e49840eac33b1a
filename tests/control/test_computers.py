from missions import SCENARIO
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Computed, NodeRepaired, Verdict, Wait
from perigrid.control.computers import freed_by, note_given
from perigrid.control.policy.authorize import Refused
from scheduling_cases import JOB, belief_of, report_of


def test_a_stage_that_ended_frees_its_satellite() -> None:
    belief = belief_of(SCENARIO)
    belief.give(3, 1, 100.0)
    belief.give(4, 1, 50.0)
    assert belief.busy_until_s[1] == 150.0
    belief.t_s = 90.0
    assert freed_by(Computed(90.0, 3, 1, "screen", 0.1), belief) == (1,)
    assert belief.busy_until_s[1] == 140.0, "the other begins now"
    assert freed_by(Computed(90.0, 3, 1, "screen", 0.1), belief) == ()


def test_telemetry_and_repairs_are_news_of_satellites() -> None:
    belief = belief_of(SCENARIO)
    every = range(belief.fleet.n_satellites)
    assert list(freed_by(report_of(belief.fleet), belief)) == list(every)
    assert freed_by(NodeRepaired(0.0, 2), belief) == (2,)
    assert freed_by(NodeRepaired(0.0, next(iter(belief.fleet.stations))), belief) == ()


def test_what_is_refused_or_put_off_was_not_given() -> None:
    belief = belief_of(SCENARIO)
    belief.give(0, 1, 100.0)
    action = Compute(0, 1, "screen", "")
    note_given(Refused(action, Verdict("deny", "law", "a law")), belief, JOB)
    assert belief.busy_until_s[1] == 0.0
    belief.give(0, 1, 100.0)
    note_given(Refused(Wait(0, 5.0, Cause.RULE, ""), Verdict("deny", "law", "a law")), belief, JOB)
    assert belief.given_to == {}
