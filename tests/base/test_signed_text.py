"""No field can be changed after signing, and one kind of document is never taken for another."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.approvals import SignedApproval, SignedOrder, Withheld
from perigrid.base.signed_text import is_signed_by, signed_bytes
from perigrid.base.signing import SigningKey
from perigrid.control.policy.approval.signed import sign

KEY = SigningKey.simulated("a", 1)
APPROVAL = sign(SignedApproval("s", "grant", "", "pilot", 1.0, 9.0, "n", "e"), KEY)
ORDER = sign(SignedOrder("stop", ("x",), "", Withheld("00"), "", "pilot", 1.0, 9.0, "n"), KEY)


def changed(value):
    if isinstance(value, Withheld):
        return Withheld(value.commitment + "0")
    if isinstance(value, float):
        return value + 1.0
    return (*value, "y") if isinstance(value, tuple) else value + "0"


@pytest.mark.parametrize("document", [APPROVAL, ORDER], ids=["approval", "order"])
def test_every_field_is_covered(document):
    assert is_signed_by(document, KEY.verify_key)
    for field in fields(document):
        value = getattr(document, field.name)
        other = changed(value)
        assert not is_signed_by(replace(document, **{field.name: other}), KEY.verify_key)


@given(st.binary(min_size=0, max_size=80).map(bytes.hex) | st.text(max_size=140))
def test_no_other_signature_is_taken(signature):
    taken = is_signed_by(replace(APPROVAL, signature=signature), KEY.verify_key)
    assert taken is (signature == APPROVAL.signature)


def test_one_spelling_only():
    for other in (APPROVAL.signature.upper(), f" {APPROVAL.signature}", f"{APPROVAL.signature}\n"):
        assert not is_signed_by(replace(APPROVAL, signature=other), KEY.verify_key)


def test_kinds_of_documents_are_told_apart():
    assert signed_bytes(APPROVAL).split(b"\n")[0] != signed_bytes(ORDER).split(b"\n")[0]


@pytest.mark.parametrize("bad", [None, 3, float("nan"), ["x"]])
def test_what_is_no_document_is_not_signed(bad):
    assert not is_signed_by(replace(APPROVAL, signature=bad), KEY.verify_key)
    assert not is_signed_by(replace(APPROVAL, expires_s=bad), KEY.verify_key)
