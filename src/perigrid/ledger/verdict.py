"""What an audit of one ledger found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perigrid.ledger.audit_records import Doubt
from perigrid.ledger.note import Checkpoint, Signer
from perigrid.ledger.personal import Said, Someone


@dataclass(slots=True)
class Verdict:
    """What an audit of one run, or of a comparison as a whole, found.

    Parameters
    ----------
    run : str
        Which run.
    records : int
        How many records.
    logs : dict of str to int
        Leaves of every log.
    doubts : list of Doubt
        Reasons not to believe it; none if all is well.
    uncovered : list of str
        Files that no ledger vouches for.
    gaps : list of str
        What cannot be shown because no contact brought it down in time.
    notes : list of str
        What this audit does not show.
    shown : list of str
        What else was shown, beside records and signatures.
    checkpoint : Checkpoint or None
        State of the ground's log that was signed.
    signed_by : list of Signer
        Who signed it.
    personal : dict of str to int
        How many personal values are ``kept`` and ``erased``.
    people : list of Someone
        Who may sign.
    said : list of Said
        Why people gave orders.
    pins : dict
        What the run was pinned to; empty if its record does not say.
    inner : dict of str to mapping
        Of a comparison, by folder: origin, size and root of the logs of its runs.
    """

    run: str
    records: int = 0
    logs: dict[str, int] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    signed_by: list[Signer] = field(default_factory=list)
    personal: dict[str, int] = field(default_factory=dict)
    people: list[Someone] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    pins: dict[str, Any] = field(default_factory=dict)
    inner: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def doubt(self, where: str, what: str) -> None:
        """Note a reason not to believe the run.

        Parameters
        ----------
        where, what : str
            As in :class:`~perigrid.ledger.audit_records.Doubt`.
        """
        self.doubts.append(Doubt(where, what))

    @property
    def ok(self) -> bool:
        """Whether there is no doubt."""
        return not self.doubts


def worst_first(verdicts: list[Verdict]) -> list[Verdict]:
    """Carry the doubts about runs to what they are runs of, and put doubts before all else.

    Parameters
    ----------
    verdicts : list of Verdict
        The whole first, what stands inside of it after.

    Returns
    -------
    list of Verdict
        The same: the whole first, with a doubt for each of its parts that is in doubt, then those
        in doubt, then the others.
    """
    if not verdicts:
        return []
    whole, *parts = verdicts
    for part in parts:
        if not part.ok:
            name = part.run.removeprefix(whole.run).strip("/")
            few = "a doubt" if len(part.doubts) == 1 else f"{len(part.doubts)} doubts"
            whole.doubt(name, f"it is in doubt itself: {few}, told below")
    return [whole, *sorted(parts, key=lambda part: part.ok)]
