"""The folder between a run and its people: two processes, no half files, nothing believed."""

import subprocess
import sys
from dataclasses import replace

import pytest

from approval_cases import OVERSIGHT
from perigrid.base.approvals import STOP, SignedApproval, SignedOrder
from perigrid.base.codec import canonical_json, encode
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError
from perigrid.base.jobs import StageName
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.withheld import Told
from perigrid.control.policy.approval.intake import Intake, request_of
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.signed import is_signed_by
from perigrid.ledger.side_store import SideStore
from perigrid.live.approval_inbox import (
    ApprovalInbox,
    request_id,
)
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.people import new_person, private_key, read_people, roster_from

SCREEN = Compute(7, 0, StageName.SCREEN, "")
ASKED = AskApproval(7, "watch", SCREEN, action_hash(SCREEN), "seen", 10.0, 900.0, 1, ("pilot",))


SMOKE = Told("smoke in the control room", b"s" * 32)


def order_draft(role="pilot"):
    return SignedOrder(STOP, (), "", SMOKE.withheld, "", role, 0.0, 60.0, "")


@pytest.fixture
def keys(tmp_path):
    new_person(tmp_path / "keys", "chief", "pilot")
    return tmp_path / "keys"


def grant(folder, keys):
    command = [sys.executable, "-m", "perigrid", "approvals", "grant", str(folder)]
    command += [request_id(ASKED), "--as", "chief", "--keys", str(keys)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.live
def test_two_processes_answer_at_once_and_one_counts(tmp_path, keys):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    assert people.ask(ASKED) is None
    assert people.heard(20.0) == []
    both = [grant(tmp_path / "inbox", keys) for _ in range(2)]
    told = [one.communicate(timeout=60) for one in both]
    assert sorted(one.returncode for one in both) == [0, 2], told
    assert any("you have answered this" in error for _, error in told)
    (event,) = people.heard(21.0)
    assert (event.job_id, event.granted, event.t_s) == (7, True, 21.0)
    intake = Intake(roster_from(read_people(keys)), OVERSIGHT)
    intake.book.ask(request_of(ASKED))
    assert intake.answered(ASKED, event, event.t_s) == []
    assert not intake.lacks(ASKED, "seen", 21.0)
    assert people.heard(22.5) == []
    assert ApprovalInbox(tmp_path / "inbox").open_requests() == []


def test_refused_late_and_stopped(tmp_path, keys):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    inbox = ApprovalInbox(tmp_path / "inbox")
    with pytest.raises(InputError, match="told no time"):
        inbox.notices.now()
    key, role = private_key(keys, "chief")
    other = replace(ASKED, job_id=8, expires_s=15.0)
    people.ask(ASKED)
    people.ask(other)
    (late,) = people.heard(20.0)
    assert (late.job_id, late.granted, late.approvals) == (8, False, ())
    inbox.answer(request_id(ASKED), key, role, word="refuse")
    inbox.order(order_draft(role), key, SMOKE)
    order, refused = people.heard(30.0)
    assert (order.order.issued_s, order.order.expires_s) == (20.0, 80.0)
    assert not refused.granted
    assert people.heard(30.5) == []  # not looked at again yet
    assert people.heard(40.0) == []
    with pytest.raises(InputError, match="no open requests"):
        inbox.answer("7", key, role)


def test_an_inbox_is_made_by_the_run_alone(tmp_path):
    with pytest.raises(InputError, match="no inbox"):
        ApprovalInbox(tmp_path / "none")


def test_files_nobody_wrote_properly_are_passed_over(tmp_path, keys):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    people.ask(ASKED)
    answers = tmp_path / "inbox" / "answers"
    (answers / f"{request_id(ASKED)}.x.json").write_bytes(b"{")
    (answers / f"{request_id(ASKED)}.y.json").write_bytes(b"\xff" * 100)
    (answers / f"{request_id(ASKED)}.z.json").mkdir()
    (tmp_path / "inbox" / "orders" / "1.json").write_bytes(canonical_json(encode(ASKED)).encode())
    assert people.heard(20.0) == []


# ---------------------------------------------------------------------- why an order was given


def test_a_copied_order_is_heard_twice_and_its_reason_kept_once(tmp_path, keys):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    people.heard(20.0)
    key, role = private_key(keys, "chief")
    ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    first = tmp_path / "inbox" / "orders" / "000000.json"
    first.with_name("copy.json").write_bytes(first.read_bytes())
    side = SideStore(tmp_path)
    for event in people.heard(30.0):
        people.hand_over(event.order, side.keep)
    assert [one.value for one in side.entries()] == [SMOKE.value]
    assert not [one for one in first.parent.iterdir() if b"smoke" in one.read_bytes()]


def test_a_reason_leaves_the_inbox_once_it_is_kept(tmp_path, keys):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    people.heard(20.0)
    key, role = private_key(keys, "chief")
    order = ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    place = tmp_path / "inbox" / "orders" / "000000.json"
    assert place.stat().st_mode & 0o777 == 0o600
    assert b"smoke" in place.read_bytes()
    (event,) = people.heard(30.0)
    assert "smoke" not in canonical_json(encode(event))
    assert is_signed_by(event.order, key.verify_key)
    side = SideStore(tmp_path)
    people.hand_over(event.order, side.keep)
    assert [one.value for one in side.entries()] == ["smoke in the control room"]
    assert b"smoke" not in b"".join(
        one.read_bytes() for one in (tmp_path / "inbox").rglob("*") if one.is_file()
    )
    # Another run at the same inbox hears the order too, and knows that nobody can say why.
    again, other = PeopleAtInbox(tmp_path / "inbox", 1.0), SideStore(tmp_path / "keys")
    (event,) = again.heard(31.0)
    assert event.order == order
    again.hand_over(event.order, other.keep)
    assert [one.erased for one in other.entries()] == [True]


# ---------------------------------------------------------------------- what is signed


@pytest.mark.parametrize(
    "changes",
    [
        {"subject_hash": "ab" * 32},
        {"subject": replace(SCREEN, node=1)},
        {"job_id": 8},
        {"subject": None},
    ],
)
def test_nobody_signs_another_action_than_the_one_shown(tmp_path, keys, changes):
    people, forged = PeopleAtInbox(tmp_path / "inbox", 1.0), replace(ASKED, **changes)
    people.ask(forged)
    people.heard(20.0)
    key, role = private_key(keys, "chief")
    with pytest.raises(InputError, match="asks to sign another"):
        ApprovalInbox(tmp_path / "inbox").answer(request_id(forged), key, role)
    assert list((tmp_path / "inbox" / "answers").iterdir()) == []


def test_what_was_signed_for_one_run_counts_in_no_other(tmp_path, keys):
    key, role = private_key(keys, "chief")
    roster, inbox = roster_from(read_people(keys)), tmp_path / "inbox"
    signed = {}
    for run in ("first", "second"):
        people, context = PeopleAtInbox(inbox, 1.0), {"scenario": "s", "run": run}
        people.begin(context, ("A",))
        asked = replace(ASKED, subject_hash=action_hash(SCREEN, context))
        people.ask(asked)
        people.heard(20.0)
        if run == "first":
            ApprovalInbox(inbox).answer(request_id(asked), key, role)
            order = ApprovalInbox(inbox).order(order_draft(role), key, SMOKE)
        heard = people.heard(30.0)
        signed[run] = [one for event in heard for one in getattr(event, "approvals", ())]
        wanted = None if run == "first" else Refusal.OTHER_RUN
        assert OrderBook(roster, run=run).add(order, 30.0) is wanted
    assert [type(one) for one in signed["first"]] == [SignedApproval]
    assert signed["second"] == []
