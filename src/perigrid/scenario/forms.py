"""What a file is by what stands in it, so that the wrong file is named and not its every line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HEAD: Final = 4000
"""Characters in which a form shows itself."""
_HTML: Final = re.compile(r"<!doctype\s+html\b|<html\b", re.IGNORECASE)
_XML_ROOT: Final = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_KVN: Final = re.compile(r"^\s*CCSDS_(\w+)_VERS\s*=", re.MULTILINE)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TLE: Final = re.compile(r"^[ \t]*[12] [ 0-9A-Za-z]{5}[A-Za-z ][^,\n]*$", re.MULTILINE)
_CSV_COLUMNS: Final = 4
_PLAIN: Final = frozenset({"JSON", "XML", "HTML", "KVN"})
_MESSAGES: Final = {"ndm", "omm"}
_BINARY: Final = (
    (b"PK\x03\x04", "a ZIP archive (or a spreadsheet)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"BZh", "compressed by bzip2"),
    (b"\xfd7zXZ\x00", "compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"PAR1", "a Parquet table"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x00\x00\x27\x0a", "a shapefile"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of text.

    Parameters
    ----------
    name : str
        ``JSON``, ``XML``, ``HTML``, ``KVN``, ``CSV``, ``TLE``; empty if it is none of them.
    words : str
        What it is, to stand after "is".
    kind : str
        Of XML its root element, of KVN its message, both in small letters.
    """

    name: str
    words: str
    kind: str = ""


def form_of(text: str) -> Form:
    """Find out what a text is, from its beginning.

    Parameters
    ----------
    text : str
        Content of a file.

    Returns
    -------
    Form
        The first that fits.
    """
    head = text.lstrip()[:_HEAD]
    if head.startswith("<"):
        return _markup(head)
    if head.startswith(("{", "[")):
        return Form("JSON", "JSON")
    if message := _KVN.search(head):
        kind = message[1].lower()
        return Form("KVN", f"a CCSDS {kind.upper()} of lines KEYWORD = value", kind)
    if _TLE.search(head):
        return Form("TLE", "TLE")
    first = head.split("\n", 1)[0]
    if first.count(",") >= _CSV_COLUMNS:
        return Form("CSV", "a table of cells between commas")
    return Form("", f"text that begins {first[:40].strip()!r}")


def wrong_form(text: str, wanted: str) -> str:
    """Say that a text is of a form that nobody can take for another one.

    Parameters
    ----------
    text : str
        In which problems were found.
    wanted : str
        What it should be.

    Returns
    -------
    str
        Message; empty if the text may be what it should be, with mistakes.
    """
    found = form_of(text)
    return f"is {found.words}, not {wanted}" if found.name in _PLAIN else ""


def _markup(head: str) -> Form:
    if _HTML.search(head):
        return Form("HTML", "an HTML page (of an error, or of a login?)", "html")
    root = _XML_ROOT.search(_COMMENT.sub("", head))
    kind = root[1].lower() if root else ""
    message = f"an XML document of <{root[1]}>" if root else "XML"
    return Form("XML", "OMM in XML" if kind in _MESSAGES else message, kind)


def binary_form(raw: bytes) -> str:
    """Name what a file is that is no text.

    Parameters
    ----------
    raw : bytes
        Its beginning.

    Returns
    -------
    str
        To stand after "is"; empty if it is not known.
    """
    return next((words for mark, words in _BINARY if raw.startswith(mark)), "")
