"""Signatures as an audit tells them."""

from perigrid.base.approvals import SignedApproval
from perigrid.ledger.proof import signature_of


def test_an_answer_is_told_by_role_and_key():
    one = SignedApproval("s", "grant", "key", "pilot", 1.0, 9.0, "n", "shown", "00")
    told = signature_of(one)
    assert (told.answer, told.role, told.key) == ("grant", "pilot", "key")
    assert (told.signed_at_s, told.expires_s, told.evidence) == (1.0, 9.0, "shown")
    assert (told.envelope, told.who, told.why) == ("", "", "")
    assert signature_of(one, "week").envelope == "week"
