"""Stop, resume and override: people's orders, which no rule outweighs."""

from __future__ import annotations

from collections.abc import Collection

from perigrid.base.approvals import ORDER_KINDS, OVERRIDE, RESUME, STOP, SignedOrder
from perigrid.base.signed_text import is_signed_by
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.roster import Roster


class OrderBook:
    """Takes in signed orders and knows which are in force.

    Parameters
    ----------
    roster : Roster
        Who may sign.
    roles : collection of str
        Roles that may give orders; empty for every role.
    run : str
        What nonces begin with, so that orders of one live run are none in another; empty for any.
    """

    def __init__(self, roster: Roster, roles: Collection[str] = (), run: str = "") -> None:
        self._roster = roster
        self._begins = f"{run} " if run else ""
        self._roles = frozenset(roles)
        self._stops: list[SignedOrder] = []
        self._overrides: dict[str, SignedOrder] = {}
        self._nonces: set[tuple[str, str]] = set()

    def add(self, order: SignedOrder, t_s: float) -> Refusal | None:
        """Take in one signed order.

        Parameters
        ----------
        order : SignedOrder
            As received.
        t_s : float
            Mission time [s].

        Returns
        -------
        Refusal or None
            None if it is in force from now on.
        """
        refusal = self._form(order, t_s) or _out_of_time(order, t_s)
        if refusal is not None:
            return refusal
        self._nonces.add((order.signer, order.nonce))
        if order.kind == STOP:
            self._stops.append(order)
        elif order.kind == OVERRIDE:
            # A shorter one, or an older one that comes late, must not cut another short.
            other = self._overrides.get(order.subject, order)
            self._overrides[order.subject] = max(order, other, key=lambda one: one.expires_s)
        else:
            self._stops = [stop for stop in self._stops if not lifts(order, stop)]
        return None

    def _form(self, order: SignedOrder, t_s: float) -> Refusal | None:
        found = self._roster.find(order.signer)
        if found is None:
            return Refusal.UNKNOWN_KEY
        person, key = found
        if order.kind not in ORDER_KINDS or not is_signed_by(order, key):
            return Refusal.ALTERED
        if not self._roster.in_force(order.signer, t_s):
            return Refusal.REVOKED_KEY
        if (order.signer, order.nonce) in self._nonces:
            return Refusal.REPLAYED
        if not order.nonce.startswith(self._begins):
            return Refusal.OTHER_RUN
        may = order.role in person.roles and (not self._roles or order.role in self._roles)
        return None if may else Refusal.WRONG_ROLE

    def stopped_until_s(self, nodes: frozenset[str], t_s: float) -> float | None:
        """Say whether a stop is in force for any of some nodes.

        Parameters
        ----------
        nodes : frozenset of str
            Names, those of groups included.
        t_s : float
            Mission time [s].

        Returns
        -------
        float or None
            When the last of the stops ends; None if there is none [s].
        """
        ends_s = [
            stop.expires_s
            for stop in self._stops
            if t_s < stop.expires_s and (not stop.nodes or not nodes.isdisjoint(stop.nodes))
        ]
        return max(ends_s, default=None)

    def is_overridden(self, action_hash: str, t_s: float) -> bool:
        """Say whether a person ruled an action out.

        Parameters
        ----------
        action_hash : str
            From :func:`perigrid.base.digest.action_hash`.
        t_s : float
            Mission time [s].

        Returns
        -------
        bool
            True until the override expires.
        """
        order = self._overrides.get(action_hash)
        return order is not None and t_s < order.expires_s


def lifts(resume: SignedOrder, stop: SignedOrder) -> bool:
    """Say whether a resume ends a stop: of every node all, of some nodes only stops of those.

    Parameters
    ----------
    resume, stop : SignedOrder
        Both in force.

    Returns
    -------
    bool
        False for a stop that was given after the resume.
    """
    assert resume.kind == RESUME  # noqa: S101  nothing else comes here
    if stop.issued_s > resume.issued_s:
        return False  # a resume that was held back knows nothing of a later stop
    return not resume.nodes or (bool(stop.nodes) and set(stop.nodes) <= set(resume.nodes))


def _out_of_time(order: SignedOrder, t_s: float) -> Refusal | None:
    # Written so that a time that is not a number is refused.
    if not order.issued_s <= t_s:
        return Refusal.NOT_YET
    return None if t_s < order.expires_s else Refusal.EXPIRED
