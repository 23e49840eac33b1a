"""A witness: somebody else who has seen a log and puts a name only to its growth.

A log that shows different people different histories needs the witness's signature under two
checkpoints of which neither continues the other; the witness remembers the last one it signed and
refuses.

References
----------
C2SP, tlog-witness, https://c2sp.org/tlog-witness; C2SP, tlog-cosignature,
https://c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigrid.base.errors import Problem, RunFolderError, WorkError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.ledger.disk import locked_folder
from perigrid.ledger.merkle import HASH_BYTES, verify_consistency
from perigrid.ledger.note import Checkpoint, Note, NoteSignature, cosign, parse_checkpoint, signers
from perigrid.ledger.outputs import write_output


@dataclass(frozen=True, slots=True)
class Seen:
    """The last state of a log that a witness signed.

    Parameters
    ----------
    size : int
        Leaves.
    root : bytes
        Merkle tree head.
    """

    size: int
    root: bytes


class Witness:
    """Cosigns consistent growth of logs.

    Parameters
    ----------
    key : SigningKey
        Of the kind :data:`~perigrid.base.signing.COSIGNATURE`.
    log_keys : sequence of VerifyKey
        Keys of the logs it watches; others it does not sign.
    memory : Path, optional
        File that keeps what was signed, read if it is there; without one the witness forgets.

    Raises
    ------
    ValueError
        If the key is not a witness's.
    """

    def __init__(
        self, key: SigningKey, log_keys: Sequence[VerifyKey], memory: Path | None = None
    ) -> None:
        if key.kind != COSIGNATURE:
            raise ValueError(f"{key.name} is not a witness's key")
        self._key = key
        self._log_keys = tuple(one for one in log_keys if one.kind != COSIGNATURE)
        self._memory = memory
        self._seen = {} if memory is None or not memory.exists() else _load(memory)

    def seen(self, origin: str) -> Seen | None:
        """Tell the last state of a log that was signed.

        Parameters
        ----------
        origin : str
            Which log.

        Returns
        -------
        Seen or None
            None if none was.
        """
        return self._seen.get(origin)

    def cosign(self, note: Note, proof: Sequence[bytes], t_unix_s: int) -> NoteSignature:
        """Sign a checkpoint that continues the last one.

        Parameters
        ----------
        note : Note
            The checkpoint with the log's signature.
        proof : sequence of bytes
            Consistency with the last state signed; empty for the first checkpoint of a log.
        t_unix_s : int
            Time of the cosignature since 1970 [s].

        Returns
        -------
        NoteSignature
            Given only after the new state is remembered.

        Raises
        ------
        WorkError
            If the log's signature is missing, or the log was forked or rolled back.
        """
        checkpoint = parse_checkpoint(note.text)
        if not signers(note, self._log_keys):
            raise WorkError(f"no key that {self._key.name} knows signed this checkpoint")
        if self._memory is None:
            self._remember(checkpoint, proof)
        else:
            # Read anew under the lock: a second process must not sign another branch meanwhile.
            with locked_folder(self._memory.parent):
                self._seen = _load(self._memory) if self._memory.exists() else {}
                self._remember(checkpoint, proof)
                _save(self._memory, self._seen)
        return cosign(note.text, self._key, t_unix_s)

    def _remember(self, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
        self._demand_growth(checkpoint, proof)
        self._seen[checkpoint.origin] = Seen(checkpoint.size, checkpoint.root)

    def _demand_growth(self, now: Checkpoint, proof: Sequence[bytes]) -> None:
        """Raise unless a checkpoint continues the last one of its log."""
        last = self._seen.get(now.origin)
        if last is None or last.size == 0:
            if proof:
                raise WorkError("a first checkpoint has nothing to be consistent with")
            return
        if now.size < last.size:
            message = f"the log was rolled back: {last.size} leaves were signed, now {now.size}"
            raise WorkError(message)
        if now.size == last.size and now.root != last.root:
            raise WorkError(f"the log was forked: two roots of {now.size} leaves")
        if not verify_consistency(last.size, now.size, last.root, now.root, proof):
            message = f"it is not shown that {now.size} leaves continue the {last.size} signed"
            raise WorkError(message)


def _load(place: Path) -> dict[str, Seen]:
    try:
        rows = json.loads(place.read_text(encoding="utf-8"))
        return {str(origin): _seen(row) for origin, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message, remedy = "this is not a witness's memory", "name the file the witness wrote"
        raise RunFolderError([Problem(message, remedy, path=str(place))]) from error


def _seen(row: dict[str, Any]) -> Seen:
    seen = Seen(int(row["size"]), base64.b64decode(row["root"], validate=True))
    if len(seen.root) != HASH_BYTES:
        raise ValueError("a root has 32 bytes")
    return seen


def _save(place: Path, seen: dict[str, Seen]) -> None:
    rows = {
        origin: {"size": one.size, "root": base64.b64encode(one.root).decode()}
        for origin, one in sorted(seen.items())
    }
    write_output(place, json.dumps(rows, indent=1) + "\n")
