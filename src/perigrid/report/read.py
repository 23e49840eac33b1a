"""Open run folders; everything a report says comes from here and from nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.jobs import Outcome
from perigrid.ledger import tables
from perigrid.report.facts import (
    ArchitectureFacts,
    Comparison,
    Record,
    architecture_facts,
    detector_figures,
    in_order,
)
from perigrid.report.manifest import Manifest, parse_manifest

MANIFEST: Final = "manifest.json"
COMPARISON: Final = "comparison.json"
SUMMARY: Final = "summary.json"
RECORD: Final = "ledger/record.jsonl"
_TABLES: Final = {
    "jobs": tables.JOBS,
    "actions": tables.ACTIONS,
    "telemetry": tables.TELEMETRY,
    "contacts": tables.CONTACTS,
}
Parsed = TypeVar("Parsed")
_MAX_JSON_BYTES: Final = 64 * 1024**2
_TAIL_BYTES: Final = 1024**2
_AGAIN: Final = "make the folder anew with 'perigrid run' or 'perigrid compare'"


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The last record of a ledger, which fixes all before it.

    Parameters
    ----------
    records : int
        How many records there are.
    hash : str
        Hash of the last one, hexadecimal.
    """

    records: int
    hash: str


class RunReader:
    """One run folder; tables are read column by column when asked for.

    Parameters
    ----------
    path : Path or str
        Folder with ``manifest.json``.

    Raises
    ------
    RunFolderError
        If there is no such folder or it holds no run.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        _require_folder(self.path, MANIFEST, "a run")

    @cached_property
    def manifest(self) -> Manifest:
        """Where the run comes from."""
        return _parsed(self.path / MANIFEST, parse_manifest)

    @property
    def architecture(self) -> str:
        """Name of the architecture that ran."""
        return self.manifest.architecture

    @cached_property
    def facts(self) -> ArchitectureFacts:
        """The figures in ``summary.json``."""
        name = self.architecture
        return _parsed(self.path / SUMMARY, lambda record: architecture_facts(name, record))

    @cached_property
    def observations(self) -> int:
        """How many observations the run holds."""
        return self.table("jobs", "job_id").height

    def table(self, name: str, *columns: str, where: pl.Expr | None = None) -> pl.DataFrame:
        """Read some columns of a table.

        Parameters
        ----------
        name : str
            ``jobs``, ``actions``, ``telemetry`` or ``contacts``.
        columns : str
            Which columns; all of the contract's if none are named.
        where : polars.Expr or None
            Keeps only rows for which this holds.

        Returns
        -------
        polars.DataFrame
            In file order.

        Raises
        ------
        RunFolderError
            If the file is missing or unreadable, or lacks a column.
        """
        place = self.path / f"{name}.parquet"
        wanted = list(columns or _TABLES[name])
        if not place.is_file():
            raise RunFolderError(_broken(place, "the table is missing"))
        try:
            frame = pl.scan_parquet(place)
            self._require_columns(place, frame, wanted)
            if where is not None:
                frame = frame.filter(where)
            return frame.select(wanted).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            message = f"the table cannot be read: {str(error).splitlines()[0]}"
            raise RunFolderError(_broken(place, message)) from error

    @staticmethod
    def _require_columns(place: Path, frame: pl.LazyFrame, wanted: list[str]) -> None:
        present = set(frame.collect_schema().names())
        missing = [column for column in wanted if column not in present]
        if missing:
            message = f"the table has no column {', '.join(missing)}"
            raise RunFolderError(_broken(place, message))

    def ledger(self, pattern: str = "") -> Iterator[dict[str, Any]]:
        """Go through the ledger's records in order.

        Parameters
        ----------
        pattern : str
            Regular expression; lines in which it is not found are skipped unparsed, which keeps
            large ledgers fast.

        Yields
        ------
        dict
            One record.

        Raises
        ------
        RunFolderError
            If the ledger is missing, or a line is no record.
        """
        place = self.path / RECORD
        search = re.compile(pattern).search
        for line_number, line in enumerate(_lines(place), start=1):
            if search(line) and line.strip():
                yield _parse_record(place, line_number, line)

    def ledger_head(self) -> LedgerHead:
        """Find the last record of the ledger.

        Returns
        -------
        LedgerHead
            Number of records and the last one's hash.

        Raises
        ------
        RunFolderError
            If the ledger is missing, empty or ends in the middle of a record.
        """
        place = self.path / RECORD
        last = _last_line(place)
        record = _parse_record(place, 0, last)
        if not isinstance(record.get("hash"), str) or not isinstance(record.get("sequence"), int):
            message = "the last record has no 'sequence' or no 'hash'"
            raise RunFolderError(_broken(place, message))
        return LedgerHead(records=record["sequence"] + 1, hash=record["hash"])

    def check(self, facts: ArchitectureFacts) -> None:
        """Make sure that the figures and the table of jobs tell of the same run.

        Parameters
        ----------
        facts : ArchitectureFacts
            Figures said to be of this run.

        Raises
        ------
        RunFolderError
            If the number of delivered insights differs.
        """
        outcomes = self.table("jobs", "outcome")["outcome"]
        delivered = int((outcomes == str(Outcome.DELIVERED)).sum())
        if delivered != facts.delivered:
            message = (
                f"the table holds {delivered} delivered insights, "
                f"the figures of {facts.name} say {facts.delivered}"
            )
            raise RunFolderError(_broken(self.path / "jobs.parquet", message))


class ComparisonReader:
    """A comparison folder, or a single run seen as a comparison of one.

    Parameters
    ----------
    path : Path or str
        Folder with ``comparison.json``, or with ``manifest.json``.

    Raises
    ------
    RunFolderError
        If it holds neither, or a named architecture has no folder.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.single = not (self.path / COMPARISON).is_file()
        if self.single:
            _require_folder(self.path, MANIFEST, f"a comparison ({COMPARISON}) or a run")
        self.runs = self._open_runs()

    def _open_runs(self) -> tuple[RunReader, ...]:
        if self.single:
            return (RunReader(self.path),)
        return tuple(RunReader(self.path / facts.name) for facts in self.figures.architectures)

    @cached_property
    def figures(self) -> Comparison:
        """What ``comparison.json`` says."""
        if self.single:
            return self._figures_of_one()
        return _parsed(self.path / COMPARISON, Comparison.of)

    @cached_property
    def record(self) -> Record:
        """The whole of ``comparison.json``; empty for a single run."""
        return {} if self.single else _parsed(self.path / COMPARISON, lambda record: record)

    def _figures_of_one(self) -> Comparison:
        run = RunReader(self.path)
        detector = _parsed(self.path / SUMMARY, detector_figures)
        manifest = run.manifest
        return Comparison(
            manifest.scenario,
            manifest.hours,
            manifest.seed,
            run.observations,
            (run.facts,),
            detector,
        )

    @property
    def manifest(self) -> Manifest:
        """The manifest of the first run; all share scenario, seed and provenance."""
        return self.runs[0].manifest

    def run(self, architecture: str) -> RunReader:
        """Find the run of an architecture.

        Parameters
        ----------
        architecture : str
            Its name.

        Returns
        -------
        RunReader
            Its folder.

        Raises
        ------
        RunFolderError
            If it took no part.
        """
        for run in self.runs:
            if run.architecture == architecture:
                return run
        names = ", ".join(in_order({run.architecture: None for run in self.runs}))
        raise RunFolderError(_broken(self.path, f"no run of {architecture!r}", f"there is {names}"))


