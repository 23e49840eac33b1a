"""Data centres take what they can still answer in time, and nothing else."""

from __future__ import annotations

from perigrid.base.architecture import BENT_PIPE
from perigrid.base.jobs import Cause
from perigrid.base.messages import Close, Compute, Move
from routed_cases import DEADLINE_S, FLEET, WORK_S, Routed, asked, routed, scenario_of

SLOTS = next(iter(FLEET.data_centres.values())).computer.slots
ONE_AFTER_ANOTHER = int(DEADLINE_S // WORK_S)
"""Jobs that a slot computes one after the other before they are too late."""


def arrived(case: Routed) -> list[object]:
    """What is wanted of jobs whose data have come to the data centre, one after the other."""
    moves = case.taken(range(len(case.jobs)))
    assert all(isinstance(one, Move) and one.target in case.fleet.data_centres for one in moves)
    return [case.moved(one)[-1] for one in moves]


def test_what_no_slot_can_answer_in_time_is_not_computed() -> None:
    some = SLOTS * ONE_AFTER_ANOTHER
    wanted = arrived(routed(asked(FLEET, some + 3), architecture=BENT_PIPE))
    computed, late = wanted[: some - SLOTS], wanted[some:]
    assert all(isinstance(one, Compute) for one in computed)
    for one in late:
        assert isinstance(one, Close)
        assert (one.delivered, one.reason) == (False, Cause.COMPUTE)


def test_more_slots_answer_more() -> None:
    scenario = scenario_of(f"data_centres.Stockholm.computer.slots={2 * SLOTS}")
    case = routed(asked(FLEET, SLOTS * ONE_AFTER_ANOTHER + 3), None, BENT_PIPE, scenario)
    assert all(isinstance(one, Compute) for one in arrived(case))


def test_who_can_wait_longer_is_computed_behind_others() -> None:
    some = SLOTS * ONE_AFTER_ANOTHER + 3
    patient = asked(FLEET, some, deadline_s=10.0 + 3.0 * DEADLINE_S)
    assert all(isinstance(one, Compute) for one in arrived(routed(patient, architecture=BENT_PIPE)))
