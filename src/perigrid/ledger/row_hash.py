"""SHA-256 of table rows in compiled loops: leaves and roots of the trees of RFC 6962.

References
----------
NIST, "Secure Hash Standard", FIPS 180-4, 2015, sections 4.1.2, 4.2.2, 5.1.1 and 6.2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.ledger.merkle import EMPTY_ROOT
from perigrid.physics.compiled import kernel, part

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]

SCRATCH_WORDS: Final = 72
"""Words that hashing works in: the message schedule, then the state."""
_BLOCK: Final = 64
_LENGTH: Final = 8
_SCHEDULE: Final = 64


def _roots(power: float, count: int) -> list[int]:
    """First 32 bits behind the point of roots of the first primes."""
    primes: list[int] = []
    number = 2
    while len(primes) < count:
        if all(number % one for one in primes):
            primes.append(number)
        number += 1
    return [int((one**power % 1.0) * 2.0**32) for one in primes]


_ROUND: Final = np.array(_roots(1.0 / 3.0, 64), dtype=np.uint32)
_INITIAL: Final = np.array(_roots(1.0 / 2.0, 8), dtype=np.uint32)


@part
def _turned(x: np.uint32, n: int) -> np.uint32:
    """Rotate a word to the right."""
    return np.uint32((x >> np.uint32(n)) | (x << np.uint32(32 - n)))


@part
def _compress(w: Words) -> None:
    """Take in the block that stands at the beginning of the schedule."""
    for i in range(16, _SCHEDULE):
        x, y = w[i - 15], w[i - 2]
        s0 = _turned(x, 7) ^ _turned(x, 18) ^ np.uint32(x >> np.uint32(3))
        s1 = _turned(y, 17) ^ _turned(y, 19) ^ np.uint32(y >> np.uint32(10))
        w[i] = np.uint32(w[i - 16] + s0 + w[i - 7] + s1)
    a, b, c, d, e, f, g, h = w[64], w[65], w[66], w[67], w[68], w[69], w[70], w[71]
    for i in range(_SCHEDULE):
        s1 = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
        t1 = np.uint32(h + s1 + ((e & f) ^ (np.uint32(~e) & g)) + _ROUND[i] + w[i])
        s0 = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
        t2 = np.uint32(s0 + ((a & b) ^ (a & c) ^ (b & c)))
        h, g, f, e, d, c, b, a = g, f, e, np.uint32(d + t1), c, b, a, np.uint32(t1 + t2)
    for k, value in enumerate((a, b, c, d, e, f, g, h)):
        w[_SCHEDULE + k] += value


@part
def hash_parts(prefix: int, first: Bytes, second: Bytes, w: Words, out: Bytes) -> None:
    """Hash a byte and two runs of bytes after it.

    Parameters
    ----------
    prefix : int
        0 of a leaf, 1 of a node.
    first, second : (n,), (m,) uint8 array
        What follows.
    w : (SCRATCH_WORDS,) uint32 array
        Changed.
    out : (32,) uint8 array
        Filled with the SHA-256.
    """
    for k in range(8):
        w[_SCHEDULE + k] = _INITIAL[k]
    total = 1 + len(first) + len(second)
    blocks = (total + _LENGTH + _BLOCK) // _BLOCK
    for block in range(blocks):
        for i in range(16):
            word = np.uint32(0)
            for k in range(4):
                byte = _byte_at(block * _BLOCK + 4 * i + k, prefix, first, second)
                word = np.uint32((word << np.uint32(8)) | byte)
            w[i] = word
        if block == blocks - 1:
            w[15] = np.uint32(8 * total)
        _compress(w)
    for i in range(8):
        for k in range(4):
            out[4 * i + k] = (w[_SCHEDULE + i] >> np.uint32(24 - 8 * k)) & np.uint32(255)


@part
def _byte_at(place: int, prefix: int, first: Bytes, second: Bytes) -> np.uint32:
    """Byte of what is hashed, padded with one bit behind its end."""
    n = len(first)
    if place == 0:
        return np.uint32(prefix)
    if place <= n:
        return np.uint32(first[place - 1])
    if place <= n + len(second):
        return np.uint32(second[place - 1 - n])
    return np.uint32(128 if place == n + len(second) + 1 else 0)


@kernel
def _fold(hashes: Bytes, w: Words) -> None:
    """Work out the root of a tree over leaf hashes, level by level, into the first of them."""
    count = len(hashes)
    while count > 1:
        for k in range(count // 2):
            hash_parts(1, hashes[2 * k], hashes[2 * k + 1], w, hashes[k])
        if count % 2:
            hashes[count // 2, :] = hashes[count - 1]
        count = (count + 1) // 2


def root_of(leaf_hashes: Bytes) -> bytes:
    """Hash a whole tree at once: :func:`perigrid.ledger.merkle.root` for many leaves.

    Parameters
    ----------
    leaf_hashes : (n, 32) uint8 array
        In order.

    Returns
    -------
    bytes
        The Merkle tree head.

    Notes
    -----
    Pairing neighbours from the left and carrying an odd last one up gives the tree of RFC 6962.
    """
    if len(leaf_hashes) == 0:
        return EMPTY_ROOT
    hashes = np.array(leaf_hashes, dtype=np.uint8, order="C")
    _fold(hashes, np.zeros(SCRATCH_WORDS, dtype=np.uint32))
    return bytes(hashes[0])