def _require_folder(path: Path, name: str, what: str) -> None:
    if not path.is_dir():
        raise RunFolderError(
            _broken(path, "there is no such folder", f"name a folder that holds {what}")
        )
    if not (path / name).is_file():
        raise RunFolderError(
            _broken(path, f"the folder holds no {name}", f"name a folder that holds {what}")
        )


def _parsed(place: Path, parse: Callable[[Record], Parsed]) -> Parsed:
    record = _read_json(place)
    if not isinstance(record, dict):
        raise RunFolderError(_broken(place, "the file holds no table of keys"))
    try:
        return parse(record)
    except RunFolderError as error:
        problem = error.problems[0]
        problem = replace(problem, path=str(place), remedy=problem.remedy or _AGAIN)
        raise RunFolderError([problem]) from error


def _broken(place: Path, message: str, remedy: str = _AGAIN, line: int = 0) -> list[Problem]:
    return [Problem(message, remedy, path=str(place), line=line)]


def _read_json(place: Path) -> object:
    try:
        if place.stat().st_size > _MAX_JSON_BYTES:
            raise RunFolderError(_broken(place, "the file is over 64 MiB"))
        return json.loads(place.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        message = f"the file is cut short or is no JSON: {error.msg}"
        raise RunFolderError(_broken(place, message, line=error.lineno)) from error
    except RecursionError as error:
        raise RunFolderError(_broken(place, "the file is nested too deeply")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RunFolderError(_broken(place, _plain(error))) from error


def _lines(place: Path) -> Iterator[str]:
    try:
        with place.open(encoding="utf-8") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise RunFolderError(_broken(place, _plain(error))) from error


def _last_line(place: Path) -> str:
    try:
        with place.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(file.tell() - _TAIL_BYTES, 0))
            lines = file.read().splitlines()
    except OSError as error:
        raise RunFolderError(_broken(place, _plain(error))) from error
    if not lines:
        raise RunFolderError(_broken(place, "the ledger is empty"))
    return lines[-1].decode("utf-8", errors="replace")


def _parse_record(place: Path, line_number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RunFolderError(
            _broken(place, "a ledger record is cut short", line=line_number)
        ) from error
    if not isinstance(record, dict):
        raise RunFolderError(_broken(place, "a ledger line is no record", line=line_number))
    return record


def _plain(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "the file is not UTF-8 text"
    return f"the file cannot be read: {error.strerror or error}"
