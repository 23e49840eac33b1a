"""Replay: recorded events through a fresh controller must give the recorded actions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.codec import decode
from perigrid.base.decision_words import EXPLAINED, decisions_text
from perigrid.base.messages import Action, Verdict
from perigrid.fleet.model import Fleet, Outlook
from perigrid.ledger.record import ACTIONS, EVENTS, read_record
from perigrid.scenario.model import Scenario
from perigrid.sim.world import build_controller


def first_difference(
    ledger: Path, scenario: Scenario, fleet: Fleet, outlook: Outlook, architecture: Architecture
) -> int | None:
    """Feed a record's events to a fresh controller and compare what it decides.

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
    controller = build_controller(scenario, fleet, outlook, architecture)
    expected: list[tuple[Action, Verdict]] = []
    sequence = 0
    for entry in read_record(ledger):
        sequence = int(entry["sequence"])
        if entry["kind"] == EVENTS:
            if expected:
                return sequence
            decisions = controller.handle(decode(entry["events"]))
            expected = [(decision.action, decision.verdict) for decision in decisions]
        elif entry["kind"] == ACTIONS:
            text = decisions_text(entry["t_s"], expected, fleet.names)
            if not _is_same(entry, json.loads(text)):
                return sequence
            expected = []
    return sequence if expected else None


def _is_same(entry: dict[str, Any], expected: list[dict[str, Any]]) -> bool:
    """Compare what was decided and, where the record has them, the digests of the words."""
    recorded: list[dict[str, Any]] = entry["decisions"]
    if not all(EXPLAINED in row for row in recorded):  # of versions that kept none
        expected = [{key: row[key] for key in ("action", "verdict")} for row in expected]
    return recorded == expected
