"""Replay: recorded events through a fresh controller must give the recorded actions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.codec import decode
from perigrid.base.decision_words import EXPLAINED, decisions_text
from perigrid.base.jobs import Job
from perigrid.base.messages import (
    Acknowledge,
    Action,
    Captured,
    CaptureRefused,
    EnvelopeAnswered,
    Event,
    Ordered,
    Verdict,
)
from perigrid.control.controller import Controller
from perigrid.fleet.model import Fleet, Outlook
from perigrid.ledger.pins import RECORDS, TABLES
from perigrid.ledger.record import ACTIONS, EVENTS, PINS, read_record
from perigrid.scenario.model import Scenario

_SHUTTERS = frozenset({Captured.__name__, CaptureRefused.__name__})


def first_difference(
    ledger: Path, scenario: Scenario, fleet: Fleet, outlook: Outlook, architecture: Architecture
) -> int | None:
    """Feed a record's events to a fresh controller and compare what it decides.

    Of a run by tables the record holds what people said: the notes that are taken of it are
    compared.

    Parameters
    ----------
    ledger : Path
        The run's ``ledger`` folder.
    scenario, fleet, outlook
        As in the run.
    architecture : Architecture
        As in the run.

    Returns
    -------
    int or None
        Sequence number of the first record that differs; None if every action is the same.
    """
    controller = Controller(scenario, fleet, outlook, architecture, jobs_in(ledger))
    expected: list[tuple[Action, Verdict]] = []
    sequence, of_people = 0, False
    for entry in read_record(ledger):
        sequence = int(entry["sequence"])
        if entry["kind"] == PINS:
            of_people = entry["pins"].get(RECORDS) == TABLES
        elif entry["kind"] == EVENTS:
            if expected:
                return sequence
            events = opening_in(entry) if of_people else decode(entry["events"])
            decisions = controller.handle(events)
            expected = [(decision.action, decision.verdict) for decision in decisions]
        elif entry["kind"] == ACTIONS and not (of_people and is_of_job(entry)):
            count = len(entry["decisions"]) if of_people else len(expected)
            text = decisions_text(entry["t_s"], expected[:count], fleet.names)
            if not _is_same(entry, json.loads(text)):
                return sequence
            expected = expected[count:]
    return sequence if expected else None


def jobs_in(ledger: Path) -> list[Job]:
    """List the observations that were taken or missed in a run recorded by messages.

    Parameters
    ----------
    ledger : Path
        The run's ``ledger`` folder.

    Returns
    -------
    list of Job
        Numbered from 0; none of a run by tables.

    Raises
    ------
    ValueError
        If their numbers leave any out.
    """
    jobs: dict[int, Job] = {}
    for entry in read_record(ledger):
        if entry["kind"] == EVENTS:
            rows = [one for one in entry["events"] if one.get("type") in _SHUTTERS]
            for event in decode(rows):
                jobs.setdefault(event.job.job_id, event.job)
    if sorted(jobs) != list(range(len(jobs))):
        raise ValueError(f"{len(jobs)} observations are not numbered from 0 without a gap")
    return [jobs[number] for number in range(len(jobs))]


def opening_in(entry: dict[str, Any]) -> list[Event]:
    """Find what people said that is about no job.

    Parameters
    ----------
    entry : dict
        A record of events.

    Returns
    -------
    list of EnvelopeAnswered or Ordered
        In order.
    """
    events: list[Event] = decode(entry["events"])
    return [one for one in events if isinstance(one, EnvelopeAnswered | Ordered)]


def is_of_job(entry: dict[str, Any]) -> bool:
    """Say whether a record of decisions is about jobs, not a note of what people said.

    Parameters
    ----------
    entry : dict
        A record of decisions.

    Returns
    -------
    bool
        False for notes.
    """
    return any(row["action"]["type"] != Acknowledge.__name__ for row in entry["decisions"])


def _is_same(entry: dict[str, Any], expected: list[dict[str, Any]]) -> bool:
    """Compare what was decided and, where the record has them, the digests of the words."""
    recorded: list[dict[str, Any]] = entry["decisions"]
    if not all(EXPLAINED in row for row in recorded):  # of versions that kept none
        expected = [{key: row[key] for key in ("action", "verdict")} for row in expected]
    return recorded == expected
