"""Verifying a run's ledger offline: records, logs, signatures, witness, pins, files.

Nothing is believed that is not shown; every reason for doubt is named.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from perigrid.base.errors import RunFolderError
from perigrid.base.signing import COSIGNATURE, VerifyKey
from perigrid.ledger.audit_checkpoint import (
    CHECKPOINT_FILE,
    KEYS_FILE,
    check_checkpoint,
    check_since,
)
from perigrid.ledger.audit_records import Records, read_records, unanchored
from perigrid.ledger.audit_run_batches import check_run_batches
from perigrid.ledger.leaf import FILE_NAME, RECORD
from perigrid.ledger.personal import Personal
from perigrid.ledger.seal import LEDGER, MANIFEST
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.side_store import parse_side_store
from perigrid.ledger.source import MAX_JSON_BYTES, Source
from perigrid.ledger.verdict import Verdict

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
    "workload": ("workload",),
}
"""Keys of the manifest and where the pins say the same."""


def verify_run(
    source: Source,
    keys: Sequence[VerifyKey] | None = None,
    since: Sequence[tuple[str, bytes]] = (),
    inner: Collection[str] = (),
) -> Verdict:
    """Verify one run, or of a comparison what is signed as a whole.

    Parameters
    ----------
    source : Source
        Its folder, or a bundle of it.
    keys : sequence of VerifyKey, optional
        Public keys that are trusted; those in the folder if left out, which proves less.
    since : sequence of (str, bytes)
        Names and contents of earlier checkpoints that the log must continue.
    inner : collection of str
        Folders with ledgers of their own.

    Returns
    -------
    Verdict
        With every reason for doubt.
    """
    verdict = Verdict(source.label)
    for name, kind in source.foreign():
        if name.split("/")[0] not in inner:
            verdict.doubt(name, f"it is {kind}: no run writes anything but plain files")
    try:
        found = read_records(source.read(RECORD))
    except RunFolderError as error:
        verdict.doubt(RECORD, error.problems[0].message)
        return verdict
    verdict.records, verdict.pins, verdict.inner = found.length, found.pins, found.runs
    verdict.doubts += found.doubts
    verdict.logs = {log: len(leaves) for log, leaves in sorted(found.logs.items())}
    trusted = check_checkpoint(source, found, keys, verdict)
    for name, content in since:
        check_since(name, content, found, trusted, verdict)
    _check_pins(source, found, verdict)
    _check_files(source, found, verdict, inner)
    _check_side_store(source, found, verdict)
    check_run_batches(source, found, verdict)
    for log, (first, last) in unanchored(found).items():
        span = f"leaf {first}" if first == last else f"leaves {first} to {last}"
        verdict.gaps.append(f"{log}: {span} reached no contact before the end of the run")
    _say_limits(trusted, verdict, given=keys is not None)
    return verdict


# ---------------------------------------------------------------------- what stands beside it


def _check_pins(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare what the run was pinned to with what its manifest says."""
    if not found.pins:
        if not found.doubts:
            verdict.doubt(RECORD, "the first record pins nothing")
        return
    if not source.has(MANIFEST):
        return
    manifest = _json(source, MANIFEST)
    for key, path in _PINNED.items():
        pinned: Any = found.pins
        for part in path:
            pinned = pinned.get(part) if isinstance(pinned, dict) else None
        if manifest.get(key) != pinned:
            verdict.doubt(MANIFEST, f"{key} is not what the run was pinned to in record 0")


def _json(source: Source, name: str) -> dict[str, Any]:
    try:
        parsed = json.loads(source.read(name, MAX_JSON_BYTES))
    except (RunFolderError, ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _check_files(source: Source, found: Records, verdict: Verdict, inner: Collection[str]) -> None:
    """Compare the digests in the seal with the files at hand."""
    stated = found.seal.get("files", {})
    sealed: dict[str, Any] = stated if isinstance(stated, dict) else {}
    for name, expected in sorted(sealed.items()):
        _check_file(source, name, expected, verdict)
    for number, name, digest in found.parts:
        if sealed and sealed.get(name) != digest:
            verdict.doubt(name, f"the seal names another digest than record {number}")
    for name in sorted(set(source.names()) - set(sealed) - LEDGER_FILES):
        if name.split("/")[0] in inner:
            continue
        if name.startswith(f"{LEDGER}/"):
            verdict.doubt(name, f"no run writes this file beside {FILE_NAME}")
        else:
            verdict.uncovered.append(name)


def _check_file(source: Source, name: str, expected: object, verdict: Verdict) -> None:
    if not source.has(name):
        verdict.doubt(name, "the file is missing; the seal names it")
        return
    try:
        same = source.digest(name) == expected
    except RunFolderError as error:
        verdict.doubt(name, error.problems[0].message)
        return
    if not same:
        verdict.doubt(name, "the file was altered: its digest is not the sealed one")


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
