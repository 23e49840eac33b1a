"""Signed notes and checkpoints: what a log says of itself, in the C2SP text forms.

References
----------
C2SP, signed-note, https://c2sp.org/signed-note; C2SP, tlog-checkpoint,
https://c2sp.org/tlog-checkpoint; C2SP, tlog-cosignature, https://c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.ledger.merkle import HASH_BYTES

MAX_SIGNATURES: Final = 100
MAX_BYTES: Final = 1_000_000
"""Largest note, and largest list of keys beside one. [B]"""
MAX_SIZE: Final = 2**63 - 1
_KEY_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE: Final = re.compile(r"0|[1-9][0-9]*")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line of a note.

    Parameters
    ----------
    name : str
        Of the key, as it says itself.
    key_id : bytes
        Four bytes that tell keys of one name apart.
    content : bytes
        The signature; of a cosignature, eight bytes of time and the signature.
    """

    name: str
    key_id: bytes
    content: bytes

    def line(self) -> str:
        """Write the signature as a line of a note.

        Returns
        -------
        str
            Without the newline.
        """
        return f"— {self.name} {base64.b64encode(self.key_id + self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text with signatures.

    Parameters
    ----------
    text : str
        What is signed, ending in a newline.
    signatures : tuple of NoteSignature
        In order.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """Write the note.

        Returns
        -------
        bytes
            Text, empty line, signature lines.
        """
        lines = "".join(f"{signature.line()}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log.

    Parameters
    ----------
    origin : str
        Which log; no other log may use the same.
    size : int
        Leaves.
    root : bytes
        Merkle tree head.
    extensions : tuple of str
        Further lines, none of them empty.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the body of the checkpoint's note.

        Returns
        -------
        str
            Origin, size, root and extensions, a line each.
        """
        head = (self.origin, str(self.size), base64.b64encode(self.root).decode())
        return "".join(f"{line}\n" for line in (*head, *self.extensions))


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signed a note, and when if it said so.

    Parameters
    ----------
    key : VerifyKey
        The key.
    t_unix_s : int or None
        Time of a cosignature since 1970 [s]; None for a plain signature.
    """

    key: VerifyKey
    t_unix_s: int | None


def parse_note(content: bytes) -> Note:
    """Read a signed note.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    Note
        Whose :meth:`Note.encode` gives the same bytes.

    Raises
    ------
    RunFolderError
        If it is not exactly what a signed note may be.
    """
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RunFolderError([_problem("it is not UTF-8 text")]) from error
    if _CONTROL.search(whole):
        raise RunFolderError([_problem("it holds control characters")])
    body, gap, tail = whole.rpartition("\n\n")
    if not gap or not body or not tail.endswith("\n"):
        raise RunFolderError([_problem("it is not a text, an empty line and signature lines")])
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise RunFolderError([_problem(f"it has more than {MAX_SIGNATURES} signatures")])
    return Note(body + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> NoteSignature:
    found = _LINE.fullmatch(line)
    try:
        content = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        content = b""
    if found is None or len(content) <= _KEY_ID_BYTES or _spelled(content) != found[2]:
        raise RunFolderError([_problem(f"this is no signature line: {line!r}")])
    return NoteSignature(found[1], content[:_KEY_ID_BYTES], content[_KEY_ID_BYTES:])


def _spelled(content: bytes) -> str:
    """Write base64 the one way that is accepted."""
    return base64.b64encode(content).decode()


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the body of a checkpoint's note.

    Parameters
    ----------
    text : str
        Ending in a newline.

    Returns
    -------
    Checkpoint
        Whose :meth:`Checkpoint.text` gives the same text.

    Raises
    ------
    RunFolderError
        If it is not exactly what a checkpoint may be.
    """
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise RunFolderError([_problem("a checkpoint is origin, size and root, a line each")])
    origin, size, spelled, *extensions = lines
    if _SIZE.fullmatch(size) is None or len(size) > 19 or int(size) > MAX_SIZE:
        raise RunFolderError([_problem(f"the size {size!r} is not a plain decimal number")])
    try:
        root = base64.b64decode(spelled, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != HASH_BYTES or _spelled(root) != spelled:
        raise RunFolderError(
            [_problem(f"the root {spelled!r} is not base64 of {HASH_BYTES} bytes")]
        )
    return Checkpoint(origin, int(size), root, tuple(extensions))


def sign(text: str, key: SigningKey) -> NoteSignature:
    """Sign a note's text.

    Parameters
    ----------
    text : str
        Ending in a newline.
    key : SigningKey
        Of the plain kind.

    Returns
    -------
    NoteSignature
        To be put under the text.
    """
    return NoteSignature(key.name, key.verify_key.key_id, key.sign(text.encode()))


def cosign(text: str, key: SigningKey, t_unix_s: int) -> NoteSignature:
    """Sign a checkpoint as a witness; call it only for growth that was checked.

    Parameters
    ----------
    text : str
        Body of the checkpoint.
    key : SigningKey
        Of the kind :data:`~perigrid.base.signing.COSIGNATURE`.
    t_unix_s : int
        Time since 1970 [s].

    Returns
    -------
    NoteSignature
        To be put under the text.
    """
    signature = key.sign(_cosigned(text, t_unix_s))
    stamped = t_unix_s.to_bytes(_TIME_BYTES, "big") + signature
    return NoteSignature(key.name, key.verify_key.key_id, stamped)


def _cosigned(text: str, t_unix_s: int) -> bytes:
    """Write what a witness signs: a header, its time, the checkpoint."""
    return f"cosignature/v1\ntime {t_unix_s}\n{text}".encode()


def signers(note: Note, keys: Iterable[VerifyKey]) -> list[Signer]:
    """Find who of the known keys signed a note; signatures of unknown keys say nothing.

    Parameters
    ----------
    note : Note
        The note.
    keys : iterable of VerifyKey
        The known keys.

    Returns
    -------
    list of Signer
        In the order of the signature lines; a key that signed twice counts once.

    Raises
    ------
    RunFolderError
        If a signature under the name and id of a known key does not hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifyKey, Signer] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        signer = _signer(note.text, key, signature.content)
        if signer is None:
            raise RunFolderError([_problem(f"the signature of {key.name} does not hold")])
        found.setdefault(key, signer)
    return list(found.values())


def _signer(text: str, key: VerifyKey, content: bytes) -> Signer | None:
    """Check one signature; None if it does not hold."""
    if key.kind != COSIGNATURE:
        return Signer(key, None) if key.verify(text.encode(), content) else None
    t_unix_s = int.from_bytes(content[:_TIME_BYTES], "big")
    holds = key.verify(_cosigned(text, t_unix_s), content[_TIME_BYTES:])
    return Signer(key, t_unix_s) if holds else None


def _problem(message: str) -> Problem:
    return Problem(message, "the note was altered or cut; get it again from where it was made")
