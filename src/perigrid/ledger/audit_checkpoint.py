"""The signed state of a ledger: who signed, over exactly which leaves, in exactly which bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from perigrid.base.errors import RunFolderError
from perigrid.base.signing import COSIGNATURE, VerifyKey
from perigrid.ledger import merkle, pins
from perigrid.ledger.audit_records import Records
from perigrid.ledger.keys import read_keys, write_keys
from perigrid.ledger.logs import GROUND
from perigrid.ledger.note import (
    MAX_BYTES,
    Checkpoint,
    Note,
    Signer,
    parse_checkpoint,
    parse_note,
    signers,
)
from perigrid.ledger.seal import CHECKPOINT, KEYS, LEDGER
from perigrid.ledger.source import Source
from perigrid.ledger.verdict import Verdict

CHECKPOINT_FILE: Final = f"{LEDGER}/{CHECKPOINT}"
KEYS_FILE: Final = f"{LEDGER}/{KEYS}"


def check_checkpoint(
    source: Source, found: Records, keys: Sequence[VerifyKey] | None, verdict: Verdict
) -> tuple[VerifyKey, ...]:
    """Compare the signed state of the ground's log with its leaves, and the signatures with keys.

    Parameters
    ----------
    source : Source
        The run.
    found : Records
        Its record, gone through.
    keys : sequence of VerifyKey or None
        Public keys that are trusted; those in the folder if None.
    verdict : Verdict
        Takes the doubts.

    Returns
    -------
    tuple of VerifyKey
        The keys that are trusted.
    """
    own = _own_keys(source, verdict)
    trusted = own if keys is None else tuple(keys)
    try:
        note = parse_note(source.read(CHECKPOINT_FILE, MAX_BYTES))
        checkpoint = verdict.checkpoint = parse_checkpoint(note.text)
    except RunFolderError as error:
        verdict.doubt(CHECKPOINT_FILE, error.problems[0].message)
        return trusted
    _check_lines(note, own, verdict)
    verdict.signed_by = check_signatures(CHECKPOINT_FILE, note, trusted, verdict)
    if checkpoint.extensions:
        verdict.doubt(CHECKPOINT_FILE, "it holds lines that no run writes")
    if found.doubts:
        verdict.notes.append("records are in doubt, so no root was compared with the signed one")
        return trusted
    if found.pins and checkpoint.origin != _origin(found):
        verdict.doubt(CHECKPOINT_FILE, f"it is of another log: {checkpoint.origin}")
    check_state(CHECKPOINT_FILE, checkpoint, found.logs.get(GROUND, []), verdict, whole=True)
    return trusted


def _origin(found: Records) -> str:
    try:
        return pins.origin(found.pins, found.first)
    except (KeyError, TypeError):
        return ""


def _own_keys(source: Source, verdict: Verdict) -> tuple[VerifyKey, ...]:
    """Read the keys in the folder, which stand in the one form in which a run writes them."""
    try:
        content = source.read(KEYS_FILE, MAX_BYTES)
        keys = read_keys(content, KEYS_FILE)
    except RunFolderError as error:
        verdict.doubt(KEYS_FILE, error.problems[0].message)
        return ()
    if write_keys(dict.fromkeys(keys)).encode() != content:
        verdict.doubt(KEYS_FILE, "the file was altered: no run writes it so")
    return keys


def _check_lines(note: Note, keys: Sequence[VerifyKey], verdict: Verdict) -> None:
    """Demand one signature line for each key in the folder, in the same order, and that it holds.

    Whoever takes a line out, puts it twice or swaps two changes no signed byte: only this finds it.
    """
    lines = [(one.name, one.key_id) for one in note.signatures]
    known = [(key.name, key.key_id) for key in keys]
    for name, _ in dict.fromkeys(one for one in lines if one not in known):
        verdict.doubt(CHECKPOINT_FILE, f"{name} signed it, whose key is not in {KEYS_FILE}")
    for name, _ in dict.fromkeys(one for one in known if one not in lines):
        verdict.doubt(KEYS_FILE, f"{name} did not sign the checkpoint")
    if set(lines) == set(known) and lines != known:
        what = f"its signature lines were doubled or swapped: {KEYS_FILE} has another order"
        verdict.doubt(CHECKPOINT_FILE, what)
    try:
        signed = signers(note, keys)
    except RunFolderError as error:
        verdict.doubt(CHECKPOINT_FILE, error.problems[0].message)
        return
    for kind, name in ((False, "log"), (True, "witness")):
        if keys and not any((one.t_unix_s is not None) == kind for one in signed):
            what = f"no {name} key in the folder signed it, and every run is signed by one"
            verdict.doubt(CHECKPOINT_FILE, what)


def check_signatures(
    where: str, note: Note, trusted: Sequence[VerifyKey], verdict: Verdict
) -> list[Signer]:
    """Demand a signature of the log, and one of a witness where a witness is known.

    Parameters
    ----------
    where : str
        What the note is.
    note : Note
        The note.
    trusted : sequence of VerifyKey
        Public keys that are trusted.
    verdict : Verdict
        Takes the doubts.

    Returns
    -------
    list of Signer
        Who signed it.
    """
    try:
        signed = signers(note, trusted)
    except RunFolderError as error:
        what = error.problems[0].message
        if (where, what) not in {(one.where, one.what) for one in verdict.doubts}:
            verdict.doubt(where, what)
        return []
    names = ", ".join(signature.name for signature in note.signatures)
    for kind, name in ((False, "log"), (True, "witness")):
        keys = [key for key in trusted if (key.kind == COSIGNATURE) == kind]
        held = [one for one in signed if (one.t_unix_s is not None) == kind]
        if (keys or name == "log") and not held:
            verdict.doubt(where, f"no trusted {name} key signed it; signatures are of {names}")
        elif held and all(one.key.is_simulated for one in held) and _any_real(keys):
            what = f"only a simulated {name} key signed it, and real ones were asked for"
            verdict.doubt(where, what)
    return signed


def _any_real(keys: Sequence[VerifyKey]) -> bool:
    """Say whether any key is more than what everybody can make."""
    return not all(key.is_simulated for key in keys)


def check_state(
    where: str, stated: Checkpoint, leaves: Sequence[bytes], verdict: Verdict, *, whole: bool
) -> None:
    """Compare a stated size and root with the leaves at hand.

    Parameters
    ----------
    where : str
        What states them.
    stated : Checkpoint
        Size and root.
    leaves : sequence of bytes
        Of the ground's log.
    verdict : Verdict
        Takes the doubts.
    whole : bool
        Whether it must be the state of the whole log, not of its beginning.
    """
    if stated.size > len(leaves) or (whole and stated.size != len(leaves)):
        what = (
            f"it is over {stated.size} leaves of the ground's log, the record holds {len(leaves)}"
        )
        verdict.doubt(where, what if whole else f"the log was rolled back: {what}")
    elif merkle.root(leaves[: stated.size]) != stated.root:
        what = f"the root of the ground's log over {stated.size} leaves is not the signed one"
        forked = f"the log was forked: {what}, so the record does not continue this checkpoint"
        verdict.doubt(where, what if whole else forked)


def check_since(
    where: str, content: bytes, found: Records, trusted: Sequence[VerifyKey], verdict: Verdict
) -> None:
    """Demand that the log continues an earlier checkpoint.

    Parameters
    ----------
    where : str
        Name of the checkpoint.
    content : bytes
        Its file.
    found : Records
        The record, gone through.
    trusted : sequence of VerifyKey
        Public keys that are trusted.
    verdict : Verdict
        Takes the doubts.
    """
    try:
        note = parse_note(content)
        earlier = parse_checkpoint(note.text)
    except RunFolderError as error:
        verdict.doubt(where, error.problems[0].message)
        return
    check_signatures(where, note, trusted, verdict)
    if verdict.checkpoint is not None and earlier.origin != verdict.checkpoint.origin:
        verdict.doubt(where, f"it is of another log: {earlier.origin}")
    else:
        check_state(where, earlier, found.logs.get(GROUND, []), verdict, whole=False)
