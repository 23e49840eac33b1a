"""Where an audit reads from: a folder, or a bundle that somebody handed over.

A bundle is never unpacked to the disk, so nothing in it can be written anywhere.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from perigrid.base.errors import Problem, RunFolderError

_MODE: Final = 0o644


@dataclass(frozen=True, slots=True)
class Source:
    """Files by their path with forward slashes.

    Parameters
    ----------
    label : str
        What the user named.
    folder : Path or None
        Where the files stand; None for a bundle.
    contents : dict of str to bytes
        The files of a bundle.
    bundle : bytes
        The bundle itself; empty for a folder inside one.
    """

    label: str
    folder: Path | None = None
    contents: dict[str, bytes] = field(default_factory=dict)
    bundle: bytes = b""

    def names(self) -> list[str]:
        """List the files.

        Returns
        -------
        list of str
            In alphabetical order.
        """
        if self.folder is None:
            return sorted(self.contents)
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files)

    def has(self, name: str) -> bool:
        """Say whether a file is there.

        Parameters
        ----------
        name : str
            Its path.

        Returns
        -------
        bool
            True of a plain file only.
        """
        return name in self.contents if self.folder is None else (self.folder / name).is_file()

    def read(self, name: str) -> bytes:
        """Read a file.

        Parameters
        ----------
        name : str
            Its path.

        Returns
        -------
        bytes
            All of it.

        Raises
        ------
        RunFolderError
            If it is missing or cannot be read.
        """
        try:
            return self.contents[name] if self.folder is None else (self.folder / name).read_bytes()
        except (KeyError, OSError) as error:
            reason = getattr(error, "strerror", None) or "it is not there"
            message = f"{name} cannot be read: {reason}"
            problem = Problem(message, "name a whole run folder or bundle", path=self.label)
            raise RunFolderError([problem]) from error

    def inside(self, name: str) -> Source:
        """Look at one folder of it.

        Parameters
        ----------
        name : str
            Path of the folder.

        Returns
        -------
        Source
            With paths relative to it.
        """
        label = f"{self.label}/{name}"
        if self.folder is not None:
            return Source(label, self.folder / name)
        head = f"{name}/"
        inner = {path.removeprefix(head): content for path, content in self.contents.items()
                 if path.startswith(head)}  # fmt: skip
        return Source(label, None, inner)


def open_source(path: Path) -> Source:
    """Open a run folder, a comparison folder or a bundle.

    Parameters
    ----------
    path : Path
        Folder or file.

    Returns
    -------
    Source
        Its files.

    Raises
    ------
    RunFolderError
        If there is nothing, or a file that is no bundle.
    """
    if path.is_dir():
        return Source(str(path), path)
    if not path.is_file():
        message, remedy = "there is no such folder or bundle", "name a run folder or its bundle"
        raise RunFolderError([Problem(message, remedy, path=str(path))])
    bundle = path.read_bytes()
    return Source(str(path), None, unpack(bundle, str(path)), bundle)


def pack(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """Put files into a bundle: the same files give the same bytes.

    Parameters
    ----------
    contents : iterable of (str, bytes)
        Paths and files.

    Returns
    -------
    bytes
        A tar archive without owners and times.
    """
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(contents):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), _MODE
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def unpack(bundle: bytes, path: str) -> dict[str, bytes]:
    """Read a bundle.

    Parameters
    ----------
    bundle : bytes
        From :func:`pack`.
    path : str
        Its name, for messages.

    Returns
    -------
    dict of str to bytes
        Files by path.

    Raises
    ------
    RunFolderError
        If it is no archive, or holds anything but plain files under plain names, each once.
    """
    contents: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:") as archive:
            for entry in archive:
                stream = archive.extractfile(entry) if _is_plain(entry) else None
                if stream is None or entry.name in contents:
                    raise RunFolderError([_problem(path, f"{entry.name!r} does not belong here")])
                contents[entry.name] = stream.read()
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise RunFolderError([_problem(path, "this is no bundle, or one that was cut")]) from error
    return contents


def _is_plain(entry: tarfile.TarInfo) -> bool:
    parts = PurePosixPath(entry.name).parts
    # A sparse file claims a size that no byte of the bundle stands for.
    whole = entry.isreg() and not entry.issparse()
    return whole and bool(parts) and ".." not in parts and not entry.name.startswith("/")


def _problem(path: str, message: str) -> Problem:
    return Problem(message, "export the bundle again with perigrid audit export", path=path)
