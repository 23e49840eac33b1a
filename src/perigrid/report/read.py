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

from perigrid.base.architecture import in_order
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.jobs import Outcome
from perigrid.ledger import tables
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.regular import is_plain
from perigrid.ledger.source import AGAIN, Source
from perigrid.ledger.table_file import read_table
from perigrid.report.facts import (
    ArchitectureFacts,
    Comparison,
    Record,
    architecture_facts,
    detector_figures,
)
from perigrid.report.manifest import Manifest, parse_manifest
from perigrid.scenario.jobs import BATCH

MANIFEST: Final = "manifest.json"
COMPARISON: Final = "comparison.json"
SUMMARY: Final = "summary.json"
_TABLES: Final = {
    "jobs": tables.JOBS,
    "actions": tables.ACTIONS,
    "telemetry": tables.TELEMETRY,
    "contacts": tables.CONTACTS,
}
Parsed = TypeVar("Parsed")


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
        self.source = Source(str(path), self.path)
        _require_folder(self.source, MANIFEST, "a run")

    @cached_property
    def manifest(self) -> Manifest:
        """Where the run comes from."""
        return _parsed(self.source, MANIFEST, parse_manifest)

    @property
    def architecture(self) -> str:
        """Name of the architecture that ran."""
        return self.manifest.architecture

    @property
    def of_compute_jobs(self) -> bool:
        """Whether it served compute jobs instead of observations."""
        return self.manifest.workload == BATCH

    @cached_property
    def facts(self) -> ArchitectureFacts:
        """The figures in ``summary.json``."""
        name = self.architecture
        return _parsed(self.source, SUMMARY, lambda record: architecture_facts(name, record))

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
        asked_for = name == "jobs" and self.of_compute_jobs
        contract = tables.COMPUTE_JOBS if asked_for else _TABLES[name]
        return read_table(self.source, name, contract, columns, where)

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
        search = re.compile(pattern.encode()).search
        lines = self.source.read(RECORD).split(b"\n")
        for line_number, line in enumerate(lines, start=1):
            if search(line) and line.strip():
                yield self._record(line_number, line)

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
        last = self.source.read(RECORD).removesuffix(b"\n").rpartition(b"\n")[2]
        if not last:
            raise RunFolderError(_broken(self.path / RECORD, "the ledger is empty"))
        record = self._record(0, last)
        if not isinstance(record.get("hash"), str) or not isinstance(record.get("sequence"), int):
            message = "the last record has no 'sequence' or no 'hash'"
            raise RunFolderError(_broken(self.path / RECORD, message))
        return LedgerHead(records=record["sequence"] + 1, hash=record["hash"])

    def _record(self, line_number: int, line: bytes) -> dict[str, Any]:
        place = self.path / RECORD
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            broken = _broken(place, "a ledger record is cut short", line=line_number)
            raise RunFolderError(broken) from error
        if not isinstance(record, dict):
            raise RunFolderError(_broken(place, "a ledger line is no record", line=line_number))
        return record

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
        self.source = Source(str(path), self.path)
        self.single = not self.source.has(COMPARISON)
        if self.single:
            _require_folder(self.source, MANIFEST, f"a comparison ({COMPARISON}) or a run")
        self.runs = self._open_runs()

    def _open_runs(self) -> tuple[RunReader, ...]:
        if self.single:
            return (RunReader(self.path),)
        names = [facts.name for facts in self.figures.architectures]
        for name in names:
            self._require_inside(name)
        return tuple(RunReader(self.path / name) for name in names)

    def _require_inside(self, name: str) -> None:
        """Demand that a run stands right in the folder, not outside and not behind a link."""
        if "/" in name or not is_plain(name):
            message = f"'architectures' names {name!r}, which is no folder's name"
            raise RunFolderError(_broken(self.path / COMPARISON, message))
        if (self.path / name).is_symlink():
            message = "a link stands in the place of a run"
            raise RunFolderError(_broken(self.path / name, message))

    @cached_property
    def figures(self) -> Comparison:
        """What ``comparison.json`` says."""
        if self.single:
            return self._figures_of_one()
        return _parsed(self.source, COMPARISON, Comparison.of)

    @cached_property
    def record(self) -> Record:
        """The whole of ``comparison.json``; empty for a single run."""
        return {} if self.single else _parsed(self.source, COMPARISON, lambda record: record)

    def _figures_of_one(self) -> Comparison:
        run = RunReader(self.path)
        detector = _parsed(self.source, SUMMARY, detector_figures)
        manifest = run.manifest
        return Comparison(
            manifest.scenario,
            manifest.hours,
            manifest.seed,
            run.observations,
            (run.facts,),
            detector,
            manifest.workload,
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


def _require_folder(source: Source, name: str, what: str) -> None:
    path = Path(source.label)
    if not path.is_dir():
        raise RunFolderError(
            _broken(path, "there is no such folder", f"name a folder that holds {what}")
        )
    if not source.has(name):
        raise RunFolderError(
            _broken(path, f"the folder holds no {name}", f"name a folder that holds {what}")
        )


def _parsed(source: Source, name: str, parse: Callable[[Record], Parsed]) -> Parsed:
    record = source.json(name)
    try:
        return parse(record)
    except RunFolderError as error:
        problem = error.problems[0]
        place, remedy = f"{source.label}/{name}", problem.remedy or AGAIN
        raise RunFolderError([replace(problem, path=place, remedy=remedy)]) from error


def _broken(place: Path, message: str, remedy: str = AGAIN, line: int = 0) -> list[Problem]:
    return [Problem(message, remedy, path=str(place), line=line)]
