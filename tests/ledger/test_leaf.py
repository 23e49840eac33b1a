import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.ledger.leaf import GENESIS, holds_record, parse_line, write_line, write_messages

BODY = {"sequence": 3, "index": 1, "log": "ground", "kind": "events", "t_s": 2.5, "events": ["é"]}


def test_a_line_is_json_whose_hash_is_the_leaf_hash_of_the_rest():
    written, hashed = write_line(BODY, GENESIS)
    entry = json.loads(written)
    stated = entry.pop("hash")
    assert entry == {**BODY, "previous": GENESIS}
    leaf = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    assert stated == hashlib.sha256(b"\x00" + leaf).hexdigest() == hashed.hex()


def test_a_line_goes_round():
    written, hashed = write_line(BODY, GENESIS)
    line = parse_line(written[:-1])
    assert line is not None
    assert line.whole
    assert line.canonical
    assert line.hashed == hashed
    assert line.entry == {**BODY, "previous": GENESIS, "hash": hashed.hex()}


@pytest.mark.parametrize("log", ["ground", 'Sat "é"'])
@pytest.mark.parametrize("t_s", [0.0, 2.5, 1e-7, 3])
def test_a_record_of_messages_is_the_same_line(t_s, log):
    body = {"sequence": 3, "index": 1, "log": log, "kind": "events", "t_s": t_s}
    written = write_messages(body, "events", '["\\u00e9"]', GENESIS)
    assert written == write_line({**body, "events": ["é"]}, GENESIS)


def rehashed(leaf):
    """A line around any leaf, with the right hash."""
    hashed = hashlib.sha256(b"\x00" + leaf).hexdigest()
    return leaf[:-1] + b',"hash":"' + hashed.encode() + b'"}'


@pytest.mark.parametrize(
    "change",
    [
        (b'"t_s":2.5', b'"t_s": 2.5'),
        (b'"t_s":2.5', b'"t_s":2.50'),
        (b'"t_s":2.5', b'"t_s":NaN'),
        (b'"kind":"events"', b'"kind":"events","kind":"events"'),
        (b'"index":1,"kind":"events"', b'"kind":"events","index":1'),
        (b"\\u00e9", "é".encode()),
    ],
)
def test_other_spellings_of_the_same_record_are_not_canonical(change):
    written, _ = write_line(BODY, GENESIS)
    leaf = parse_line(written[:-1]).leaf
    assert change[0] in leaf
    line = parse_line(rehashed(leaf.replace(*change)))
    assert line.whole
    assert not line.canonical


@pytest.mark.parametrize("key", ["sequence", "index", "log", "kind", "t_s"])
def test_a_record_without_what_every_record_has_is_none(key):
    for value in (None, [], True, -1):
        written, _ = write_line({**BODY, key: value}, GENESIS)
        if not (key == "t_s" and value == -1):
            assert parse_line(written[:-1]) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw):
    parse_line(raw)
    parse_line(rehashed(raw))


def test_deep_nesting_is_no_record():
    assert parse_line(rehashed(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")) is None


def test_a_cut_line_is_told_from_one_whose_newline_is_damaged():
    written, _ = write_line({**BODY, "events": [{"a": 1, "hash": "x"}]}, GENESIS)
    assert not any(holds_record(written[:end]) for end in range(len(written)))
    for flipped in (written[:-1] + bytes([written[-1] ^ 1 << bit]) for bit in range(8)):
        assert holds_record(flipped)
        assert holds_record(flipped + b'{"events":[')
