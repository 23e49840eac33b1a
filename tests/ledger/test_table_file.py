import polars as pl
import pytest

from perigrid.base.errors import InputError, RunFolderError
from perigrid.ledger import table_file
from perigrid.ledger.disk import file_digest
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table, understood

SCHEMA = {"a": pl.Int64, "b": pl.String}
TABLE = pl.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, 1.5]})


def put(folder, table):
    folder.mkdir(exist_ok=True)
    table.write_parquet(folder / "t.parquet")
    return Source(str(folder), folder)


@pytest.mark.parametrize("name", ["run", "st[a]r*?{b}"])
def test_columns_are_read_by_name_and_type_whatever_the_folder_is_called(tmp_path, name):
    run = put(tmp_path / name, TABLE)
    put(tmp_path / "star", TABLE[:1])
    assert read_table(run, "t", SCHEMA).columns == ["a", "b"]
    assert read_table(run, "t", SCHEMA, ["b"], pl.col("a") > 1)["b"].to_list() == ["y"]
    assert read_table(run, "t").equals(TABLE)
    bundled = Source("bundle", None, {"t.parquet": run.read("t.parquet")})
    assert read_table(bundled, "t", SCHEMA).height == 2


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (TABLE.drop("b"), "no column b"),
        (TABLE.with_columns(pl.col("a").cast(pl.Float64)), "column a of the table is Float64, not"),
        (TABLE.with_columns(pl.lit(None, pl.String).alias("b")), "empty cells in b"),
    ],
)
def test_a_table_of_another_schema_is_refused(tmp_path, table, why):
    with pytest.raises(RunFolderError, match=why):
        read_table(put(tmp_path / "run", table), "t", SCHEMA)


def test_a_table_that_is_none_is_refused(tmp_path):
    run = put(tmp_path / "run", TABLE)
    for content in (b"", b"PAR1", run.read("t.parquet")[:-9], b"PAR1" * 500):
        (tmp_path / "run" / "t.parquet").write_bytes(content)
        with pytest.raises(RunFolderError, match="cannot be read"):
            read_table(run, "t", SCHEMA)
    with pytest.raises(RunFolderError, match="missing"):
        read_table(run, "u", SCHEMA)


@pytest.fixture
def parted(tmp_path):
    """A table in two parts, of which the run's ledger has records."""
    record = RecordWriter(tmp_path / "ledger")
    record.pins({})
    (tmp_path / "t").mkdir()
    for number in (0, 1):
        name = f"t/part-0000{number}.parquet"
        TABLE[number : number + 1].write_parquet(tmp_path / name)
        record.part(0.0, name, 1, file_digest(tmp_path / name))
    record.close()
    return Source(str(tmp_path), tmp_path)


def test_parts_are_read_as_one_table(parted):
    assert read_table(parted, "t").equals(TABLE)
    assert read_table(parted, "t", SCHEMA, ["b"], pl.col("a") > 1)["b"].to_list() == ["y"]
    bundled = Source("bundle", None, {name: parted.read(name) for name in parted.names()})
    assert read_table(bundled, "t", SCHEMA)["a"].to_list() == [1, 2]


def test_parts_are_those_of_the_record_and_no_others(parted):
    folder = parted.folder
    TABLE.write_parquet(folder / "t" / "part-00002.parquet")
    assert read_table(parted, "t").height == 2
    TABLE.drop("b").write_parquet(folder / "t" / "part-00001.parquet")
    with pytest.raises(RunFolderError, match="no column b") as caught:
        read_table(parted, "t", SCHEMA)
    assert caught.value.problems[0].path.endswith("t/part-00001.parquet")
    (folder / "t" / "part-00001.parquet").unlink()
    with pytest.raises(RunFolderError, match="a part of the table is missing"):
        read_table(parted, "t", SCHEMA)
    (folder / "t" / "part-00001.parquet").symlink_to(folder / "t" / "part-00000.parquet")
    with pytest.raises(RunFolderError, match="a part of the table is missing"):
        read_table(parted, "t", SCHEMA)


def test_a_table_in_parts_is_not_one_file_too(parted):
    TABLE.write_parquet(parted.folder / "t.parquet")
    with pytest.raises(RunFolderError, match="stands there twice"):
        read_table(parted, "t", SCHEMA)


def test_parts_together_hold_no_more_rows_than_a_table_may(parted, monkeypatch):
    monkeypatch.setattr(table_file, "MAX_ROWS", 1)
    with pytest.raises(RunFolderError, match="says it has 1 rows"):
        read_table(parted, "t", SCHEMA)


def test_what_cannot_be_understood_is_said_of_the_folder():
    for broken in (KeyError("x"), ZeroDivisionError(), RecursionError(), ValueError("a\nb")):
        with pytest.raises(RunFolderError, match="cannot be understood") as caught, understood("r"):
            raise broken
        assert caught.value.problems[0].path == "r"
        # A fault of ours is not laid at the folder's door without a word: where it broke is said.
        assert "report this as a fault of Perigrid" in caught.value.problems[0].remedy
        assert "test_table_file.py, line" in caught.value.problems[0].remedy
    with pytest.raises(InputError, match="own"), understood("r"):
        raise InputError.at("p", "own")
    with pytest.raises(OSError, match="disk"), understood("r"):
        raise OSError("the disk's own matter")
