"""k of n, over every small case."""

from itertools import permutations, product

import pytest

from perigrid.base.approvals import GRANT, REFUSE, SignedApproval
from perigrid.base.signing import SigningKey
from perigrid.control.policy.approval.book import ApprovalBook, Approver, Request, is_quorum
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.roster import Person, Roster
from perigrid.control.policy.approval.signed import sign

NAMES = ("a", "b", "c")
KEYS = {name: SigningKey.simulated(name, 1) for name in NAMES}
SECOND = SigningKey.simulated("a2", 1)
ROLES = ("pilot", "safety")


def book(people: int, roles: tuple[str, ...] = ()) -> ApprovalBook:
    roster = Roster(
        Person(name, ROLES, (key.verify_key, *((SECOND.verify_key,) if name == "a" else ())))
        for name, key in KEYS.items()
    )
    made = ApprovalBook(roster)
    made.ask(Request("s", "e", people, roles, 0.0, 100.0))
    return made


def approval(key: SigningKey, role: str, nonce: str = "1", expires_s: float = 90.0):
    draft = SignedApproval("s", GRANT, "", role, 1.0, expires_s, nonce, "e")
    return sign(draft, key)


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize(
    "wanted",
    [(), ("pilot",), ("safety", "pilot"), ("pilot", "pilot"), ("pilot", "pilot", "safety")],
)
def test_k_of_n_with_roles_over_every_choice_of_signers(people: int, wanted: tuple) -> None:
    """The book agrees with trying every assignment of distinct signers to wanted roles."""
    for choice in product((None, *ROLES), repeat=len(NAMES)):
        made = book(people, wanted)
        counted = []
        for name, role in zip(NAMES, choice, strict=True):
            if role is None:
                continue
            refusal = made.add(approval(KEYS[name], role), 5.0)
            if wanted and role not in wanted:
                assert refusal is Refusal.WRONG_ROLE
            else:
                assert refusal is None
                counted.append(role)
        enough = len(counted) >= people and any(
            list(chosen[: len(wanted)]) == list(wanted)
            for chosen in permutations(counted)
            if len(chosen) >= len(wanted)
        )
        assert (made.lacking("s", "e", 5.0) is None) is enough, (choice, counted)


def test_one_person_with_two_keys_is_one_person() -> None:
    made = book(2)
    assert made.add(approval(KEYS["a"], "pilot"), 5.0) is None
    assert made.add(approval(SECOND, "safety"), 5.0) is Refusal.SAME_PERSON
    assert made.lacking("s", "e", 5.0) is Refusal.NO_QUORUM
    assert made.granted("s", 5.0) == (Approver(KEYS["a"].verify_key.signer_id, "pilot"),)


def test_asked_anew_a_new_answer_takes_the_place_of_the_old_one() -> None:
    made = book(2)
    assert made.add(approval(KEYS["a"], "pilot", expires_s=20.0), 5.0) is None
    made.ask(Request("s", "e", 2, (), 10.0, 100.0))
    later = SignedApproval("s", GRANT, "", "pilot", 11.0, 90.0, "2", "e")
    assert made.add(sign(later, KEYS["a"]), 12.0) is None
    assert made.expires_s("s", 12.0) == 90.0
    assert made.lacking("s", "e", 12.0) is Refusal.NO_QUORUM  # still one person
    again = SignedApproval("s", GRANT, "", "pilot", 13.0, 90.0, "3", "e")
    assert made.add(sign(again, KEYS["a"]), 14.0) is Refusal.SAME_PERSON


def test_asked_anew_at_the_instant_of_an_answer_the_next_one_takes_its_place() -> None:
    made = book(1)
    assert made.add(approval(KEYS["a"], "pilot", expires_s=20.0), 1.0) is None  # signed at 1 s
    made.ask(Request("s", "e", 1, (), 1.0, 100.0))
    later = SignedApproval("s", GRANT, "", "pilot", 5.0, 90.0, "2", "e")
    assert made.add(sign(later, KEYS["a"]), 5.0) is None
    assert made.expires_s("s", 5.0) == 90.0
    assert made.add(sign(later, KEYS["a"]), 6.0) is Refusal.REPLAYED
    again = SignedApproval("s", GRANT, "", "pilot", 6.0, 90.0, "3", "e")
    assert made.add(sign(again, KEYS["a"]), 7.0) is Refusal.SAME_PERSON


def test_nobody_is_never_enough() -> None:
    assert not is_quorum([], 0, ())
    assert not is_quorum([], -1, ())


def test_approvals_lapse_and_may_be_given_again() -> None:
    made = book(1)
    assert made.add(approval(KEYS["a"], "pilot", expires_s=20.0), 5.0) is None
    assert made.expires_s("s", 5.0) == 20.0
    assert made.lacking("s", "e", 19.9) is None
    assert made.lacking("s", "e", 20.0) is Refusal.EXPIRED
    assert made.granted("s", 20.0) == ()
    assert made.add(approval(KEYS["a"], "pilot", "2"), 30.0) is None
    assert made.lacking("s", "e", 30.0) is None


def test_evidence_that_changed_after_signing_blocks() -> None:
    made = book(1)
    made.add(approval(KEYS["a"], "pilot"), 5.0)
    assert made.lacking("s", "other", 6.0) is Refusal.STALE_EVIDENCE
    made.ask(Request("s", "other", 1, (), 6.0, 100.0))
    assert made.lacking("s", "other", 6.0) is not None
    assert made.granted("s", 6.0) == ()


def test_a_time_that_is_no_number_is_refused() -> None:
    nan = float("nan")
    for changes in ({"expires_s": nan},):
        with pytest.raises(ValueError, match="JSON"):  # it cannot even be signed
            approval(KEYS["a"], "pilot", **changes)


@pytest.mark.parametrize("anew", [False, True])
def test_who_refuses_takes_an_earlier_approval_back(anew: bool) -> None:
    made = book(1)
    assert made.add(approval(KEYS["a"], "pilot"), 5.0) is None
    if anew:
        made.ask(Request("s", "e", 1, (), 0.0, 100.0))
    no = SignedApproval("s", REFUSE, "", "pilot", 1.0, 90.0, "2", "e")
    assert made.add(sign(no, KEYS["b"]), 6.0) is Refusal.REFUSED
    assert made.lacking("s", "e", 6.0) is None
    assert made.add(sign(no, SECOND), 7.0) is Refusal.REFUSED
    assert made.lacking("s", "e", 7.0) is Refusal.NO_QUORUM
    assert made.add(approval(KEYS["a"], "pilot"), 8.0) is Refusal.REPLAYED
