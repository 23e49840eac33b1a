import pytest

from perigrid.base.errors import RunFolderError, WorkError
from perigrid.base.signing import COSIGNATURE, SigningKey
from perigrid.ledger import merkle
from perigrid.ledger.note import Checkpoint, Note, sign, signers
from perigrid.ledger.witness import Seen, Witness

LOG = SigningKey.simulated("operator", 1)
KEY = SigningKey.simulated("witness", 1, COSIGNATURE)
LEAVES = [merkle.leaf_hash(f"record {k}".encode()) for k in range(20)]
T_UNIX_S = 1_790_000_000


def note_of(leaves, origin="log", key=LOG):
    text = Checkpoint(origin, len(leaves), merkle.root(leaves)).text()
    return Note(text, (sign(text, key),))


def proof(leaves, old):
    return merkle.consistency_proof(leaves, old)


@pytest.fixture
def witness(tmp_path):
    """One that has signed ten leaves."""
    made = Witness(KEY, [LOG.verify_key], tmp_path / "memory.json")
    made.cosign(note_of(LEAVES[:10]), [], T_UNIX_S)
    return made


def test_growth_is_signed_and_remembered(witness, tmp_path):
    note = note_of(LEAVES)
    signature = witness.cosign(note, proof(LEAVES, 10), T_UNIX_S)
    cosigned = Note(note.text, (*note.signatures, signature))
    assert [one.t_unix_s for one in signers(cosigned, [KEY.verify_key])] == [T_UNIX_S]
    again = Witness(KEY, [LOG.verify_key], tmp_path / "memory.json")
    assert again.seen("log") == Seen(20, merkle.root(LEAVES))
    assert again.seen("another") is None


def test_the_same_state_is_signed_again(witness):
    witness.cosign(note_of(LEAVES[:10]), [], T_UNIX_S + 60)


def test_logs_do_not_get_in_each_others_way(witness):
    witness.cosign(note_of(LEAVES[:3], "another"), [], T_UNIX_S)
    assert witness.seen("log") == Seen(10, merkle.root(LEAVES[:10]))


FORKED = [LEAVES[19], *LEAVES[1:]]


@pytest.mark.parametrize(
    ("note", "shown", "says"),
    [
        (note_of(LEAVES[:9]), [], "rolled back: 10 leaves were signed, now 9"),
        (note_of(FORKED[:10]), [], "two roots of 10 leaves"),
        (note_of(FORKED), proof(FORKED, 10), "not shown that 20 leaves continue the 10"),
        (note_of(LEAVES), [], "not shown"),
        (note_of(LEAVES), proof(LEAVES, 9), "not shown"),
        (note_of(LEAVES[:10]), proof(LEAVES, 10), "not shown"),
        (note_of(LEAVES[:3], "another"), proof(LEAVES, 10), "nothing to be consistent with"),
        (note_of(LEAVES, key=SigningKey.simulated("operator", 2)), proof(LEAVES, 10), "no key"),
        (note_of(LEAVES, key=SigningKey.simulated("stranger", 1)), proof(LEAVES, 10), "no key"),
    ],
)
def test_anything_else_is_refused_and_forgotten(witness, note, shown, says):
    with pytest.raises(WorkError, match=says):
        witness.cosign(note, shown, T_UNIX_S)
    assert witness.seen("log") == Seen(10, merkle.root(LEAVES[:10]))
    assert witness.seen("another") is None


def test_nothing_is_signed_that_cannot_be_remembered(tmp_path):
    witness = Witness(KEY, [LOG.verify_key], tmp_path / "no folder" / "memory.json")
    with pytest.raises(FileNotFoundError):
        witness.cosign(note_of(LEAVES), [], T_UNIX_S)


def test_a_log_key_makes_no_witness_and_a_witness_key_no_log():
    with pytest.raises(ValueError, match="not a witness's key"):
        Witness(LOG, [])
    with pytest.raises(WorkError, match="no key"):
        Witness(KEY, [KEY.verify_key]).cosign(note_of(LEAVES), [], T_UNIX_S)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "[1]", '{"log": 1}', '{"log": {"size": 1}}', '{"log": {"size": 1, "root": "AA=="}}'],
)
def test_a_broken_memory_is_not_taken_for_an_empty_one(tmp_path, content):
    (tmp_path / "memory.json").write_text(content)
    with pytest.raises(RunFolderError, match="not a witness's memory"):
        Witness(KEY, [], tmp_path / "memory.json")


def test_two_that_share_a_memory_do_not_sign_two_branches(tmp_path):
    memory = tmp_path / "memory.json"
    first, second = (Witness(KEY, [LOG.verify_key], memory) for _ in range(2))
    first.cosign(note_of(LEAVES[:10]), [], T_UNIX_S)
    with pytest.raises(WorkError, match="two roots of 10 leaves"):
        second.cosign(note_of(FORKED[:10]), [], T_UNIX_S)
