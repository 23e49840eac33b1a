"""How signatures that are trusted are told from those that are not; more in ``test_audit``."""

import pytest

from perigrid.base.signing import COSIGNATURE, SigningKey
from perigrid.ledger.audit_checkpoint import check_signatures, check_state
from perigrid.ledger.merkle import root
from perigrid.ledger.note import Checkpoint, Note, cosign, sign
from perigrid.ledger.verdict import Verdict

TEXT = Checkpoint("perigrid/a/onboard/0", 1, bytes(32)).text()
REAL = SigningKey("operator.example", bytes(32))
SIMULATED = SigningKey.simulated("operator", 1)
WITNESS = SigningKey.simulated("witness", 1, COSIGNATURE)


def doubts(keys, *signatures):
    verdict = Verdict("run")
    check_signatures("it", Note(TEXT, signatures), [one.verify_key for one in keys], verdict)
    return [one.what.partition(";")[0] for one in verdict.doubts]


def test_who_is_trusted_decides():
    simulated, real, witness = sign(TEXT, SIMULATED), sign(TEXT, REAL), cosign(TEXT, WITNESS, 1)
    assert doubts([SIMULATED, WITNESS], simulated, witness) == []
    assert doubts([REAL], simulated, real) == []
    assert doubts([WITNESS], simulated, witness) == ["no trusted log key signed it"]
    assert doubts([SIMULATED, WITNESS], simulated) == ["no trusted witness key signed it"]
    only = "only a simulated log key signed it, and real ones were asked for"
    assert doubts([SIMULATED, REAL], simulated, witness) == [only]
    assert doubts([SIMULATED, REAL], simulated, real) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_state_is_of_the_leaves_at_hand(whole):
    leaves = [bytes([k]) * 32 for k in range(3)]
    for size, state, fits in ((3, root(leaves), True), (2, root(leaves[:2]), not whole),
                              (4, root(leaves), False), (3, bytes(32), False)):  # fmt: skip
        verdict = Verdict("run")
        check_state("it", Checkpoint("a", size, state), leaves, verdict, whole=whole)
        assert verdict.ok == fits
