"""Why a job ran where and when it did, or why it did not: its whole chain of constraints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.errors import InputError, Problem
from perigrid.base.jobs import SCREENED, Cause, Outcome
from perigrid.base.time import Epoch
from perigrid.base.units import S_PER_HOUR
from perigrid.ledger.table_file import understood
from perigrid.report.read import COMPARISON, RunReader
from perigrid.report.repeats import told_once
from perigrid.report.steps import Step, recorded_steps
from perigrid.report.terms import TERMS
from perigrid.report.words import (
    energy,
    exact_duration,
    listing,
    share,
    size,
)

_INDENT: Final = " " * 14
_WORTH_SAYING_S: Final = 1.0
"""Shorter waits are only said if nothing longer was waited for [s]."""

_REASONS: Final = (*SCREENED, *Cause)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The story of one job.

    Parameters
    ----------
    job_id : int
        The job.
    architecture : str
        Of the run.
    outcome, reason : str
        How it ended, and why it missed.
    headline, verdict : str
        First and last line.
    start : Epoch
        Instant of run time 0.
    steps : tuple of Step
        In order of time.
    waits_s : dict of str to float
        Seconds by cause; they add up to the job's life [s].
    elapsed_s : float
        From the shutter to the end, or to the end of the run [s].
    """

    job_id: int
    architecture: str
    outcome: str
    reason: str
    headline: str
    verdict: str
    start: Epoch
    steps: tuple[Step, ...]
    waits_s: dict[str, float]
    elapsed_s: float

    @property
    def bound_by(self) -> str:
        """The cause with most of the time; empty if nothing took any."""
        cause = max(self.waits_s, key=lambda name: self.waits_s[name], default="")
        return cause if cause and self.waits_s[cause] > 0.0 else ""

    def text(self) -> str:
        """Write the story for a terminal.

        Returns
        -------
        str
            One line a step, with the time in UTC; the day is named where it changes. Under a
            decision stands what was weighed beside it.
        """
        lines, day = [self.headline], ""
        for step in self.steps:
            instant = self.start.plus(step.t_s).iso()
            if instant[:10] != day:
                day = instant[:10]
                lines.append(day)
            lines.append(f"  {instant[11:19]}  {step.words}")
            lines += [f"{_INDENT}{line}" for line in _weighed(step)]
        return "\n".join([*lines, self.verdict])

    def to_dict(self) -> dict[str, Any]:
        """Give the story as JSON values.

        Returns
        -------
        dict
            Keys ``job_id``, ``architecture``, ``outcome``, ``reason``, ``bound_by``,
            ``elapsed_s``, ``waits_s``, ``steps``, ``verdict``. A step's ``alternatives`` are
            None where nothing was decided.
        """
        return {
            "job_id": self.job_id,
            "architecture": self.architecture,
            "outcome": self.outcome,
            "reason": self.reason,
            "bound_by": self.bound_by,
            "elapsed_s": self.elapsed_s,
            "waits_s": dict(self.waits_s),
            "steps": [
                {
                    "t_s": step.t_s,
                    "utc": self.start.plus(step.t_s).iso(),
                    "kind": step.kind,
                    "words": step.words,
                    "alternatives": None
                    if step.alternatives is None
                    else [lost.to_dict() for lost in step.alternatives],
                }
                for step in self.steps
            ],
            "verdict": self.verdict,
        }


def explain(run_dir: Path | str, job_id: int, start: Epoch | None = None) -> Explanation:
    """Explain one job of a run.

    Parameters
    ----------
    run_dir : Path or str
        A run folder; of a comparison, the folder of one architecture.
    job_id : int
        The job, counted from 0 in order of capture.
    start : Epoch, optional
        Instant of run time 0; the manifest's if left out.

    Returns
    -------
    Explanation
        Every decision, wait, transmission and computation with its time.

    Raises
    ------
    InputError
        If the run has no such job, or the folder is a comparison.
    RunFolderError
        If the folder is missing or broken.
    """
    if (Path(run_dir) / COMPARISON).is_file():
        raise InputError([_which_architecture(Path(run_dir))])
    with understood(str(run_dir)):
        return _explained(RunReader(run_dir), job_id, start)


def _explained(run: RunReader, job_id: int, start: Epoch | None) -> Explanation:
    job = _job(run, job_id)
    end_s = run.manifest.hours * S_PER_HOUR
    first = _asked(job) if run.of_compute_jobs else _captured(job)
    steps = [first, *told_once(recorded_steps(run, job_id, end_s)), *_ended(job, run, end_s)]
    waits_s = {str(cause): float(job.get(f"wait_{cause}_s", 0.0)) for cause in Cause}
    elapsed_s = _end_s(job, end_s) - job["t_capture_s"]
    return Explanation(
        job_id=job_id,
        architecture=run.architecture,
        outcome=job["outcome"],
        reason=job["reason"],
        headline=_headline(run, job),
        verdict=_verdict(job, waits_s, elapsed_s, TERMS[run.manifest.workload].begin),
        start=start or run.manifest.start,
        steps=tuple(steps),
        waits_s={c: s for c, s in waits_s.items() if c != str(Cause.FAULT) or s > 0.0},
        elapsed_s=elapsed_s,
    )


