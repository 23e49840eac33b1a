"""Putting a further name under a finished run or comparison: an operator's key, or a witness's."""

from __future__ import annotations

from pathlib import Path

from perigrid.base.errors import WorkError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.ledger.audit_checkpoint import CHECKPOINT_FILE, KEYS_FILE
from perigrid.ledger.audit_folder import verify
from perigrid.ledger.audit_records import read_records
from perigrid.ledger.disk import replace_file
from perigrid.ledger.keys import read_keys, write_keys
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.logs import GROUND
from perigrid.ledger.merkle import consistency_proof
from perigrid.ledger.note import Note, NoteSignature, parse_checkpoint, parse_note, sign
from perigrid.ledger.source import Source
from perigrid.ledger.witness import Witness


def endorse(run: Path, key: SigningKey, t_unix_s: int, memory: Path | None = None) -> VerifyKey:
    """Verify a run, or a comparison and all its runs, and sign every checkpoint.

    Parameters
    ----------
    run : Path
        Run or comparison folder.
    key : SigningKey
        Plain, or a witness's.
    t_unix_s : int
        Time of a cosignature since 1970 [s].
    memory : Path, optional
        Where a witness remembers what it signed.

    Returns
    -------
    VerifyKey
        The public half, now among the keys in the folder.

    Raises
    ------
    WorkError
        If there is any doubt, or the witness refuses.
    """
    source = Source(str(run), run)
    verdicts = verify(source)
    for verdict in verdicts:
        if not verdict.ok:
            first = verdict.doubts[0]
            place = f"{verdict.run.removeprefix(str(run)).strip('/')}/{first.where}".strip("/")
            raise WorkError(f"not signed, for there is doubt: {place}: {first.what}")
    # The whole last: it is signed only once all its parts are.
    for verdict in reversed(verdicts):
        _sign_one(Path(verdict.run), key, t_unix_s, memory)
    return key.verify_key


def _sign_one(run: Path, key: SigningKey, t_unix_s: int, memory: Path | None) -> None:
    """Put a name under one checkpoint; one that stands there already stays in its place."""
    source = Source(str(run), run)
    note = parse_note(source.read(CHECKPOINT_FILE))
    keys = read_keys(source.read(KEYS_FILE), KEYS_FILE)
    public = key.verify_key
    signature = _signature(source, note, keys, key, t_unix_s, memory)
    lines = {one.key_id: one for one in note.signatures} | {public.key_id: signature}
    # The key first: a checkpoint must never carry a name that the folder does not explain.
    replace_file(run / KEYS_FILE, write_keys(dict.fromkeys((*keys, public))).encode())
    replace_file(run / CHECKPOINT_FILE, Note(note.text, tuple(lines.values())).encode())


def _signature(
    source: Source,
    note: Note,
    keys: tuple[VerifyKey, ...],
    key: SigningKey,
    t_unix_s: int,
    memory: Path | None,
) -> NoteSignature:
    """Sign as an operator, or as a witness that has seen the log grow."""
    if key.kind != COSIGNATURE:
        return sign(note.text, key)
    witness = Witness(key, keys, memory)
    seen = witness.seen(parse_checkpoint(note.text).origin)
    leaves = read_records(source.read(RECORD)).logs[GROUND]
    grown = seen is not None and 0 < seen.size < len(leaves)
    proof = consistency_proof(leaves, seen.size) if grown and seen is not None else []
    return witness.cosign(note, proof, t_unix_s)
