"""Trees against the recursive definition of RFC 6962, and everything that must be refused."""

import hashlib

import numpy as np
import pytest

from perigrid.ledger import merkle
from perigrid.ledger.merkle import CompactRange, leaf_hash

LEAVES = [leaf_hash(f"record {k}".encode()) for k in range(300)]
SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 255, 256, 257]


def tree_head(leaves):
    """MTH(D[n]) as section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    pair = tree_head(leaves[:split]) + tree_head(leaves[split:])
    return hashlib.sha256(b"\x01" + pair).digest()


@pytest.mark.parametrize("size", [0, *SIZES])
def test_the_root_is_that_of_the_definition(size):
    assert merkle.root(LEAVES[:size]) == tree_head(LEAVES[:size])


def test_a_compact_range_goes_on_where_it_stopped():
    grown = CompactRange()
    for k, hashed in enumerate(LEAVES):
        again = CompactRange(grown.size, grown.hashes)
        assert again.append(hashed) == grown.append(hashed) == k
        assert again.root() == grown.root()
    assert grown.root() == tree_head(LEAVES)


@pytest.mark.parametrize(("size", "hashes"), [(-1, []), (3, [LEAVES[0]]), (0, [LEAVES[0]])])
def test_a_compact_range_of_the_wrong_shape_is_refused(size, hashes):
    with pytest.raises(ValueError, match="subtree roots"):
        CompactRange(size, hashes)


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_proved_and_at_no_other_place(size):
    leaves, head = LEAVES[:size], tree_head(LEAVES[:size])
    for index in range(size):
        proof = merkle.inclusion_proof(leaves, index)
        assert merkle.verify_inclusion(index, size, leaves[index], proof, head)
        assert not merkle.verify_inclusion(index + 1, size, leaves[index], proof, head)
        assert not merkle.verify_inclusion(index, size, LEAVES[299], proof, head)


@pytest.mark.parametrize("size", SIZES)
def test_every_older_state_is_proved_and_no_other(size):
    leaves, head = LEAVES[:size], tree_head(LEAVES[:size])
    for old in range(1, size + 1):
        proof, old_head = merkle.consistency_proof(leaves, old), tree_head(leaves[:old])
        assert merkle.verify_consistency(old, size, old_head, head, proof)
        forked = tree_head([LEAVES[299], *leaves[1:old]])
        assert not merkle.verify_consistency(old, size, forked, head, proof)
        assert not merkle.verify_consistency(old, size, old_head, head, [*proof, LEAVES[0]])
        if proof:
            assert not merkle.verify_consistency(old, size, old_head, head, proof[:-1])


def test_an_empty_older_state_proves_nothing():
    head = tree_head(LEAVES)
    assert not merkle.verify_consistency(0, 300, merkle.EMPTY_ROOT, head, [])
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
    with pytest.raises(IndexError, match="older state"):
        merkle.consistency_proof(LEAVES, 0)


def test_there_is_no_proof_of_what_is_not_there():
    with pytest.raises(IndexError, match="no leaf 300"):
        merkle.inclusion_proof(LEAVES, 300)
    with pytest.raises(IndexError, match="older state of 301"):
        merkle.consistency_proof(LEAVES, 301)


@pytest.mark.parametrize("junk", [[b""], [b"short"], [bytes(33)], [bytes(32)] * 70])
def test_junk_is_refused_without_raising(junk):
    head = tree_head(LEAVES)
    assert not merkle.verify_inclusion(3, 300, LEAVES[3], junk, head)
    assert not merkle.verify_consistency(3, 300, LEAVES[3], head, junk)
    assert not merkle.verify_inclusion(-1, 300, LEAVES[3], [], head)
    assert not merkle.verify_consistency(300, 3, head, LEAVES[3], [])


def flipped(proof, bit):
    changed = [bytearray(one) for one in proof]
    changed[bit // 256][bit % 256 // 8] ^= 1 << bit % 8
    return [bytes(one) for one in changed]


def test_twenty_thousand_flipped_proofs_are_refused():
    rng = np.random.default_rng(20)
    head, cases, refused = tree_head(LEAVES), [], 0
    for index, old in rng.integers(1, 299, (200, 2)).tolist():
        cases.append((merkle.inclusion_proof(LEAVES, index), index, None))
        cases.append((merkle.consistency_proof(LEAVES, old), old, tree_head(LEAVES[:old])))
    for proof, number, old_head in cases:
        for bit in rng.choice(256 * len(proof), 50, replace=False).tolist():
            bad = flipped(proof, bit)
            if old_head is None:
                held = merkle.verify_inclusion(number, 300, LEAVES[number], bad, head)
            else:
                held = merkle.verify_consistency(number, 300, old_head, head, bad)
            refused += not held
    assert refused == 20_000
