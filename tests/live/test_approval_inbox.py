"""The folder between a run and its people: two processes, no half files, nothing believed."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval_cases import OVERSIGHT
from perigrid.base.approvals import STOP, SignedApproval, SignedOrder
from perigrid.base.codec import canonical_json, encode
from perigrid.base.errors import InputError
from perigrid.base.jobs import StageName
from perigrid.base.messages import AskApproval, Compute
from perigrid.control.policy.approval.intake import Intake, request_of
from perigrid.live.approval_inbox import ApprovalInbox, parse_message, request_id
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.people import new_person, private_key, read_people, roster_from

ASKED = AskApproval(
    7, "watch", Compute(7, 0, StageName.SCREEN, ""), "ab" * 32, "seen", 10.0, 900.0, 1, ("pilot",)
)


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
        inbox.now_s()
    key, role = private_key(keys, "chief")
    other = replace(ASKED, job_id=8, expires_s=15.0)
    people.ask(ASKED)
    people.ask(other)
    (late,) = people.heard(20.0)
    assert (late.job_id, late.granted, late.approvals) == (8, False, ())
    inbox.answer(request_id(ASKED), key, role, word="refuse")
    inbox.order(SignedOrder(STOP, (), "", "smoke", "", role, 0.0, 60.0, ""), key)
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


APPROVAL = SignedApproval("s", "grant", "k", "pilot", 1.0, 9.0, "n", "e", "00")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON | st.just({"type": "SignedApproval"}))
def test_no_json_makes_the_reader_fail(value):
    assert parse_message(json.dumps(value).encode(), SignedApproval) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(content):
    assert parse_message(content, SignedApproval) is None


def test_one_spelling_of_one_kind_is_read():
    content = canonical_json(encode(APPROVAL)).encode()
    assert parse_message(content, SignedApproval) == APPROVAL
    assert parse_message(content + b"\n", SignedApproval) is None
    assert parse_message(content, SignedOrder) is None
