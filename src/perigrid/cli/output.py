"""What commands print: one result on stdout, everything else on stderr."""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import click

from perigrid.base.progress import Progress

PATIENCE_S: Final = 2.0
"""A progress bar appears only for what takes longer."""


def print_json(document: object) -> None:
    """Print one JSON document.

    Parameters
    ----------
    document : object
        Mappings, lists, texts and numbers; NaN and infinities become ``null``.
    """
    click.echo(json.dumps(finite(document), indent=2, ensure_ascii=False, allow_nan=False))


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
    """Show a bar on stderr for long work; what libraries print meanwhile goes to stderr too.

    Parameters
    ----------
    quiet : bool
        No bar.

    Yields
    ------
    callable or None
        Told a label and a share from 0 to 1; None where nobody watches.
    """
    with _libraries_on_stderr():
        if quiet or not sys.stderr.isatty():
            yield None
            return
        bar = _LateBar()
        try:
            yield bar.update
        finally:
            bar.close()


@contextmanager
def _libraries_on_stderr() -> Iterator[None]:
    """Keep stdout to the result: HiGHS prints a line of its own there on some programmes."""
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

        self._bar = RichProgress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=1.0)
        self._bar.start()

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()
