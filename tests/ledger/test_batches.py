"""What stands in a record about many decisions at once."""

import pytest

from perigrid.base.approvals import Envelope
from perigrid.base.signing import SigningKey
from perigrid.ledger.batches import (
    ENVELOPES,
    SIGNERS,
    answer_content,
    batch_content,
    pinned_people,
    request_content,
    subject_of,
)

ABOUT = {"rule": "hand", "acts": ["process"], "place": {"operator": "ada"}}
REQUEST = request_content("digest", ABOUT, b"r" * 32, [3, 5], (10.0, 70.0, 2, ("chief",)))


def test_a_batch_says_which_rows_it_is_over():
    assert batch_content(7, 3, b"x" * 32) == {"first": 7, "rows": 3, "root": "78" * 32}


@pytest.mark.parametrize("change", [
    {"rule": "other"}, {"acts": ["bring"]}, {"place": {}}, {"root": "00"}, {"count": 3},
    {"people": 1}, {"roles": []},
])  # fmt: skip
def test_what_is_asked_is_what_is_signed(change):
    assert subject_of(REQUEST, "digest") == REQUEST["subject"]
    assert subject_of(REQUEST | change, "digest") != REQUEST["subject"]
    assert subject_of(REQUEST, "another") != REQUEST["subject"]


def test_times_are_bound_by_the_answer():
    assert subject_of(REQUEST | {"asked_s": 11.0, "rows": []}, "digest") == REQUEST["subject"]
    assert answer_content("s", (), -1.0, ["expired"]) == {
        "subject": "s", "approvals": [], "until_s": -1.0, "refused": ["expired"],
    }  # fmt: skip


def test_pins_hold_keys_and_no_names():
    key = SigningKey.simulated("ada", 1).verify_key
    envelope = Envelope("e", (), (), (), (), (), None, 0.0, 60.0, 5.0, -1.0, -1.0, 1, ())
    pins = pinned_people([key], {"hash": envelope})
    assert pins[SIGNERS] == {key.signer_id: {"kind": key.kind, "public": key.public.hex()}}
    assert pins[ENVELOPES]["e"]["subject"] == "hash"
    assert "ada" not in str(pins)
