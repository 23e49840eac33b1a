"""Tables that are written while they grow: parts in a working folder, one file in the end.

A table of a long run is never held whole. Rows leave memory in parts of a fixed number of blocks,
whatever the checkpoints do, so that the bytes of the finished table depend on nothing else.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.disk import file_digest
from perigrid.sim.disk import sync_folder

ROW_GROUP = 131_072
"""Rows that the finished file holds in one group."""
_SUFFIXES = frozenset({".parquet", ".new"})


class Parts:
    """The parts of one table, in order.

    Parameters
    ----------
    folder : Path
        Where parts are written; created if missing.
    name : str
        Of the table.
    schema : dict
        Column names and types.
    """

    def __init__(self, folder: Path, name: str, schema: dict[str, type[pl.DataType]]) -> None:
        self._folder = folder
        self._name = name
        self._columns = tuple(schema)
        self._empty = pl.DataFrame(schema=schema)
        self._digests: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __len__(self) -> int:
        return len(self._digests)

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows as the next part, whole on the disk before this returns.

        Parameters
        ----------
        frame : polars.DataFrame
            Columns of the schema.
        """
        place = self._place(len(self._digests))
        staged = place.with_suffix(".new")
        with staged.open("wb") as stream:
            frame.write_parquet(stream, compression="lz4", statistics=False)
            stream.flush()
            os.fsync(stream.fileno())
        self._digests.append(file_digest(staged))
        staged.replace(place)
        sync_folder(self._folder)

    def digests(self) -> list[str]:
        """Give what a checkpoint needs to find the parts again.

        Returns
        -------
        list of str
            SHA-256 of every part.
        """
        return list(self._digests)

    def keep(self, digests: list[str]) -> None:
        """Go back to the parts of a checkpoint; later ones are removed.

        Parameters
        ----------
        digests : list of str
            From :meth:`digests`.

        Raises
        ------
        RunFolderError
            If a part is missing or altered.
        """
        for index, stated in enumerate(digests):
            place = self._place(index)
            if not place.is_file() or file_digest(place) != stated:
                message = "a part of an interrupted run is missing or altered"
                remedy = "start afresh: run the same command without --resume"
                raise RunFolderError([Problem(message, remedy, path=str(place))])
        known = {self._place(index) for index in range(len(digests))}
        for place in self._folder.glob(f"{self._name}-[0-9]*"):
            if place not in known and place.suffix in _SUFFIXES:
                place.unlink()
        self._digests = list(digests)

    def merge(self, target: Path) -> None:
        """Write all parts into one file, a few at a time.

        Parameters
        ----------
        target : Path
            New Parquet file.
        """
        if not self._digests:
            self.write(self._empty)
        places = [self._place(index) for index in range(len(self._digests))]
        rows = pl.scan_parquet(places, cache=False).select(self._columns)
        rows.sink_parquet(
            target,
            compression="zstd",
            statistics=False,
            row_group_size=ROW_GROUP,
            maintain_order=True,
        )

    def _place(self, index: int) -> Path:
        return self._folder / f"{self._name}-{index:07d}.parquet"
