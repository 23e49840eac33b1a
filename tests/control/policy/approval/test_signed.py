"""What people put their names under."""

from dataclasses import replace

from perigrid.base.approvals import Envelope, SignedApproval
from perigrid.base.signed_text import is_signed_by
from perigrid.base.signing import SigningKey
from perigrid.control.policy.approval.signed import envelope_hash, sign

KEY = SigningKey.simulated("a", 1)
ENVELOPE = Envelope("e", (), (), (), (), (), None, 0.0, 60.0, 5.0, -1.0, -1.0, 1, ())


def test_a_signature_names_its_key():
    draft = SignedApproval("s", "grant", "nobody", "pilot", 1.0, 9.0, "n", "e", "none")
    signed = sign(draft, KEY)
    assert signed.signer == KEY.verify_key.signer_id
    assert is_signed_by(signed, KEY.verify_key)
    assert replace(signed, signer=draft.signer, signature="none") == draft


def test_every_bound_of_an_envelope_is_in_its_hash():
    changes = (
        {"id": "f"}, {"actions": ("move",)}, {"nodes": ("x",)}, {"until_s": 61.0}, {"count": 6.0},
        {"people": 2}, {"roles": ("pilot",)},
    )  # fmt: skip
    hashes = {envelope_hash(replace(ENVELOPE, **change)) for change in ({}, *changes)}
    assert len(hashes) == len(changes) + 1
