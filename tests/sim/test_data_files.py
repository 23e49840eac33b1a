import hashlib
import io
import os

import pytest

from perigrid.base.errors import DataCacheError
from perigrid.sim import data_files
from perigrid.sim.data_catalogue import DataSet
from perigrid.sim.data_files import check_file, store

CONTENT = b"reflectance" * 1000
DATA_SET = DataSet(
    "thing", "thing.bin", "https://example.org/thing", hashlib.sha256(CONTENT).hexdigest(),
    len(CONTENT), "public domain", "made for a test",
)  # fmt: skip


def test_a_good_file_has_no_problem(tmp_path):
    path = tmp_path / "thing.bin"
    path.write_bytes(CONTENT)
    assert check_file(path, DATA_SET) is None


def make_truncated(path):
    path.write_bytes(CONTENT[:-1])


def make_empty(path):
    path.touch()


def make_longer(path):
    path.write_bytes(CONTENT + b"x")


def make_altered(path):
    path.write_bytes(b"R" + CONTENT[1:])


def make_folder(path):
    path.mkdir()


def make_broken_link(path):
    path.symlink_to(path.parent / "nowhere")


def make_pipe(path):
    os.mkfifo(path)


def make_nothing(path):
    pass


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_truncated, "is truncated: 10,999 of 11,000 bytes"),
        (make_empty, "is truncated: 0 of 11,000 bytes"),
        (make_longer, "is too long: 11,001 bytes"),
        (make_altered, "wrong checksum"),
        (make_folder, "is a folder"),
        (make_broken_link, "broken link or not a plain file"),
        (make_pipe, "broken link or not a plain file"),
        (make_nothing, "is not in the cache"),
    ],
)
def test_every_damage_is_named_with_file_and_remedy(tmp_path, make, message):
    path = tmp_path / "thing.bin"
    make(path)
    problem = check_file(path, DATA_SET)
    assert problem is not None
    assert message in problem.message
    assert problem.path == str(path)
    assert "perigrid data fetch thing" in problem.remedy


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    path = tmp_path / "thing.bin"
    path.write_bytes(CONTENT)

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    problem = check_file(path, DATA_SET)
    assert problem is not None
    assert "cannot be read: Permission denied" in problem.message
    assert "make it readable" in problem.remedy


def test_a_data_set_without_address_points_to_installing(tmp_path):
    data_set = DataSet("t", "t.bin", "", DATA_SET.sha256, DATA_SET.size_bytes, "x", "y")
    problem = check_file(tmp_path / "t.bin", data_set)
    assert problem is not None
    assert problem.remedy == "run: perigrid data install FOLDER"


def test_store_writes_whole_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new" / "thing.bin"
    store(io.BytesIO(CONTENT), path, DATA_SET)
    assert path.read_bytes() == CONTENT
    assert [entry.name for entry in path.parent.iterdir()] == ["thing.bin"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONTENT[:500], "transfer is truncated"),
        (CONTENT + b"more", "transfer is too long"),
        (b"R" + CONTENT[1:], "transfer has the wrong checksum"),
    ],
)
def test_store_refuses_other_bytes_and_keeps_the_old_file(tmp_path, content, message):
    path = tmp_path / "thing.bin"
    path.write_bytes(b"old")
    with pytest.raises(DataCacheError, match=message):
        store(io.BytesIO(content), path, DATA_SET)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["thing.bin"]


def test_a_broken_transfer_leaves_nothing(tmp_path):
    class Breaks:
        def __init__(self):
            self.reads = 0

        def read(self, size):
            self.reads += 1
            if self.reads > 1:
                raise OSError("connection reset")
            return CONTENT[:100]

    with pytest.raises(OSError, match="connection reset"):
        store(Breaks(), tmp_path / "thing.bin", DATA_SET)
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_are_on_disk_before_they_get_their_name(tmp_path, monkeypatch):
    order = []
    real_sync, real_replace = os.fsync, data_files.Path.replace

    def sync(handle):
        order.append("sync")
        real_sync(handle)

    def replace(self, target):
        order.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(data_files.os, "fsync", sync)
    monkeypatch.setattr(data_files.Path, "replace", replace)
    store(io.BytesIO(CONTENT), tmp_path / "thing.bin", DATA_SET)
    assert order == ["sync", "rename", "sync"]


def test_endless_transfers_are_cut_off(tmp_path):
    class Endless:
        def __init__(self):
            self.given = 0

        def read(self, size):
            self.given += size
            assert self.given < 10 * data_files.CHUNK_BYTES
            return b"x" * size

    with pytest.raises(DataCacheError, match="too long"):
        store(Endless(), tmp_path / "thing.bin", DATA_SET)
    assert list(tmp_path.iterdir()) == []
