"""Parts, their chain, and going back."""

import polars as pl
import pytest

from perigrid.base.errors import RunFolderError
from perigrid.sim.flight.parts import CHAIN, PartWriter, file_digest, flush, read_chain, rewind


def written(folder, count):
    writer = PartWriter(folder)
    for number in range(count):
        writer.write("a" if number % 2 else "b", pl.DataFrame({"x": [number] * 3}))
    return writer


def test_parts_are_numbered_and_chained(tmp_path):
    writer = written(tmp_path, 5)
    assert [link.part for link in writer.links] == [
        "b/part-00000.parquet", "a/part-00000.parquet", "b/part-00001.parquet",
        "a/part-00001.parquet", "b/part-00002.parquet",
    ]  # fmt: skip
    assert read_chain(tmp_path) == writer.links
    assert pl.read_parquet(tmp_path / "a/part-*.parquet")["x"].to_list() == [1] * 3 + [3] * 3
    writer.write("a", pl.DataFrame({"x": []}))
    assert len(writer.links) == 5


def test_a_part_altered_missing_or_exchanged_is_found(tmp_path):
    written(tmp_path, 3)
    part = tmp_path / "b/part-00000.parquet"
    bytes_ = part.read_bytes()
    part.write_bytes(bytes_[:-1] + b"x")
    with pytest.raises(RunFolderError, match="missing or has been altered"):
        read_chain(tmp_path)
    part.write_bytes(bytes_)
    lines = (tmp_path / CHAIN).read_text().splitlines()
    (tmp_path / CHAIN).write_text("\n".join([lines[1], lines[0], lines[2]]) + "\n")
    with pytest.raises(RunFolderError, match="altered"):
        read_chain(tmp_path)
    (tmp_path / CHAIN).write_text("{half")
    with pytest.raises(RunFolderError, match="cannot be read"):
        read_chain(tmp_path)
    (tmp_path / CHAIN).unlink()
    with pytest.raises(RunFolderError, match="chain of the parts is missing"):
        read_chain(tmp_path)


def test_going_back_leaves_what_was_there_then(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    written(tmp_path / "one", 2)
    written(tmp_path / "two", 5)
    (tmp_path / "two/a/part-00009.new").write_bytes(b"half")
    links = rewind(tmp_path / "two", 2)
    assert len(links) == 2
    one, two = (
        {p.relative_to(tmp_path / n): file_digest(p) for p in (tmp_path / n).rglob("*.*")}
        for n in ("one", "two")
    )
    assert one == two
    with pytest.raises(RunFolderError, match="missing from the chain"):
        rewind(tmp_path / "two", 3)


def test_flush_leaves_the_file_as_it_is(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    flush(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"abc"
