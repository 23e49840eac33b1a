"""Why a job of a flight ran where and when it did: the chosen satellite and why others lost."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.base.time import Epoch
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table, understood
from perigrid.report.words import exact_duration, size

ARCHITECTURE: Final = "fly"
MANIFEST: Final = "manifest.json"
_PART: Final = re.compile(r"[a-z]+/part-\d+\.parquet")
_SHOWN: Final = 3
_WORDS: Final = {
    "chosen": "chosen",
    "slower": "its answer would have come later",
    "queue": "its queue would have delayed the answer",
    "model": "loading the model would have delayed the answer",
    "late": "after the deadline",
    "memory": "its memory does not hold the model",
    "storage": "its storage was full",
    "hot": "too hot",
    "battery": "its battery would not have lasted the night",
    "unreachable": "out of reach",
    "forbidden": "forbidden by a rule",
    "away": "out of order",
    "barred": "barred after a wrong result",
    "faults": "begun again too often",
}


@dataclass(frozen=True, slots=True)
class FlightExplanation:
    """The story of one job of a flight.

    Parameters
    ----------
    job : dict
        Its row in the table of jobs.
    decisions : list of dict
        Its rows in the table of decisions, in order.
    names : tuple of str
        Satellites, then ground nodes.
    start : Epoch
        Instant of time 0.
    folder : str
        Where all this stands; it is refused if no words can be made of it.
    """

    job: dict[str, Any]
    decisions: list[dict[str, Any]]
    names: tuple[str, ...]
    start: Epoch
    folder: str

    def text(self) -> str:
        """Write the story for a terminal.

        Returns
        -------
        str
            Request, decisions with the alternatives that came nearest, outcome.
        """
        with understood(self.folder):
            return self._text()

    def _text(self) -> str:
        job = self.job
        lines = [
            f"Job {job['job']}: {job['work_s']:.1f} s of work with model {job['model']}, "
            f"{size(job['input_bytes'])} at {self.names[job['source']]}, worth {job['value']:.2f}",
            f"  {self._clock(job['release_s'])}  asked for, wanted by "
            f"{self._clock(job['deadline_s'])}",
        ]
        for decision in self.decisions:
            lines += self._decision(decision)
        if math.isfinite(job["start_s"]):
            lines.append(f"  {self._clock(job['start_s'])}  first begun")
        return "\n".join([*lines, self._end()])

    def to_dict(self) -> dict[str, Any]:
        """Give the story as JSON values.

        Returns
        -------
        dict
            Keys ``job`` and ``decisions``; each decision names the chosen satellite and
            ``alternatives`` with their reasons.
        """
        with understood(self.folder):
            return self._dict()

    def _dict(self) -> dict[str, Any]:
        return {
            "job": {**self.job, "source": self.names[self.job["source"]]},
            "decisions": [
                {
                    "t_s": one["t_s"],
                    "utc": self.start.plus(one["t_s"]).iso(),
                    "attempt": one["attempt"],
                    "chosen": self._name(one["node"]),
                    "answer_s": one["answer_s"],
                    "reason": one["reason"],
                    "candidates": one["candidates"],
                    "alternatives": [
                        {"satellite": self._name(node), "answer_s": answer_s, "reason": reason}
                        for node, answer_s, reason in _alternatives(one)
                    ],
                }
                for one in self.decisions
            ],
        }

    def _clock(self, t_s: float) -> str:
        return self.start.plus(t_s).iso()[11:19]

    def _name(self, node: int) -> str:
        return self.names[node] if node >= 0 else ""

    def _decision(self, one: dict[str, Any]) -> list[str]:
        """One decision in words."""
        when = self._clock(one["t_s"])
        if one["node"] < 0:
            head = f"  {when}  no satellite of {one['candidates']} could: {_WORDS[one['reason']]}"
        else:
            head = (
                f"  {when}  {self._name(one['node'])} of {one['candidates']} candidates, answer "
                f"expected {self._clock(one['answer_s'])}"
            )
        return [
            head,
            *(
                f"              not {self._name(node)}: {_WORDS[reason]}"
                + (f" ({self._clock(answer_s)})" if math.isfinite(answer_s) else "")
                for node, answer_s, reason in _alternatives(one)
            ),
        ]

    def _end(self) -> str:
        job = self.job
        if job["outcome"] == "delivered":
            wrong = ", a wrong result that no check found" if job["wrong"] else ""
            return (
                f"Delivered {self._clock(job['end_s'])} by {self._name(job['node'])} after "
                f"{exact_duration(job['latency_s'])}{wrong}."
            )
        if job["outcome"] == "missed":
            return f"Missed {self._clock(job['end_s'])}: {_WORDS[job['cause']]}."
        return f"Still {job['outcome']} when the run ended."


def _alternatives(one: dict[str, Any]) -> list[tuple[int, float, str]]:
    """Alternatives that a decision recorded."""
    found = [
        (one[f"other{k}_node"], one[f"other{k}_answer_s"], one[f"other{k}_reason"])
        for k in range(1, _SHOWN + 1)
    ]
    return [row for row in found if row[0] >= 0]


def is_flight(folder: Path) -> bool:
    """Tell whether a folder holds a flight.

    Parameters
    ----------
    folder : Path
        Any.

    Returns
    -------
    bool
        By its manifest.
    """
    try:
        record = Source(str(folder), folder).json(MANIFEST)
    except RunFolderError:
        return False
    return record.get("architecture") == ARCHITECTURE


def explain_flight(folder: Path, job: int) -> FlightExplanation:
    """Explain one job of a flight.

    Parameters
    ----------
    folder : Path
        Its run folder.
    job : int
        Number of the job, in the order of release.

    Returns
    -------
    FlightExplanation
        With every recorded decision.

    Raises
    ------
    InputError
        If there is no such job.
    RunFolderError
        If the folder is broken.
    """
    with understood(str(folder)):
        return _explained(Source(str(folder), folder), folder, job)


def _explained(run: Source, folder: Path, job: int) -> FlightExplanation:
    manifest = run.json(MANIFEST)
    rows = _rows(run, "jobs", job)
    if not rows:
        message = f"the flight has no job {job}"
        remedy = "jobs are numbered from 0 in the order in which they were asked for"
        raise InputError([Problem(message, remedy, path=str(folder))])
    names = (*manifest["satellites"], *manifest["ground"])
    start = Epoch.from_iso(manifest["start"])
    return FlightExplanation(rows[0], _rows(run, "decisions", job), names, start, run.label)


def _rows(run: Source, table: str, job: int) -> list[dict[str, Any]]:
    """Rows of a job in a table of parts."""
    names = [name for name in run.names() if _PART.fullmatch(name) and name.startswith(f"{table}/")]
    if not names:
        message = f"the table {table} is missing"
        raise RunFolderError([Problem(message, "fly the scenario again", path=run.label)])
    parts = (read_table(run, name, where=pl.col("job") == job) for name in names)
    return [row for part in parts for row in part.to_dicts()]
