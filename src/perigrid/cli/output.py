"""What commands print: one result on stdout, everything else on stderr."""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

import click

from perigrid.base.progress import Progress
from perigrid.base.shown import printable
from perigrid.cli.streams import steered

PATIENCE_S: Final = 2.0
"""A progress bar appears only for what takes longer."""
LINE_EVERY_S: Final = 60.0
"""Between two lines of progress where nobody watches."""


def print_json(document: object, warnings: tuple[str, ...] | None = None) -> None:
    """Print one JSON document.

    Parameters
    ----------
    document : object
        Mappings, lists, texts and numbers; NaN and infinities become ``null``.
    warnings : tuple of str, optional
        What the scenario is warned of: the document, a mapping, gets them as ``warnings``.
    """
    if warnings is not None and isinstance(document, dict):
        document = {**document, "warnings": warnings}
    # Where the stream's encoding lacks signs they are escaped: a question mark would be wrong data.
    narrow = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    click.echo(json.dumps(finite(document), indent=2, ensure_ascii=narrow, allow_nan=False))


def finite(value: object) -> object:
    """Replace numbers that JSON does not know by None.

    Parameters
    ----------
    value : object
        Any nesting of mappings and sequences.

    Returns
    -------
    object
        The same with ``None`` for NaN and infinities.
    """
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@contextmanager
def found_there(folder: Path, *, resume: bool) -> Iterator[None]:
    """Lay it at the folder's door if what was found in it, and not computed, cannot be told.

    Parameters
    ----------
    folder : Path
        Of a run that may have been complete already.
    resume : bool
        Only then is anything taken from there.

    Yields
    ------
    None
        While it is put into words.
    """
    from perigrid.ledger.table_file import understood

    with understood(str(folder)) if resume else nullcontext():
        yield


def hint(text: str, *, quiet: bool) -> None:
    """Say something useful that is not the result.

    Parameters
    ----------
    text : str
        One or more lines.
    quiet : bool
        Says nothing if set.
    """
    if not quiet:
        click.echo(text, err=True)


def warn(warnings: tuple[str, ...], *, quiet: bool) -> None:
    """Say what a scenario is warned of.

    Parameters
    ----------
    warnings : tuple of str
        A sentence each.
    quiet : bool
        Says nothing if set.
    """
    for warning in warnings:
        hint(f"warning: {warning}", quiet=quiet)


def columns(rows: list[tuple[str, ...]], right: tuple[int, ...] = ()) -> str:
    """Lay out rows in columns.

    Parameters
    ----------
    rows : list of tuple of str
        Equal lengths; the first row is the heading.
    right : tuple of int
        Columns aligned to the right.

    Returns
    -------
    str
        Lines without trailing blanks.
    """
    rows = [tuple(printable(cell) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(widths[column]) if column in right else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Show a bar on stderr for long work, or a line a minute where that is no terminal.

    What libraries print meanwhile goes to stderr too.

    Parameters
    ----------
    quiet : bool
        Neither.

    Yields
    ------
    callable or None
        Told a label and a share from 0 to 1; None if nothing is shown.
    """
    with _libraries_on_stderr():
        if quiet:
            yield None
            return
        shown = _LateBar() if sys.stderr.isatty() else _Lines()
        try:
            yield shown.update
        finally:
            shown.close()


@contextmanager
def _libraries_on_stderr() -> Iterator[None]:
    """Keep stdout to the result: compiled libraries may print lines of their own there."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # there is no such stream
        yield
        return
    try:
        yield
    finally:
        # C keeps what it prints until its buffer is full: let it go while stderr still gets it.
        with suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


class _Lines:
    """A line a minute, for logs; it comes also when the work has nothing new to tell."""

    def __init__(self) -> None:
        self._told = ("working", 0.0)
        self._started_s = time.monotonic()
        self._done = threading.Event()
        self._clock = threading.Thread(target=self._write, daemon=True)
        self._clock.start()

    def update(self, label: str, share: float) -> None:
        """Take the state down."""
        self._told = (label, share)

    def _write(self) -> None:
        while not self._done.wait(LINE_EVERY_S):
            label, share = self._told
            minutes = (time.monotonic() - self._started_s) / 60.0
            click.echo(f"{label}: {share:.0%} after {minutes:.0f} min", err=True)

    def close(self) -> None:
        """Write no more."""
        self._done.set()
        self._clock.join()


class _LateBar:
    """A bar that imports and draws nothing before its time has come."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def update(self, label: str, share: float) -> None:
        """Draw the state."""
        if self._bar is None:
            if time.monotonic() - self._started_s < PATIENCE_S:
                return
            self._open()
        self._bar.update(self._task, description=label, completed=share)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(console=Console(file=steered(sys.stderr)), transient=True)
        self._task = self._bar.add_task("", total=1.0)
        self._bar.start()

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()
