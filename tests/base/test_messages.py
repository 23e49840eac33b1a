from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, NodeRepaired, TimerRang, Wait, is_stale


def test_a_timer_is_stale_once_its_wait_was_ended() -> None:
    rings = TimerRang(10.0, 3)
    waits = Wait(3, 10.0, Cause.COMPUTE, "")
    assert not is_stale(rings, {3: waits})
    assert is_stale(rings, {})
    assert is_stale(rings, {3: Compute(3, 0, "screen", "")})
    assert is_stale(rings, {3: Wait(3, 20.0, Cause.BATTERY, "")}), "it waits for something new"
    assert not is_stale(NodeRepaired(10.0, 3), {})
