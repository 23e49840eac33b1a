"""The few things a ledger asks of a disk, so that a test can take the disk away at any of them."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol


class AppendFile(Protocol):
    """A file that grows at its end."""

    def write(self, content: bytes) -> None:
        """Write all of it, or raise."""

    def sync(self) -> None:
        """Return once everything written is on the disk."""

    def truncate(self, nbytes: int) -> None:
        """Cut the file to a length [B]."""

    def close(self) -> None:
        """Close without syncing."""


class Disk:
    """The operating system's files."""

    def append_to(self, path: Path, *, new: bool) -> AppendFile:
        """Open a file for appending.

        Parameters
        ----------
        path : Path
            The file.
        new : bool
            Whether it must not be there yet, or must be.

        Returns
        -------
        AppendFile
            Unbuffered.
        """
        file = _AppendFile(path, new=new)
        if new:
            sync_folder(path.parent)
        return file


class _AppendFile:
    """A raw file descriptor."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._file = path.open("xb" if new else "r+b", buffering=0)
        self._file.seek(0, os.SEEK_END)

    def write(self, content: bytes) -> None:
        """Write all of it, or raise."""
        left = memoryview(content)
        while left:  # a nearly full disk takes a part and says so
            left = left[self._file.write(left) or 0 :]

    def sync(self) -> None:
        """Return once everything written is on the disk."""
        os.fsync(self._file.fileno())

    def truncate(self, nbytes: int) -> None:
        """Cut the file to a length [B]."""
        self._file.truncate(nbytes)
        self._file.seek(nbytes)

    def close(self) -> None:
        """Close without syncing."""
        self._file.close()


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that after a crash the old or the new content is there, never a part.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced.
    content : bytes
        All of it.
    mode : int
        Permissions.

    Raises
    ------
    OSError
        If it cannot be written; it names ``path``, never the file that comes before it.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        error.filename = str(path)
        raise
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def file_digest(path: Path) -> str:
    """Digest a file, however large.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Bring a folder's names, or a file's content, to the disk.

    Parameters
    ----------
    folder : Path
        Existing.
    """
    if sys.platform == "win32":
        return  # what is open for reading only cannot be synchronised there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Keep other processes and threads that lock the same folder out, without leaving a file.

    Parameters
    ----------
    folder : Path
        Existing.

    Yields
    ------
    None
        While the lock is held.
    """
    if sys.platform == "win32":
        yield  # folders cannot be locked there
        return
    import fcntl  # noqa: PLC0415  not there on Windows

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
