import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.time import Epoch
from perigrid.scenario.ion_contact_plan import IonContact, IonPlan, IonRange, write_ion
from perigrid.scenario.ion_reader import parse_ion

EPOCH = Epoch.from_iso("2008-10-05T11:30:00Z")

seconds = st.floats(0.0, 1e6, allow_nan=False) | st.integers(0, 10**6).map(float)
spans = st.floats(1e-3, 1e5) | st.integers(1, 10**5).map(float)
rates = st.floats(1e-3, 1e13) | st.integers(1, 10**12).map(float)
confidences = st.sampled_from([1.0, 0.5, 1.0 / 3.0])


@st.composite
def contact(draw, source):
    start = draw(seconds)
    end = start + draw(spans)
    return IonContact(start, end, source, source + 1, draw(rates), draw(confidences))


@st.composite
def written(draw):
    contacts = tuple(draw(contact(node)) for node in range(1, draw(st.integers(2, 6))))
    ranges = tuple(
        IonRange(one.t_start_s, one.t_end_s, one.target, one.source, draw(seconds))
        for one in contacts
    )
    return IonPlan(contacts, ranges, draw(st.sampled_from([None, EPOCH])))


@given(written())
def test_a_plan_reads_back_the_same(plan):
    assert parse_ion(write_ion(plan, ("a head", "of two lines")), "plan.ionrc") == plan


def test_whole_numbers_are_written_as_ion_wants_them():
    plan = IonPlan(
        (IonContact(60.0, 7260.0, 1, 2, 80_000.0),), (IonRange(60.0, 7260.0, 1, 2, 12.0),), EPOCH
    )
    assert write_ion(plan, ("node 1 = A",)).splitlines() == [
        "# node 1 = A",
        "@ 2008/10/05-11:30:00",
        "a contact +60 +7260 1 2 10000",
        "a range +60 +7260 1 2 12",
    ]


def contact_of(source, target):
    return IonContact(10.0, 20.0, source, target, 8.0)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([(1, 2, 3.0)], (3.0, 3.0)),  # the lower number first: it holds both ways
        ([(1, 2, 3.0), (2, 1, 5.0)], (3.0, 5.0)),  # unless the other way is given too
        ([(2, 1, 5.0)], (None, 5.0)),  # the higher number first says nothing about the other way
        ([], (None, None)),
    ],
)
def test_a_range_holds_both_ways_from_the_lower_number(ranges, expected):
    made = tuple(IonRange(0.0, 99.0, *one) for one in ranges)
    plan = IonPlan((contact_of(1, 2), contact_of(2, 1)), made)
    assert plan.light_times_s() == expected


def test_the_longest_of_the_ranges_that_overlap_a_contact_counts():
    ranges = tuple(
        IonRange(start, end, 1, 2, light)
        for start, end, light in [(0.0, 12.0, 2.0), (12.0, 15.0, 4.0), (20.0, 90.0, 9.0)]
    )
    assert IonPlan((contact_of(1, 2),), ranges).light_times_s() == (4.0,)


whole = st.integers(0, 30).map(float)


@given(
    st.lists(st.tuples(whole, whole, st.sampled_from([0.0, 1.0, 2.0, 3.0])), max_size=12),
    st.lists(st.tuples(whole, whole), min_size=1, max_size=6),
)
def test_the_longest_range_is_that_of_looking_at_all_of_them(ranges, contacts):
    made = tuple(IonRange(a, a + b + 1.0, 1, 2, light) for a, b, light in ranges)
    asked = tuple(IonContact(a, a + b + 1.0, 1, 2, 8.0) for a, b in contacts)
    slowly = tuple(
        max(
            (r.light_s for r in made if r.t_start_s < c.t_end_s and c.t_start_s < r.t_end_s),
            default=None,
        )
        for c in asked
    )
    assert IonPlan(asked, made).light_times_s() == slowly


@given(st.text())
def test_no_comment_becomes_a_command(text):
    plan = IonPlan((contact_of(1, 2),))
    written = write_ion(plan, (f"node 1 = {text}", text))
    assert len(written.splitlines()) == 3
    assert parse_ion(written, "x") == plan
