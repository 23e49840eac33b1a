"""Bundles under random failures: none lost, none doubled, no contact or recorder overrun."""

import itertools
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact_plan_cases import N_NODES, rows_of, table_of
from perigrid.base.errors import InvariantError
from perigrid.control.contact_plan.bookings import Priority
from perigrid.control.contact_plan.bundles import Bundle, Planned, Refusal, Refused, What
from perigrid.control.contact_plan.custody import Custody
from perigrid.fleet.storage import Storage

CHAIN = [(0, 1, 0, 20, 1, 1), (1, 2, 0, 20, 1, 1), (1, 2, 30, 50, 1, 1)]
N_SATELLITES = 4  # of the six nodes; the others are ground


def whats(custody, bundle_id):
    return [(entry.t_s, entry.what) for entry in custody.record if entry.bundle_id == bundle_id]


def test_a_bundle_is_handed_from_node_to_node():
    custody = Custody(table_of(CHAIN))
    answer = custody.send(Bundle(7, 0, 2, 3.0), 2.0)
    assert isinstance(answer, Planned)
    assert [(hop.start_s, hop.end_s, hop.arrival_s) for hop in answer.hops] == [
        (2.0, 5.0, 6.0),
        (6.0, 9.0, 10.0),
    ]
    assert custody.holder(7) == 0
    custody.advance(6.0)
    assert custody.holder(7) == 1
    custody.advance(11.0)
    assert custody.holder(7) is None
    assert whats(custody, 7) == [
        (2.0, What.PLANNED),
        (2.0, What.SENT),
        (6.0, What.TAKEN),
        (6.0, What.SENT),
        (10.0, What.TAKEN),
        (10.0, What.DELIVERED),
    ]


def test_a_bundle_that_would_be_late_is_refused_and_leaves_nothing_behind():
    custody = Custody(table_of(CHAIN))
    late = custody.send(Bundle(1, 0, 2, 3.0, deadline_s=7.9), 0.0)
    assert late == Refused(1, Refusal.TOO_LATE, 8.0)
    assert custody.send(Bundle(1, 2, 0, 3.0), 0.0) == Refused(1, Refusal.NO_WAY)
    assert isinstance(custody.send(Bundle(1, 0, 2, 3.0, deadline_s=8.0), 0.0), Planned)
    custody.advance(60.0)
    assert whats(custody, 1)[-1] == (8.0, What.DELIVERED)
    with pytest.raises(InvariantError, match="before"):
        custody.send(Bundle(1, 0, 2, 3.0), 60.0)


def test_a_contact_that_breaks_off_leaves_the_copy_with_its_holder():
    custody = Custody(table_of(CHAIN))
    custody.send(Bundle(1, 0, 2, 3.0), 0.0)
    assert custody.fail(1, 5.0) == (1,)
    assert custody.holder(1) == 1
    assert [hop.start_s for hop in custody.way(1)] == [30.0]
    custody.advance(60.0)
    assert whats(custody, 1)[-1] == (34.0, What.DELIVERED)


def test_what_can_no_longer_be_in_time_expires_where_it_is():
    custody = Custody(table_of(CHAIN))
    custody.send(Bundle(1, 0, 2, 3.0, deadline_s=12.0), 0.0)
    custody.fail(1, 5.0)
    custody.advance(60.0)
    assert whats(custody, 1)[-2:] == [(5.0, What.WAITING), (12.0, What.EXPIRED)]
    assert custody.holder(1) is None


def test_an_expedited_bundle_sends_a_bulk_one_by_the_next_contact():
    custody = Custody(table_of(CHAIN))
    custody.send(Bundle(1, 1, 2, 15.0, Priority.BULK), -1.0)
    answer = custody.send(Bundle(2, 1, 2, 10.0, Priority.EXPEDITED), -1.0)
    assert isinstance(answer, Planned)
    assert (answer.t_arrival_s, answer.displaced) == (11.0, (1,))
    assert [hop.start_s for hop in custody.way(1)] == [30.0]


