"""Logs of any size."""

from perigrid.engine.state import Filled, new_log


def test_a_log_has_room_for_legs_and_alternatives_too():
    log = new_log(100)
    assert [len(one) for one in (log.events, log.decisions, log.legs, log.others)] == [
        100, 100, 200, 400,
    ]  # fmt: skip
    assert log.filled.tolist() == [0] * len(Filled)
