"""Mutants of input files: one byte, token or line changed at a time, drawn from a seed.

A reader survives a mutant if it ends in success or in one of the project's own errors, in time.
"""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from perigrid.base.errors import PerigridError

PATIENCE_S: Final = 30
"""A reader that has not ended a small mutant by then hangs."""

_TOKEN = re.compile(rb"[A-Za-z0-9_.+\-]+")
_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_NASTY_NUMBERS: Final = (
    b"0", b"-0", b"-1", b"1e308", b"1e999", b"-1e-320", b"9" * 19, b"9" * 400, b"0x1f", b"1_000",
    b"nan", b".nan", b"NaN", b"inf", b"-Infinity", b"1e", b"00012", b"1.7976931348623157e308",
    b"2147483648", b"-9223372036854775809", b"true", b"null", b"12:30", "٣".encode(), "½".encode(),
)  # fmt: skip
_NASTY_WORDS: Final = (
    b"", b" ", b"\t", b"\r\n", b"\n", b"\x00", b"\x1b[2J", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3",
    b"\xed\xa0\x80", b"'", b'"', b"\\", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"<", b">",
    b"&", b"*", b"!", b"#", b"@", b"%", b"|", b":", b",", b";", b"=", b"-", b"..", b"../x", b"~",
    b"<!--", b"]]>", b"&#0;", b"${x}", b"<<: *a", b"&a [*a]", b"? ", b"---\n", b"...\n",
    "\u202e".encode(), "\u2028".encode(), "\u0085".encode(), "e\u0301".encode(), "😀".encode(),
)  # fmt: skip


def mutants(seeds: Sequence[bytes], count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield ``count`` changed copies of the seeds, the same for the same arguments."""
    draw = random.Random(seed)
    for _ in range(count):
        changed = draw.choice(seeds)
        for _ in range(draw.choice((1, 1, 1, 2, 4))):
            changed = draw.choice(_CHANGES)(changed, draw, seeds)
        yield changed


def survive(
    read: Callable[[bytes], object], seeds: Sequence[bytes], count: int, seed: int = 1
) -> int:
    """Read mutants; return how many were refused.

    Fails on the first that ends in an error of another kind, or does not end.
    """
    refused = 0
    for number, mutant in enumerate(mutants(seeds, count, seed)):
        try:
            with in_time():
                read(mutant)
        except PerigridError:
            refused += 1
        except Exception as failure:
            raise AssertionError(
                f"mutant {number} of seed {seed} ends in {failure!r}: {mutant[:3000]!r}"
            ) from failure
    return refused


@contextmanager
def in_time(patience_s: int = PATIENCE_S) -> Iterator[None]:
    """End with a TimeoutError what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done in {patience_s} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(patience_s)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _span(data: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.choice((1, 1, 2, 5, 20, 100)))


def _flip(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    if not data:
        return b"\x01"
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def _delete(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, draw)
    return data[:start] + data[end:]


def _double(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, draw)
    return data[:end] + data[start:end] * draw.choice((1, 1, 3, 50)) + data[end:]


def _insert(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    at = draw.randrange(len(data) + 1)
    return data[:at] + draw.choice(_NASTY_WORDS) + data[at:]


def _cut(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _token(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    return _replace(data, draw, _TOKEN, draw.choice(_NASTY_WORDS + _NASTY_NUMBERS))


def _number(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    return _replace(data, draw, _NUMBER, draw.choice(_NASTY_NUMBERS))


def _swap(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    """Put one token of the file in the place of another."""
    found = _TOKEN.findall(data)
    return _replace(data, draw, _TOKEN, draw.choice(found)) if found else data


def _replace(data: bytes, draw: random.Random, form: re.Pattern[bytes], word: bytes) -> bytes:
    spots = [match.span() for match in form.finditer(data)]
    if not spots:
        return data + word
    start, end = draw.choice(spots)
    return data[:start] + word + data[end:]


def _lines(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    """Drop, double or move a line."""
    lines = data.split(b"\n")
    line = lines.pop(draw.randrange(len(lines)))
    for _time in range(draw.choice((0, 1, 2))):
        lines.insert(draw.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _splice(data: bytes, draw: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Go on with the rest of another file."""
    other = draw.choice(seeds)
    return data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other) + 1) :]


def _nest(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    at = draw.randrange(len(data) + 1)
    opening = draw.choice((b"[", b"{", b"(", b'{"a":', b"<a>", b"- ", b"!", b"'", b'"'))
    return data[:at] + opening * draw.choice((2, 60, 3000)) + data[at:]


_CHANGES: Final = (
    _flip, _delete, _double, _insert, _cut, _token, _token, _number, _number, _swap, _swap, _lines,
    _splice, _nest,
)  # fmt: skip