def test_a_node_without_room_does_not_take_a_bundle():
    held = np.zeros(3)
    storage = Storage(np.full(3, 10.0), held)
    storage.take(99, 1, 8.0)  # something else on the relay
    custody = Custody(table_of(CHAIN), storage)
    custody.send(Bundle(1, 0, 2, 3.0), 0.0)
    assert whats(custody, 1)[1:] == []
    custody.advance(1.0)
    assert [what for _, what in whats(custody, 1)[1:]] == [What.NOT_TAKEN, What.WAITING]
    assert held.tolist() == [3.0, 8.0, 0.0]
    storage.release(99)
    assert custody.plan_waiting(5.0) == (1,)
    custody.advance(60.0)
    assert whats(custody, 1)[-1] == (13.0, What.DELIVERED)
    assert held.tolist() == [0.0, 0.0, 0.0]
    full = Custody(table_of(CHAIN), Storage(np.full(3, 2.0), np.zeros(3)))
    assert full.send(Bundle(1, 0, 2, 3.0), 0.0) == Refused(1, Refusal.NO_ROOM)


def test_a_node_that_takes_its_time_sends_on_later():
    custody = Custody(table_of(CHAIN), hold_s=np.array([5.0, 2.0, 9.0, 0.0, 0.0, 0.0]))
    answer = custody.send(Bundle(1, 0, 2, 3.0), 0.0)
    assert isinstance(answer, Planned)
    assert [hop.start_s for hop in answer.hops] == [0.0, 6.0]


def test_a_node_needs_its_time_also_when_the_way_changes():
    rows = [(0, 1, 0, 20, 1, 1), (1, 2, 0, 20, 1, 1), (1, 2, 0, 30, 1, 1)]
    custody = Custody(table_of(rows), hold_s=np.array([0.0, 5.0, 0.0, 0.0, 0.0, 0.0]))
    custody.send(Bundle(1, 0, 2, 3.0), 0.0)
    custody.fail(1, 5.0)  # taken at 4
    assert [hop.start_s for hop in custody.way(1)] == [9.0]


def test_a_bundle_that_lost_its_way_while_under_way_looks_again_where_it_arrives():
    rows = [(0, 1, 0, 20, 1, 1), (1, 2, 0, 11, 1, 1), (3, 1, 0, 20, 1, 0)]
    custody = Custody(table_of(rows))
    custody.send(Bundle(1, 0, 2, 3.0, Priority.BULK), 0.0)
    custody.send(Bundle(2, 3, 2, 4.0, Priority.EXPEDITED), 1.0)
    assert whats(custody, 1)[-1] == (1.0, What.WAITING)
    custody.fail(2, 2.0)
    custody.advance(4.0)
    assert [hop.start_s for hop in custody.way(1)] == [4.0]
    custody.advance(60.0)
    assert whats(custody, 1)[-1] == (8.0, What.DELIVERED)


