"""The decisions of two runs over the same observations, side by side."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, TypeAlias

import polars as pl

from perigrid.base.decision_words import action_words
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.base.messages import AskApproval
from perigrid.ledger import tables
from perigrid.ledger.decisions import Book, Located
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table, table_files, understood
from perigrid.report.decision_view import node_names
from perigrid.report.run_book import RunBook, open_book
from perigrid.report.words import count
from perigrid.sim.staging import MANIFEST

SHOWN: Final = 20
"""Jobs listed in the text; ``--json`` has all."""

JOBS: Final = "jobs"
_OBSERVED: Final = ("job_id", "satellite", "t_capture_s", "latitude_deg", "longitude_deg")
_ENDED: Final = ("outcome", "node", "reason")
_COMPARED: Final = ("workload", "architecture", "seed", "scheduler", "digest", "perigrid")


Pair: TypeAlias = tuple[Located | None, Located | None]
ByJob: TypeAlias = dict[int, list[Located]]


@dataclass(frozen=True, slots=True)
class JobChange:
    """A job that ended otherwise, or elsewhere.

    Parameters
    ----------
    job_id : int
        The job.
    outcome, node, reason : tuple of str
        How it ended, where it was computed, and why it missed: in the first run, in the second.
    decided : tuple of str
        What was decided where both runs first part on this job, empty where one had nothing more
        to decide.
    rules : tuple of str
        Which rule spoke there, with its verdict.
    """

    job_id: int
    outcome: tuple[str, str]
    node: tuple[str, str]
    reason: tuple[str, str]
    decided: tuple[str, str]
    rules: tuple[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values.

        Returns
        -------
        dict
            Every pair as a list.
        """
        pairs = ("outcome", "node", "reason", "decided", "rules")
        return {"job_id": self.job_id} | {name: list(getattr(self, name)) for name in pairs}


