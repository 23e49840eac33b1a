"""Putting a further name under a finished run: an operator's real key, or a witness's."""

from __future__ import annotations

from pathlib import Path

from perigrid.base.errors import Problem, RunFolderError, WorkError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.ledger.audit import CHECKPOINT_FILE, KEYS_FILE, verify_run
from perigrid.ledger.audit_records import RECORD, read_records
from perigrid.ledger.disk import replace_file
from perigrid.ledger.keys import read_keys, write_keys
from perigrid.ledger.logs import GROUND
from perigrid.ledger.merkle import consistency_proof
from perigrid.ledger.note import Note, NoteSignature, parse_checkpoint, parse_note, sign
from perigrid.ledger.source import Source
from perigrid.ledger.witness import Witness


def endorse(run: Path, key: SigningKey, t_unix_s: int, memory: Path | None = None) -> VerifyKey:
    """Verify a run and sign its checkpoint.

    Parameters
    ----------
    run : Path
        Run folder.
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
        If there is any doubt about the run, or the witness refuses.
    RunFolderError
        If the folder holds no ledger.
    """
    source = Source(str(run), run)
    if not source.has(RECORD):
        problem = Problem(f"there is no {RECORD} in it", "name a run folder", path=str(run))
        raise RunFolderError([problem])
    verdict = verify_run(source)
    if not verdict.ok:
        first = verdict.doubts[0]
        raise WorkError(f"not signed, for there is doubt: {first.where}: {first.what}")
    note = parse_note(source.read(CHECKPOINT_FILE))
    keys = read_keys(source.read(KEYS_FILE), KEYS_FILE)
    signature = _signature(source, note, keys, key, t_unix_s, memory)
    # The key first: a checkpoint must never carry a name that the folder does not explain.
    public = key.verify_key
    replace_file(run / KEYS_FILE, write_keys(dict.fromkeys((*keys, public))).encode())
    kept = [one for one in note.signatures if one.key_id != public.key_id]
    replace_file(run / CHECKPOINT_FILE, Note(note.text, (*kept, signature)).encode())
    return public


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
