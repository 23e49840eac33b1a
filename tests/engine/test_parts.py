"""Parts, their record, and going back."""

import polars as pl
import pytest

from perigrid.base.errors import RunFolderError
from perigrid.engine.parts import PartWriter, flush, rewind
from perigrid.ledger.audit import verify_run
from perigrid.ledger.disk import file_digest
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import read_record
from perigrid.ledger.seal import Signers, seal_record
from perigrid.ledger.source import open_source

PINS = {"scenario": {"name": "x"}, "architecture": "fly"}


def written(folder, count):
    writer = PartWriter(folder, PINS)
    for number in range(count):
        writer.write("a" if number % 2 else "b", pl.DataFrame({"x": [number] * 3}), 60.0 * number)
    writer.record.close()
    return writer


def test_parts_are_numbered_and_recorded(tmp_path):
    writer = written(tmp_path, 5)
    assert [part.name for part in writer.parts] == [
        "b/part-00000.parquet", "a/part-00000.parquet", "b/part-00001.parquet",
        "a/part-00001.parquet", "b/part-00002.parquet",
    ]  # fmt: skip
    pins, *parts = read_record(tmp_path / "ledger")
    assert pins["pins"] == PINS
    for number, (entry, part) in enumerate(zip(parts, writer.parts, strict=True)):
        assert (entry["part"], entry["rows"], entry["sha256"]) == (
            part.name, 3, file_digest(tmp_path / part.name),
        )  # fmt: skip
        assert (entry["t_s"], entry["log"]) == (60.0 * number, "ground")
    assert pl.read_parquet(tmp_path / "a/part-*.parquet")["x"].to_list() == [1] * 3 + [3] * 3
    writer.write("a", pl.DataFrame({"x": []}), 300.0)
    assert len(writer.parts) == 5


def test_a_part_altered_missing_or_exchanged_is_found(tmp_path):
    written(tmp_path, 3)
    part = tmp_path / "b/part-00000.parquet"
    bytes_ = part.read_bytes()
    part.write_bytes(bytes_[:-1] + b"x")
    with pytest.raises(RunFolderError, match="missing or has been altered"):
        rewind(tmp_path, 4)
    part.write_bytes(bytes_)
    record = tmp_path / RECORD
    lines = record.read_bytes().splitlines(keepends=True)
    for altered, message in (
        ([lines[0], lines[2], lines[1], lines[3]], "hash chain breaks"),
        ([lines[0], lines[1].replace(b'"rows":3', b'"rows":4'), *lines[2:]], "hash chain breaks"),
        ([lines[0], b"{half\n", *lines[2:]], "not a record"),
        (lines[:3], "is cut"),
    ):
        record.write_bytes(b"".join(altered))
        with pytest.raises(RunFolderError, match=message):
            rewind(tmp_path, 4)
    record.unlink()
    with pytest.raises(RunFolderError, match="cannot be read"):
        rewind(tmp_path, 4)


def test_going_back_leaves_what_was_there_then(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    written(tmp_path / "one", 2)
    written(tmp_path / "two", 5)
    (tmp_path / "two/a/part-00009.new").write_bytes(b"half")
    kept = rewind(tmp_path / "two", 3)
    assert len(kept.parts) == 2
    assert [one["kind"] for one in kept.entries] == ["pins", "part", "part"]
    PartWriter(tmp_path / "two", PINS, kept).record.close()
    one, two = (
        {p.relative_to(tmp_path / n): file_digest(p) for p in (tmp_path / n).rglob("*.*")}
        for n in ("one", "two")
    )
    assert one == two
    with pytest.raises(RunFolderError, match="is cut"):
        rewind(tmp_path / "two", 4)


def test_a_part_exchanged_before_the_seal_is_doubted(tmp_path):
    writer = PartWriter(tmp_path, PINS)
    writer.write("a", pl.DataFrame({"x": [1]}), 1.0)
    pl.DataFrame({"x": [2]}).write_parquet(tmp_path / writer.parts[0].name)
    seal_record(writer.record, tmp_path, Signers.simulated(1), 1.0, 1)
    (doubt,) = verify_run(open_source(tmp_path)).doubts
    assert doubt.where == writer.parts[0].name
    assert doubt.what == "the seal names another digest than record 1"


def test_flush_leaves_the_file_as_it_is(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    flush(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"abc"
