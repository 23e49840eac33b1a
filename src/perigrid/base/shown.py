"""Text from outside, made fit to be shown on one line of a terminal, a page or a file."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Write out every character that is not a printable one.

    Parameters
    ----------
    text : str
        From anywhere: a name out of a file, a path, a message with either in it.

    Returns
    -------
    str
        With control characters, line ends, the marks that turn the direction of writing, and
        whatever else prints as nothing, as the escapes of Python's source: ``\x1b``, ``\n``,
        ``\u202e``. Nothing in it moves a cursor, ends a line or begins a command.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )
