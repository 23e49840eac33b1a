"""Key files: a private key that only its owner reads, and lists of public keys.

Both are text in the C2SP spelling. In a list, lines beginning with ``#`` are remarks; the type of
a key says whether it signs a log or witnesses it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.base.signing import SigningKey, VerifyKey
from perigrid.ledger.disk import sync_folder
from perigrid.ledger.note import MAX_BYTES
from perigrid.scenario.files import read_text

OWNER_ONLY: Final = 0o600


def save_signing_key(path: Path, key: SigningKey) -> None:
    """Write a private key into a new file that only its owner may read.

    Parameters
    ----------
    path : Path
        Must not be there yet.
    key : SigningKey
        The key.

    Raises
    ------
    InputError
        If something stands there: a key is never overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError as error:
        remedy = "choose another file; a key is never overwritten"
        problem = Problem("there is a file already", remedy, path=str(path))
        raise InputError([problem]) from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(key.encode() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(path.parent)


def load_signing_key(path: Path) -> SigningKey:
    """Read a private key.

    Parameters
    ----------
    path : Path
        File of one line.

    Returns
    -------
    SigningKey
        The key.

    Raises
    ------
    InputError
        If the file holds no private key, or others than its owner may read it.
    """
    text = key_text(path)
    if path.stat().st_mode & 0o077:
        remedy = f"chmod 600 {path}, or make a new key"
        message = "others than the owner may read this private key"
        raise InputError([Problem(message, remedy, path=str(path))])
    try:
        return SigningKey.parse(text.strip())
    except InputError as error:
        raise InputError([replace(error.problems[0], path=str(path))]) from error


def write_keys(keys: Iterable[VerifyKey]) -> str:
    """Write public keys, a line each.

    Parameters
    ----------
    keys : iterable of VerifyKey
        In order.

    Returns
    -------
    str
        As :func:`read_keys` takes it.
    """
    return "".join(f"{key.encode()}\n" for key in keys)


def load_keys(path: Path) -> tuple[VerifyKey, ...]:
    """Read a list of public keys that a user wrote, with whatever editor.

    Parameters
    ----------
    path : Path
        The file; Windows line ends and a byte order mark are no part of any key.

    Returns
    -------
    tuple of VerifyKey
        At least one.
    """
    return read_keys(key_text(path).encode(), str(path))


def key_text(path: Path) -> str:
    """Read a file of keys that a user may have saved with whatever editor.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        With Unix line ends and no byte order mark.

    Raises
    ------
    InputError
        If it is no plain text file.
    """
    try:
        return read_text(path, str(path), MAX_BYTES, InputError)
    except InputError as error:
        remedy = "name a plain text file of keys, one on each line"
        raise InputError([replace(one, remedy=remedy) for one in error.problems]) from error


def key_lines(text: str) -> Iterator[tuple[int, str]]:
    """Go through the lines of a list of keys.

    Parameters
    ----------
    text : str
        The file.

    Yields
    ------
    (int, str)
        Number and line, without those that are empty or a remark.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read_keys(content: bytes, path: str) -> tuple[VerifyKey, ...]:
    """Read a list of public keys.

    Parameters
    ----------
    content : bytes
        The file.
    path : str
        Its name, for messages.

    Returns
    -------
    tuple of VerifyKey
        At least one.

    Raises
    ------
    RunFolderError
        If a line is no public key, or there is none.
    """
    found = []
    for number, line in key_lines(content.decode("utf-8", errors="replace")):
        try:
            found.append(VerifyKey.parse(line.rstrip(" \t")))
        except InputError as error:
            placed = replace(error.problems[0], path=path, line=number)
            raise RunFolderError([placed]) from error
    if not found:
        message, remedy = "there is no public key in this file", "put one key on each line"
        raise RunFolderError([Problem(message, remedy, path=path)])
    return tuple(found)
