import json
from pathlib import Path

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.base.messages import TimerRang
from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.reading import last_mark, read_record
from perigrid.ledger.record import RecordWriter


def write(folder: Path) -> None:
    record = RecordWriter(folder)
    for number in range(10):
        record.events(float(number), [TimerRang(float(number), number)])
    record.close()


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
    with pytest.raises(RunFolderError, match="cannot be read"):
        last_mark(tmp_path / "nowhere")