def _weighed(step: Step) -> list[str]:
    if step.alternatives is None:
        return []
    return [f"not {lost.words}" if lost.place else lost.words for lost in step.alternatives] or [
        "no alternative was weighed"
    ]


def _which_architecture(folder: Path) -> Problem:
    runs = sorted(inner.parent.name for inner in folder.glob("*/manifest.json"))
    choice = listing([str(folder / name) for name in runs]) or "none"
    message = "this is a comparison; a job is explained within one of its runs"
    return Problem(message, f"name one of {choice}", path=str(folder))


def _job(run: RunReader, job_id: int) -> dict[str, Any]:
    rows = run.table("jobs", where=pl.col("job_id") == job_id)
    if rows.height:
        return rows.row(0, named=True)
    known = run.table("jobs", "job_id")["job_id"]
    message = f"the run has no job {job_id}"
    remedy = "the run has no jobs at all: nothing was observed"
    if len(known):
        numbers = known.to_numpy()
        remedy = f"jobs are numbered from {numbers.min()} to {numbers.max()}"
    raise InputError([Problem(message, remedy, path=str(run.path))])


def _place(job: dict[str, Any]) -> str:
    latitude, longitude = job["latitude_deg"], job["longitude_deg"]
    if not math.isfinite(latitude):
        return ""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    where = f"{abs(latitude):.1f} {north} {abs(longitude):.1f} {east}"
    return f"{job['place']} ({where})" if job["place"] else where


def _headline(run: RunReader, job: dict[str, Any]) -> str:
    where = _place(job)
    if job["satellite"] != job["place"]:
        where = ", ".join(filter(None, (job["satellite"], where)))
    return f"Job {job['job_id']} of the {run.architecture} run: {where}"


def _asked(job: dict[str, Any]) -> Step:
    within = exact_duration(job["t_deadline_s"] - job["t_capture_s"])
    words = (
        f"asked for at {job['satellite']}: {size(job['raw_bytes'])}, {job['size']:.2f} times the "
        f"median work with model {job['model']}, wanted within {within}, worth {job['value']:.2f}"
    )
    return Step(job["t_capture_s"], words, "capture")


def _captured(job: dict[str, Any]) -> Step:
    cloud = f"true cloud {share(round(job['cloud_truth'], 2))}"
    words = f"{job['satellite']} took a scene over {_place(job)}: {size(job['raw_bytes'])}, {cloud}"
    return Step(job["t_capture_s"], words, "capture")


def _end_s(job: dict[str, Any], run_end_s: float) -> float:
    t_end_s = float(job["t_end_s"])
    return t_end_s if math.isfinite(t_end_s) else run_end_s


def _ended(job: dict[str, Any], run: RunReader, run_end_s: float) -> list[Step]:
    if job["outcome"] == Outcome.IN_FLIGHT:
        return [Step(run_end_s, "the run ended with the job still on its way", "end")]
    closing = (pl.col("job_id") == job["job_id"]) & (pl.col("kind") == "close")
    if job["outcome"] == Outcome.DELIVERED:
        wrong = ", a wrong result that no check found" if job.get("wrong") else ""
        return [Step(_end_s(job, run_end_s), f"delivered{wrong}", "end")]
    told = run.table("actions", "t_s", "reason", where=closing).rows()
    t_s, detail = told[-1] if told else (_end_s(job, run_end_s), job["reason"])
    if job["reason"] in SCREENED:
        return [Step(t_s, f"screened out: {_plainly(detail)}", "end")]
    if t_s >= job["t_end_s"]:
        return [Step(t_s, f"missed: {_plainly(detail)}", "end")]
    given_up = Step(t_s, f"given up: {_plainly(detail)}", "end")
    return [given_up, Step(job["t_end_s"], "missed: the deadline passes", "end")]


# The table of actions puts the cause before the detail; the verdict says it from the books.
def _plainly(detail: str) -> str:
    cause, colon, rest = detail.partition(": ")
    return rest if colon and cause in _REASONS else detail


def _verdict(job: dict[str, Any], waits_s: dict[str, float], elapsed_s: float, begin: str) -> str:
    parts = sorted(waits_s.items(), key=lambda item: -item[1])
    told = [part for part in parts if part[1] >= _WORTH_SAYING_S] or parts[:1]
    shares = ", ".join(f"{cause} {exact_duration(seconds_s)}" for cause, seconds_s in told)
    bound = f"; bound by {parts[0][0]}" if parts[0][1] > 0.0 else ""
    booked_j = (job["space_energy_j"], job["ground_energy_j"])
    spent = energy(sum(one for one in booked_j if math.isfinite(one)))
    head = {
        Outcome.DELIVERED: f"Delivered after {exact_duration(elapsed_s)}",
        Outcome.IN_FLIGHT: f"Still in flight {exact_duration(elapsed_s)} after the {begin}",
    }.get(job["outcome"], _missed(job, elapsed_s))
    return f"{head}, of which {shares}{bound}. Energy spent: {spent}."


def _missed(job: dict[str, Any], elapsed_s: float) -> str:
    if job["reason"] in SCREENED:
        return f"Screened out after {exact_duration(elapsed_s)}"
    return f"Missed after {exact_duration(elapsed_s)}, for {job['reason']}"
