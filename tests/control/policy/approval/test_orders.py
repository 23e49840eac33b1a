from dataclasses import replace

from approval_cases import DIRECTOR, OFFICER, REVOKED, ROSTER, key_of, stop
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.signed import sign


def test_a_stop_holds_the_nodes_it_names_until_it_expires():
    book = OrderBook(ROSTER)
    assert book.add(stop(nodes=("a", "b")), 20.0) is None
    assert book.stopped_until_s(frozenset(["b", "c"]), 1999.0) == 2000.0
    assert book.stopped_until_s(frozenset(["c"]), 30.0) is None
    assert book.stopped_until_s(frozenset(["a"]), 2000.0) is None
    assert book.add(stop(nonce="2", expires_s=3000.0), 20.0) is None
    assert book.stopped_until_s(frozenset(["a"]), 30.0) == 3000.0


def test_a_resume_lifts_what_it_covers():
    book = OrderBook(ROSTER)
    book.add(stop(nodes=("a",)), 20.0)
    book.add(stop(nodes=("a", "b"), nonce="2"), 20.0)
    book.add(stop(OFFICER, kind="resume", nodes=("a",)), 21.0)
    assert book.stopped_until_s(frozenset(["a"]), 30.0) == 2000.0
    book.add(stop(nonce="3"), 22.0)
    book.add(stop(OFFICER, kind="resume", nodes=("a", "b"), nonce="4"), 23.0)
    assert book.stopped_until_s(frozenset(["a"]), 30.0) == 2000.0  # the stop of every node stays
    book.add(stop(OFFICER, kind="resume", nonce="5"), 24.0)
    assert book.stopped_until_s(frozenset(["a"]), 30.0) is None


def test_what_does_not_count():
    book = OrderBook(ROSTER, ("flight-director",))
    good = stop()
    assert book.add(replace(good, reason="fire"), 20.0) is Refusal.ALTERED
    assert book.add(sign(replace(good, kind="launch"), key_of(DIRECTOR)), 20.0) is Refusal.ALTERED
    assert book.add(stop(OFFICER), 20.0) is Refusal.WRONG_ROLE
    assert book.add(stop(DIRECTOR, role="cook"), 20.0) is Refusal.WRONG_ROLE
    assert book.add(stop(REVOKED), 20.0) is Refusal.REVOKED_KEY
    assert book.add(stop(replace(DIRECTOR, name="x")), 20.0) is Refusal.UNKNOWN_KEY
    assert book.add(good, 19.0) is Refusal.NOT_YET
    assert book.add(good, 2000.0) is Refusal.EXPIRED
    assert book.stopped_until_s(frozenset(["a"]), 30.0) is None
    assert book.add(good, 20.0) is None
    assert book.add(good, 20.0) is Refusal.REPLAYED


def test_an_override_rules_one_action_out_for_a_time():
    book = OrderBook(ROSTER)
    book.add(stop(kind="override", subject="abc"), 20.0)
    assert book.is_overridden("abc", 1999.0)
    assert not book.is_overridden("abc", 2000.0)
    assert not book.is_overridden("abd", 30.0)
    assert book.stopped_until_s(frozenset(["a"]), 30.0) is None


def test_a_resume_that_was_held_back_lifts_no_later_stop():
    book = OrderBook(ROSTER)
    book.add(stop(issued_s=50.0), 50.0)
    assert book.add(stop(OFFICER, kind="resume", issued_s=49.0), 60.0) is None
    assert book.stopped_until_s(frozenset(["a"]), 61.0) == 2000.0
    assert book.add(stop(OFFICER, kind="resume", issued_s=50.0, nonce="2"), 62.0) is None
    assert book.stopped_until_s(frozenset(["a"]), 63.0) is None


def test_no_later_override_cuts_another_short():
    book = OrderBook(ROSTER)
    book.add(stop(kind="override", subject="abc"), 20.0)
    assert book.add(stop(OFFICER, kind="override", subject="abc", expires_s=30.0), 21.0) is None
    assert book.is_overridden("abc", 1999.0)
