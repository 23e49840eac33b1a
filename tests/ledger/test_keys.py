import os
from contextlib import suppress

import pytest

from mutants import survive
from perigrid.base.errors import InputError, PerigridError, RunFolderError
from perigrid.base.signing import SigningKey
from perigrid.ledger.keys import (
    load_keys,
    load_signing_key,
    read_keys,
    save_signing_key,
    write_keys,
)
from perigrid.live.people import read_people

KEY = SigningKey.simulated("operator", 1)


def test_a_private_key_goes_round_and_is_its_owners(tmp_path):
    place = tmp_path / "key"
    save_signing_key(place, KEY)
    assert place.stat().st_mode & 0o777 == 0o600
    assert load_signing_key(place) == KEY


def test_a_private_key_is_never_overwritten(tmp_path):
    place = tmp_path / "key"
    save_signing_key(place, KEY)
    with pytest.raises(InputError, match="never overwritten"):
        save_signing_key(place, SigningKey.simulated("operator", 2))
    assert load_signing_key(place) == KEY


def test_a_private_key_that_others_may_read_is_refused(tmp_path):
    place = tmp_path / "key"
    save_signing_key(place, KEY)
    place.chmod(0o640)
    with pytest.raises(InputError, match="others than the owner"):
        load_signing_key(place)


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe", KEY.verify_key.encode().encode()]
)
def test_what_is_no_private_key_is_refused_by_name(tmp_path, content):
    place = tmp_path / "key"
    place.write_bytes(content)
    place.chmod(0o600)
    with pytest.raises(InputError, match=r"not a private key|is empty|not UTF-8") as caught:
        load_signing_key(place)
    assert caught.value.problems[0].path == str(place)


def test_public_keys_go_round_with_remarks():
    keys = (KEY.verify_key, SigningKey.simulated("witness", 1, 4).verify_key)
    text = f"# who is trusted\n\n{write_keys(keys)}"
    assert read_keys(text.encode(), "keys") == keys


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 0),
        (b"# nobody\n", 0),
        (b"\xff\n", 1),
        (write_keys([KEY.verify_key]).encode() + b"x", 2),
    ],
)
def test_what_is_no_list_of_keys_is_refused_by_line(content, line):
    with pytest.raises(RunFolderError) as caught:
        read_keys(content, "trusted.txt")
    assert (caught.value.problems[0].path, caught.value.problems[0].line) == ("trusted.txt", line)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_keys_that_a_user_saved_with_whatever_editor_are_read(tmp_path, ends, mark):
    keys = (KEY.verify_key, SigningKey.simulated("witness", 1, 4).verify_key)
    place = tmp_path / "trusted.txt"
    text = f"# who is trusted\n\n{write_keys(keys)}".replace("\n", ends)
    place.write_bytes(mark + text.encode())
    assert load_keys(place) == keys
    place.write_bytes(mark + f"{KEY.encode()}{ends}".encode())
    place.chmod(0o600)
    assert load_signing_key(place) == KEY


def test_a_file_of_keys_that_is_none_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe", "nowhere"):
        with pytest.raises(InputError, match="one on each line"):
            load_keys(tmp_path / name)


def readers(tmp_path):
    """Everything that reads keys which people keep in files."""
    place, folder = tmp_path / "keys", tmp_path / "people"
    folder.mkdir()

    def read(content):
        place.write_bytes(content)
        place.chmod(0o600)
        (folder / "people.txt").write_bytes(content)
        for one in (load_keys, load_signing_key):
            with suppress(PerigridError):
                one(place)
        with suppress(PerigridError):
            read_people(folder)
        read_keys(content, "keys")

    return read


SEEDS = [
    f"# trusted\n{write_keys([KEY.verify_key, SigningKey.simulated('witness', 1, 4).verify_key])}",
    f"pilot {KEY.verify_key.encode()}\r\n",
    f"{KEY.encode()}\n",
]


def test_mutants_of_keys_are_read_or_refused(tmp_path):
    assert survive(readers(tmp_path), [one.encode() for one in SEEDS], 150) > 50


@pytest.mark.slow
def test_many_mutants_of_keys_are_read_or_refused(tmp_path):
    survive(readers(tmp_path), [one.encode() for one in SEEDS], 2000, 2)
