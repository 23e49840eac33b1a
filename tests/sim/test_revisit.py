"""Decisions of a record of messages, made again; and records that no controller could have made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approval_cases import DIRECTOR, FLEET, JOB, MISSION, OFFICER, Flight, grant, outlook_of
from perigrid.base.architecture import ONBOARD
from perigrid.base.codec import decode
from perigrid.base.messages import AskApproval, Captured, Compute, Computed, Event
from perigrid.ledger.decisions import Located
from perigrid.ledger.record import RecordWriter, read_record
from perigrid.sim.cores import Core
from perigrid.sim.replay import first_difference, jobs_in
from perigrid.sim.revisit import Revisit, revisit

OUTLOOK = outlook_of((0, 600.0, 900.0))
CORE = Core(MISSION, FLEET, OUTLOOK)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A record in which two people let a stage pass."""
    flight = Flight(tmp_path / "ledger")
    asked = flight.capture()
    flight.answer(99.0, grant(asked, DIRECTOR), grant(asked, OFFICER))
    flight.handle(Computed(120.0, 0, 0, "screen", 0.1))
    flight.close()
    return tmp_path / "ledger"


def entries(ledger: Path, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in read_record(ledger) if entry["kind"] == kind]


def again(ledger: Path, number: int) -> Revisit:
    """Make the first decision of a record of decisions again."""
    entry = entries(ledger, "actions")[number]
    row = entry["decisions"][0]
    action, verdict = decode(row["action"]), decode(row["verdict"])
    found = Located(entry["sequence"], 0, 1, entry["t_s"], "", 0, action, verdict, "")
    return revisit(ledger, CORE, ONBOARD, found)


def test_a_request_and_what_it_led_to_are_made_again(ledger: Path) -> None:
    asked, begun = again(ledger, 0), again(ledger, 1)
    assert "people watch computing" in asked.words
    assert (asked.what_if.decision, asked.what_if.approved_by) == ("ask", ())
    assert begun.what_if.decision == "allow"
    assert begun.what_if.approved_by == ("flight-director", "safety-officer")
    assert "approved by nobody" in {turn.change for turn in begun.what_if.turns}


def rewritten(ledger: Path, events: dict[float, Event]) -> Path:
    """Write a record anew, with other events at some times; as a forger could who has the keys."""
    other = ledger.parent / "other"
    with_other = RecordWriter(other, names=FLEET.names)
    for entry in read_record(ledger):
        if entry["kind"] == "events":
            told = [events.get(entry["t_s"], one) for one in decode(entry["events"])]
            with_other.events(entry["t_s"], told)
        else:
            made = [(decode(row["action"]), decode(row["verdict"])) for row in entry["decisions"]]
            with_other.actions(entry["t_s"], made)
    with_other.close()
    return other


def replayed(ledger: Path) -> int | None:
    return first_difference(ledger, MISSION, FLEET, OUTLOOK, ONBOARD)


def test_a_record_follows_from_its_events_and_only_from_those(ledger: Path) -> None:
    assert jobs_in(ledger) == [JOB]
    assert replayed(ledger) is None
    sooner = rewritten(ledger, {10.0: Captured(10.0, replace(JOB, deadline_s=5000.0))})
    assert replayed(sooner) == entries(ledger, "actions")[0]["sequence"]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Computed(120.0, 0, 10**6, "screen", 0.1), "cannot have happened"),
        (Computed(120.0, 3, 0, "screen", 0.1), "cannot have happened"),
        (Computed(120.0, 0, 0, "paint", 0.1), "not in"),
        (Captured(120.0, JOB), "cannot have happened"),
        (Captured(120.0, replace(JOB, job_id=10**9)), "numbered from 0"),
    ],
)
def test_events_that_cannot_have_been_are_no_crash(ledger: Path, event: Event, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replayed(rewritten(ledger, {120.0: event}))


def test_the_record_holds_what_it_should(ledger: Path) -> None:
    kinds = [decode(row["action"]) for e in entries(ledger, "actions") for row in e["decisions"]]
    assert [type(one) for one in kinds] == [AskApproval, Compute, AskApproval]
