"""Standard output and error that no command fails on: closed, narrow, or read no further."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO, cast

from perigrid.base.shown import printable

_GONE: Final = frozenset({errno.EPIPE, errno.ECONNRESET, errno.ESHUTDOWN, errno.EBADF})
"""Nobody is there to read: the command goes on and finishes its work."""


class Outlet(io.TextIOBase):
    """A stream whose reader may go, and whose encoding may lack signs.

    What would steer a terminal is written out: text may hold names from anywhere.

    Parameters
    ----------
    stream : TextIO
        Written to; signs that its encoding lacks become question marks.
    steers : bool
        Whether what is written may steer the terminal, as a progress bar does.

    Notes
    -----
    It shows no ``buffer``: what writes to it writes in its encoding, and does not choose another.
    """

    def __init__(self, stream: TextIO, *, steers: bool = False) -> None:
        self._stream = stream
        self._steers = steers
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there
        """As of the stream."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write, unless nobody reads any more.

        Parameters
        ----------
        text : str
            What.

        Returns
        -------
        int
            Its length.
        """
        if text != "":  # click writes nothing to see what the stream takes
            with self._tended():
                self._stream.write(text if self._steers else printable(text, lines=True))
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, unless nobody reads any more."""
        with self._tended():
            self._stream.flush()

    def isatty(self) -> bool:
        """Say whether this is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Give the descriptor."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Say yes."""
        return True

    def close(self) -> None:
        """Leave the stream to whoever opened it."""

    def steered(self) -> Outlet:
        """Give the same stream for what may steer the terminal."""
        return Outlet(self._stream, steers=True)

    @contextmanager
    def _tended(self) -> Iterator[None]:
        """Swallow that the reader has gone; after any other failure, let the interpreter end."""
        try:
            yield
        except OSError as error:
            # What is still in the buffer would fail again when the interpreter flushes it.
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._stream.fileno())
                os.close(nowhere)
            if error.errno not in _GONE:
                error.filename = error.filename or getattr(self._stream, "name", None)
                raise


def steered(stream: TextIO) -> TextIO:
    """Find the way to a terminal for what may steer it.

    Parameters
    ----------
    stream : TextIO
        A standard stream.

    Returns
    -------
    TextIO
        The same, past what writes out the signs that steer.
    """
    return cast("TextIO", stream.steered()) if isinstance(stream, Outlet) else stream


@contextmanager
def lasting_streams() -> Iterator[None]:
    """Give a command standard streams that it can rely on.

    Yields
    ------
    None
        While they stand; the old ones come back afterwards.
    """
    _open_descriptors()
    before = sys.stdout, sys.stderr
    out, err = before[0] or _stream_of(1), before[1] or _stream_of(2)
    sys.stdout, sys.stderr = cast("TextIO", Outlet(out)), cast("TextIO", Outlet(err))
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        sys.stdout, sys.stderr = before


def _open_descriptors() -> None:
    """Open the standard descriptors that are closed: the next file would get their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def _stream_of(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)
