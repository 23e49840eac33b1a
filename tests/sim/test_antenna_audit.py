"""Radios and antennas counted again, by hand and against every way to share them out."""

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from missions import station
from perigrid.sim.antenna_audit import Sent, least_antennas, overbooked

HERE = replace(station("Here", 0.0, 0.0), antennas=1, antenna_turnaround_s=10.0)


def said(*rows: tuple[float, float, int], antennas: int = 1) -> list[str]:
    sent = [Sent(start_s, end_s, satellite, 7) for start_s, end_s, satellite in rows]
    return overbooked(sent, {7: replace(HERE, antennas=antennas)})


def test_what_one_antenna_can_receive_is_in_order() -> None:
    assert said() == []
    assert said((0.0, 5.0, 1), (5.0, 8.0, 1), (18.0, 20.0, 2), (30.0, 31.0, 1)) == []


def test_two_at_once_and_a_turn_too_quick_are_found() -> None:
    (once,) = said((0.0, 5.0, 1), (4.0, 8.0, 2))
    (turn,) = said((0.0, 5.0, 1), (14.0, 16.0, 2))
    assert once == turn == "Here had to have 2 antennas at 0.0 s"
    assert said((0.0, 5.0, 1), (4.0, 8.0, 2), antennas=2) == []
    assert len(said((0.0, 5.0, 1), (4.0, 8.0, 2), (6.0, 7.0, 3), antennas=2)) == 1


def test_a_radio_that_sends_two_things_at_once_is_found() -> None:
    found = said((0.0, 5.0, 1), (4.0, 8.0, 1), antennas=3)
    assert found == ["radio of node 1 sends two at once at 4.0 s"]


def test_a_satellite_keeps_its_antenna_while_others_turn() -> None:
    """First come would be wrong: 3 has to follow 1 or it needs a third antenna."""
    assert said((0.0, 1.0, 1), (0.0, 2.0, 2), (11.0, 12.0, 3), (11.5, 12.0, 2), antennas=2) == []


sendings = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(0, 2)), max_size=6)


@settings(max_examples=150, deadline=None)
@given(sendings)
def test_the_fewest_antennas_equal_those_of_every_assignment(raw) -> None:
    ones = sorted(Sent(float(a), float(a + span), sat, 7) for a, span, sat in raw)

    def fits(assigned: tuple[int, ...]) -> bool:
        for k, one in enumerate(ones):
            for j in range(k):
                turn_s = 0.0 if ones[j].satellite == one.satellite else 10.0
                if assigned[j] == assigned[k] and one.start_s < ones[j].end_s + turn_s:
                    return False
        return True

    least = next(
        count for count in range(len(ones) + 1)
        if any(map(fits, product(range(count), repeat=len(ones))))
    )  # fmt: skip
    assert least_antennas(ones, 10.0) == least
