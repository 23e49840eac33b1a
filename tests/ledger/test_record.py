import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.failing_disk import FailingDisk, PowerCut
from perigrid.base.codec import decode, encode
from perigrid.base.errors import RunFolderError, WorkError
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Computed, TimerRang, Verdict, Wait
from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.record import RecordWriter, last_mark, read_record

NODES = ("A", "B")
PASSES = [(1.5, "A"), (3.0, "B"), (3.0, "A")]
ALLOW = Verdict("allow", "default", "")


def write(folder: Path, n: int = 5) -> str:
    record = RecordWriter(folder)
    for k in range(n):
        record.events(float(k), [TimerRang(float(k), k)])
        wait = Wait(k, k + 1.0, Cause.CONTACT, "later")
        record.actions(float(k), [(wait, ALLOW)])
    record.close()
    return record.head


def test_what_was_written_is_read_in_order(tmp_path: Path) -> None:
    head = write(tmp_path)
    entries = list(read_record(tmp_path))
    assert [entry["sequence"] for entry in entries] == list(range(10))
    assert [entry["kind"] for entry in entries[:2]] == ["events", "actions"]
    assert entries[-1]["hash"] == head


def test_the_same_content_has_the_same_head(tmp_path: Path) -> None:
    assert write(tmp_path / "a") == write(tmp_path / "b")
    assert write(tmp_path / "c", 4) != write(tmp_path / "d", 5)


def test_an_existing_record_is_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(FileExistsError):
        RecordWriter(tmp_path)


# ---------------------------------------------------------------------- logs and anchors


def step(record: RecordWriter, k: int) -> list[object]:
    """One step of a made-up runner: what happened, what was decided."""
    row = k % 3  # A, B, and a ground node
    record.events(float(k), [Computed(float(k), k, row, "screen", 0.5)])
    decisions = [(Compute(k, row, "classify", "here"), ALLOW)]
    if k % 2:
        decisions.append((Wait(k, k + 1.0, Cause.CONTACT, "later"), ALLOW))
    record.actions(float(k), decisions)
    return [action for action, _ in decisions]


def flown(folder: Path, n: int = 7) -> RecordWriter:
    record = RecordWriter(folder, nodes=NODES, passes=PASSES)
    record.pins({"scenario": "made up"})
    for k in range(n):
        step(record, k)
    return record


def test_each_record_stands_in_the_log_of_whom_it_concerns(tmp_path: Path) -> None:
    record = flown(tmp_path)
    record.seal(7.0, {})
    record.close()
    entries = [one for one in read_record(tmp_path) if one["kind"] in {"events", "actions"}]
    logs = [entry["log"] for entry in entries]
    # Two records a step: k = 0 is A's, 1 is B's but for its mixed decision, 2 the ground's, ...
    assert logs == [
        *("A", "A", "B", "ground", "ground", "ground", "A", "ground"),
        *("B", "B", "ground", "ground", "A", "A"),
    ]
    by_log: dict[str, list[int]] = {}
    for entry in read_record(tmp_path):
        by_log.setdefault(entry["log"], []).append(entry["index"])
    assert all(indices == list(range(len(indices))) for indices in by_log.values())


def test_logs_are_anchored_when_satellites_pass_and_at_the_end(tmp_path: Path) -> None:
    record = flown(tmp_path)
    record.seal(7.0, {"jobs.parquet": "00"})
    record.close()
    anchors = [one for one in read_record(tmp_path) if one["kind"] == "anchor"]
    seen = [
        (one["t_s"], one["at"], {k: v["size"] for k, v in one["logs"].items()}) for one in anchors
    ]
    assert seen == [
        (2.0, "contact", {"A": 2}),
        (3.0, "contact", {"B": 1}),  # A has nothing new
        (7.0, "end", {"A": 5, "B": 3}),
    ]
    assert list(read_record(tmp_path))[-1]["files"] == {"jobs.parquet": "00"}


@pytest.mark.parametrize("kept", range(18))
def test_a_record_broken_off_anywhere_goes_on_to_the_same_bytes(tmp_path: Path, kept: int) -> None:
    flown(tmp_path / "whole").close()
    lines = (tmp_path / "whole" / FILE_NAME).read_bytes().splitlines(keepends=True)
    assert len(lines) == 17  # pins, 14 records, two anchors
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / FILE_NAME).write_bytes(b"".join(lines[:kept]) + b'{"torn')
    mark = last_mark(tmp_path / "cut")
    assert mark.length == min(kept, 17)
    record = RecordWriter(tmp_path / "cut", after=mark, nodes=NODES, passes=PASSES)
    if kept == 0:
        record.pins({"scenario": "made up"})
    assert record.pinned == {"scenario": "made up"}
    again(record, [json.loads(line) for line in lines])
    record.close()
    assert (tmp_path / "cut" / FILE_NAME).read_bytes() == b"".join(lines)


def again(record: RecordWriter, bodies: list[dict]) -> None:
    """Record what is still to come; anchors come by themselves."""
    for body in bodies:
        if body["sequence"] < record.length:
            continue
        if body["kind"] == "events":
            record.events(body["t_s"], decode(body["events"]))
        elif body["kind"] == "actions":
            pairs = [(decode(d["action"]), decode(d["verdict"])) for d in body["decisions"]]
            record.actions(body["t_s"], pairs)


