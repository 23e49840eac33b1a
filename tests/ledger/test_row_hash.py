"""Compiled SHA-256 against the library's, and trees of rows against RFC 6962's."""

import hashlib

import numpy as np
import pytest

from perigrid.ledger import merkle
from perigrid.ledger.row_hash import SCRATCH_WORDS, hash_parts, root_of
from perigrid.physics.compiled import kernel


@kernel
def leaves(first, second, words, out):
    """Hash rows that stand in two tables."""
    for row in range(len(out)):
        hash_parts(0, first[row], second[row], words, out[row])


@pytest.mark.parametrize("size", [0, 1, 42, 46, 47, 54, 55, 56, 63, 64, 110, 118, 119, 200])
def test_leaves_are_hashed_as_the_library_does(size):
    rows = np.random.default_rng(size).integers(0, 256, (5, size + 9), dtype=np.uint8)
    found = np.zeros((5, 32), dtype=np.uint8)
    first, second = (np.ascontiguousarray(one) for one in (rows[:, :size], rows[:, size:]))
    leaves(first, second, np.zeros(SCRATCH_WORDS, dtype=np.uint32), found)
    assert [one.tobytes() for one in found] == [merkle.leaf_hash(row.tobytes()) for row in rows]


@pytest.mark.parametrize("count", [*range(18), 63, 64, 65, 1000])
def test_roots_are_those_of_the_standard(count):
    hashes = [hashlib.sha256(bytes([k % 256, k // 256])).digest() for k in range(count)]
    table = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(count, 32)
    assert root_of(table) == merkle.root(hashes)
