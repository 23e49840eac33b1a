"""A mission in which a rule reserves computing to two people, and the people themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from missions import SCENARIO
from perigrid.base.approvals import GRANT, STOP, SignedApproval, SignedOrder
from perigrid.base.architecture import ONBOARD
from perigrid.base.jobs import Job
from perigrid.base.messages import ApprovalAnswered, AskApproval, Captured, Event
from perigrid.base.signing import SigningKey
from perigrid.base.withheld import Told
from perigrid.control.approver_model import roster_of, simulated_key
from perigrid.control.controller import Controller, Decision
from perigrid.control.policy.approval.signed import sign
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind, Outlook
from perigrid.ledger.record import RecordWriter, read_record
from perigrid.scenario.model import Rule, Scenario
from perigrid.scenario.oversight import Oversight, PersonModel, Terms
from scheduling_cases import contact_table, empty_outlook

JOB = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.5, 1.0, 3, 2)
LATE = replace(JOB, t_capture_s=200.0)
SECOND = replace(JOB, job_id=1, t_capture_s=100.0)
FLEET = build_fleet(SCENARIO)
GROUND = next(row for row, place in FLEET.stations.items() if place.role == "operator")
ASK = Rule("watch", "ask", "compute", "any", "any", "any", "people watch computing")
DIRECTOR = PersonModel("person-1", "flight-director", 60.0)
OFFICER = PersonModel("person-2", "safety-officer", 120.0)
REVOKED = PersonModel("person-3", "safety-officer", 120.0, revoked_s=5.0)
SMOKE = Told("smoke", bytes(32)).withheld
PEOPLE = (DIRECTOR, OFFICER, REVOKED)
TWO = Terms(people=2, roles=("flight-director", "safety-officer"), valid_s=3600.0)
OVERSIGHT = Oversight(PEOPLE, TWO)
MISSION = replace(SCENARIO, rules=(ASK,), oversight=OVERSIGHT)
ROSTER = roster_of(MISSION)


def key_of(person: PersonModel) -> SigningKey:
    return simulated_key(person, MISSION.seed)


def outlook_of(
    *windows: tuple[int, float, float], kind: ContactKind = ContactKind.DOWNLINK
) -> Outlook:
    rows = [(kind, row, GROUND, begin_s, end_s) for row, begin_s, end_s in windows]
    return replace(empty_outlook(FLEET), contacts=contact_table(rows))


def core(
    scenario: Scenario = MISSION, outlook: Outlook | None = None, first: Job = JOB
) -> Controller:
    outlook = outlook or outlook_of((0, 600.0, 900.0))
    return Controller(scenario, FLEET, outlook, ONBOARD, (first, SECOND))


def grant(asked: AskApproval, person: PersonModel, **changes: object) -> SignedApproval:
    """What an honest person signs, or what somebody makes of it."""
    draft = SignedApproval(
        subject=asked.subject_hash,
        answer=GRANT,
        signer="",
        role=person.role,
        signed_at_s=asked.asked_s + 30.0,
        expires_s=asked.expires_s,
        nonce=person.name,
        evidence=asked.evidence,
    )
    return sign(replace(draft, **changes), key_of(person))


def stop(person: PersonModel = DIRECTOR, **changes: object) -> SignedOrder:
    draft = SignedOrder(STOP, (), "", SMOKE, "", person.role, 20.0, 2000.0, "1")
    return sign(replace(draft, **changes), key_of(person))


class Flight:
    """A controller with its record: what goes in and comes out is written first."""

    def __init__(
        self,
        folder: Path,
        scenario: Scenario = MISSION,
        outlook: Outlook | None = None,
        first: Job = JOB,
    ) -> None:
        self.controller = core(scenario, outlook, first)
        self.folder = folder
        self._record = RecordWriter(folder, names=FLEET.names)
        self._closed = False

    def handle(self, *events: Event) -> list[Decision]:
        self._record.events(events[0].t_s, events)
        decisions = self.controller.handle(events)
        self._record.actions(events[0].t_s, [(one.action, one.verdict) for one in decisions])
        return decisions

    def capture(self, job: Job = JOB) -> AskApproval:
        (asked,) = self.handle(Captured(job.t_capture_s, job))
        assert isinstance(asked.action, AskApproval)
        return asked.action

    def answer(
        self, t_s: float, *approvals: SignedApproval, granted: bool = True
    ) -> list[Decision]:
        return self.handle(ApprovalAnswered(t_s, 0, granted, approvals))

    def close(self) -> None:
        if not self._closed:
            self._record.close()
        self._closed = True

    def denials(self) -> list[str]:
        """Rules of all denials, as they stand in the record."""
        self.close()
        return [
            row["verdict"]["rule"]
            for entry in read_record(self.folder)
            if entry["kind"] == "actions"
            for row in entry["decisions"]
            if row["verdict"]["decision"] == "deny"
        ]
