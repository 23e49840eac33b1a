"""Bookings with gaps, antennas and turnarounds, against a list of them that is read anew."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.control.contact_plan.equipment import (
    Equipment,
    equipment,
    first_fit_s,
    free_spans,
    is_free,
    items_of,
    longest_s,
    occupy,
    pass_over,
    pick_antenna,
    vacate,
)
from perigrid.control.contact_plan.table import WINDOW

RADIOS, ANTENNAS, TURN_S, END_S = 3, 2, 3.0, 40.0


def plain(made: Equipment) -> Equipment:
    """Parts that run as Python read fields as attributes."""
    return made._replace(items=made.items.view(np.recarray), spans=made.spans.view(np.recarray))


def station(spans: int = 200) -> Equipment:
    return plain(equipment(items_of([0.0] * RADIOS + [TURN_S] * ANTENNAS), spans))


def contact(satellite: int, start_s: float = 0.0, end_s: float = END_S):
    row = np.zeros(1, dtype=WINDOW).view(np.recarray)[0]
    row.start_s, row.end_s, row.source, row.sender = start_s, end_s, satellite, satellite
    row.antenna, row.antennas = RADIOS, ANTENNAS
    return row


def book(booked: Equipment, row, begin_s: float, sending_s: float) -> int:
    antenna = pick_antenna(booked, row, begin_s, begin_s + sending_s)
    for item in (int(row.sender), antenna):
        assert occupy(booked, item, int(row.source), begin_s, begin_s + sending_s)
    return antenna


def free_by_list(bookings, satellite: int, antenna: int, begin_s: float, end_s: float) -> bool:
    """Read every booking: own radio, and this antenna with its turns."""
    for whose, other, from_s, to_s in bookings:
        apart_s = 0.0 if whose == satellite else TURN_S
        if whose == satellite and begin_s < to_s and from_s < end_s:
            return False
        if other == antenna and begin_s < to_s + apart_s and from_s < end_s + apart_s:
            return False
    return True


def first_in_list(bookings, satellite: int, t_s: float, sending_s: float) -> float:
    """Try every second."""
    for begin_s in np.arange(t_s, END_S - sending_s + 1.0):
        for antenna in range(RADIOS, RADIOS + ANTENNAS):
            if free_by_list(bookings, satellite, antenna, begin_s, begin_s + sending_s):
                return float(begin_s)
    return np.inf


asked = st.tuples(st.integers(0, RADIOS - 1), st.integers(0, 35), st.integers(1, 6))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(asked, st.booleans(), st.integers(0, 30)), max_size=25))
def test_the_first_gap_is_that_of_a_list_read_anew(steps) -> None:
    booked, bookings = station(), []
    for (satellite, t_s, sending_s), withdrawn, which in steps:
        row = contact(satellite)
        begin_s = first_fit_s(booked, row, float(t_s), float(sending_s))
        assert begin_s == first_in_list(bookings, satellite, float(t_s), float(sending_s))
        if begin_s < np.inf:
            antenna = book(booked, row, begin_s, float(sending_s))
            assert free_by_list(bookings, satellite, antenna, begin_s, begin_s + sending_s)
            bookings.append((satellite, antenna, begin_s, begin_s + sending_s))
        for item in (RADIOS, RADIOS + 1):  # whatever its radio does
            free = free_by_list([one for one in bookings if one[0] != satellite or one[1] == item],
                                satellite, item, float(t_s), float(t_s + sending_s))  # fmt: skip
            assert is_free(booked, item, satellite, float(t_s), float(t_s + sending_s)) == free
        if withdrawn and bookings:
            whose, antenna, from_s, to_s = bookings.pop(which % len(bookings))
            for item in (whose, antenna):
                assert vacate(booked, item, from_s, to_s)
        for item in range(RADIOS + ANTENNAS):
            assert len(chain(booked, item)) <= sum(item in one[:2] for one in bookings)


def chain(booked: Equipment, item: int) -> list[tuple[float, float, int]]:
    found, place = [], booked.items[item].first
    while place >= 0:
        span = booked.spans[place]
        found.append((span.begin_s, span.end_s, span.by))
        place = span.next
    return found


def test_by_hand_a_gap_is_filled_and_an_antenna_turns() -> None:
    booked = station()
    assert book(booked, contact(0), 10.0, 5.0) == RADIOS
    assert book(booked, contact(1), 10.0, 20.0) == RADIOS + 1  # the other one
    # Before the first booking there are 10 s, less the 3 s in which the antenna turns to it.
    assert first_fit_s(booked, contact(2), 0.0, 7.0) == 0.0
    assert first_fit_s(booked, contact(2), 0.0, 7.5) == 18.0  # 15 s and the turn
    assert first_fit_s(booked, contact(0), 0.0, 10.0) == 0.0  # its own: no turn
    assert first_fit_s(booked, contact(0), 1.0, 10.0) == 15.0
    assert first_fit_s(booked, contact(2, end_s=20.0), 9.0, 4.0) == np.inf


def test_what_stays_with_a_satellite_stays_on_its_antenna() -> None:
    booked = station()
    book(booked, contact(0), 0.0, 4.0)
    assert book(booked, contact(1), 8.0, 4.0) == RADIOS  # both could; the first
    assert book(booked, contact(1), 14.0, 1.0) == RADIOS  # which faces it
    assert book(booked, contact(0), 30.0, 1.0) == RADIOS
    assert book(booked, contact(2), 30.0, 1.0) == RADIOS + 1


def test_bookings_that_touch_are_one_span_and_what_is_over_is_forgotten() -> None:
    booked = station(spans=2)
    for begin_s in (5.0, 0.0, 10.0):
        assert occupy(booked, RADIOS, 0, begin_s, begin_s + 5.0)
    assert chain(booked, RADIOS) == [(0.0, 15.0, 0)]
    assert vacate(booked, RADIOS, 5.0, 10.0)
    assert chain(booked, RADIOS) == [(0.0, 5.0, 0), (10.0, 15.0, 0)]
    assert not occupy(booked, RADIOS, 1, 20.0, 21.0)  # no row is left
    pass_over(booked, RADIOS, 5.0)
    assert chain(booked, RADIOS) == [(10.0, 15.0, 0)]
    # The turn from what is over counts still.
    assert first_fit_s(booked, contact(1), 5.0, 0.0) == 5.0  # by the other antenna
    one = contact(1)
    one.antennas = 1
    assert first_fit_s(booked, one, 5.0, 0.0) == 18.0  # 8 and then the turn to 10 s do not fit
    one.source = one.sender = 0
    assert first_fit_s(booked, one, 5.0, 5.0) == 5.0


def test_more_rows_follow_those_that_are_free() -> None:
    whole = free_spans(3, -1)
    assert whole["next"].tolist() == [1, 2, -1]
    assert free_spans(2, 1, 3)["next"].tolist() == [4, 1]
    assert equipment(items_of([]), 0).free.tolist() == [-1]


def test_what_begins_the_moment_another_ends_fits_to_the_last_bit() -> None:
    """The difference of two times is rounded: antennas are picked by ends, not by lengths."""
    booked = station()
    begin_s, sending_s = 86_399.123456789, 1.2345e-4
    later_s = begin_s + sending_s
    for row in range(RADIOS, RADIOS + ANTENNAS):
        assert occupy(booked, row, 0, later_s, later_s + 1.0)
    for k in range(200):
        start_s = later_s - sending_s * (1.0 + k / 7.0)
        assert pick_antenna(booked, contact(0, end_s=1e5), start_s, later_s) == RADIOS


def test_by_hand_a_part_lasts_until_radio_or_antenna_are_needed() -> None:
    booked = station()
    assert longest_s(booked, contact(2), 5.0) == END_S - 5.0
    assert occupy(booked, 2, 2, 30.0, 31.0)  # its radio
    assert longest_s(booked, contact(2), 5.0) == 25.0
    assert occupy(booked, RADIOS, 0, 18.0, 19.0)
    assert longest_s(booked, contact(2), 5.0) == 25.0  # by the other antenna
    assert occupy(booked, RADIOS + 1, 1, 12.0, 19.0)
    assert longest_s(booked, contact(2), 5.0) == 10.0  # the first, less its turn
    assert longest_s(booked, contact(0), 5.0) == 13.0  # what it has booked itself follows
    assert longest_s(booked, contact(2), 22.0) == 8.0


@settings(max_examples=100, deadline=None)
@given(st.lists(asked, max_size=12), asked)
def test_what_lasts_so_long_fits_and_what_lasts_longer_does_not(steps, wanted) -> None:
    booked = station()
    for satellite, t_s, sending_s in steps:
        row = contact(satellite)
        begin_s = first_fit_s(booked, row, float(t_s), float(sending_s))
        if begin_s < np.inf:
            book(booked, row, begin_s, float(sending_s))
    satellite, t_s, least_s = wanted
    row = contact(satellite)
    begin_s = first_fit_s(booked, row, float(t_s), float(least_s))
    if begin_s < np.inf:
        most_s = longest_s(booked, row, begin_s)
        assert most_s >= least_s
        assert first_fit_s(booked, row, begin_s, most_s) == begin_s
        assert first_fit_s(booked, row, begin_s, most_s + 0.5) > begin_s
