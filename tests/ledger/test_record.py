import json
from pathlib import Path

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.base.jobs import Cause
from perigrid.base.messages import TimerRang, Verdict, Wait
from perigrid.ledger.record import FILE_NAME, RecordMark, RecordWriter, read_record


def write(folder: Path, n: int = 5) -> str:
    record = RecordWriter(folder)
    for k in range(n):
        record.events(float(k), [TimerRang(float(k), k)])
        wait = Wait(k, k + 1.0, Cause.CONTACT, "later")
        record.actions(float(k), [(wait, Verdict("allow", "default", ""))])
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


def change(lines: list[str]) -> list[str]:
    entry = json.loads(lines[4])
    entry["t_s"] += 1.0
    return [*lines[:4], json.dumps(entry), *lines[5:]]


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (change, 5),
        (lambda lines: lines[:4] + lines[5:], 5),
        (lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], 5),
        (lambda lines: [*lines[:4], lines[4][:40]], 5),
        (lambda lines: [*lines[:4], "[]", *lines[5:]], 5),
    ],
    ids=["changed", "dropped", "swapped", "cut", "no record"],
)
def test_damage_is_found_and_named(tmp_path: Path, damage: object, line: int) -> None:
    write(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_text("\n".join(damage(path.read_text().splitlines())) + "\n")
    with pytest.raises(RunFolderError) as caught:
        list(read_record(tmp_path))
    assert caught.value.problems[0].line == line


def test_a_missing_record_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="cannot be read"):
        list(read_record(tmp_path / "nowhere"))


def test_a_record_goes_on_after_a_mark_as_if_nothing_had_happened(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        writer = RecordWriter(folder)
        for number in range(5):
            writer.events(float(number), [TimerRang(float(number), number)])
        mark = writer.sync()
        writer.events(9.0, [TimerRang(9.0, 9 if folder == whole else 99)])
        writer.close()
    again = RecordWriter(broken, after=mark)
    assert (again.length, again.head) == (mark.length, mark.head)
    again.events(9.0, [TimerRang(9.0, 9)])
    again.close()
    assert (broken / FILE_NAME).read_bytes() == (whole / FILE_NAME).read_bytes()


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "other head"])
def test_a_record_that_is_not_the_marked_one_is_refused(tmp_path: Path, damage: str) -> None:
    writer = RecordWriter(tmp_path)
    for number in range(5):
        writer.events(float(number), [TimerRang(float(number), number)])
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
    else:
        mark = RecordMark(mark.length, mark.nbytes, "0" * 64)
    left = place.read_bytes() if place.exists() else None
    with pytest.raises(RunFolderError):
        RecordWriter(tmp_path, after=mark)
    assert (place.read_bytes() if place.exists() else None) == left
