"""A finished run signed by others than its simulated operator."""

import shutil

import pytest

from ledger import independent_verifier, small_run
from perigrid.base.errors import RunFolderError, WorkError
from perigrid.base.signing import COSIGNATURE, SigningKey
from perigrid.ledger.audit import verify_run
from perigrid.ledger.endorse import endorse
from perigrid.ledger.source import Source

OPERATOR = SigningKey("operator.example", bytes(range(32)))
WITNESS = SigningKey("witness.example", bytes(range(1, 33)), COSIGNATURE)
T_UNIX_S = 1_790_900_000


@pytest.fixture
def run(tmp_path):
    return small_run.write_run(tmp_path / "run")


def trusting(run, *keys):
    return verify_run(Source("run", run), keys)


def test_real_names_stand_beside_the_simulated_ones(run):
    assert not trusting(run, OPERATOR.verify_key).ok
    assert endorse(run, OPERATOR, T_UNIX_S) == OPERATOR.verify_key
    endorse(run, WITNESS, T_UNIX_S)
    verdict = trusting(run, OPERATOR.verify_key, WITNESS.verify_key)
    assert verdict.ok
    assert [one.t_unix_s for one in verdict.signed_by] == [None, T_UNIX_S]
    assert verdict.notes == []
    assert verify_run(Source("run", run)).ok
    assert independent_verifier.holds(run)


def test_signing_again_replaces_the_earlier_signature(run):
    endorse(run, WITNESS, T_UNIX_S)
    endorse(run, WITNESS, T_UNIX_S + 60)
    content = (run / "ledger" / "checkpoint").read_text()
    assert content.count("witness.example") == 1
    assert (run / "ledger" / "keys").read_text().count("witness.example") == 1


def test_a_run_in_doubt_is_not_signed(run):
    (run / "jobs.parquet").write_bytes(b"others")
    before = (run / "ledger" / "checkpoint").read_bytes()
    with pytest.raises(WorkError, match=r"not signed, for there is doubt: jobs\.parquet"):
        endorse(run, OPERATOR, T_UNIX_S)
    assert (run / "ledger" / "checkpoint").read_bytes() == before


def test_a_witness_that_remembers_refuses_another_history_of_the_same_log(run, tmp_path):
    memory = tmp_path / "memory.json"
    endorse(run, WITNESS, T_UNIX_S, memory)
    endorse(run, WITNESS, T_UNIX_S, memory)  # the same state again
    shutil.rmtree(run)
    small_run.write_run(run, steps=6)  # begins alike, so it is the same log, rolled back
    with pytest.raises(WorkError, match="rolled back"):
        endorse(run, WITNESS, T_UNIX_S, memory)
    shutil.rmtree(run)
    small_run.write_run(run, reason="another story")
    with pytest.raises(WorkError, match="forked"):
        endorse(run, WITNESS, T_UNIX_S, memory)


def test_what_holds_no_ledger_is_bad_input(tmp_path):
    with pytest.raises(RunFolderError, match=r"no ledger/record\.jsonl"):
        endorse(tmp_path, OPERATOR, T_UNIX_S)