# Few nodes and long contacts, so that bundles meet; random numbers make large cases.
busy_node = st.integers(0, 4)
busy_row = st.tuples(
    busy_node, busy_node, st.integers(0, 30), st.integers(5, 40), st.integers(1, 2),
    st.integers(0, 4),
)  # fmt: skip
busy_plans = st.lists(busy_row.filter(lambda row: row[0] != row[1]), min_size=6, max_size=16).map(
    rows_of
)
order = st.tuples(
    busy_node,
    busy_node,
    st.sampled_from(list(Priority)),
    st.integers(1, 6),
    st.integers(5, 90),
    st.integers(0, 3),
)
step = st.one_of(
    order.map(lambda one: ("send", *one)),
    order.map(lambda one: ("send", *one)),
    st.tuples(st.just("fail"), st.integers(0, 15), st.integers(0, 3)),
    st.tuples(st.just("cut"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("retry"), st.just(0), st.integers(0, 5)),
)


@settings(max_examples=300, deadline=None)
@given(
    busy_plans,
    st.lists(step, min_size=8, max_size=30),
    st.sampled_from([9.0, 30.0, 1000.0]),
    st.sampled_from([0, 0, 2]),
)
def test_no_bundle_is_lost_or_doubled_whatever_fails(rows, steps, capacity_bytes, hold):
    held = np.zeros(N_SATELLITES)
    storage = Storage(np.full(N_SATELLITES, capacity_bytes), held)
    custody = Custody(table_of(rows), storage, np.full(N_NODES, float(hold)))
    accepted, failed, t_s = {}, {}, 0.0
    for number, (what, first, *rest) in enumerate(steps):
        t_s += rest[-1]
        custody.advance(t_s)
        if what == "send":
            target, priority, size, life, _ = rest
            bundle = Bundle(number, first, target, float(size), priority, t_s + life)
            answer = custody.send(bundle, t_s)
            if isinstance(answer, Planned):
                assert answer.t_arrival_s <= bundle.deadline_s
                accepted[number] = bundle
        elif what == "retry":
            custody.plan_waiting(t_s)
        elif (row := contact_to_break(what, first, custody, accepted, rows)) is not None:
            custody.fail(row, t_s)
            failed.setdefault(row, t_s)
        assert held.max() <= capacity_bytes
        check_custody(custody, accepted)
    custody.advance(500.0)
    assert held.tolist() == [0.0] * N_SATELLITES
    ends = Counter(
        entry.bundle_id for entry in custody.record if entry.what in {What.DELIVERED, What.EXPIRED}
    )
    assert ends == dict.fromkeys(accepted, 1)
    fly_again(rows, accepted, failed, custody.record, hold)


def contact_to_break(what, first, custody, accepted, rows):
    """Any contact, or one that is carrying something."""
    if what == "fail":
        return first if first < len(rows) else None
    last = {entry.bundle_id: entry for entry in custody.record}
    carrying = [last[one].row for one in accepted if last[one].what is What.SENT]
    return carrying[first % len(carrying)] if carrying else None


def check_custody(custody, accepted):
    ended = {e.bundle_id for e in custody.record if e.what in {What.DELIVERED, What.EXPIRED}}
    for bundle_id in accepted:
        assert (custody.holder(bundle_id) is None) == (bundle_id in ended)


def fly_again(rows, accepted, failed, record, hold):
    """Replay the record against the contacts alone."""
    flight = Flight(rows, accepted, failed, hold)
    for entry in record:
        flight.see(entry)
    assert flight.sent == {}
    for intervals in flight.busy.values():
        for (_, end, _), (start, _, _) in itertools.pairwise(sorted(intervals)):
            assert end <= start


class Flight:
    def __init__(self, rows, accepted, failed, hold):
        self.rows, self.accepted, self.failed = rows, accepted, failed
        self.at = {bundle_id: bundle.source for bundle_id, bundle in accepted.items()}
        self.sent, self.ready, self.hold = {}, {}, hold
        self.busy = defaultdict(list)

    def see(self, entry):
        bundle = self.accepted[entry.bundle_id]
        if entry.what is What.SENT:
            self.send(entry, bundle)
        elif entry.what is What.RETURNED and entry.bundle_id in self.sent:
            self.break_off(entry)
        elif entry.what is What.TAKEN:
            self.take(entry)
        elif entry.what is What.DELIVERED:
            assert self.at[entry.bundle_id] == bundle.target
            assert entry.t_s <= bundle.deadline_s
        elif entry.what is What.EXPIRED:
            assert entry.t_s == bundle.deadline_s
            assert self.at[entry.bundle_id] != bundle.target

    def send(self, entry, bundle):
        source, _, opens, closes, pace, _ = self.rows[entry.row]
        assert source == self.at[entry.bundle_id] == entry.node
        assert entry.bundle_id not in self.sent
        assert entry.t_s >= self.ready.get(entry.bundle_id, 0.0)
        over_s = entry.t_s + bundle.nbytes * pace
        assert opens <= entry.t_s
        assert over_s <= closes
        assert entry.row not in self.failed or entry.t_s <= self.failed[entry.row]
        self.sent[entry.bundle_id] = (entry.row, over_s)
        self.busy[entry.row].append((entry.t_s, over_s, entry.bundle_id))

    def break_off(self, entry):
        row, over_s = self.sent[entry.bundle_id]
        if row in self.failed and self.failed[row] == entry.t_s < over_s:
            del self.sent[entry.bundle_id]
            start_s, _, bundle_id = self.busy[row].pop()
            assert bundle_id == entry.bundle_id
            self.busy[row].append((start_s, entry.t_s, bundle_id))

    def take(self, entry):
        row, over_s = self.sent.pop(entry.bundle_id)
        assert entry.t_s == over_s + self.rows[row][5]
        assert row not in self.failed or over_s <= self.failed[row]
        assert entry.node == self.rows[row][1]
        self.at[entry.bundle_id] = entry.node
        self.ready[entry.bundle_id] = entry.t_s + self.hold
