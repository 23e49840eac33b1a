"""How a command tells that it failed: a message on stderr, or one JSON document on stdout."""

from __future__ import annotations

import dataclasses
import errno
from typing import Any, Final

import click

from perigrid.base.errors import InputError, PerigridError, Problem, WorkError
from perigrid.cli.output import print_json

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, 128 plus the signal's number."""
_WRONG_PLACE: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "check the path; its folder has to be there",
    PermissionError: "allow it to its owner, or name another place",
    NotADirectoryError: "check the path; a part of it is no folder",
    IsADirectoryError: "name a file, not a folder",
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})
EXPECTED: Final = (PerigridError, click.ClickException, OSError, KeyboardInterrupt)
"""What :func:`tell` knows how to tell."""


def tell(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong, in the words of the field.

    Parameters
    ----------
    error : BaseException
        Of :data:`EXPECTED`.
    as_json : bool
        Whether whoever reads it asked for JSON.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    BaseException
        Again, if it is a bug.
    """
    if isinstance(error, OSError):
        message, code, problems = _file_trouble(error)
        as_json = as_json and error.filename != "<stdout>"  # where no document comes out either
    elif isinstance(error, click.ClickException):
        if not as_json:
            error.show()
            return error.exit_code
        message, code = error.format_message(), error.exit_code
        problems = (Problem(message),)
    elif isinstance(error, PerigridError):
        message, code = str(error), error.exit_code
        problems = error.problems if isinstance(error, InputError) else (Problem(message),)
    else:
        message, code, problems = "interrupted", INTERRUPTED, (Problem("interrupted"),)
    # Where standard output takes no document, the error is told as if none was asked for.
    if not as_json or not _printed({"error": _document(message, code, problems)}):
        bare = code == INTERRUPTED or message.startswith("error:")
        click.echo(message if bare else f"error: {message}", err=True)
    return code


def _printed(document: dict[str, Any]) -> bool:
    try:
        print_json(document)
    except OSError:
        return False
    return True


def _document(message: str, code: int, problems: tuple[Problem, ...]) -> dict[str, Any]:
    listed = [dataclasses.asdict(problem) for problem in problems]
    return {"message": message, "exit_code": code, "problems": listed}


def _file_trouble(error: OSError) -> tuple[str, int, tuple[Problem, ...]]:
    """Say what could not be read or written.

    Returns
    -------
    message : str
        For people.
    exit_code : int
        For the shell.
    problems : tuple of Problem
        For programs.

    Raises
    ------
    OSError
        Again, if neither a file nor the disk is concerned: those are bugs.
    """
    # Writing into an open file names no file.
    if error.filename is None and error.errno not in _FULL:
        raise error
    place = "" if error.filename is None else str(error.filename)
    remedy = next((said for kind, said in _WRONG_PLACE.items() if isinstance(error, kind)), "")
    if error.errno == errno.EROFS:
        remedy = _WRONG_PLACE[PermissionError]
    code = InputError.exit_code if remedy else WorkError.exit_code
    if error.errno in _FULL:
        remedy = "free some space, or look at the disk"
    message = error.strerror or str(error)
    told = f"{place}: {message}" if place else message
    text = f"error: {told}\n  help: {remedy}" if remedy else f"error: {told}"
    return text, code, (Problem(message, remedy, path=place),)
