"""Two logs that say the same agree; each way in which they may not is named."""

from dataclasses import replace

import pytest

from perigrid.base.grant_papers import grant_hash, sign_grant, sign_receipt
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import SigningKey
from perigrid.ledger.receipts import ReceiptLog
from perigrid.ledger.reconcile import reconcile

SOUTH, NORTH = SigningKey("south", b"s" * 32), SigningKey("north", b"n" * 32)
KEYS = [SOUTH.verify_key, NORTH.verify_key]
GRANT = sign_grant(
    CapabilityGrant("g", "South", "North", "", 10.0, 0.0, 100.0, ("a",), (), True, "1"), SOUTH
)


def receipt(number: int = 0, **changes: object) -> UsageReceipt:
    plain = UsageReceipt(grant_hash(GRANT), "South", "North", number, 5, "a", "screen", 4.0, 50.0)
    return sign_receipt(replace(plain, **changes), SOUTH, NORTH)


def differences(ours: list, theirs: list, grants: tuple = (GRANT,)) -> list[str]:
    first = ReceiptLog("first", grants, tuple(ours))
    second = ReceiptLog("second", grants, tuple(theirs))
    return [one.what for one in reconcile(first, second, KEYS).differences]


def test_logs_that_agree():
    both = (receipt(0), receipt(1))
    first, second = (ReceiptLog(name, (GRANT,), both) for name in ("first", "second"))
    report = reconcile(first, second, KEYS)
    assert report.to_dict() == {
        "ok": True, "first": "first", "second": "second", "agreed": 2,
        "used_s": {"g": 8.0}, "differences": [],
    }  # fmt: skip
    assert "the logs agree: 2 receipts" in report.text()


OTHER = replace(receipt(), used_s=5.0)
ALONE = replace(receipt(), borrower_signature=receipt().lender_signature)


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        ([receipt()], [], ["only-in-first"]),
        ([], [receipt()], ["only-in-second"]),
        ([receipt()], [receipt(0, used_s=3.0)], ["amounts-differ"]),
        ([receipt()], [OTHER], ["amounts-differ", "bad-signature", "bad-signature"]),
        ([ALONE], [ALONE], ["bad-signature"]),
        ([receipt(0, node="b")], [receipt(0, node="b")], ["outside-grant"]),
        ([receipt(0, grant="0")], [receipt(0, grant="0")], ["bad-signature", "unknown-grant"]),
        ([receipt(n) for n in range(3)], [receipt(n) for n in range(3)], ["overrun"]),
        ([receipt(), receipt()], [receipt()], ["twice"]),
    ],
)
def test_each_difference_is_named(ours, theirs, wanted):
    assert differences(ours, theirs) == wanted


def test_a_grant_that_nobody_trusted_signed_or_that_grew_is_named():
    forged = replace(GRANT, compute_s=1e9)
    assert differences([], [], (forged,)) == ["bad-signature"]
    wider = replace(GRANT, id="w", lender="North", borrower="East", compute_s=11.0)
    wide = sign_grant(replace(wider, parent=grant_hash(GRANT)), NORTH)
    assert differences([], [], (GRANT, wide)) == ["wider-than-parent"]


def deal(lender: str, borrower: str) -> UsageReceipt:
    return replace(receipt(), grant=f"{lender}>{borrower}", lender=lender, borrower=borrower)


def seen(ours: list, theirs: list) -> list[str]:
    report = reconcile(ReceiptLog("a", (), tuple(ours)), ReceiptLog("b", (), tuple(theirs)), KEYS)
    return [one.what for one in report.differences if one.what.startswith("only")]


@pytest.mark.parametrize(
    "left",
    [[], [deal("South", "East")], [deal("South", "East"), deal("West", "Far")]],
    ids=["empty", "all about others", "of no one operator"],
)
def test_a_log_from_which_all_dealings_were_taken_does_not_agree(left):
    ours = [deal("South", "North")]
    assert "only-in-first" in seen(ours, left)
    assert "only-in-second" in seen(left, ours)


def test_a_log_that_was_emptied_agrees_with_nothing():
    whole, empty = ReceiptLog("first", (GRANT,), (receipt(),)), ReceiptLog("second", (), ())
    assert [one.what for one in reconcile(whole, empty, KEYS).differences] == ["only-in-first"]
    assert [one.what for one in reconcile(empty, whole, KEYS).differences] == ["only-in-second"]


def third(borrower: str) -> CapabilityGrant:
    plain = replace(GRANT, id="t", borrower=borrower, signer="", signature="")
    return sign_grant(plain, SOUTH)


def test_a_log_without_the_other_operator_agrees_with_nothing():
    ours = ReceiptLog("first", (GRANT, third("East")), (receipt(),))
    theirs = ReceiptLog("second", (third("East"),), ())  # South dropped what it had with North
    north = ReceiptLog("first", (GRANT,), (receipt(),))
    assert "only-in-first" in [one.what for one in reconcile(north, theirs, KEYS).differences]
    assert [one.what for one in reconcile(ours, ours, KEYS).differences] == ["nothing-shared"]


def test_what_concerns_a_third_operator_is_left_out():
    lent = replace(GRANT, id="e", lender="North", borrower="East", signer="", signature="")
    east = sign_grant(lent, NORTH)
    of_east = replace(receipt(), grant=grant_hash(east), lender="North", borrower="East")
    ours = ReceiptLog("south", (GRANT, third("West")), (receipt(),))
    theirs = ReceiptLog("north", (GRANT, east), (receipt(), of_east))
    assert reconcile(ours, theirs, KEYS).differences == ()


def test_a_trusted_third_operator_signs_for_nobody_else():
    east = SigningKey("east", b"e" * 32)
    keys = [*KEYS, east.verify_key]
    receipts = (sign_receipt(receipt(), SOUTH, east),)
    first, second = (ReceiptLog(name, (GRANT,), receipts) for name in ("first", "second"))
    (bad,) = reconcile(first, second, keys).differences
    assert (bad.what, bad.detail) == (
        "bad-signature",
        "not signed by the borrower with a trusted key",
    )
    forged = sign_grant(replace(GRANT, signer="", signature=""), east)
    first, second = (ReceiptLog(name, (forged,), ()) for name in ("first", "second"))
    assert [one.what for one in reconcile(first, second, keys).differences] == ["bad-signature"]


def test_a_part_of_a_grant_that_nobody_shows_is_named():
    part = replace(GRANT, parent="ab" * 32, signer="", signature="")
    assert differences([], [], (sign_grant(part, SOUTH),)) == ["unknown-grant"]
