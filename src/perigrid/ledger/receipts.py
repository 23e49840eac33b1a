"""One operator's log of grants and receipts: a chain of lines that no one can change unseen."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from perigrid.base.codec import canonical_json
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import VerifyKey
from perigrid.ledger.disk import replace_file
from perigrid.ledger.keys import write_keys

FOLDER: Final = "receipts"
KEYS: Final = "keys.txt"
GENESIS: Final = hashlib.sha256(b"perigrid receipts v1").hexdigest()

_KINDS: Final[dict[str, Any]] = {"grant": CapabilityGrant, "receipt": UsageReceipt}


@dataclass(frozen=True, slots=True)
class ReceiptLog:
    """What an operator's log holds.

    Parameters
    ----------
    path : str
        Where it was read.
    grants : tuple of CapabilityGrant
        In order.
    receipts : tuple of UsageReceipt
        In order.
    """

    path: str
    grants: tuple[CapabilityGrant, ...]
    receipts: tuple[UsageReceipt, ...]


def log_bytes(documents: Iterable[CapabilityGrant | UsageReceipt]) -> bytes:
    """Write a log.

    Parameters
    ----------
    documents : iterable of CapabilityGrant or UsageReceipt
        In order.

    Returns
    -------
    bytes
        One JSON object a line, each with the hash of the line before.
    """
    lines, previous = [], GENESIS
    for document in documents:
        kind = "grant" if isinstance(document, CapabilityGrant) else "receipt"
        body = {"kind": kind, "document": dataclasses.asdict(document), "previous": previous}
        text = canonical_json(body)
        previous = hashlib.sha256(text.encode()).hexdigest()
        lines.append(f"{text}\n")
    return "".join(lines).encode()


def write_logs(
    folder: Path,
    grants: Iterable[CapabilityGrant],
    receipts: Iterable[UsageReceipt],
    keys: Iterable[VerifyKey],
) -> None:
    """Write the log of every operator that lent or borrowed, and all public keys.

    Parameters
    ----------
    folder : Path
        Created.
    grants, receipts
        Signed; each goes into the logs of its lender and of its borrower.
    keys : iterable of VerifyKey
        Of the operators.
    """
    folder.mkdir()
    documents: list[CapabilityGrant | UsageReceipt] = [*grants, *receipts]
    parties = sorted({name for one in documents for name in (one.lender, one.borrower)})
    for party in parties:
        own = [one for one in documents if party in {one.lender, one.borrower}]
        replace_file(folder / f"{file_name(party)}.jsonl", log_bytes(own))
    replace_file(folder / KEYS, write_keys(keys).encode())


def file_name(operator: str) -> str:
    """Make a file name of an operator's name.

    Parameters
    ----------
    operator : str
        Any text.

    Returns
    -------
    str
        Letters, digits, dots and hyphens only; another name for every operator.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in operator)
    if plain == operator and not plain.startswith("."):
        return plain
    return f"{plain.lstrip('.')}-{hashlib.sha256(operator.encode()).hexdigest()[:8]}"


def read_log(path: Path) -> ReceiptLog:
    """Read a log, checking the chain on the way.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    ReceiptLog
        Every document; signatures are not checked here.

    Raises
    ------
    RunFolderError
        If the file cannot be read, a line is no document, or the chain breaks.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = Problem(f"cannot be read: {error.strerror}", "give a log", path=str(path))
        raise RunFolderError([problem]) from error
    return parse_log(content, str(path))


def parse_log(content: bytes, path: str) -> ReceiptLog:
    """Read a log that was loaded before.

    Parameters
    ----------
    content : bytes
        The file.
    path : str
        Its name, for messages.

    Returns
    -------
    ReceiptLog
        Every document.

    Raises
    ------
    RunFolderError
        If a line is no document, or the chain breaks.
    """
    grants: list[CapabilityGrant] = []
    receipts: list[UsageReceipt] = []
    previous = GENESIS
    lines = content.split(b"\n")
    if lines.pop() != b"":
        raise RunFolderError([_broken(path, len(lines) + 1, "is cut short")])
    for number, line in enumerate(lines, start=1):
        try:
            body = json.loads(line)
            chained = canonical_json(body).encode() == line and body["previous"] == previous
            document = _document(body)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RunFolderError([_broken(path, number, "is no grant or receipt")]) from error
        if not chained:
            raise RunFolderError([_broken(path, number, "does not follow the line before")])
        previous = hashlib.sha256(line).hexdigest()
        if isinstance(document, CapabilityGrant):
            grants.append(document)
        else:
            receipts.append(document)
    return ReceiptLog(path, tuple(grants), tuple(receipts))


def _document(body: dict[str, Any]) -> CapabilityGrant | UsageReceipt:
    kind = _KINDS[body["kind"]]
    values = {
        key: tuple(item) if isinstance(item, list) else item
        for key, item in body["document"].items()
    }
    document: CapabilityGrant | UsageReceipt = kind(**values)
    for field in dataclasses.fields(document):
        value = getattr(document, field.name)
        wanted = {"float": float, "int": int, "str": str, "bool": bool}.get(str(field.type), tuple)
        if type(value) is not wanted:
            raise TypeError(field.name)
        if isinstance(value, tuple) and any(type(item) is not str for item in value):
            raise TypeError(field.name)
    return document


def _broken(path: str, number: int, message: str) -> Problem:
    remedy = "the log was altered or cut; ask its operator for it again"
    return Problem(f"this line {message}", remedy, path=path, line=number)
