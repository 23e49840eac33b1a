"""Check a data file against the catalogue, and write one so that it is whole or absent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from perigrid.base.errors import DataCacheError, Problem
from perigrid.sim.data_catalogue import DataSet

CHUNK_BYTES: Final = 1 << 20


class Readable(Protocol):
    """What an opener hands back: something with ``read(size)``."""

    def read(self, size: int, /) -> bytes:
        """Read up to ``size`` bytes."""


def check_file(path: Path, data_set: DataSet) -> Problem | None:
    """Say what is wrong with a file, if anything.

    Parameters
    ----------
    path : pathlib.Path
        Where it should be.
    data_set : DataSet
        What it should be.

    Returns
    -------
    Problem or None
        None for a readable file of the right size and checksum.
    """
    again = (
        f"delete it and run: perigrid data fetch {data_set.name}"
        if data_set.url
        else "delete it and run: perigrid data install FOLDER"
    )

    def problem(message: str, remedy: str = again) -> Problem:
        return Problem(message, remedy, key=data_set.name, path=str(path))

    if not os.path.lexists(path):
        return problem("is not in the cache", again.removeprefix("delete it and "))
    if path.is_dir():
        return problem("is a folder where a file belongs", again.replace("delete", "remove", 1))
    if not path.is_file():
        return problem("is a broken link or not a plain file")
    try:
        size, digest = _measure(path)
    except OSError as error:
        return problem(f"cannot be read: {error.strerror}", "make it readable, or " + again)
    return _compare(size, digest, data_set, problem)


def store(stream: Readable, path: Path, data_set: DataSet) -> None:
    """Write a file so that it appears under its name whole and right, or not at all.

    Parameters
    ----------
    stream : Readable
        Where the bytes come from.
    path : pathlib.Path
        Where they go; folders are made.
    data_set : DataSet
        What the file should be.

    Raises
    ------
    DataCacheError
        If the bytes are not the expected ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as output:
            os.fchmod(handle, 0o644)  # temporary files are private, cached data need not be
            _write_checked(stream, output, data_set)
            output.flush()
            os.fsync(output.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _compare(
    size: int, digest: str, data_set: DataSet, problem: Callable[[str], Problem]
) -> Problem | None:
    """Hold size and checksum against the catalogue."""
    if size < data_set.size_bytes:
        return problem(f"is truncated: {size:,} of {data_set.size_bytes:,} bytes")
    if size > data_set.size_bytes:
        return problem(f"is too long: {size:,} bytes instead of {data_set.size_bytes:,}")
    if digest != data_set.sha256:
        return problem(f"has the wrong checksum: sha256 {digest[:12]}..., not the catalogue's")
    return None


def _measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        for chunk in _chunks(stream):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _write_checked(stream: Readable, output: BinaryIO, data_set: DataSet) -> None:
    """Copy chunks and hold them against the catalogue; stops as soon as there are too many."""
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(stream):
        digest.update(chunk)
        size += len(chunk)
        if size > data_set.size_bytes:
            break
        output.write(chunk)

    def problem(message: str) -> Problem:
        remedy = "try again; if it stays so, the file has changed at its source"
        return Problem(f"the transfer {message}", remedy, data_set.name, data_set.url)

    found: Problem | None = _compare(size, digest.hexdigest(), data_set, problem)
    if found is not None:
        raise DataCacheError([found])


def _sync_folder(folder: Path) -> None:
    """Make a rename durable where the file system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _chunks(stream: Readable) -> Iterator[bytes]:
    """Read to the end in pieces."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk
