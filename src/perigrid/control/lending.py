"""Who may compute on whose satellites: grants put to work in a controller."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from perigrid.base.grant_papers import OPERATOR, grant_hash, key_name, sign_grant, sign_receipt
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.jobs import Product
from perigrid.base.messages import Action, Captured, Computed, Event, Move
from perigrid.base.signing import SigningKey, VerifyKey
from perigrid.control.policy.approval.envelope import Facts
from perigrid.control.policy.grants import GrantBook, Wanted
from perigrid.fleet.model import Fleet
from perigrid.scenario.model import Scenario


@dataclass(slots=True)
class _Held:
    """What a job has set aside: on which fleet row, and by stage the time still to be used [s]."""

    row: int
    stage_s: dict[str, float]


class Lending:
    """Grants of a mission with their meter, and the receipts so far.

    Parameters
    ----------
    scenario : Scenario
        Operators and grants.
    fleet : Fleet
        Whose node is whose.
    """

    def __init__(self, scenario: Scenario, fleet: Fleet) -> None:
        self._names, self._operators = fleet.names, fleet.operators
        self._n_satellites = fleet.n_satellites
        self._held: dict[int, _Held] = {}
        self._owners: dict[int, str] = {}  # operators of jobs whose shutter was seen
        sharing = scenario.sharing
        parties = {*fleet.operators, *(one.borrower for one in sharing.grants)}
        self._keys = {name: operator_key(name, scenario.seed) for name in sorted(parties)}
        self.book = GrantBook({name: key.verify_key for name, key in self._keys.items()})
        self.receipts: list[UsageReceipt] = []
        self.grants: list[CapabilityGrant] = []
        hashes: dict[str, str] = {}
        for draft in sharing.grants:
            key = self._keys.get(draft.lender, operator_key(draft.lender, scenario.seed))
            parent = hashes.get(draft.parent, draft.parent)
            signed = sign_grant(dataclasses.replace(draft, parent=parent), key)
            hashes[draft.id] = grant_hash(signed)
            if not self.book.add(signed):
                self.grants.append(signed)

    def learn(self, events: Sequence[Event]) -> None:
        """Take in whose jobs there are and what was computed, and charge that.

        Parameters
        ----------
        events : sequence of Event
            In order.
        """
        for event in events:
            if isinstance(event, Captured):
                self._owners[event.job.job_id] = self._operators[event.job.origin]
            held = self._held.get(event.job_id) if isinstance(event, Computed) else None
            # What was computed elsewhere in the end used nothing of what is set aside.
            if not isinstance(event, Computed) or held is None or held.row != event.node:
                continue
            used_s = held.stage_s.pop(event.stage, None)
            if used_s is not None and self.book.holds(event.job_id):
                node = self._names[event.node]
                receipt = self.book.charge(event.job_id, node, event.stage, used_s, event.t_s)
                self.receipts.append(self._signed(receipt))

    def claim(self, action: Action, facts: Callable[[], Facts], t_s: float) -> str:
        """Set aside what an action is going to use of another operator's computer.

        Parameters
        ----------
        action : Action
            A stage there, or the pixels' way there.
        facts : callable
            Gathers the :class:`Facts` of the action, with the job's own operator and the time that
            the stages take.
        t_s : float
            Mission time [s].

        Returns
        -------
        str
            Why no grant holds it; empty if none is needed or it is set aside.
        """
        row = self._lent(action, facts)
        if row is None:
            return ""
        known = facts()
        held = self._held.get(action.job_id)
        # A grant was asked about one node and its owner: what it holds counts on no other.
        same = held is not None and held.row == row and set(known.stage_s) <= set(held.stage_s)
        if same and self.book.holds(action.job_id):
            return "" if t_s < self.book.ends_s(action.job_id) else "expired"
        wanted = Wanted(
            job_id=action.job_id,
            borrower=known.owner,
            owner=self._operators[row],
            node=self._names[row],
            territories=known.territories,
            compute_s=sum(known.stage_s.values()),
            t_s=t_s,
        )
        why = self.book.reserve(wanted)
        if not why:
            self._held[action.job_id] = _Held(row, dict(known.stage_s))
        return why

    def ends_s(self, action: Action, facts: Callable[[], Facts]) -> float:
        """Say when the grant that an action was claimed from ends.

        Parameters
        ----------
        action : Action
            A stage, or the pixels' way to where it is computed.
        facts : callable
            Gathers the :class:`Facts` of the action.

        Returns
        -------
        float
            Infinity if it needs no grant [s].
        """
        row = self._lent(action, facts)
        return float("inf") if row is None else self.book.ends_s(action.job_id)

    def _lent(self, action: Action, facts: Callable[[], Facts]) -> int | None:
        """Fleet row of somebody else's computer that an action is for; None if there is none."""
        row = _computes_on(action)
        # Most actions are for nobody else's computer, and that is seen without their facts.
        if row is None or row >= self._n_satellites:
            return None
        if self._operators[row] == self._owners.get(action.job_id):
            return None
        known = facts()
        return row if known.stage_s and self._operators[row] != known.owner else None

    def keys(self) -> tuple[VerifyKey, ...]:
        """Public keys of all operators.

        Returns
        -------
        tuple of VerifyKey
            By operator, in order of their names.
        """
        return tuple(key.verify_key for key in self._keys.values())

    def release(self, job_id: int) -> None:
        """Give back what an ended job did not use.

        Parameters
        ----------
        job_id : int
            Whose.
        """
        self.book.release(job_id)
        self._held.pop(job_id, None)
        self._owners.pop(job_id, None)

    def _signed(self, receipt: UsageReceipt) -> UsageReceipt:
        return sign_receipt(receipt, self._keys[receipt.lender], self._keys[receipt.borrower])


def operator_key(name: str, seed: int) -> SigningKey:
    """Key of a simulated operator.

    Parameters
    ----------
    name : str
        The operator's.
    seed : int
        The scenario's.

    Returns
    -------
    SigningKey
        The same for the same name and seed.
    """
    return SigningKey.simulated(OPERATOR + key_name(name), seed)


def _computes_on(action: Action) -> int | None:
    """Fleet row whose computer an action is for; None if it is for none."""
    if isinstance(action, Move):
        return action.target if action.product is Product.RAW else None
    return getattr(action, "node", None)
