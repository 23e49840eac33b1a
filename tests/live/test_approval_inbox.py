"""The folder between a run and its people: two processes, no half files, nothing believed."""

import fcntl
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from approval_cases import OVERSIGHT
from perigrid.base.approvals import STOP, SignedApproval, SignedOrder
from perigrid.base.codec import canonical_json, encode
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.signed_text import is_signed_by
from perigrid.base.signing import SigningKey
from perigrid.base.withheld import Told
from perigrid.control.policy.approval.intake import Intake, request_of
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.signed import sign
from perigrid.ledger.side_store import SideStore
from perigrid.live import approval_inbox
from perigrid.live.approval_inbox import ApprovalInbox, request_id
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.inbox_files import message_json, order_letter, read_small
from perigrid.live.notices import run_name
from perigrid.live.people import new_person, private_key, read_people, roster_from

SCREEN = Compute(7, 0, "screen", "")
ASKED = AskApproval(7, "watch", SCREEN, action_hash(SCREEN), "seen", 10.0, 900.0, 1, ("pilot",))


SMOKE = Told("smoke in the control room", b"s" * 32)


def order_draft(role="pilot"):
    return SignedOrder(STOP, (), "", SMOKE.withheld, "", role, 0.0, 60.0, "")


@pytest.fixture
def keys(tmp_path):
    new_person(tmp_path / "keys", "chief", "pilot")
    return tmp_path / "keys"


def at_inbox(folder, keys):
    """People at an inbox whose signatures count."""
    people = PeopleAtInbox(folder, 1.0)
    people.begin({}, (), roster_from(read_people(keys)))
    return people


