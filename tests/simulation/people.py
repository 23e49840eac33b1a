"""People who sign, and somebody who forges; what was really signed is known to the auditor."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from perigrid.base.approvals import GRANT, RESUME, STOP, SignedApproval, SignedOrder
from perigrid.base.messages import ApprovalAnswered, AskApproval, EnvelopeAnswered
from perigrid.base.withheld import Told
from perigrid.control.approver_model import simulated_key
from perigrid.control.policy.approval.signed import envelope_hash, sign
from perigrid.scenario.oversight import PersonModel
from simulation.mission import DIRECTOR, ENVELOPE, OFFICER, mission

DRILL = Told("drill", bytes(32)).withheld


@cache
def key_of(person: PersonModel):
    return simulated_key(person, mission()[0].seed)


class People:
    """Answers requests, mostly honestly, and gives orders."""

    def __init__(self, rng: Random, faults) -> None:
        self._rng, self._faults = rng, faults
        self.signed: dict[str, tuple[str, SignedApproval]] = {}  # by signature: who signed what
        self.orders: list[SignedOrder] = []
        self._number = 0

    def _sign(self, person: PersonModel, subject: str, evidence: str, t_s: float, end_s: float):
        self._number += 1
        draft = SignedApproval(
            subject, GRANT, "", person.role, t_s, end_s, f"{person.name}-{self._number}", evidence
        )
        signed = sign(draft, key_of(person))
        self.signed[signed.signature] = (person.name, signed)
        return signed

    def opening(self) -> EnvelopeAnswered:
        """Sign the envelope."""
        subject = envelope_hash(ENVELOPE)
        end_s = ENVELOPE.until_s
        both = [self._sign(one, subject, subject, 1.0, end_s) for one in (DIRECTOR, OFFICER)]
        return EnvelopeAnswered(2.0, ENVELOPE.id, tuple(both))

    def answer(self, asked: AskApproval, t_s: float, *, storm: bool) -> ApprovalAnswered:
        """Sign what was asked; in a storm somebody tampers with every fifth answer."""
        end_s = asked.expires_s
        first, second = (
            self._sign(one, asked.subject_hash, asked.evidence, asked.asked_s, end_s)
            for one in (DIRECTOR, OFFICER)
        )
        if storm and self._rng.random() < 0.2:
            second = self._tampered(asked, first, second)
        return ApprovalAnswered(t_s, asked.job_id, True, (first, second))

    def _tampered(self, asked: AskApproval, first: SignedApproval, second: SignedApproval):
        del self.signed[second.signature]
        kind = self._rng.choice(["forged", "twice", "replay", "expired"])
        self._faults[f"approval {kind}"] += 1
        if kind == "forged":
            return replace(second, signature="00" * 64)
        if kind == "twice":  # one person in both places
            return self._sign(
                DIRECTOR, asked.subject_hash, asked.evidence, asked.asked_s, asked.expires_s
            )
        if kind == "expired":
            end_s = asked.asked_s + 1.0
            return self._sign(OFFICER, asked.subject_hash, asked.evidence, asked.asked_s, end_s)
        old = [one for name, one in self.signed.values() if name == OFFICER.name]
        return self._rng.choice(old)

    def order(self, kind: str, t_s: float, life_s: float) -> SignedOrder:
        """Stop all, or lift all stops."""
        assert kind in (STOP, RESUME)
        self._number += 1
        draft = SignedOrder(
            kind, (), "", DRILL, "", DIRECTOR.role, t_s, t_s + life_s, f"order-{self._number}"
        )
        order = sign(draft, key_of(DIRECTOR))
        self.orders.append(order)
        return order
