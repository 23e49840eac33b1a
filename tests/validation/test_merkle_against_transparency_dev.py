"""Merkle proofs against the vectors of transparency-dev/merkle (417fb0c, testdata/).

Those that must fail are made from those that hold, as that project made its files.
"""

import base64

import pytest

from perigrid.ledger import merkle

# The eight leaves and the roots after each of them that the reference implementations of RFC 6962
# test with: transparency-dev/merkle, testonly/constants.go (first published with Google's
# certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

pytestmark = pytest.mark.validation


def test_the_published_roots():
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert merkle.EMPTY_ROOT.hex() == EMPTY
    assert tuple(merkle.root(hashes[: n + 1]).hex() for n in range(8)) == ROOTS


def tree_root(size):
    return bytes.fromhex(ROOTS[size - 1])


# The proofs of testdata/*/*/happy-path.json, and below what the other files there do to them.
INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ),
    (5, 8): (
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): INCLUSION[0, 8],
    (6, 8): ("DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=", *INCLUSION[5, 8][1:]),
}
GARBAGE, WRONG = b"\xaa" * 32, b"WrongHash".ljust(32, b"\0")


def decoded(proof):
    return [base64.b64decode(one) for one in proof]


def spoilt(proof):
    """Proofs with a bit turned, cut, or with something before or behind."""
    for place, one in enumerate(proof):
        yield [*proof[:place], bytes([one[0] ^ 0x10]) + one[1:], *proof[place + 1 :]]
    yield [GARBAGE, *proof]
    yield [*proof, GARBAGE]
    if proof:
        yield proof[:-1]
        yield []


@pytest.mark.parametrize("case", INCLUSION)
def test_inclusion_vectors(case):
    place, size = case
    leaf, root, proof = (
        merkle.leaf_hash(bytes.fromhex(LEAVES[place])),
        tree_root(size),
        decoded(INCLUSION[case]),
    )
    assert merkle.verify_inclusion(place, size, leaf, proof, root)
    for other in (*spoilt(proof), [*proof, root], [root, *proof]):
        assert not merkle.verify_inclusion(place, size, leaf, other, root)
    for index, length in (
        (place + 1, size),
        (place - 1, size),
        (place ^ 2, size),
        (place, 2 * size),
        (place, size // 2),
    ):
        assert not merkle.verify_inclusion(index, length, leaf, proof, root)
    assert not merkle.verify_inclusion(place, size, WRONG, proof, root)
    for other in (b"", WRONG):
        assert not merkle.verify_inclusion(place, size, leaf, proof, other)


@pytest.mark.parametrize("case", CONSISTENCY)
def test_consistency_vectors(case):
    before, after = case
    old, new, proof = tree_root(before), tree_root(after), decoded(CONSISTENCY[case])
    assert merkle.verify_consistency(before, after, old, new, proof)
    ends = (*spoilt(proof), [old, *proof], [*proof, old], [new, *proof], [*proof, new])
    for other in ends:
        assert not merkle.verify_consistency(before, after, old, new, other)
    assert not merkle.verify_consistency(before, after, WRONG, new, proof)
    assert not merkle.verify_consistency(before, after, old, WRONG, proof)
    if before == after:
        return
    assert not merkle.verify_consistency(before, after, new, old, proof)
    for first, second in (
        (before + 1, after),
        (before - 1, after),
        (before ^ 2, after),
        (before, 2 * after),
        (before, after // 2),
    ):
        assert not merkle.verify_consistency(first, second, old, new, proof)
