"""Verifying a run's ledger offline: records, logs, signatures, witness, pins, files.

Nothing is believed that is not shown; every reason for doubt is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from perigrid.base.errors import RunFolderError
from perigrid.base.signing import COSIGNATURE, VerifyKey
from perigrid.ledger import merkle, pins
from perigrid.ledger.audit_records import RECORD, Doubt, Records, read_records, unanchored
from perigrid.ledger.keys import read_keys
from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.logs import GROUND
from perigrid.ledger.note import Checkpoint, Note, Signer, parse_checkpoint, parse_note, signers
from perigrid.ledger.personal import Personal, Said, Someone
from perigrid.ledger.seal import CHECKPOINT, KEYS, LEDGER, MANIFEST
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.side_store import parse_side_store
from perigrid.ledger.source import Source

CHECKPOINT_FILE: Final = f"{LEDGER}/{CHECKPOINT}"
KEYS_FILE: Final = f"{LEDGER}/{KEYS}"
SIDE_FILE: Final = f"{LEDGER}/{SIDE}"
LEDGER_FILES: Final = frozenset({RECORD, CHECKPOINT_FILE, KEYS_FILE, SIDE_FILE})
_PINNED: Final = {
    "architecture": ("architecture",),
    "digest": ("scenario", "digest"),
    "perigrid": ("perigrid",),
    "scenario": ("scenario", "name"),
    "scheduler": ("scheduler",),
    "seed": ("seed",),
    "start": ("start",),
}
"""Keys of the manifest and where the pins say the same."""


@dataclass(slots=True)
class Verdict:
    """What an audit of one run found.

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
    gaps : list of str
        What cannot be shown because no contact brought it down in time.
    notes : list of str
        What this audit does not show.
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
    """

    run: str
    records: int = 0
    logs: dict[str, int] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    signed_by: list[Signer] = field(default_factory=list)
    personal: dict[str, int] = field(default_factory=dict)
    people: list[Someone] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

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


def verify_run(
    source: Source,
    keys: Sequence[VerifyKey] | None = None,
    since: Sequence[tuple[str, bytes]] = (),
) -> Verdict:
    """Verify one run.

    Parameters
    ----------
    source : Source
        Its folder, or a bundle of it.
    keys : sequence of VerifyKey, optional
        Public keys that are trusted; those in the folder if left out, which proves less.
    since : sequence of (str, bytes)
        Names and contents of earlier checkpoints that the log must continue.

    Returns
    -------
    Verdict
        With every reason for doubt.
    """
    verdict = Verdict(source.label)
    found = read_records(source.read(RECORD))
    verdict.records, verdict.doubts = found.length, list(found.doubts)
    verdict.logs = {log: len(leaves) for log, leaves in sorted(found.logs.items())}
    try:
        trusted = read_keys(source.read(KEYS_FILE), KEYS_FILE) if keys is None else tuple(keys)
    except RunFolderError as error:
        verdict.doubt(KEYS_FILE, error.problems[0].message)
        trusted = ()
    _check_checkpoint(source, found, trusted, verdict, own_keys=keys is None)
    for name, content in since:
        _check_since(name, content, found, trusted, verdict)
    _check_pins(source, found, verdict)
    _check_files(source, found, verdict)
    _check_side_store(source, found, verdict)
    for log, (first, last) in unanchored(found).items():
        span = f"leaf {first}" if first == last else f"leaves {first} to {last}"
        verdict.gaps.append(f"{log}: {span} reached no contact before the end of the run")
    _say_limits(trusted, verdict, given=keys is not None)
    return verdict


# ---------------------------------------------------------------------- the signed state


def _check_checkpoint(
    source: Source,
    found: Records,
    trusted: Sequence[VerifyKey],
    verdict: Verdict,
    *,
    own_keys: bool,
) -> None:
    """Compare the signed state of the ground's log with its leaves."""
    try:
        note = parse_note(source.read(CHECKPOINT_FILE))
        checkpoint = verdict.checkpoint = parse_checkpoint(note.text)
    except RunFolderError as error:
        verdict.doubt(CHECKPOINT_FILE, error.problems[0].message)
        return
    _check_signatures(CHECKPOINT_FILE, note, trusted, verdict)
    if own_keys:
        _check_names(note, trusted, verdict)
    if checkpoint.extensions:
        verdict.doubt(CHECKPOINT_FILE, "it holds lines that no run writes")
    if found.doubts:
        verdict.notes.append("records are in doubt, so no root was compared with the signed one")
        return
    if found.pins and checkpoint.origin != _origin(found):
        verdict.doubt(CHECKPOINT_FILE, f"it is of another log: {checkpoint.origin}")
    _check_state(CHECKPOINT_FILE, checkpoint, found.logs.get(GROUND, []), verdict, whole=True)


def _origin(found: Records) -> str:
    try:
        return pins.origin(found.pins, found.first)
    except (KeyError, TypeError):
        return ""


def _check_signatures(
    where: str, note: Note, trusted: Sequence[VerifyKey], verdict: Verdict
) -> None:
    """Demand a signature of the log, and one of a witness where a witness is known."""
    try:
        signed = signers(note, trusted)
    except RunFolderError as error:
        verdict.doubt(where, error.problems[0].message)
        return
    verdict.signed_by = verdict.signed_by or signed
    names = ", ".join(signature.name for signature in note.signatures)
    if not any(one.t_unix_s is None for one in signed):
        verdict.doubt(where, f"no trusted log key signed it; signatures are of {names}")
    witnesses = [key for key in trusted if key.kind == COSIGNATURE]
    if witnesses and not any(one.t_unix_s is not None for one in signed):
        verdict.doubt(where, f"no trusted witness key signed it; signatures are of {names}")


