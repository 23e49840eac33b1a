"""Grants between operators: signed, only ever narrowed, metered, and never exceeded.

What is ordered is reserved first and charged when it is done; reserving counts against the grant
and against every grant that it was cut from, so that all sub-grants together stay within their
parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from perigrid.base.grant_papers import (
    grant_hash,
    is_narrower,
    is_signed_grant,
    revocation_bytes,
    verifies,
)
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import VerifyKey
from perigrid.control.policy.approval.envelope import all_within


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to compute on another operator's node.

    Parameters
    ----------
    job_id : int
        Whose stage.
    borrower, owner : str
        Operator of the job and of the node.
    node : str
        Name.
    territories : tuple of str
        States whose land the scene touches.
    compute_s : float
        Time of the computer at full speed [s].
    t_s : float
        Mission time [s].
    """

    job_id: int
    borrower: str
    owner: str
    node: str
    territories: tuple[str, ...]
    compute_s: float
    t_s: float


@dataclass(slots=True)
class _Account:
    """A grant with what is reserved and used of it, sub-grants included."""

    grant: CapabilityGrant
    chain: tuple[str, ...]  # this grant and all that it was cut from
    reserved_s: float = 0.0
    used_s: float = 0.0
    receipts: int = 0
    revoked_s: float = field(default=float("inf"))


class GrantBook:
    """Grants in force, and the meter on each.

    Parameters
    ----------
    keys : mapping of str to VerifyKey
        Of every operator.
    """

    def __init__(self, keys: Mapping[str, VerifyKey]) -> None:
        self._keys = dict(keys)
        self._accounts: dict[str, _Account] = {}
        self._reserved: dict[int, tuple[str, float]] = {}  # by job: grant, seconds

    def add(self, grant: CapabilityGrant) -> str:
        """Take in a grant.

        Parameters
        ----------
        grant : CapabilityGrant
            As received.

        Returns
        -------
        str
            Why it does not count: ``unknown-lender``, ``altered``, ``replayed``,
            ``unknown-parent``, ``wider-than-parent`` or ``empty``; empty if it counts.
        """
        key = self._keys.get(grant.lender)
        if key is None:
            return "unknown-lender"
        if not is_signed_grant(grant, key):
            return "altered"
        subject = grant_hash(grant)
        if subject in self._accounts:
            return "replayed"
        # Written so that a bound that is not a number is refused.
        if not (grant.compute_s >= 0.0 and grant.from_s < grant.until_s):
            return "empty"
        chain: tuple[str, ...] = (subject,)
        if grant.parent:
            parent = self._accounts.get(grant.parent)
            if parent is None:
                return "unknown-parent"
            if not is_narrower(grant, parent.grant):
                return "wider-than-parent"
            chain = (subject, *parent.chain)
        self._accounts[subject] = _Account(grant, chain)
        return ""

    def revoke(self, grant: str, signature: str, t_s: float) -> str:
        """Take a grant back, and with it all that were cut from it.

        Parameters
        ----------
        grant : str
            Its hash.
        signature : str
            The lender's over :func:`revocation_bytes`, hexadecimal.
        t_s : float
            Mission time [s].

        Returns
        -------
        str
            ``unknown-grant`` or ``altered``; empty if it is revoked.
        """
        account = self._accounts.get(grant)
        if account is None:
            return "unknown-grant"
        if not verifies(self._keys[account.grant.lender], revocation_bytes(grant), signature):
            return "altered"
        account.revoked_s = min(account.revoked_s, t_s)
        return ""

    def reserve(self, wanted: Wanted) -> str:
        """Set aside what a job is going to use, all of it or nothing.

        Parameters
        ----------
        wanted : Wanted
            Who, where, how much.

        Returns
        -------
        str
            Why no grant holds it, by the grant that came nearest; empty if it is set aside.
        """
        self.release(wanted.job_id)
        reason = "none"
        for subject, account in self._accounts.items():
            if account.grant.borrower != wanted.borrower:
                continue
            chain = [self._accounts[one] for one in account.chain]
            if chain[-1].grant.lender != wanted.owner:
                continue
            reason = next((why for one in chain if (why := _lacks(one, wanted))), "")
            if not reason:
                for one in chain:
                    one.reserved_s += wanted.compute_s
                self._reserved[wanted.job_id] = (subject, wanted.compute_s)
                return ""
        return reason

    def release(self, job_id: int) -> None:
        """Give back what a job had set aside and did not use.

        Parameters
        ----------
        job_id : int
            Whose.
        """
        subject, seconds_s = self._reserved.pop(job_id, ("", 0.0))
        if subject:
            for one in self._accounts[subject].chain:
                self._accounts[one].reserved_s -= seconds_s

    def holds(self, job_id: int) -> bool:
        """Say whether a job has something set aside.

        Parameters
        ----------
        job_id : int
            Whose.

        Returns
        -------
        bool
            True between reserving and releasing.
        """
        return job_id in self._reserved

    def ends_s(self, job_id: int) -> float:
        """Say when what a job has set aside ends, used or not.

        Parameters
        ----------
        job_id : int
            Whose.

        Returns
        -------
        float
            The first end or revocation of its grant and of all that the grant was cut from;
            infinity if the job has nothing set aside [s].
        """
        subject, _ = self._reserved.get(job_id, ("", 0.0))
        if not subject:
            return float("inf")
        chain = [self._accounts[one] for one in self._accounts[subject].chain]
        return min(min(one.grant.until_s, one.revoked_s) for one in chain)

    def charge(self, job_id: int, node: str, step: str, used_s: float, t_s: float) -> UsageReceipt:
        """Turn a part of what was set aside into use.

        Parameters
        ----------
        job_id : int
            Whose stage ended.
        node, step : str
            Where and what.
        used_s : float
            Time of the computer at full speed; never more than is set aside [s].
        t_s : float
            Mission time [s].

        Returns
        -------
        UsageReceipt
            For both operators to sign.

        Raises
        ------
        ValueError
            If it is more than was set aside.
        """
        subject, held_s = self._reserved[job_id]
        if not 0.0 <= used_s <= held_s * (1.0 + _ROUNDING):
            raise ValueError(f"job {job_id} used {used_s} s of the {held_s} s set aside")
        account = self._accounts[subject]
        for one in account.chain:
            self._accounts[one].reserved_s -= min(used_s, held_s)
            self._accounts[one].used_s += used_s
        self._reserved[job_id] = (subject, max(held_s - used_s, 0.0))
        receipt = UsageReceipt(
            subject, account.grant.lender, account.grant.borrower, account.receipts, job_id, node,
            step, used_s, t_s,
        )  # fmt: skip
        account.receipts += 1
        return receipt

    def used_s(self, grant: str) -> float:
        """Say how much of a grant was used.

        Parameters
        ----------
        grant : str
            Its hash.

        Returns
        -------
        float
            Sub-grants included [s].
        """
        return self._accounts[grant].used_s


_ROUNDING: Final = 1e-9


def _lacks(account: _Account, wanted: Wanted) -> str:
    grant = account.grant
    if not grant.from_s <= wanted.t_s < grant.until_s:
        return "expired"
    if wanted.t_s >= account.revoked_s:
        return "revoked"
    if grant.nodes and wanted.node not in grant.nodes:
        return "node"
    if grant.territories and not all_within(wanted.territories, grant.territories):
        return "territory"
    # Written so that an amount that is not a number is refused.
    fits = account.used_s + account.reserved_s + wanted.compute_s <= grant.compute_s
    return "" if wanted.compute_s >= 0.0 and fits else "spent"
