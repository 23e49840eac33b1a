from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from perigrid.base.errors import RunFolderError
from perigrid.sim.parts import Parts

SCHEMA = {"t_s": pl.Float64, "name": pl.String}


def block(first: int, rows: int = 5) -> pl.DataFrame:
    numbers = range(first, first + rows)
    data = {"t_s": [float(k) for k in numbers], "name": [f"n{k}" for k in numbers]}
    return pl.DataFrame(data, schema=SCHEMA)


def test_parts_become_one_table_in_order(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "work", "rows", SCHEMA)
    for first in range(0, 60, 5):
        parts.write(block(first))
    parts.merge(tmp_path / "rows.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "rows.parquet"), block(0, 60))


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    Parts(tmp_path, "rows", SCHEMA).merge(tmp_path / "rows.parquet")
    assert dict(pl.read_parquet_schema(tmp_path / "rows.parquet")) == SCHEMA


def test_parts_after_the_checkpoint_are_dropped_and_written_again(tmp_path: Path) -> None:
    parts = Parts(tmp_path, "rows", SCHEMA)
    parts.write(block(0))
    known = parts.digests()
    parts.write(block(1000))
    (tmp_path / "rows-0000002.new").write_bytes(b"half")
    again = Parts(tmp_path, "rows", SCHEMA)
    again.keep(known)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["rows-0000000.parquet"]
    again.write(block(5))
    again.merge(tmp_path / "rows.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "rows.parquet"), block(0, 10))


@pytest.mark.parametrize("how", ["altered", "missing"])
def test_a_part_that_is_not_the_one_written_is_refused(tmp_path: Path, how: str) -> None:
    parts = Parts(tmp_path, "rows", SCHEMA)
    parts.write(block(0))
    place = tmp_path / "rows-0000000.parquet"
    content = bytearray(place.read_bytes())
    content[20] ^= 1
    place.unlink()
    if how == "altered":
        place.write_bytes(content)
    with pytest.raises(RunFolderError, match="missing or altered"):
        Parts(tmp_path, "rows", SCHEMA).keep(parts.digests())
