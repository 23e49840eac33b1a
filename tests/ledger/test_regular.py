import io
import os
import socket

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.ledger import regular
from perigrid.ledger.regular import is_plain, is_regular, open_regular, read_regular, walk


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A plain file, and everything that looks like one and is none."""
    place = tmp_path / "run"
    (place / "in").mkdir(parents=True)
    (place / "in" / "plain").write_bytes(b"one")
    (tmp_path / "secret").write_text("not yours")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "plain").write_text("not yours")
    (place / "link").symlink_to(tmp_path / "secret")
    (place / "behind").symlink_to(tmp_path / "away", target_is_directory=True)
    (place / "endless").symlink_to("/dev/zero")
    (place / "loop").symlink_to("loop")
    os.mkfifo(place / "pipe")
    with socket.socket(socket.AF_UNIX) as own:
        monkeypatch.chdir(place)  # names of sockets are short
        own.bind("socket")
    return place


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *(("link", "it is a link"), ("endless", "it is a link"), ("loop", "it is a link")),
        *(("pipe", "it is a pipe"), ("socket", "it is a socket"), ("in", "it is no plain file")),
        *(("behind/plain", "stands behind a link"), ("nowhere", "cannot be read: No such file")),
        *(("../secret", "leads out"), ("/etc/hostname", "leads out"), ("", "leads out")),
        *(("in/../../secret", "leads out"), ("a\x1b[2J", "leads out")),
    ],
)
def test_what_is_no_plain_file_inside_is_refused_at_once(folder, name, why):
    with pytest.raises(RunFolderError, match=why):
        open_regular(folder, name)
    with pytest.raises(RunFolderError):
        read_regular(folder, name)
    assert not is_regular(folder, name)


def test_a_plain_file_is_read(folder):
    assert read_regular(folder, "in/plain") == b"one"
    assert is_regular(folder, "in/plain")


def test_a_file_that_grows_while_it_is_read_is_refused(folder, monkeypatch):
    monkeypatch.setattr(regular, "open_regular", lambda *_: io.BytesIO(b"more"))
    with pytest.raises(RunFolderError, match="it does not end"):
        read_regular(folder, "in/plain", 3)


def test_a_file_that_claims_more_than_is_read_is_refused(folder):
    with (folder / "sparse").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(RunFolderError, match="at most"):
        open_regular(folder, "sparse")
    with pytest.raises(RunFolderError, match="at most"):
        read_regular(folder, "in/plain", 2)


def test_everything_is_listed_once_and_no_link_is_followed(folder):
    (folder / "new\nline").write_text("")
    found = dict(walk(folder))
    assert found == {
        "in/plain": "",
        **dict.fromkeys(("link", "behind", "endless", "loop"), "a link"),
        "pipe": "a pipe",
        "socket": "a socket",
        r"'new\nline'": "a file whose name cannot be shown",
    }


def test_names_that_stay_inside():
    assert is_plain("ledger/record.jsonl")
    assert is_plain("two words é")
    assert not any(map(is_plain, ("", "/a", "../a", "a/../../b", "a\0", "a\n", "\udcff")))
