from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Compute,
    Leg,
    Move,
    Moved,
    NodeRepaired,
    TimerRang,
    Wait,
    is_stale,
)


def test_a_timer_is_stale_once_its_wait_was_ended() -> None:
    rings = TimerRang(10.0, 3)
    waits = Wait(3, 10.0, Cause.COMPUTE, "")
    assert not is_stale(rings, {3: waits})
    assert is_stale(rings, {})
    assert is_stale(rings, {3: Compute(3, 0, "screen", "")})
    assert is_stale(rings, {3: Wait(3, 20.0, Cause.BATTERY, "")}), "it waits for something new"
    assert not is_stale(NodeRepaired(10.0, 3), {})


def test_an_arrival_is_stale_once_its_move_was_withdrawn() -> None:
    def move(arrival_s: float) -> Move:
        leg = Leg(0, "downlink", 0, 9, 0.0, 0.0, 0.0, 1.0, arrival_s, 8.0)
        return Move(3, Product.ANSWER, 0, 9, (leg,), "")

    comes = Moved(10.0, 3, 9, Product.ANSWER)
    assert not is_stale(comes, {3: move(10.0)})
    assert is_stale(comes, {3: move(12.0)}), "it goes another way"
    assert is_stale(comes, {3: Wait(3, 20.0, Cause.LINK, "")})
    assert is_stale(comes, {})