def _check_names(note: Note, keys: Sequence[VerifyKey], verdict: Verdict) -> None:
    """Demand that the folder's keys are those under its checkpoint, no more and no fewer."""
    names = {(one.name, one.key_id) for one in note.signatures}
    known = {(key.name, key.key_id) for key in keys}
    for name, _ in sorted(names - known):
        verdict.doubt(CHECKPOINT_FILE, f"{name} signed it, whose key is not in {KEYS_FILE}")
    for name, _ in sorted(known - names):
        verdict.doubt(KEYS_FILE, f"{name} did not sign the checkpoint")


def _check_state(
    where: str, stated: Checkpoint, leaves: Sequence[bytes], verdict: Verdict, *, whole: bool
) -> None:
    """Compare a stated size and root with the leaves at hand."""
    if stated.size > len(leaves) or (whole and stated.size != len(leaves)):
        what = (
            f"it is over {stated.size} leaves of the ground's log, the record holds {len(leaves)}"
        )
        verdict.doubt(where, what if whole else f"the log was rolled back: {what}")
    elif merkle.root(leaves[: stated.size]) != stated.root:
        what = f"the root of the ground's log over {stated.size} leaves is not the signed one"
        forked = f"the log was forked: {what}, so the record does not continue this checkpoint"
        verdict.doubt(where, what if whole else forked)


def _check_since(
    where: str, content: bytes, found: Records, trusted: Sequence[VerifyKey], verdict: Verdict
) -> None:
    """Demand that the log continues an earlier checkpoint."""
    try:
        note = parse_note(content)
        earlier = parse_checkpoint(note.text)
    except RunFolderError as error:
        verdict.doubt(where, error.problems[0].message)
        return
    _check_signatures(where, note, trusted, verdict)
    if verdict.checkpoint is not None and earlier.origin != verdict.checkpoint.origin:
        verdict.doubt(where, f"it is of another log: {earlier.origin}")
    else:
        _check_state(where, earlier, found.logs.get(GROUND, []), verdict, whole=False)


# ---------------------------------------------------------------------- what stands beside it


def _check_pins(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare what the run was pinned to with what its manifest says."""
    if not found.pins:
        if not found.doubts:
            verdict.doubt(RECORD, "the first record pins nothing")
        return
    if not source.has(MANIFEST):
        return
    manifest = _json(source.read(MANIFEST))
    for key, path in _PINNED.items():
        pinned: Any = found.pins
        for part in path:
            pinned = pinned.get(part) if isinstance(pinned, dict) else None
        if manifest.get(key) != pinned:
            verdict.doubt(MANIFEST, f"{key} is not what the run was pinned to in record 0")


def _json(content: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _check_files(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare the digests in the seal with the files at hand."""
    stated = found.seal.get("files", {})
    sealed: dict[str, Any] = stated if isinstance(stated, dict) else {}
    for name, expected in sorted(sealed.items()):
        if not source.has(name):
            verdict.doubt(name, "the file is missing; the seal names it")
        elif hashlib.sha256(source.read(name)).hexdigest() != expected:
            verdict.doubt(name, "the file was altered: its digest is not the sealed one")
    for number, name, digest in found.parts:
        if sealed and sealed.get(name) != digest:
            verdict.doubt(name, f"the seal names another digest than record {number}")
    for name in sorted(set(source.names()) - set(sealed) - LEDGER_FILES):
        if name.startswith(f"{LEDGER}/"):
            verdict.doubt(name, f"no run writes this file beside {FILE_NAME}")
        else:
            verdict.notes.append(f"{name} is not covered by the ledger")


def _check_side_store(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare personal data with the salted hashes in the records."""
    try:
        rows = parse_side_store(source.read(SIDE_FILE), SIDE_FILE) if source.has(SIDE_FILE) else []
    except RunFolderError as error:
        verdict.doubt(f"{SIDE_FILE}:{error.problems[0].line}", error.problems[0].message)
        return
    entries = {row.commitment: row for row in rows}
    counts = {"kept": 0, "erased": 0}
    for number, row in enumerate(rows, start=1):
        if not row.holds():
            what = f"the value of {row.commitment} is not the one the record committed to"
            verdict.doubt(f"{SIDE_FILE}:{number}", what)
        elif row.commitment not in found.commitments:
            verdict.doubt(f"{SIDE_FILE}:{number}", f"no record mentions {row.commitment}")
    for commitment in dict.fromkeys(found.commitments):
        entry = entries.get(commitment)
        if entry is None:
            verdict.doubt(SIDE_FILE, f"neither value nor erasure of {commitment} is there")
        else:
            counts["erased" if entry.erased else "kept"] += 1
    verdict.personal = counts
    known = Personal(rows, found.pins)
    verdict.people, verdict.said = known.people(), known.said(found.orders)


def _say_limits(trusted: Sequence[VerifyKey], verdict: Verdict, *, given: bool) -> None:
    """Say what the keys at hand do not prove."""
    if not given:
        verdict.notes.append(
            "signatures were checked against the keys in the folder only: whoever could rewrite "
            "the whole folder could put other keys there; give --keys with keys you got elsewhere"
        )
    if any(key.is_simulated for key in trusted):
        verdict.notes.append(
            "keys are simulated: anyone who knows the scenario's seed can sign with them"
        )
    if not any(key.kind == COSIGNATURE for key in trusted):
        verdict.notes.append("no witness's key was given, so no witness was asked for")
