"""What stands in an inbox is read in one spelling or not at all."""

import json
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.approvals import STOP, SignedApproval, SignedOrder, Withheld
from perigrid.base.codec import canonical_json, encode
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.signing import SigningKey
from perigrid.base.withheld import Told
from perigrid.control.policy.approval.signed import sign
from perigrid.live.inbox_files import (
    list_files,
    message_json,
    order_letter,
    parse_message,
    parse_order,
    read_small,
)

SMOKE = Told("smoke in the control room", b"s" * 32)
ORDER = SignedOrder(STOP, (), "", SMOKE.withheld, "", "pilot", 0.0, 60.0, "")
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


def test_words_get_into_no_record_by_another_door():
    honest = sign(ORDER, SigningKey("chief", b"k" * 32))
    assert parse_order(order_letter(honest, SMOKE)) == (honest, SMOKE)
    assert parse_order(order_letter(honest, None)) == (honest, None)
    assert parse_order(canonical_json(encode(honest)).encode()) is None
    assert parse_order(order_letter(honest, replace(SMOKE, value="drill"))) is None
    assert parse_order(order_letter(honest, replace(SMOKE, salt=b""))) is None
    assert parse_order(order_letter(honest, SMOKE) + b"\n") is None
    for reason in ("smoke", Withheld("smoke"), Withheld(SMOKE.withheld), None, 1):
        assert parse_order(order_letter(replace(honest, reason=reason), None)) is None
    assert parse_order(order_letter(replace(honest, nodes=({"a": 1},)), None)) is None


@given(JSON | st.fixed_dictionaries({"order": JSON, "reason": JSON}))
def test_no_json_makes_the_reader_of_orders_fail(value):
    assert parse_order(json.dumps(value).encode()) is None


WRONG = ["x" * 1001, "\ud800", "a\nb", None, 10**400, (), True, Withheld("ab")]
IDS = ["long", "surrogate", "line", "none", "huge", "list", "flag", "message"]


@pytest.mark.parametrize("wrong", WRONG, ids=IDS)
@pytest.mark.parametrize("field", ["role", "nonce", "signed_at_s", "expires_s"])
def test_an_answer_whose_texts_or_times_are_none_is_not_read(field, wrong):
    content = canonical_json(encode(replace(APPROVAL, **{field: wrong}))).encode()
    assert parse_message(content, SignedApproval) is None


@pytest.mark.parametrize("wrong", WRONG, ids=IDS)
@pytest.mark.parametrize("field", ["kind", "signer", "issued_s", "expires_s"])
def test_an_order_whose_texts_or_times_are_none_is_not_read(field, wrong):
    assert parse_order(order_letter(replace(ORDER, **{field: wrong}), None)) is None


@pytest.mark.parametrize("nodes", ["abc", (1,), ("a\ud800",), None])
def test_an_order_names_nodes_by_text(nodes):
    assert parse_order(order_letter(replace(ORDER, nodes=nodes), None)) is None


def test_a_request_with_a_time_that_is_none_is_not_read():
    asked = AskApproval(0, "watch", Compute(0, 0, "screen", ""), "s", "e", 1.0, 9.0)
    assert parse_message(message_json(asked), AskApproval) == asked
    assert parse_message(message_json(replace(asked, asked_s=None)), AskApproval) is None


def test_a_reason_with_a_salt_that_can_be_guessed_is_not_read():
    weak = Told("smoke", b"s")
    order = replace(ORDER, reason=weak.withheld)
    assert parse_order(order_letter(order, weak)) is None


def test_only_small_files_are_read(tmp_path):
    place = tmp_path / "message.json"
    assert read_small(place) is None
    place.write_bytes(b"12345")
    assert read_small(place, 5) == b"12345"
    assert read_small(place, 4) is None
    link = tmp_path / "link.json"
    link.symlink_to(place)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for name in ("link.json", "pipe.json", "folder.json"):
        assert read_small(tmp_path / name) is None
    assert [name for name, *_ in list_files(tmp_path)] == [
        "folder.json", "link.json", "message.json", "pipe.json",
    ]  # fmt: skip
    assert list_files(tmp_path / "none") == []


def test_a_file_that_takes_the_name_of_another_is_another(tmp_path):
    place = tmp_path / "a.json"
    place.write_bytes(b"1")
    (first,) = list_files(tmp_path)
    (tmp_path / "b").write_bytes(b"2")
    (tmp_path / "b").replace(place)
    assert list_files(tmp_path) != [first]


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_no_message(depth):
    for content in (b"[" * depth, b'{"order":' * depth, b"[" * depth + b"]" * depth):
        assert parse_message(content, SignedOrder) is None
        assert parse_order(content) is None
