"""Replay: recorded events through a fresh controller must give the recorded actions."""

from __future__ import annotations

from pathlib import Path

from perigrid.base.codec import decode, encode
from perigrid.base.jobs import Architecture
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
    expected: list[object] = []
    for entry in read_record(ledger):
        if entry["kind"] == EVENTS:
            if expected:
                return int(entry["sequence"])
            decisions = controller.handle(decode(entry["events"]))
            expected = [
                {"action": encode(decision.action), "verdict": encode(decision.verdict)}
                for decision in decisions
            ]
        elif entry["kind"] == ACTIONS:
            if entry["decisions"] != expected:
                return int(entry["sequence"])
            expected = []
    return None
