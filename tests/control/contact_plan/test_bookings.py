import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact_plan_cases import node, plans, table_of
from perigrid.base.errors import InvariantError
from perigrid.control.contact_plan.bookings import Bookings, Priority
from perigrid.control.contact_plan.search import Hop, earliest_arrival, hops_to

ONE_CONTACT = [(0, 1, 10, 20, 1, 0)]


def way(table, bookings, priority, source, target, size, t_s=0.0):
    free_s = bookings.free_s(priority)
    found = earliest_arrival(table, free_s, source, t_s, size, target=target)
    if not np.isfinite(found.arrival_s[target]):
        return None
    return hops_to(table, free_s, found, target)


def book(bookings, table, bundle, priority, size, t_s=0.0):
    hops = way(table, bookings, priority, 0, 1, size, t_s)
    if hops is None:
        return None
    return (hops[0].start_s, hops[0].end_s), bookings.book(bundle, priority, hops)


def test_a_class_is_served_first_come_first_served():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    assert book(bookings, table, 1, Priority.NORMAL, 4) == ((10.0, 14.0), ())
    assert book(bookings, table, 2, Priority.NORMAL, 6) == ((14.0, 20.0), ())
    assert book(bookings, table, 3, Priority.NORMAL, 1) is None


def test_a_higher_class_takes_what_is_not_yet_sent():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    book(bookings, table, 1, Priority.BULK, 4)
    book(bookings, table, 2, Priority.BULK, 5)
    assert [one.bundle_id for one in bookings.on(0)] == [1, 2]
    assert book(bookings, table, 3, Priority.EXPEDITED, 3) == ((10.0, 13.0), (1,))
    assert book(bookings, table, 4, Priority.NORMAL, 3) == ((13.0, 16.0), (2,))
    assert book(bookings, table, 5, Priority.BULK, 4) == ((16.0, 20.0), ())
    assert book(bookings, table, 6, Priority.EXPEDITED, 4) == ((13.0, 17.0), (4, 5))


def test_what_has_begun_is_finished():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    book(bookings, table, 1, Priority.BULK, 4)
    book(bookings, table, 2, Priority.BULK, 2)
    bookings.advance(11.0)
    assert book(bookings, table, 3, Priority.EXPEDITED, 3, 11.0) == ((14.0, 17.0), (2,))


def test_what_is_withdrawn_can_be_booked_again():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    hops = way(table, bookings, Priority.NORMAL, 0, 1, 10)
    bookings.book(1, Priority.NORMAL, hops)
    assert book(bookings, table, 2, Priority.NORMAL, 1) is None
    bookings.withdraw(1, hops)
    assert book(bookings, table, 2, Priority.NORMAL, 10) == ((10.0, 20.0), ())


def test_a_contact_that_failed_carries_nothing_more():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    for bundle, priority in enumerate((Priority.NORMAL, Priority.NORMAL, Priority.BULK)):
        book(bookings, table, bundle, priority, 3)
    bookings.advance(14.0)
    assert bookings.close(0, 14.0) == (1, 2)
    assert book(bookings, table, 4, Priority.EXPEDITED, 1, 14.0) is None


def test_a_hop_that_was_not_found_with_these_bookings_is_refused():
    table = table_of(ONE_CONTACT)
    bookings = Bookings(table)
    book(bookings, table, 1, Priority.NORMAL, 5)
    with pytest.raises(InvariantError, match="overlap"):
        bookings.book(2, Priority.NORMAL, (Hop(0, 0, 1, 12.0, 13.0, 13.0),))
    with pytest.raises(InvariantError, match="overruns"):
        bookings.book(2, Priority.NORMAL, (Hop(0, 0, 1, 18.0, 21.0, 21.0),))


request = st.tuples(node, node, st.sampled_from(list(Priority)), st.integers(1, 6))


@settings(max_examples=150, deadline=None)
@given(plans, st.lists(request, min_size=1, max_size=20))
def test_no_volume_is_overrun_and_no_class_feels_a_lower_one(rows, requests):
    """Each class gets what it would get if the lower ones had never been there."""
    table = table_of(rows)
    bookings, alone = Bookings(table), Bookings(table)
    held = {}
    for bundle, (source, target, priority, size) in enumerate(requests):
        if priority is Priority.EXPEDITED:
            undisturbed = way(table, alone, priority, source, target, size)
            assert way(table, bookings, priority, source, target, size) == undisturbed
        hops = way(table, bookings, priority, source, target, size)
        if hops is None:
            continue
        for lost in bookings.book(bundle, priority, hops):
            assert held[lost][0] < priority
            bookings.withdraw(lost, held.pop(lost)[1])
        held[bundle] = (priority, hops)
        if priority is Priority.EXPEDITED:
            alone.book(bundle, priority, hops)
        check_contacts(table, bookings, held)


def check_contacts(table, bookings, held):
    kept = sum(len(hops) for _, hops in held.values())
    assert kept == sum(len(bookings.on(contact)) for contact in range(len(table)))
    for contact in range(len(table)):
        queue = bookings.on(contact)
        for one, following in itertools.pairwise(queue):
            assert one.end_s <= following.start_s
        if queue:
            assert queue[0].start_s >= table.start_s[contact]
            assert queue[-1].end_s <= table.end_s[contact]