@dataclass(frozen=True, slots=True)
class DecisionDiff:
    """What two runs decided differently.

    Parameters
    ----------
    runs : tuple of str
        Which runs.
    unlike : dict of str to tuple
        What differs between the runs themselves: architecture, seed, scheduler, scenario.
    observations : int
        How many both took.
    first : tuple of dict, or None
        The first decisions that differ, None for a run that had nothing more to decide; None if
        all are the same.
    counts : dict of str to tuple of int
        Decisions by kind and verdict.
    jobs : tuple of JobChange
        Jobs whose outcome or place changed.
    """

    runs: tuple[str, str]
    unlike: dict[str, tuple[Any, Any]]
    observations: int
    first: tuple[dict[str, Any] | None, dict[str, Any] | None] | None
    counts: dict[str, tuple[int, int]]
    jobs: tuple[JobChange, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values.

        Returns
        -------
        dict
            Keys ``runs``, ``unlike``, ``observations``, ``same``, ``first``, ``counts``, ``jobs``.
        """
        return {
            "runs": list(self.runs),
            "unlike": {key: list(pair) for key, pair in self.unlike.items()},
            "observations": self.observations,
            "same": self.first is None,
            "first": None if self.first is None else list(self.first),
            "counts": {key: list(pair) for key, pair in self.counts.items()},
            "jobs": [one.to_dict() for one in self.jobs],
        }

    def text(self) -> str:
        """Write it for a terminal.

        Returns
        -------
        str
            First divergence, counts, jobs.
        """
        lines = [f"A {self.runs[0]}", f"B {self.runs[1]}"]
        lines += [f"  {key}: {_short(a)} | {_short(b)}" for key, (a, b) in self.unlike.items()]
        if self.first is None:
            return "\n".join([*lines, "every decision is the same"])
        lines.append("first decisions that differ")
        for name, one in zip("AB", self.first, strict=True):
            lines.append(f"  {name} {_told(one)}")
        lines.append("decisions by kind")
        lines += [f"  {key:<20}{a:>9,}{b:>9,}" for key, (a, b) in self.counts.items()]
        lines.append(f"{count(len(self.jobs))} of {count(self.observations)} jobs ended otherwise")
        lines += [f"  {count(n)} {said}" for said, n in self._changes().most_common()]
        lines += [line for one in self.jobs[:SHOWN] for line in _job_lines(one)]
        if len(self.jobs) > SHOWN:
            lines.append(f"and {len(self.jobs) - SHOWN:,} more jobs; --json has all")
        return "\n".join(lines)

    def _changes(self) -> Counter[str]:
        return Counter(
            f"{_ended(one, 0)} > {_ended(one, 1)}"
            + ("" if one.outcome[0] != one.outcome[1] else ", elsewhere")
            for one in self.jobs
        )


def diff(first: Source, second: Source) -> DecisionDiff:
    """Compare the decisions of two runs.

    Parameters
    ----------
    first, second : Source
        Folders or bundles of one run each.

    Returns
    -------
    DecisionDiff
        Empty of changes if every decision is the same.

    Raises
    ------
    InputError
        If the runs are of different observations.
    RunFolderError
        If a run cannot be read, or what is read of it was altered.
    """
    with understood(f"{first.label} and {second.label}"):
        return _compared(first, second)


def _compared(first: Source, second: Source) -> DecisionDiff:
    runs = first, second
    books = _book(first), _book(second)
    tables = _jobs(first), _jobs(second)
    _demand_same_observations(runs, tables)
    names = node_names(first), node_names(second)
    rows = _ended_otherwise(tables)
    walk = _Walk({a["job_id"] for a, _ in rows})
    walk.go(books)
    parted = walk.parted
    told = None if parted is None else (_row(parted[0], names[0]), _row(parted[1], names[1]))
    return DecisionDiff(
        (first.label, second.label),
        _unlike(runs),
        tables[0].height,
        told,
        {key: (walk.counts[0][key], walk.counts[1][key]) for key in walk.kinds()},
        tuple(_changed(a, b, walk, names) for a, b in rows),
    )


class _Walk:
    """Goes through the decisions of two runs at once; keeps those about some jobs."""

    def __init__(self, jobs: set[int]) -> None:
        self._jobs = jobs
        self.parted: Pair | None = None
        self.counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
        self.by_job: tuple[ByJob, ByJob] = {}, {}

    def go(self, books: tuple[Book, Book]) -> None:
        """Go through both."""
        a, b = books
        if isinstance(a, RunBook) and isinstance(b, RunBook):
            self._go_by_tables(a, b)
        else:
            self._go_by_messages(books)

    def _go_by_tables(self, a: RunBook, b: RunBook) -> None:
        """Read what the tables tell at once, and one by one from the first part that differs."""
        equal = (one == other for one, other in zip(a.digests(), b.digests(), strict=False))
        skip = sum(itertools.takewhile(bool, equal))
        pairs = zip_longest(a.decisions(skip), b.decisions(skip))
        self.parted = next((pair for pair in pairs if _differ(*pair)), None)
        for book, counts, by_job in zip((a, b), self.counts, self.by_job, strict=True):
            counts.update(book.tally())
            for one in book.about(self._jobs) if self._jobs else ():
                by_job.setdefault(one.action.job_id, []).append(one)

    def _go_by_messages(self, books: tuple[Book, Book]) -> None:
        for a, b in zip_longest(books[0].decisions(), books[1].decisions()):
            if self.parted is None and _differ(a, b):
                self.parted = a, b
            for one, counts, by_job in zip((a, b), self.counts, self.by_job, strict=True):
                if one is None:
                    continue
                counts[f"{_kind(one)} {one.verdict.decision}"] += 1
                if one.action.job_id in self._jobs:
                    by_job.setdefault(one.action.job_id, []).append(one)

    def kinds(self) -> list[str]:
        """Name the kinds of decisions, with their verdicts."""
        return sorted(self.counts[0].keys() | self.counts[1].keys())

    def parting(self, job_id: int) -> Pair:
        """Find where both runs first part on a job."""
        both = [decisions.get(job_id, []) for decisions in self.by_job]
        found = ((a, b) for a, b in zip_longest(both[0], both[1]) if _differ(a, b))
        return next(found, (None, None))


def _book(run: Source) -> Book:
    try:
        files = table_files(run, JOBS)
    except RunFolderError as error:
        message = f"there is no table of {JOBS} in it"
        remedy = "name a run folder, not a comparison"
        raise RunFolderError([Problem(message, remedy, path=run.label)]) from error
    book = open_book(run)
    book.demand_sealed(MANIFEST, *files)
    return book


def _jobs(run: Source) -> pl.DataFrame:
    return read_table(run, JOBS, tables.JOBS, (*_OBSERVED, *_ENDED)).sort("job_id")


def _demand_same_observations(
    runs: tuple[Source, Source], tables: tuple[pl.DataFrame, pl.DataFrame]
) -> None:
    a, b = (table.select(_OBSERVED) for table in tables)
    if a.equals(b):
        return
    message = f"it has other observations ({b.height}) than {runs[0].label} ({a.height})"
    remedy = "compare runs of the same satellites, demand, start and hours"
    raise InputError([Problem(message, remedy, path=runs[1].label)])


def _unlike(runs: tuple[Source, Source]) -> dict[str, tuple[Any, Any]]:
    a, b = (run.json(MANIFEST) for run in runs)
    found = {key: (a.get(key), b.get(key)) for key in _COMPARED if a.get(key) != b.get(key)}
    policy = [one.get("policy", {}).get("policies") for one in (a, b)]
    return found | ({"policies": tuple(policy)} if policy[0] != policy[1] else {})


def _essence(one: Located) -> tuple[object, ...]:
    """Take what is decided without its words: when, what, over which way, by which rule."""
    return one.t_s, action_hash(one.action), one.verdict.decision, one.verdict.rule


def _differ(a: Located | None, b: Located | None) -> bool:
    return a is None or b is None or _essence(a) != _essence(b)


def _kind(one: Located) -> str:
    return "ask" if isinstance(one.action, AskApproval) else type(one.action).__name__.lower()


def _ended_otherwise(
    tables: tuple[pl.DataFrame, pl.DataFrame],
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of the jobs whose outcome, reason or place changed, in both runs."""
    a, b = tables
    other = pl.any_horizontal([a[name] != b[name] for name in _ENDED])
    rows = (table.filter(other).select("job_id", *_ENDED).iter_rows(named=True) for table in tables)
    return list(zip(*rows, strict=True))


def _changed(
    a: dict[str, Any], b: dict[str, Any], walk: _Walk, names: tuple[tuple[str, ...], ...]
) -> JobChange:
    """Tell a job that ended otherwise with the decisions that parted it."""
    parted = walk.parting(a["job_id"])
    told = [_row(one, name) or {} for one, name in zip(parted, names, strict=True)]
    outcome, node, reason = ((str(a[key]), str(b[key])) for key in _ENDED)
    decisions = (str(told[0].get("what", "")), str(told[1].get("what", "")))
    rules = (str(told[0].get("by", "")), str(told[1].get("by", "")))
    return JobChange(a["job_id"], outcome, node, reason, decisions, rules)


def _row(one: Located | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    if one is None:
        return None
    verdict = one.verdict
    return {
        "decision": one.number,
        "t_s": one.t_s,
        "job_id": one.action.job_id,
        "what": action_words(one.action, names),
        "by": f"{verdict.decision} by {verdict.rule}",
        "why": verdict.reason,
    }


def _told(row: dict[str, Any] | None) -> str:
    if row is None:
        return "has nothing more to decide"
    return f"{row['decision']} at {row['t_s']:.3f} s: {row['what']}: {row['by']}"


def _ended(one: JobChange, which: int) -> str:
    return one.outcome[which] + (f" ({one.reason[which]})" if one.reason[which] else "")


def _job_lines(one: JobChange) -> list[str]:
    lines = [f"  job {one.job_id}: {_ended(one, 0)} > {_ended(one, 1)}"]
    if one.node[0] != one.node[1]:
        lines[0] += f", on {one.node[0] or 'none'} > {one.node[1] or 'none'}"
    for name, what, rule in zip("AB", one.decided, one.rules, strict=True):
        lines.append(f"    {name} {f'{what}: {rule}' if what else 'nothing more'}")
    return lines


def _short(value: object) -> str:
    return str(value)[:16]
