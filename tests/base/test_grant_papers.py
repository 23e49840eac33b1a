from dataclasses import replace

from perigrid.base.grant_papers import (
    is_key_of,
    is_narrower,
    is_signed_grant,
    key_name,
    receipt_bytes,
    revocation_bytes,
    sign_grant,
    sign_receipt,
    verifies,
)
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import SigningKey

ONE, TWO = SigningKey("one", b"1" * 32), SigningKey("two", b"2" * 32)
GRANT = sign_grant(CapabilityGrant("g", "a", "b", "", 9.0, 0.0, 1.0, (), (), True, "n"), ONE)


def test_a_grant_is_its_lenders_alone():
    assert is_signed_grant(GRANT, ONE.verify_key)
    assert not is_signed_grant(GRANT, TWO.verify_key)
    assert not is_signed_grant(replace(GRANT, compute_s=10.0), ONE.verify_key)
    assert is_narrower(replace(GRANT, lender="b", borrower="c"), GRANT)


def test_both_sign_the_same_receipt():
    plain = UsageReceipt("g", "a", "b", 0, 1, "node", "screen", 2.0, 3.0)
    receipt = sign_receipt(plain, ONE, TWO)
    assert receipt_bytes(receipt) == receipt_bytes(plain)
    assert verifies(ONE.verify_key, receipt_bytes(plain), receipt.lender_signature)
    assert verifies(TWO.verify_key, receipt_bytes(plain), receipt.borrower_signature)
    assert not verifies(ONE.verify_key, receipt_bytes(plain), receipt.borrower_signature)
    assert not verifies(ONE.verify_key, revocation_bytes("g"), receipt.lender_signature)
    for bad in ("", "zz", receipt.lender_signature.upper(), None):
        assert not verifies(ONE.verify_key, receipt_bytes(plain), bad)


def test_a_key_is_the_operators_that_it_is_named_for():
    assert key_name(" North  Star+") == "North-Star-"
    key = SigningKey("simulated/operator/North-Star", b"1" * 32).verify_key
    assert is_key_of(key, "North Star")
    assert is_key_of(key, "NORTH-STAR")
    assert not is_key_of(key, "Star")
    assert not is_key_of(SigningKey("simulated/operator/A/B", b"1" * 32).verify_key, "B")
    assert not is_key_of(ONE.verify_key, "two")
