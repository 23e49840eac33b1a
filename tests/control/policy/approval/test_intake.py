from dataclasses import replace

from approval_cases import DIRECTOR, OFFICER, OVERSIGHT, ROSTER, grant, stop
from perigrid.base.approvals import UNLIMITED, Envelope
from perigrid.base.messages import (
    ApprovalAnswered,
    AskApproval,
    Compute,
    EnvelopeAnswered,
    Ordered,
)
from perigrid.control.policy.approval.intake import Intake, envelope_request, request_of

SUBJECT = Compute(0, 0, "screen", "")
ASKED = AskApproval(
    0, "r", SUBJECT, "abc", "seen", 10.0, 500.0, 2, ("flight-director", "safety-officer")
)


def test_every_answer_that_does_not_count_leaves_a_refusal():
    intake = Intake(ROSTER, OVERSIGHT)
    intake.book.ask(request_of(ASKED))
    one = grant(ASKED, DIRECTOR)
    refused = intake.answered(ASKED, ApprovalAnswered(50.0, 0, True, (one, one)), 50.0)
    assert [row.verdict.rule for row in refused] == ["approval:replayed"]
    assert intake.lacks(ASKED, "seen", 50.0)
    rest = ApprovalAnswered(60.0, 0, True, (grant(ASKED, OFFICER),))
    assert intake.answered(ASKED, rest, 60.0) == []
    assert not intake.lacks(ASKED, "seen", 60.0)
    assert intake.lacks(ASKED, "else", 60.0)


def test_a_word_without_signatures_is_nothing():
    intake = Intake(ROSTER, OVERSIGHT)
    intake.book.ask(request_of(ASKED))
    (refused,) = intake.answered(ASKED, ApprovalAnswered(50.0, 0, True), 50.0)
    assert refused.verdict.rule == "approval:no-quorum"
    assert intake.answered(ASKED, ApprovalAnswered(50.0, 0, False), 50.0) == []


def test_orders_and_envelopes_leave_notes():
    bounds = Envelope("day", (), (), (), (), (), None, 0.0, 100.0, *(UNLIMITED,) * 3, 1, ())
    intake = Intake(ROSTER, replace(OVERSIGHT, envelopes=(bounds,)))
    request = envelope_request(bounds)
    answer = grant(replace(ASKED, subject_hash=request.subject, evidence=request.evidence,
                           asked_s=0.0, expires_s=100.0), DIRECTOR)  # fmt: skip
    (refused,) = intake.told(EnvelopeAnswered(40.0, "day", ()))
    (noted,) = intake.told(EnvelopeAnswered(40.0, "day", (answer,)))
    assert (refused.may_run, noted.may_run) == (False, True)
    assert not intake.any_order
    (noted,) = intake.told(Ordered(20.0, stop()))
    assert (noted.action.what, noted.action.job_id) == ("stop", -1)
    assert intake.any_order
