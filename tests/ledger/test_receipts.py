"""A log is read back whole, or refused; every changed byte is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.errors import RunFolderError
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.ledger.receipts import file_name, log_bytes, parse_log, read_log, write_logs

GRANT = CapabilityGrant("g", "a", "b", "", 9.0, 0.0, 1.0, ("n",), (), True, "n", "s", "t")
RECEIPT = UsageReceipt("g", "a", "b", 0, 1, "node", "screen", 2.0, 3.0, "x", "y")
LOG = log_bytes([GRANT, RECEIPT])


def test_both_parties_get_what_concerns_them(tmp_path):
    other = CapabilityGrant("h", "a", "c d", "", 9.0, 0.0, 1.0, (), (), True, "n")
    write_logs(tmp_path / "logs", [GRANT, other], [RECEIPT], [])
    log = read_log(tmp_path / "logs" / "b.jsonl")
    assert (log.grants, log.receipts) == ((GRANT,), (RECEIPT,))
    assert read_log(tmp_path / "logs" / f"{file_name('c d')}.jsonl").grants == (other,)
    assert len(read_log(tmp_path / "logs" / "a.jsonl").grants) == 2
    with pytest.raises(RunFolderError, match="cannot be read"):
        read_log(tmp_path / "none")


@given(st.integers(0, len(LOG) - 1), st.integers(1, 255))
def test_every_changed_byte_but_of_the_last_line_is_refused(place, change):
    altered = bytearray(LOG)
    altered[place] ^= change
    try:
        log = parse_log(bytes(altered), "log")
    except RunFolderError:
        return
    # The last line is held by its signatures only.
    assert place > LOG.index(b"\n")
    assert log.receipts != (RECEIPT,)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_or_empty(content):
    try:
        log = parse_log(content, "log")
    except RunFolderError:
        return
    assert content == b""
    assert log.receipts == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["kind", "document", "previous", "extra"]))
def test_no_value_in_place_of_another_gets_through(value, key):
    body = json.loads(LOG.split(b"\n")[0])
    if body.get(key) == value:
        return
    body[key] = value
    with pytest.raises(RunFolderError):
        parse_log(json.dumps(body).encode() + b"\n", "log")


def test_names_of_files_are_plain_and_distinct():
    names = ["North", "No rth", "No/rth", "../x", ".", "Nö"]
    assert file_name("North") == "North"
    assert len({file_name(name) for name in names}) == len(names)
    assert all(set(file_name(name)) <= set("abcdefghijklmnopqrstuvwxyzNörth0123456789-.x")
               and not file_name(name).startswith(".") for name in names)  # fmt: skip
