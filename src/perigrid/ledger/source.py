"""Where an audit reads from: a folder, or a bundle that somebody handed over.

A bundle is never unpacked to the disk, so nothing in it can be written anywhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from perigrid.base.architecture import in_order
from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.regular import (
    MAX_HELD_BYTES,
    is_plain,
    is_regular,
    open_regular,
    read_regular,
    walk,
)

_MODE: Final = 0o644
MAX_JSON_BYTES: Final = 64 * 1024**2
"""Largest JSON document that is read. [B]"""
MAX_BUNDLE_BYTES: Final = 8 * 1024**3
"""Largest bundle that is read. [B]"""


AGAIN: Final = "make the folder anew with 'perigrid run' or 'perigrid compare'"


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
            Plain files, in alphabetical order.
        """
        if self.folder is None:
            return sorted(self.contents)
        return sorted(name for name, kind in walk(self.folder) if not kind)

    def foreign(self) -> list[tuple[str, str]]:
        """List what stands among the files and is none.

        Returns
        -------
        list of (str, str)
            Path and what it is, such as a link; a bundle holds plain files only.
        """
        if self.folder is None:
            return []
        return sorted((name, kind) for name, kind in walk(self.folder) if kind)

    def has(self, name: str) -> bool:
        """Say whether a file is there.

        Parameters
        ----------
        name : str
            Its path.

        Returns
        -------
        bool
            True of a plain file only, to which no link leads.
        """
        return name in self.contents if self.folder is None else is_regular(self.folder, name)

    def read(self, name: str, limit_bytes: int = MAX_HELD_BYTES) -> bytes:
        """Read a file.

        Parameters
        ----------
        name : str
            Its path.
        limit_bytes : int
            Largest size accepted [B].

        Returns
        -------
        bytes
            All of it.

        Raises
        ------
        RunFolderError
            If it is missing, no plain file, too large or cannot be read.
        """
        if self.folder is not None:
            return read_regular(self.folder, name, limit_bytes)
        content = self.contents.get(name)
        if content is None or len(content) > limit_bytes:
            why = "it is not there" if content is None else f"it has over {limit_bytes:,} bytes"
            message = f"it cannot be read: {why}"
            problem = Problem(
                message, "name a whole run folder or bundle", path=f"{self.label}/{name}"
            )
            raise RunFolderError([problem])
        return content

    def json(self, name: str) -> dict[str, Any]:
        """Read a JSON document that is a table of keys.

        Parameters
        ----------
        name : str
            Its path.

        Returns
        -------
        dict
            JSON values.

        Raises
        ------
        RunFolderError
            If it is missing, too large, no JSON or no table of keys.
        """
        place = f"{self.label}/{name}"
        try:
            parsed = json.loads(self.read(name, MAX_JSON_BYTES).decode())
        except UnicodeDecodeError as error:
            raise RunFolderError(
                [Problem("the file is not UTF-8 text", AGAIN, path=place)]
            ) from error
        except json.JSONDecodeError as error:
            message = f"the file is cut short or is no JSON: {error.msg}"
            raise RunFolderError(
                [Problem(message, AGAIN, path=place, line=error.lineno)]
            ) from error
        except (RecursionError, ValueError) as error:  # digits without end are a ValueError
            message = "the file is nested too deeply, or holds a number without end"
            raise RunFolderError([Problem(message, AGAIN, path=place)]) from error
        if not isinstance(parsed, dict):
            raise RunFolderError([Problem("the file holds no table of keys", AGAIN, path=place)])
        return parsed

    def digest(self, name: str) -> str:
        """Digest a file, however large.

        Parameters
        ----------
        name : str
            Its path.

        Returns
        -------
        str
            SHA-256, hexadecimal.
        """
        if self.folder is None:
            return hashlib.sha256(self.read(name)).hexdigest()
        with open_regular(self.folder, name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def runs(self) -> list[str]:
        """List the runs of a comparison, those without rules aside.

        Returns
        -------
        list of str
            Names of architectures, in the order in which they are always shown.
        """
        files = self.names()
        inner = [name.partition("/") for name in files]
        runs = {folder for folder, _, rest in inner if rest in ("manifest.json", "summary.json")}
        return in_order(runs - {folder for folder, _, rest in inner if rest == "comparison.json"})

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

        Raises
        ------
        RunFolderError
            If the path leads out of it.
        """
        label = f"{self.label}/{name}"
        if not is_plain(name):
            problem = Problem(f"{name!r} leads out of the folder", "name a folder inside it")
            raise RunFolderError([replace(problem, path=self.label)])
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
    bundle = read_regular(path.resolve().parent, path.resolve().name, MAX_BUNDLE_BYTES)
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
    # A sparse file claims a size that no byte of the bundle stands for.
    whole = entry.isreg() and not entry.issparse()
    return whole and is_plain(entry.name)


def _problem(path: str, message: str) -> Problem:
    return Problem(message, "export the bundle again with perigrid audit export", path=path)
