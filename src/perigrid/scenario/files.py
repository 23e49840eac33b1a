"""Reading an input file without being hurt by it: size first, then bytes, then UTF-8."""

from __future__ import annotations

from pathlib import Path

from perigrid.base.errors import InputError
from perigrid.scenario.forms import binary_form

MAX_SCENARIO_BYTES = 1_000_000
"""A scenario of 1,000 satellites by inline elements is about 250 kB; YAML
is read at about 0.1 MB/s."""

MAX_DATA_BYTES = 20_000_000
"""The whole active catalogue, 16,000 objects, is 2.7 MB as TLE and about 8 MB as OMM JSON."""


def read_text(path: Path, shown: str, limit_bytes: int, error: type[InputError]) -> str:
    """Read a regular UTF-8 file of limited size.

    Parameters
    ----------
    path : Path
        What to read.
    shown : str
        The name to use in errors.
    limit_bytes : int
        Largest size accepted; checked before anything is read [B].
    error : type of InputError
        What to raise.

    Returns
    -------
    str
        The text, with Unix line ends and no byte order mark.

    Raises
    ------
    InputError
        Of the given type: not there, not a regular file, unreadable, too large, empty, not UTF-8.
    """  # noqa: DOC501  the helper makes an InputError
    try:
        _check_kind(path, shown, limit_bytes, error)
        with path.open("rb") as stream:
            raw = stream.read(limit_bytes + 1)
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise error.at(
            shown, f"cannot be read: {reason}", remedy="check the path and its permissions"
        ) from failure
    if len(raw) > limit_bytes:
        raise _too_large(shown, len(raw), limit_bytes, error)
    return _decode(raw, shown, error)


def _check_kind(path: Path, shown: str, limit_bytes: int, error: type[InputError]) -> None:
    """Refuse what is not a regular file of acceptable size, before opening it."""
    if not path.exists():
        remedy = "check the path; that of a key `file:` starts at the scenario's folder"
        raise error.at(shown, "no such file", remedy=remedy)
    if path.is_dir():
        raise error.at(shown, "is a directory, not a file", remedy="name the file inside it")
    if not path.is_file():
        raise error.at(shown, "is not a regular file", remedy="copy its content into a file")
    size = path.stat().st_size
    if size > limit_bytes:
        raise _too_large(shown, size, limit_bytes, error)


def _too_large(shown: str, size: int, limit_bytes: int, error: type[InputError]) -> InputError:
    """Build the error for a file beyond its limit."""
    return error.at(
        shown,
        f"has {size / 1e6:.1f} MB; at most {limit_bytes / 1e6:.0f} MB are read",
        remedy="name the right file, or cut it to the satellites or requests you need",
    )


def _decode(raw: bytes, shown: str, error: type[InputError]) -> str:
    """Decode UTF-8, pointing at the first byte that is not."""
    if other := binary_form(raw):
        remedy = "unpack it, or export it as text in UTF-8"
        raise error.at(shown, f"is {other}, not UTF-8 text", remedy=remedy, line=1, column=1)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        before = raw[: failure.start]
        line = before.count(b"\n") + 1
        column = failure.start - (before.rfind(b"\n") + 1) + 1
        raise error.at(
            shown,
            f"byte {failure.start} (0x{raw[failure.start]:02x}) is not UTF-8 text",
            remedy="save the file as UTF-8",
            line=line,
            column=column,
        ) from failure
    if not text.strip():
        raise error.at(shown, "is empty", remedy="see `perigrid init` for a scenario to start from")
    return text.replace("\r\n", "\n").replace("\r", "\n")
