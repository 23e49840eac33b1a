"""Why a signature does not count: short ids for the record, words for readers."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """Why an approval or an order was refused; the value goes into the record."""

    UNKNOWN_KEY = "unknown-key"
    REVOKED_KEY = "revoked-key"
    ALTERED = "altered"
    WRONG_ROLE = "wrong-role"
    REPLAYED = "replayed"
    OTHER_RUN = "other-run"
    NOT_ASKED = "not-asked"
    SAME_PERSON = "same-person"
    NOT_YET = "not-yet"
    EXPIRED = "expired"
    TOO_LONG = "too-long"
    STALE_EVIDENCE = "stale-evidence"
    REFUSED = "refused"
    NO_QUORUM = "no-quorum"


WORDS: Final = {
    Refusal.UNKNOWN_KEY: "nobody who may sign has this key",
    Refusal.REVOKED_KEY: "the key was revoked",
    Refusal.ALTERED: "the signature does not fit what it should cover",
    Refusal.WRONG_ROLE: "the role is not held, or not one that is wanted",
    Refusal.REPLAYED: "this signature was used before",
    Refusal.OTHER_RUN: "it was signed for another run",
    Refusal.NOT_ASKED: "nobody asked for this action: the plan changed, or never was",
    Refusal.SAME_PERSON: "the same person signed twice",
    Refusal.NOT_YET: "signed in the future",
    Refusal.EXPIRED: "the time for it is over",
    Refusal.TOO_LONG: "it would be in force for longer than was asked",
    Refusal.STALE_EVIDENCE: "what the person was shown has changed since",
    Refusal.REFUSED: "a person refused it",
    Refusal.NO_QUORUM: "too few of the people wanted signed",
}
