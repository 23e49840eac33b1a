"""Tables written part by part as a flight goes on, each part's digest chained to the one before."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.errors import Problem, RunFolderError

CHAIN: Final = "chain.jsonl"
_NOTHING: Final = "0" * 64
_PIECE_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the chain.

    Parameters
    ----------
    part : str
        File in the folder.
    rows : int
        Its rows.
    sha256 : str
        Of the file.
    chain : str
        SHA-256 of the line before's ``chain``, the file's digest and its name.
    """

    part: str
    rows: int
    sha256: str
    chain: str


class PartWriter:
    """Writes parts into a folder; a part is there whole or not at all.

    Parameters
    ----------
    folder : Path
        Existing.
    links : list of Link
        Parts that are there already, in order.
    """

    def __init__(self, folder: Path, links: list[Link] | None = None) -> None:
        self._folder = folder
        self.links: list[Link] = list(links or [])

    def write(self, table: str, frame: pl.DataFrame) -> None:
        """Write the next part of a table.

        Parameters
        ----------
        table : str
            Folder of the table.
        frame : polars.DataFrame
            Its rows; nothing is written for none.
        """
        if frame.height == 0:
            return
        number = sum(link.part.startswith(f"{table}/") for link in self.links)
        name = f"{table}/part-{number:05d}.parquet"
        place = self._folder / name
        place.parent.mkdir(exist_ok=True)
        fresh = place.with_suffix(".new")
        frame.write_parquet(fresh, compression="zstd", statistics=False)
        flush(fresh)
        fresh.replace(place)
        self._add(name, frame.height, file_digest(place))

    def _add(self, name: str, rows: int, digest: str) -> None:
        before = self.links[-1].chain if self.links else _NOTHING
        link = Link(name, rows, digest, _chained(before, digest, name))
        with (self._folder / CHAIN).open("a", encoding="utf-8") as file:
            file.write(json.dumps(_fields(link)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.links.append(link)


def rewind(folder: Path, kept: int) -> list[Link]:
    """Take a folder back to its first parts: what came later is removed.

    Parameters
    ----------
    folder : Path
        Of an unfinished flight.
    kept : int
        Parts to keep.

    Returns
    -------
    list of Link
        Of the parts kept; their digests have been checked.

    Raises
    ------
    RunFolderError
        If a part that is to be kept is missing or altered.
    """
    place = folder / CHAIN
    lines = place.read_text(encoding="utf-8").splitlines() if place.is_file() else []
    links = _links(place, lines[:kept])
    if len(links) < kept:
        raise RunFolderError([_spoilt(place, "parts of the flight are missing from the chain")])
    _check(folder, links)
    names = {link.part for link in links}
    for part in folder.glob("*/part-*"):
        if part.relative_to(folder).as_posix() not in names:
            part.unlink()
    fresh = place.with_suffix(".new")
    fresh.write_text("".join(line + "\n" for line in lines[:kept]), encoding="utf-8")
    flush(fresh)
    fresh.replace(place)
    return links


def read_chain(folder: Path) -> list[Link]:
    """Read the chain of a flight's folder and check every part against it.

    Parameters
    ----------
    folder : Path
        Of a flight.

    Returns
    -------
    list of Link
        In order.

    Raises
    ------
    RunFolderError
        If a part is missing or altered, or the chain does not hold together.
    """
    place = folder / CHAIN
    if not place.is_file():
        raise RunFolderError([_spoilt(place, "the chain of the parts is missing")])
    links = _links(place, place.read_text(encoding="utf-8").splitlines())
    _check(folder, links)
    return links


def _links(place: Path, lines: list[str]) -> list[Link]:
    """Read lines of a chain."""
    try:
        return [Link(**json.loads(line)) for line in lines]
    except (ValueError, TypeError) as error:
        raise RunFolderError([_spoilt(place, "a line of the chain cannot be read")]) from error


def _check(folder: Path, links: list[Link]) -> None:
    """Hold parts against their digests."""
    before = _NOTHING
    for link in links:
        part = folder / link.part
        whole = part.is_file() and file_digest(part) == link.sha256
        if not whole or link.chain != _chained(before, link.sha256, link.part):
            raise RunFolderError([_spoilt(part, "the part is missing or has been altered")])
        before = link.chain


def _spoilt(place: Path, message: str) -> Problem:
    return Problem(message, "fly the scenario again", path=str(place))


def _chained(before: str, digest: str, name: str) -> str:
    return hashlib.sha256(f"{before}{digest}{name}".encode()).hexdigest()


def _fields(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in Link.__slots__}


def file_digest(place: Path) -> str:
    """SHA-256 of a file.

    Parameters
    ----------
    place : Path
        File.

    Returns
    -------
    str
        Hexadecimal.
    """
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def flush(place: Path) -> None:
    """Have a file's bytes on the disk before it gets its name.

    Parameters
    ----------
    place : Path
        File.
    """
    with place.open("rb+") as file:
        os.fsync(file.fileno())
