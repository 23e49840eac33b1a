"""Cedar text cut into its policies, so that each can be checked and pointed at by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# As in Cedar's own grammar: strings run over lines, comments end with one.
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_COMMENT: Final = r"//[^\n\r]*"
_TOKEN: Final = re.compile(rf'{_STRING}|"|{_COMMENT}|;', re.DOTALL)
_BLANK: Final = re.compile(rf"(?:\s|{_COMMENT})*")
_NOTE: Final = re.compile(r"@\s*\w+\s*\(\s*$")
_NESTING: Final = re.compile(rf"{_STRING}|{_COMMENT}|[(\[{{]|[)\]}}]", re.DOTALL)
_OPERATOR: Final = re.compile(
    rf"{_STRING}|{_COMMENT}|(&&|\|\||==|!=|<=|>=|[-+*!<>.]|\b(?:if|in|has|like|is)\b)", re.DOTALL
)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]{1,9})\}|(.))", re.DOTALL)
_PLAIN_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}

MOST_NOTE: Final = 100
"""Characters before a string that are looked at for the name of its annotation."""
MOST_NESTING: Final = 100
"""Brackets within brackets of one policy."""
MOST_OPERATORS: Final = 2_000
"""Operators of one policy; the engine's own limit is the stack of its process."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of a policy, without its annotations, and where it begins in the text."""

    value: str
    line: int
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One policy with its annotations, and the line and column it starts on."""

    text: str
    line: int
    column: int = 1

    @property
    def too_deep(self) -> str:
        """What of it is more than the engine can bear; empty if nothing is."""
        depth = deepest = 0
        for token in _NESTING.finditer(self.text):
            if token.group() in "([{":
                depth += 1
                deepest = max(deepest, depth)
            elif token.group() in ")]}":
                depth -= 1
        if deepest > MOST_NESTING:
            return f"{deepest} brackets within each other; at most {MOST_NESTING} are read"
        operators = sum(token.group(1) is not None for token in _OPERATOR.finditer(self.text))
        most = f"{operators} operators; at most {MOST_OPERATORS} are read"
        return most if operators > MOST_OPERATORS else ""

    def literals(self) -> Iterator[Literal]:
        """Find the strings of the policy.

        Yields
        ------
        Literal
            In order; those of annotations are left out.
        """
        line, begun = self.line, 1 - self.column  # begun: where the line of a token begins
        read = 0
        for token in _TOKEN.finditer(self.text):
            at = token.start()
            line += self.text.count("\n", read, at)
            begun = max(begun, self.text.rfind("\n", read, at) + 1) if at > read else begun
            read = at
            is_note = _NOTE.search(self.text[max(0, at - MOST_NOTE) : at])
            if len(token.group()) > 1 and token.group()[0] == '"' and not is_note:
                yield Literal(
                    unescaped(token.group()[1:-1]), line, at - begun + 1, len(token.group())
                )


def statements(text: str) -> tuple[Statement, ...]:
    """Cut Cedar text at the semicolons that end policies.

    Parameters
    ----------
    text : str
        Any number of policies; it need not be valid.

    Returns
    -------
    tuple of Statement
        In order, without the comments between them; a rest without a semicolon counts as one, and
        so does everything from a string on that does not end.
    """
    found: list[Statement] = []
    begin, line, counted = 0, 1, 0
    ends = [*_ends(text), len(text)]
    for end in ends:
        blank = _BLANK.match(text, begin, end)
        first = blank.end() if blank else begin
        line += text.count("\n", counted, first)
        counted = first
        column = first - text.rfind("\n", max(0, first - MOST_NOTE), first)
        found.append(Statement(text[first:end].strip(), line, column))
        begin = end
    return tuple(one for one in found if one.text)


def _ends(text: str) -> Iterator[int]:
    """Where policies end."""
    for token in _TOKEN.finditer(text):
        if token.group() == '"':  # a string without an end
            return
        if token.group() == ";":
            yield token.end()


def unescaped(text: str) -> str:
    """Read the inside of a Cedar string.

    Parameters
    ----------
    text : str
        Between the quotes.

    Returns
    -------
    str
        What it stands for.
    """
    return _ESCAPE.sub(_plain, text)


def _plain(escape: re.Match[str]) -> str:
    code = escape[1] or (escape[2] or "").replace("_", "")
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else escape[0]
    return _PLAIN_ESCAPES.get(escape[3] or "", escape[3] or escape[0])
