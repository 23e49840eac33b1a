"""What a run served, and what its jobs and their ends are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError

IMAGERY: Final = "imagery"
"""Workload of runs that name none: observations."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a workload's jobs and their ends are called.

    Parameters
    ----------
    jobs, answers : str
        Plural of what is served and of what comes of it.
    answer : str
        One of them.
    begin : str
        Where the time to an answer begins.
    wanted : str
        Jobs of which an answer is wanted.
    taken : str
        What is done to jobs before they are served.
    raw : str
        What is computed on.
    """

    jobs: str
    answers: str
    answer: str
    begin: str
    wanted: str
    taken: str
    raw: str


TERMS: Final = {
    "imagery": Terms(
        "observations", "insights", "insight", "shutter", "scenes", "taken", "raw pixels"
    ),
    "batch": Terms("jobs", "answers", "answer", "request", "jobs", "asked for", "the input"),
}
"""By workload."""


def workload_of(record: Mapping[str, Any]) -> str:
    """Read what a run served.

    Parameters
    ----------
    record : mapping
        A manifest or a comparison.

    Returns
    -------
    str
        ``imagery`` if it names nothing.

    Raises
    ------
    RunFolderError
        If it is a workload that is not known here.
    """
    workload = record.get("workload", IMAGERY)
    if not isinstance(workload, str) or workload not in TERMS:
        message = f"'workload' is {workload!r}, and not {' or '.join(TERMS)}"
        raise RunFolderError([Problem(message, "read it with the version that wrote it")])
    return workload
