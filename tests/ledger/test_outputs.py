"""Files that a user names for a command to write."""

import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from perigrid.base.errors import OutputError
from perigrid.ledger.outputs import check_output, write_output


def test_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path):
    place = tmp_path / "page.html"
    write_output(place, "one")
    assert place.stat().st_mode & 0o044
    place.chmod(0o640)
    write_output(place, b"two\n")
    assert place.read_bytes() == b"two\n"
    assert place.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_failure_keeps_the_old_file(tmp_path, monkeypatch):
    place = tmp_path / "page.html"
    write_output(place, "old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_output(place, "new")
    assert place.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("name", ["missing/page.html", ".", "file/page.html"])
def test_a_bad_place_is_named_before_any_work(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        check_output(tmp_path / name)


def test_a_link_keeps_pointing_where_it_does(tmp_path):
    (tmp_path / "deep").mkdir()
    target, link = tmp_path / "deep" / "table.csv", tmp_path / "latest.csv"
    link.symlink_to(target)
    for text in ("made", "replaced"):
        write_output(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OutputError):
        write_output(loop, "text")
    with pytest.raises(OutputError, match="a link stands here"):
        write_output(link, "text", follow_links=False)
    assert target.read_text() == "replaced"


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="nobody reads this pipe"):
        write_output(pipe, "text")
    reader, found = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), bytearray()
    os.set_blocking(reader, True)

    def read() -> None:
        while block := os.read(reader, 65_536):
            found.extend(block)

    listener = threading.Thread(target=read)
    content = bytes(300_000)  # more than a pipe holds
    held = os.open(pipe, os.O_WRONLY)  # so that reading does not end before writing begins
    listener.start()
    write_output(pipe, content)
    os.close(held)
    listener.join()
    os.close(reader)
    assert bytes(found) == content
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_into_and_stays_a_device(tmp_path):
    before = Path(os.devnull).stat()
    write_output(tmp_path / ".." / ".." / os.devnull, "text")
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write_output(link, "text")
    assert link.is_symlink()
    after = Path(os.devnull).stat()
    assert (after.st_ino, after.st_rdev) == (before.st_ino, before.st_rdev)
    full = "/dev/full"
    if Path(full).exists():
        link.unlink()
        link.symlink_to(full)
        with pytest.raises(OSError, match="No space") as caught:
            write_output(link, "text")
        assert caught.value.filename == str(link)


def test_what_a_process_has_open_is_written_into(tmp_path):
    place = tmp_path / "all.txt"
    with place.open("wb", buffering=0) as stream:
        inode = place.stat().st_ino
        stream.write(b"before ")
        link = f"/proc/self/fd/{stream.fileno()}"
        if not Path(link).exists():
            pytest.skip("no /proc here")
        write_output(Path(link), "within")
        stream.write(b" after")
    assert place.read_bytes() == b"before within after"
    assert place.stat().st_ino == inode


def test_a_socket_is_left_alone(tmp_path):
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(place))
        with pytest.raises(OutputError, match="this is a socket"):
            write_output(place, "text")
    assert stat.S_ISSOCK(place.stat().st_mode)
