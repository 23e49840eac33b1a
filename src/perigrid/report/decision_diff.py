"""The decisions of two runs over the same observations, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

import polars as pl

from perigrid.base.decision_words import action_words
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.base.messages import AskApproval
from perigrid.ledger import tables
from perigrid.ledger.decisions import Book, Located
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table, understood
from perigrid.report.decision_view import node_names
from perigrid.report.words import count
from perigrid.sim.staging import MANIFEST

SHOWN: Final = 20
"""Jobs listed in the text; ``--json`` has all."""

JOBS: Final = "jobs.parquet"
_OBSERVED: Final = ("job_id", "satellite", "t_capture_s", "latitude_deg", "longitude_deg")
_COMPARED: Final = ("architecture", "seed", "scheduler", "digest", "perigrid")


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
    decided = [list(book.decisions()) for book in books]
    parted = _parting(decided[0], decided[1])
    told = None if parted is None else (_row(parted[0], names[0]), _row(parted[1], names[1]))
    changes = tuple(_changed(tables, decided, names))
    return DecisionDiff(
        (first.label, second.label),
        _unlike(runs),
        tables[0].height,
        told,
        _counts(decided),
        changes,
    )


def _book(run: Source) -> Book:
    if not run.has(JOBS):
        message = f"there is no {JOBS} in it"
        remedy = "name a run folder, not a comparison and not a flight"
        raise RunFolderError([Problem(message, remedy, path=run.label)])
    book = Book(run)
    book.demand_sealed(MANIFEST, JOBS)
    return book


def _jobs(run: Source) -> pl.DataFrame:
    return read_table(run, "jobs", tables.JOBS).sort("job_id")


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


def _parting(a: list[Located], b: list[Located]) -> tuple[Located | None, Located | None] | None:
    """Find where two lists of decisions first differ."""
    for left, right in zip_longest(a, b):
        if left is None or right is None or _essence(left) != _essence(right):
            return left, right
    return None


def _counts(decided: list[list[Located]]) -> dict[str, tuple[int, int]]:
    a, b = (
        Counter(f"{_kind(one)} {one.verdict.decision}" for one in decisions)
        for decisions in decided
    )
    return {key: (a[key], b[key]) for key in sorted(a.keys() | b.keys())}


def _kind(one: Located) -> str:
    return "ask" if isinstance(one.action, AskApproval) else type(one.action).__name__.lower()


def _changed(
    tables: tuple[pl.DataFrame, pl.DataFrame],
    decided: list[list[Located]],
    names: tuple[tuple[str, ...], tuple[str, ...]],
) -> Iterator[JobChange]:
    """Jobs whose outcome, reason or place changed, each with the decisions that parted them."""
    by_job = [_by_job(decisions) for decisions in decided]
    columns = ("outcome", "node", "reason")
    rows = [table.select("job_id", *columns).iter_rows(named=True) for table in tables]
    for a, b in zip(*rows, strict=True):
        if all(a[key] == b[key] for key in columns):
            continue
        job_id = a["job_id"]
        parted = _parting(by_job[0].get(job_id, []), by_job[1].get(job_id, [])) or (None, None)
        told = [_row(one, name) or {} for one, name in zip(parted, names, strict=True)]
        outcome, node, reason = ((str(a[key]), str(b[key])) for key in columns)
        decisions = (str(told[0].get("what", "")), str(told[1].get("what", "")))
        rules = (str(told[0].get("by", "")), str(told[1].get("by", "")))
        yield JobChange(job_id, outcome, node, reason, decisions, rules)


def _by_job(decisions: list[Located]) -> dict[int, list[Located]]:
    found: dict[int, list[Located]] = {}
    for one in decisions:
        found.setdefault(one.action.job_id, []).append(one)
    return found


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