def grant(folder, keys):
    command = [sys.executable, "-m", "perigrid", "approvals", "grant", str(folder)]
    command += [request_id(ASKED), "--as", "chief", "--keys", str(keys)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.live
def test_two_processes_answer_at_once_and_one_counts(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
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
    people = at_inbox(tmp_path / "inbox", keys)
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
    people = at_inbox(tmp_path / "inbox", keys)
    people.ask(ASKED)
    answers = tmp_path / "inbox" / "answers"
    (answers / f"{request_id(ASKED)}.x.json").write_bytes(b"{")
    (answers / f"{request_id(ASKED)}.y.json").write_bytes(b"\xff" * 100)
    (answers / f"{request_id(ASKED)}.z.json").mkdir()
    (tmp_path / "inbox" / "orders" / "1.json").write_bytes(canonical_json(encode(ASKED)).encode())
    assert people.heard(20.0) == []


# ---------------------------------------------------------------------- why an order was given


def test_a_copied_order_is_heard_once_and_no_copy_keeps_its_reason(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
    people.heard(20.0)
    key, role = private_key(keys, "chief")
    ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    first = tmp_path / "inbox" / "orders" / "000000.json"
    first.with_name("copy.json").write_bytes(first.read_bytes())
    content = first.read_bytes()
    side = SideStore(tmp_path)
    (event,) = people.heard(30.0)
    people.hand_over(event.order, side.keep)
    first.with_name("late.json").write_bytes(content)
    assert people.heard(40.0) == []
    assert [one.value for one in side.entries()] == [SMOKE.value]
    assert not [one for one in first.parent.iterdir() if b"smoke" in one.read_bytes()]


def test_a_reason_leaves_the_inbox_once_it_is_kept(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
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
    again, other = at_inbox(tmp_path / "inbox", keys), SideStore(tmp_path / "keys")
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
        people.begin(context, ("A",), roster)
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


# ---------------------------------------------------------------------- what others put there


def forged(word):
    return replace(draft_answer(), answer=word, signature="00" * 64)


def draft_answer():
    return SignedApproval(ASKED.subject_hash, "grant", "", "pilot", 15.0, 900.0, "n", "seen")


@pytest.mark.parametrize("word", ["refuse", "grant"])
def test_an_answer_without_a_signature_closes_nothing(tmp_path, keys, word):
    people = at_inbox(tmp_path / "inbox", keys)
    people.ask(ASKED)
    key, _ = private_key(keys, "chief")
    stranger = SigningKey("stranger", b"x" * 32)
    answers = tmp_path / "inbox" / "answers"
    for one in (
        replace(forged(word), signer=key.verify_key.signer_id),
        replace(forged(word), signer="nobody"),
        sign(replace(draft_answer(), answer=word), stranger),
    ):
        place = answers / f"{request_id(ASKED)}.{one.signer}.json"
        place.write_bytes(message_json(one))
    assert people.heard(20.0) == []
    assert len(ApprovalInbox(tmp_path / "inbox").open_requests()) == 1


def test_an_answer_is_heard_among_many_of_others(tmp_path, keys, monkeypatch):
    monkeypatch.setattr(approval_inbox, "MOST_LISTED", 3)
    people = at_inbox(tmp_path / "inbox", keys)
    people.ask(ASKED)
    for number in range(9):
        place = tmp_path / "inbox" / "answers" / f"{request_id(ASKED)}.{number:08d}.json"
        place.write_bytes(message_json(forged("refuse")))
    assert people.heard(20.0) == []
    key, role = private_key(keys, "chief")
    ApprovalInbox(tmp_path / "inbox").answer(request_id(ASKED), key, role, word="refuse")
    (answered,) = people.heard(40.0)
    assert not answered.granted


def test_the_runner_waits_for_no_pipe_and_reads_nothing_without_end(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
    people.ask(ASKED)
    people.heard(19.0)
    key, role = private_key(keys, "chief")
    inbox = tmp_path / "inbox"
    os.mkfifo(inbox / "orders" / "000000.json")
    (inbox / "orders" / "000001.json").symlink_to("/dev/zero")
    (inbox / "orders" / "000002.json").write_bytes(b"[" * 1_500_000)
    (inbox / "orders" / "000003.json").write_bytes(b'{"order":' * 50_000)
    os.mkfifo(inbox / "answers" / f"{request_id(ASKED)}.{key.verify_key.signer_id}.json")
    os.mkfifo(inbox / "requests" / "8-pipe.json")
    ApprovalInbox(inbox).order(order_draft(role), key, SMOKE)
    (stop,) = people.heard(20.0)
    assert stop.order.kind == STOP
    assert [one.id for one in ApprovalInbox(inbox).open_requests()] == [request_id(ASKED)]


def test_folders_in_the_place_of_files_do_not_end_the_run(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
    people.heard(10.0)
    key, role = private_key(keys, "chief")
    ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    (tmp_path / "inbox" / "now.json").unlink()
    for name in ("now.json", f"requests/{request_id(ASKED)}.json"):
        (tmp_path / "inbox" / name / "deep").mkdir(parents=True)
    people.ask(ASKED)
    (stop,) = people.heard(20.0)
    assert stop.order.kind == STOP
    (late,) = people.heard(1000.0)
    assert (late.job_id, late.granted) == (7, False)


def test_a_stop_is_heard_among_many_files_of_others(tmp_path, keys, monkeypatch):
    monkeypatch.setattr(approval_inbox, "MOST_READ", 20)
    people = at_inbox(tmp_path / "inbox", keys)
    people.heard(1.0)
    key, role = private_key(keys, "chief")
    junk = order_letter(replace(order_draft(), signer=key.verify_key.signer_id), SMOKE)
    for number in range(50):
        (tmp_path / "inbox" / "orders" / f"{number:06d}.json").write_bytes(junk)
    ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    read = []
    monkeypatch.setattr(
        approval_inbox, "read_small", lambda place, plain=read_small: read.append(1) or plain(place)
    )
    heard = [people.heard(10.0 * look) for look in range(1, 6)]
    assert [len(events) for events in heard] == [0, 0, 1, 0, 0]
    assert heard[2][0].order.kind == STOP
    assert len(read) == 51  # nothing twice


def test_an_order_is_not_lost_to_a_file_that_had_its_name(tmp_path, keys):
    people = at_inbox(tmp_path / "inbox", keys)
    orders = tmp_path / "inbox" / "orders"
    for name in ("000001.json", "000002.json"):
        (orders / name).write_bytes(b"{}")
    assert people.heard(20.0) == []
    key, role = private_key(keys, "chief")
    ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)
    assert (orders / "000001.json").read_bytes() == b"{}"
    assert [event.order.kind for event in people.heard(30.0)] == [STOP]


def test_a_lock_that_is_never_let_go_is_not_waited_for(tmp_path, keys, monkeypatch):
    monkeypatch.setattr(approval_inbox, "_LOCK_S", 0.05)
    people = at_inbox(tmp_path / "inbox", keys)
    people.heard(20.0)
    key, role = private_key(keys, "chief")
    with (tmp_path / "inbox" / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="somebody else is writing"):
            ApprovalInbox(tmp_path / "inbox").order(order_draft(role), key, SMOKE)


def test_a_row_under_another_name_is_signed_for_nothing(tmp_path, keys):
    names, roster = ("Ours", "Theirs"), roster_from(read_people(keys))
    context = {"scenario": "s", "run": run_name("r", names)}
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    people.begin(context, names, roster)
    asked = replace(ASKED, subject_hash=action_hash(SCREEN, context))
    people.ask(asked)
    people.heard(20.0)
    inbox = ApprovalInbox(tmp_path / "inbox")
    assert inbox.notices.nodes() == names
    inbox.notices.tell_nodes(names[::-1])
    assert inbox.notices.nodes() == ()
    # With a run of a name that fits, the hash does not.
    inbox.notices.tell_time(20.0, context | {"run": run_name("r", names[::-1])})
    assert inbox.notices.nodes() == names[::-1]
    key, role = private_key(keys, "chief")
    with pytest.raises(InputError, match="asks to sign another"):
        inbox.answer(request_id(asked), key, role)
