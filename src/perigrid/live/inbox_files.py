"""The files of an inbox: messages in their only spelling, and orders with why they were given.

Others may be able to write into the folder. A file is read if it is one, and small: nothing that
stands there is waited for, followed elsewhere, or read without end.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from perigrid.base.approvals import SignedOrder, Withheld
from perigrid.base.codec import canonical_json, decode, encode
from perigrid.base.withheld import SALT_BYTES, Told

MOST_LETTERS: Final = 1000
"""Of one text in a message; none that is signed is a tenth as long."""
MOST_BYTES: Final = 1_000_000
"""Of a file with one message."""
FileId = tuple[str, int, int, int]
"""A file by name, and by what changes if another takes its name."""
_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")


def read_small(path: Path, most: int = MOST_BYTES) -> bytes | None:
    """Read a file that somebody may have put there to keep whoever reads it busy.

    Parameters
    ----------
    path : Path
        Any.
    most : int
        Size beyond which nothing is read [B].

    Returns
    -------
    bytes or None
        None for what is missing, too large, a link, a pipe or anything else that is no file.
    """
    # A pipe would be waited for by an open that is to block.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return None
            content = stream.read(most + 1)
    except OSError:
        return None
    return content if len(content) <= most else None


def list_files(folder: Path) -> list[FileId]:
    """List the messages of a folder.

    Parameters
    ----------
    folder : Path
        Any.

    Returns
    -------
    list of tuple
        In order of their names; what is gone meanwhile is left out.
    """
    found: list[FileId] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.endswith(".json") or entry.name.startswith("."):
                continue
            with suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                found.append((entry.name, about.st_ino, about.st_mtime_ns, about.st_size))
    return sorted(found)


def message_json(message: object) -> bytes:
    """Write a message in the one spelling that is read.

    Parameters
    ----------
    message : object
        Of :mod:`perigrid.base.messages` or :mod:`perigrid.base.approvals`.

    Returns
    -------
    bytes
        Canonical JSON.
    """
    return canonical_json(encode(message)).encode()


def parse_message(content: bytes, kind: type) -> Any | None:  # noqa: ANN401  of the kind asked for
    """Read a message that somebody may have tampered with.

    Parameters
    ----------
    content : bytes
        Of a file.
    kind : type
        What it must be.

    Returns
    -------
    object or None
        None for anything but exactly one message of that kind, its numbers and texts being such;
        never raises on bad input.
    """
    try:
        message = decode(json.loads(content))
        known = (
            isinstance(message, kind)
            and _is_well_formed(message)
            and message_json(message) == content
        )
    except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return message if known else None


def order_letter(order: SignedOrder, reason: Told | None) -> bytes:
    """Write an order with the reason that no record will hold.

    Parameters
    ----------
    order : SignedOrder
        Signed; commits to the reason.
    reason : Told or None
        None once a run has taken it.

    Returns
    -------
    bytes
        Canonical JSON.
    """
    why = None if reason is None else {"salt": reason.salt.hex(), "value": reason.value}
    return canonical_json({"order": encode(order), "reason": why}).encode()


def parse_order(content: bytes) -> tuple[SignedOrder, Told | None] | None:
    """Read an order that somebody may have tampered with.

    Parameters
    ----------
    content : bytes
        Of a file.

    Returns
    -------
    (SignedOrder, Told or None) or None
        None for anything but exactly what :func:`order_letter` writes, with a reason in words that
        the order commits to; what a person says must not get into a record by another door.
    """
    try:
        fields = json.loads(content)
        order, why = decode(fields["order"]), fields["reason"]
        told = None if why is None else Told(why["value"], bytes.fromhex(why["salt"]))
        known = (
            isinstance(order, SignedOrder)
            and isinstance(order.reason, Withheld)
            and _COMMITMENT.fullmatch(order.reason.commitment) is not None
            and (told is None or _is_kept_secret(told, order.reason))
            and _is_well_formed(order)
            and order_letter(order, told) == content
        )
    except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return (order, told) if known else None


def _is_kept_secret(told: Told, stands: Withheld) -> bool:
    """Say whether words are those that were committed to, with a salt that nobody can guess."""
    return isinstance(told.value, str) and len(told.salt) == SALT_BYTES and told.withheld == stands


def _is_well_formed(message: Any) -> bool:  # noqa: ANN401  a dataclass
    """Say whether texts are texts and numbers numbers: comparing or printing them never fails."""
    fields = dataclasses.fields(message)
    return all(_FITS[one.type](getattr(message, one.name)) for one in fields if one.type in _FITS)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= MOST_LETTERS


def _is_number(value: object) -> bool:
    return type(value) in {int, float} and math.isfinite(value)  # type: ignore[arg-type]


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_is_text, value))


# By the type of a field, as the source spells it.
_FITS: Final[dict[Any, Callable[[object], bool]]] = {
    "str": _is_text,
    "float": _is_number,
    "int": _is_number,
    "tuple[str, ...]": _are_texts,
}
