"""Finding decisions, who signed for them, and the proof that they stand in the log."""

import json
import math

import pytest

from governed import of_messages
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError, RunFolderError
from perigrid.base.messages import AskApproval, Compute
from perigrid.ledger.audit import verify_run
from perigrid.ledger.decisions import Book
from perigrid.ledger.source import Source, open_source


@pytest.fixture(scope="module")
def run():
    return open_source(of_messages() / "orbital")


@pytest.fixture(scope="module")
def book(run):
    return Book(run)


def test_every_decision_is_found_by_its_number(book):
    decisions = list(book.decisions())
    assert len(decisions) > 100
    assert {one.beside for one in decisions} >= {1, 2}
    for one in decisions[::17]:
        assert book.find(one.number) == one


def test_a_number_of_something_else_names_what_is_near(book):
    one = next(one for one in book.decisions() if one.beside > 1)
    for number, said in (
        ("0", "record 0 is no decision"),
        ("99999999", "is no decision"),
        (str(one.sequence), f"holds {one.beside} decisions"),
        (f"{one.sequence}.99", f"holds {one.beside} decisions"),
        ("seven", "is no number of a decision"),
        ("7.", "is no number of a decision"),
        ("-1", "is no number of a decision"),
    ):
        with pytest.raises(InputError, match=said):
            book.find(number)


def test_a_job_tells_its_decisions_in_order(book):
    job = next(one.action.job_id for one in book.decisions())
    found = book.of_job(job)
    assert {one.action.job_id for one in found} == {job}
    assert [one.t_s for one in found] == sorted(one.t_s for one in found)
    with pytest.raises(InputError, match="nothing was decided"):
        book.of_job(10**6)


def test_who_signed_is_known_by_role_and_key_before_the_act_only(book):
    asked = next(one for one in book.decisions() if isinstance(one.action, AskApproval))
    assert book.signatures(asked) == []
    acts = [one for one in book.of_job(asked.action.job_id) if isinstance(one.action, Compute)]
    context = {"scenario": book.pins["scenario"]["digest"]}
    granted = [one for one in acts if action_hash(one.action, context) == asked.action.subject_hash]
    if not granted:
        assert any(one.verdict.rule == "approval:refused" for one in book.of_job(0))
    for one in granted:
        (signature,) = book.signatures(one)
        assert (signature.answer, signature.role) == ("grant", "flight-director")
        assert signature.signed_at_s <= one.t_s < signature.expires_s
        assert signature.evidence == asked.action.evidence
        assert "chief" not in json.dumps([signature.key, signature.role])


def test_the_proof_leads_to_the_logs_that_the_audit_counted(run, book):
    verdict = verify_run(run)
    anchors = {one["sequence"]: one for one in book.entries if one["kind"] == "anchor"}
    for one in list(book.decisions())[::29]:
        proof = book.proof(one)
        assert proof.holds
        assert proof.size == verdict.logs[one.log]
        assert 0 <= proof.path <= math.ceil(math.log2(proof.size))
        if one.log == "ground":
            assert proof.anchored_by is None
        else:
            assert anchors[proof.anchored_by]["logs"][one.log]["size"] > one.index


def test_an_altered_record_is_not_explained(run):
    content = bytearray(run.read("ledger/record.jsonl"))
    place = content.index(b'"decision":"deny"') if b'"decision":"deny"' in content else 5000
    content[place + 12 : place + 16] = b"soso"
    with pytest.raises(RunFolderError, match="altered"):
        Book(Source("altered", None, {"ledger/record.jsonl": bytes(content)}))
