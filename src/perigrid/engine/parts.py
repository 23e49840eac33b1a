"""Tables written part by part as a flight goes on; each part is a record of the run's ledger."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.withheld import Told
from perigrid.ledger.disk import file_digest
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.reading import chained, content_of
from perigrid.ledger.record import PART, RecordMark, RecordWriter
from perigrid.ledger.seal import LEDGER


@dataclass(frozen=True, slots=True)
class Part:
    """What the record says of a part.

    Parameters
    ----------
    name : str
        File in the folder.
    rows : int
        Its rows.
    sha256 : str
        Of the file.
    """

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Parts and records that are there already, and where the record goes on after them."""

    parts: tuple[Part, ...]
    entries: tuple[dict[str, Any], ...]
    mark: RecordMark


class PartWriter:
    """Writes parts into a folder; a part is there whole or not at all, and then it is recorded.

    Parameters
    ----------
    folder : Path
        Existing.
    pins : mapping
        What decides, for the first record.
    kept : Kept, optional
        Go on after these; a new record if left out.
    record : RecordWriter, optional
        That holds the pins already, and what was kept.
    told : mapping of str to Told, optional
        Who the people in the pins are, by commitment.
    """

    def __init__(
        self,
        folder: Path,
        pins: Mapping[str, Any],
        kept: Kept | None = None,
        record: RecordWriter | None = None,
        told: Mapping[str, Told] | None = None,
    ) -> None:
        self._folder = folder
        self.parts: list[Part] = [] if kept is None else list(kept.parts)
        after = None if kept is None else kept.mark
        self.record = RecordWriter(folder / LEDGER, after=after) if record is None else record
        if kept is None and record is None:
            self.record.side.keep(told or {})
            self.record.pins(pins)

    @property
    def next_record(self) -> int:
        """Number of the record that the next part will have."""
        return self.record.length

    def write(self, table: str, frame: pl.DataFrame, t_s: float) -> None:
        """Write the next part of a table.

        Parameters
        ----------
        table : str
            Folder of the table.
        frame : polars.DataFrame
            Its rows; nothing is written for none.
        t_s : float
            Time up to which it goes [s].
        """
        if frame.height == 0:
            return
        number = sum(part.name.startswith(f"{table}/") for part in self.parts)
        name = f"{table}/part-{number:05d}.parquet"
        place = self._folder / name
        place.parent.mkdir(exist_ok=True)
        fresh = place.with_suffix(".new")
        frame.write_parquet(fresh, compression="zstd", statistics=False)
        flush(fresh)
        fresh.replace(place)
        self._add(t_s, Part(name, frame.height, file_digest(place)))

    def _add(self, t_s: float, part: Part) -> None:
        self.record.part(t_s, part.name, part.rows, part.sha256)
        self.parts.append(part)


def rewind(folder: Path, records: int) -> Kept:
    """Take a folder back to its first records: parts that came later are removed.

    Parameters
    ----------
    folder : Path
        Of an unfinished flight.
    records : int
        Records to keep.

    Returns
    -------
    Kept
        The parts, whose digests have been checked, and where the record of them ends.

    Raises
    ------
    RunFolderError
        If a part that is to be kept is missing or altered, or the record is.
    """
    place = folder / RECORD
    lines = content_of(place).split(b"\n")[:-1][:records]
    found = list(chained(place, lines))
    parts = tuple(
        Part(line.entry["part"], line.entry["rows"], line.entry["sha256"])
        for line in found[1:]
        if line.entry["kind"] == PART
    )
    if len(found) < records or not found:
        raise RunFolderError([_spoilt(place, "the record of the flight is cut")])
    for part in parts:
        if not (folder / part.name).is_file() or file_digest(folder / part.name) != part.sha256:
            message = "the part is missing or has been altered"
            raise RunFolderError([_spoilt(folder / part.name, message)])
    names = {part.name for part in parts}
    for later in folder.glob("*/part-*"):
        if later.relative_to(folder).as_posix() not in names:
            later.unlink()
    nbytes = sum(len(line) + 1 for line in lines)
    entries = tuple(line.entry for line in found)
    return Kept(parts, entries, RecordMark(len(lines), nbytes, found[-1].stated))


def _spoilt(place: Path, message: str) -> Problem:
    return Problem(message, "fly the scenario again", path=str(place))


def flush(place: Path) -> None:
    """Have a file's bytes on the disk before it gets its name.

    Parameters
    ----------
    place : Path
        File.
    """
    with place.open("rb+") as file:
        os.fsync(file.fileno())
