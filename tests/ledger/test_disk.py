import pytest

from perigrid.ledger import disk
from perigrid.ledger.disk import Disk, replace_file


def test_a_file_grows_is_cut_and_grows_on(tmp_path):
    file = Disk().append_to(tmp_path / "log", new=True)
    file.write(b"one two three")
    file.sync()
    file.truncate(4)
    file.write(b"four")
    file.close()
    again = Disk().append_to(tmp_path / "log", new=False)
    again.write(b" five")
    again.close()
    assert (tmp_path / "log").read_bytes() == b"one four five"


def test_new_and_old_are_not_confused(tmp_path):
    with pytest.raises(FileNotFoundError):
        Disk().append_to(tmp_path / "log", new=False)
    Disk().append_to(tmp_path / "log", new=True).close()
    with pytest.raises(FileExistsError):
        Disk().append_to(tmp_path / "log", new=True)


def test_what_the_system_takes_in_parts_is_written_whole(tmp_path, monkeypatch):
    file = Disk().append_to(tmp_path / "log", new=True)
    raw = file._file

    class Slow:
        def write(self, content):
            return raw.write(content[:3])

    file._file = Slow()
    file.write(b"in parts of three")
    file._file = raw
    file.close()
    assert (tmp_path / "log").read_bytes() == b"in parts of three"


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "state"
    replace_file(place, b"old", mode=0o600)
    assert place.stat().st_mode & 0o777 == 0o600

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(place, b"new")
    assert place.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_file_is_digested(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, B.1
    assert disk.file_digest(tmp_path / "abc") == known


def test_where_nothing_can_be_written_the_file_itself_is_named(tmp_path):
    place = tmp_path / "none" / "state"
    with pytest.raises(FileNotFoundError) as caught:
        replace_file(place, b"new")
    assert caught.value.filename == str(place)
