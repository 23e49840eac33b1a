"""What going through a record gives, and that no bytes make it raise or hang."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import small_run
from perigrid.ledger.audit_records import read_records, unanchored
from perigrid.ledger.leaf import GENESIS, RECORD, write_line
from perigrid.ledger.merkle import leaf_hash


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return (small_run.write_run(tmp_path_factory.mktemp("run") / "run") / RECORD).read_bytes()


def test_a_whole_record_gives_its_logs_pins_and_seal(content):
    found = read_records(content)
    assert found.doubts == []
    assert found.pins == small_run.PINS
    assert sorted(found.seal["files"]) == ["jobs.parquet", "manifest.json", "summary.json"]
    assert found.length == content.count(b"\n") == sum(map(len, found.logs.values()))
    first = json.loads(content.splitlines()[0])
    assert found.first == first.pop("hash")
    leaf = json.dumps(first, sort_keys=True, separators=(",", ":")).encode()
    assert found.logs["ground"][0] == leaf_hash(leaf)
    assert found.last_t_s == small_run.END_S
    assert unanchored(found) == {"A": (8, 9), "B": (4, 9), "C": (8, 9)}


def chained(bodies):
    """Lines of any bodies, each whole and continuing the one before."""
    previous, out = GENESIS, []
    for sequence, body in enumerate(bodies):
        line, hashed = write_line({"sequence": sequence, "t_s": 0.0, **body}, previous)
        previous = hashed.hex()
        out.append(line)
    return b"".join(out)


PINS = {"kind": "pins", "log": "ground", "index": 0, "pins": {"a": 1}}
SEAL = {"kind": "seal", "log": "ground", "index": 2, "files": {}}
EVENTS = {"kind": "events", "log": "ground", "index": 1, "events": []}


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        ([EVENTS | {"index": 0}, PINS | {"index": 1}, SEAL], "record 0 (events) has no business"),
        ([PINS, PINS | {"index": 1}, SEAL], "record 1 (pins) has no business here"),
        ([PINS, EVENTS | {"kind": "rumour"}, SEAL], "record 1 (rumour) has no business here"),
        ([PINS, SEAL | {"index": 1}, EVENTS | {"index": 2}], "record 2 (events) has no business"),
        ([PINS, EVENTS | {"t_s": -1.0}, SEAL], "record 1 (events) has no business here"),
        ([PINS, EVENTS | {"index": 2}, SEAL], "record 1 is leaf 2 of ground, 1 were due"),
        (
            [PINS, EVENTS | {"sequence": 10**30}, SEAL],
            "record 1 is missing: record 1000",
        ),
        ([PINS, EVENTS | {"kind": "anchor", "logs": {"A": 3}}, SEAL], "anchors a state of A"),
        ([PINS, EVENTS], "without its seal"),
    ],
)
def test_whole_records_in_the_wrong_place_are_named(bodies, says):
    assert says in read_records(chained(bodies)).doubts[0].what


def test_a_whole_little_record_is_believed():
    assert read_records(chained([PINS, EVENTS, SEAL])).doubts == []


def test_a_record_that_continues_another_is_named(content):
    lines = content.splitlines(keepends=True)
    body = json.loads(lines[9])
    kept = {key: value for key, value in body.items() if key not in {"hash", "previous"}}
    lines[9], _ = write_line(kept, "00" * 32)
    whats = [doubt.what for doubt in read_records(b"".join(lines)).doubts]
    assert whats[0] == "the chain breaks at record 9: it does not continue 8"
    assert whats[1] == "the chain breaks at record 10: it does not continue 9"


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_any_damage_is_doubted_and_nothing_raises(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 200))
    junk = data.draw(st.binary(max_size=60))
    damaged = content[:place] + junk + content[place + length :]
    assert (read_records(damaged).doubts == []) == (damaged == content)
