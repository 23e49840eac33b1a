"""Merkle proofs against the vectors of transparency-dev/merkle, those that must fail included."""

import base64
import json
from pathlib import Path

import pytest

from perigrid.ledger import merkle

ROOT = Path(__file__).parents[2]
VECTORS = ROOT.parent / "shared" / "data" / "validation" / "merkle"
"""JSON files of github.com/transparency-dev/merkle at 417fb0c, testdata/ (Apache-2.0)."""

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


def files(kind):
    found = sorted((VECTORS / kind).rglob("*.json"))
    if not found:
        pytest.skip("the vectors of transparency-dev/merkle are not at hand")
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in found]


def hashed(value):
    return base64.b64decode(value or "")


def proof_of(case):
    return [hashed(one) for one in case["proof"] or []]


def test_inclusion_vectors():
    verdicts = {"holds": 0, "refused": 0}
    for path, case in files("inclusion"):
        held = merkle.verify_inclusion(
            case["leafIdx"],
            case["treeSize"],
            hashed(case["leafHash"]),
            proof_of(case),
            hashed(case["root"]),
        )
        assert held is not case["wantErr"], path
        verdicts["holds" if held else "refused"] += 1
    assert verdicts["holds"] >= 4
    assert verdicts["refused"] >= 30


def test_consistency_vectors():
    verdicts = {"holds": 0, "refused": 0}
    for path, case in files("consistency"):
        held = merkle.verify_consistency(
            case["size1"],
            case["size2"],
            hashed(case["root1"]),
            hashed(case["root2"]),
            proof_of(case),
        )
        assert held is not case["wantErr"], path
        verdicts["holds" if held else "refused"] += 1
    assert verdicts["holds"] >= 3
    assert verdicts["refused"] >= 30