def test_an_altered_record_is_not_gone_on_with(tmp_path: Path) -> None:
    flown(tmp_path).close()
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b'"t_s":2.0', b'"t_s":2.5', 1))
    with pytest.raises(RunFolderError, match="chain breaks"):
        last_mark(tmp_path)


def test_a_record_goes_on_after_a_mark_as_if_nothing_had_happened(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        writer = flown(folder, 5)
        mark = writer.sync()
        step(writer, 6 if folder == whole else 5)
        writer.close()
    again = RecordWriter(broken, after=mark, nodes=NODES, passes=PASSES)
    assert (again.length, again.head) == (mark.length, mark.head)
    step(again, 6)
    assert again.ground() != writer.ground()
    again.close()
    assert (broken / FILE_NAME).read_bytes() == (whole / FILE_NAME).read_bytes()


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "other head", "other length"])
def test_a_record_that_is_not_the_marked_one_is_refused(tmp_path: Path, damage: str) -> None:
    writer = flown(tmp_path)
    mark = writer.sync()
    writer.close()
    place = tmp_path / FILE_NAME
    content = place.read_bytes()
    if damage == "flip":
        place.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    elif damage == "cut":
        place.write_bytes(content[:-10])
    elif damage == "gone":
        place.unlink()
    elif damage == "other head":
        mark = replace(mark, head="0" * 64)
    else:
        mark = replace(mark, length=mark.length + 1)
    left = place.read_bytes() if place.exists() else None
    with pytest.raises(RunFolderError):
        RecordWriter(tmp_path, after=mark)
    assert (place.read_bytes() if place.exists() else None) == left


# ---------------------------------------------------------------------- no record, no act

OPERATIONS = 19
"""Writes and syncs of the flight below: two for the pins, three a step, two for closing."""


def fly(folder: Path, disk: FailingDisk) -> tuple[list[int], list[object]]:
    """A runner that acts only on what is recorded; what was acknowledged, what was done."""
    acknowledged: list[int] = []
    done: list[object] = []
    record = RecordWriter(folder, flush_each=True, nodes=NODES, passes=PASSES, disk=disk)
    try:
        acknowledged.append(record.pins({"scenario": "made up"}))
        for k in range(5):
            actions = step(record, k)
            acknowledged.append(record.length - 1)
            done += actions
        record.close()
    except (OSError, PowerCut):
        record.close()
    return acknowledged, done


def recorded(folder: Path) -> list[object]:
    return [
        decision["action"]
        for entry in read_record(folder)
        if entry["kind"] == "actions"
        for decision in entry["decisions"]
    ]


FAULTS = {
    "full disk": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "broken disk": lambda: OSError(errno.EIO, "Input/output error"),
    "power cut": PowerCut,
}


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_act_without_record_and_no_acknowledged_record_lost(
    tmp_path: Path, fault: str, share: float
) -> None:
    acts = []
    for fail_at in range(OPERATIONS + 1):
        folder = tmp_path / str(fail_at)
        disk = FailingDisk(fail_at, FAULTS[fault](), share)
        acknowledged, done = fly(folder, disk)
        assert (disk.done > fail_at) == (fail_at < OPERATIONS)
        survivor = RecordWriter(folder, after=last_mark(folder), nodes=NODES, passes=PASSES)
        survivor.close()
        assert survivor.length > max(acknowledged, default=-1)
        logged = recorded(folder)
        assert [encode(action) for action in done] == logged[: len(done)]
        acts.append(len(done))
    assert acts == sorted(acts)
    assert (acts[0], acts[-1]) == (0, 7)


def test_after_a_failed_write_nothing_more_is_recorded_or_done(tmp_path: Path) -> None:
    disk = FailingDisk(3, OSError(errno.ENOSPC, "No space left on device"))
    record = RecordWriter(tmp_path, flush_each=True, nodes=NODES, disk=disk)
    record.pins({})
    with pytest.raises(OSError, match="No space"):
        step(record, 0)
    with pytest.raises(WorkError, match="nothing more is recorded or done"):
        step(record, 1)
    record.close()
    assert [entry["kind"] for entry in read_record(tmp_path)] == ["pins", "events"]


def test_several_decisions_can_share_one_wait_for_the_disk(tmp_path: Path) -> None:
    disk = FailingDisk(-1, PowerCut())
    record = RecordWriter(tmp_path, flush_each=True, nodes=NODES, disk=disk)
    for k in range(3):
        wait = Wait(k, k + 1.0, Cause.CONTACT, "later")
        record.actions(float(k), [(wait, ALLOW)], settled=False)
    assert disk.done == 0
    record.sync()
    assert disk.done == 2  # one write, one wait
    assert len(list(read_record(tmp_path))) == 3
    record.close()


def test_a_full_disk_is_told_when_a_buffered_record_is_closed(tmp_path: Path) -> None:
    disk = FailingDisk(0, OSError(errno.ENOSPC, "No space left on device"))
    record = RecordWriter(tmp_path, disk=disk)
    record.events(0.0, [TimerRang(0.0, 1)])
    with pytest.raises(OSError, match="No space"):
        record.close()
    record.close()
    assert last_mark(tmp_path).length == 0


def test_a_damaged_newline_does_not_make_an_acknowledged_record_vanish(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 4]))
    with pytest.raises(RunFolderError, match="the end of this line is damaged"):
        last_mark(tmp_path)
