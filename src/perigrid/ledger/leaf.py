"""One record as a line of text, as a link of a chain and as a leaf of a Merkle log.

The leaf is the canonical JSON of the record, which holds the hash of the record before it. The
record's hash is its RFC 6962 leaf hash, put behind the leaf on the same line: one SHA-256 serves
the chain and the tree.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.codec import canonical_json
from perigrid.base.message_text import number_text
from perigrid.ledger.merkle import leaf_hash

FILE_NAME: Final = "record.jsonl"
RECORD: Final = f"ledger/{FILE_NAME}"
"""Where it stands in a run folder."""
GENESIS: Final = hashlib.sha256(b"perigrid record v2").hexdigest()
"""What the first record names as the hash before it."""
HASH: Final = "hash"
PREVIOUS: Final = "previous"
_LINK: Final = b',"hash":"'
_TAIL_BYTES: Final = len(_LINK) + 64 + len(b'"}')


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the record, taken apart.

    Parameters
    ----------
    leaf : bytes
        What is hashed.
    hashed : bytes
        Leaf hash, computed.
    stated : str
        Hash the line states, hexadecimal.
    entry : dict
        The record with ``previous`` and ``hash``.
    """

    leaf: bytes
    hashed: bytes
    stated: str
    entry: dict[str, Any]

    @property
    def whole(self) -> bool:
        """Whether the stated hash is that of the content."""
        return self.hashed.hex() == self.stated

    @property
    def canonical(self) -> bool:
        """Whether the content is written the one way in which it is hashed."""
        body = {key: value for key, value in self.entry.items() if key != HASH}
        try:
            return canonical_json(body).encode() == self.leaf
        except ValueError:  # NaN and infinities
            return False


def write_line(body: dict[str, Any], previous: str) -> tuple[bytes, bytes]:
    """Write a record.

    Parameters
    ----------
    body : dict
        JSON values without ``previous`` and ``hash``.
    previous : str
        Hash of the record before, or :data:`GENESIS`.

    Returns
    -------
    line : bytes
        With its newline.
    hashed : bytes
        Leaf hash.
    """
    return _hashed(canonical_json({**body, PREVIOUS: previous}))


def write_messages(
    body: dict[str, Any], key: str, messages: str, previous: str
) -> tuple[bytes, bytes]:
    """Write a record of messages whose text is made already: the line of :func:`write_line`.

    Parameters
    ----------
    body : dict
        ``index``, ``kind``, ``log``, ``sequence`` and ``t_s``.
    key : str
        Of the messages; comes before ``index`` in the order of keys.
    messages : str
        Their canonical JSON.
    previous : str
        Hash of the record before, or :data:`GENESIS`.

    Returns
    -------
    line : bytes
        With its newline.
    hashed : bytes
        Leaf hash.
    """
    return _hashed(
        f'{{"{key}":{messages},"index":{body["index"]},"kind":"{body["kind"]}",'
        f'"log":{canonical_json(body["log"])},"{PREVIOUS}":"{previous}",'
        f'"sequence":{body["sequence"]},"t_s":{number_text(body["t_s"])}}}'
    )


def _hashed(text: str) -> tuple[bytes, bytes]:
    """Put the hash of a leaf behind it on its line."""
    leaf = text.encode()
    hashed = leaf_hash(leaf)
    return leaf[:-1] + _LINK + hashed.hex().encode() + b'"}\n', hashed


def parse_line(raw: bytes) -> Line | None:
    """Take a line apart.

    Parameters
    ----------
    raw : bytes
        Without its newline.

    Returns
    -------
    Line or None
        None if it is no record at all; whether it is whole is for the caller to ask.
    """
    body, tail = raw[:-_TAIL_BYTES], raw[-_TAIL_BYTES:]
    if not tail.startswith(_LINK) or not tail.endswith(b'"}'):
        return None
    try:
        entry = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not _has_keys(entry):
        return None
    leaf = body + b"}"
    stated = tail[len(_LINK) : -2].decode("ascii", errors="replace")
    return Line(leaf, leaf_hash(leaf), stated, entry)


def holds_record(tail: bytes) -> bool:
    """Say whether what stands behind the last newline is more than a line that was cut.

    Parameters
    ----------
    tail : bytes
        Without a newline.

    Returns
    -------
    bool
        True if it begins with a whole record and goes on: a write that was cut leaves the first
        part of a line, so the newline behind that record was damaged.
    """
    end = tail.find(_LINK) + _TAIL_BYTES
    while _TAIL_BYTES <= end < len(tail):
        line = parse_line(tail[:end])
        if line is not None and line.whole:
            return True
        end = tail.find(_LINK, end - _TAIL_BYTES + 1) + _TAIL_BYTES
    return False


def _has_keys(entry: dict[str, Any]) -> bool:
    """Say whether the keys that every record has are there with the right kinds of values."""
    numbers = (entry.get("sequence"), entry.get("index"))
    texts = (entry.get("kind"), entry.get("log"), entry.get(PREVIOUS), entry.get(HASH))
    return (
        all(type(one) is int and one >= 0 for one in numbers)
        and all(type(one) is str for one in texts)
        and type(entry.get("t_s")) in {int, float}
    )
