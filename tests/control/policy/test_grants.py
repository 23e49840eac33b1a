"""Grants only ever narrow, are never exceeded by any order of use, and refuse what was altered."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.grant_papers import grant_hash, revocation_bytes, sign_grant
from perigrid.base.grants import CapabilityGrant
from perigrid.base.signing import SigningKey
from perigrid.control.policy.grants import GrantBook, Wanted

KEYS = {name: SigningKey.simulated(name, 1) for name in ("south", "north", "east")}
PLAIN = CapabilityGrant(
    "g", "south", "north", "", 100.0, 0.0, 1000.0, ("a", "b"), ("EU",), True, "1"
)
GRANT = sign_grant(PLAIN, KEYS["south"])
WANTED = Wanted(0, "north", "south", "a", ("FR",), 10.0, 5.0)


def book(*grants: CapabilityGrant) -> GrantBook:
    made = GrantBook({name: key.verify_key for name, key in KEYS.items()})
    assert [made.add(one) for one in grants] == [""] * len(grants)
    return made


def test_what_is_granted_is_set_aside_charged_and_receipted():
    made = book(GRANT)
    assert made.reserve(WANTED) == ""
    assert made.holds(0)
    receipt = made.charge(0, "a", "screen", 4.0, 6.0)
    assert (receipt.grant, receipt.number, receipt.used_s) == (grant_hash(GRANT), 0, 4.0)
    made.release(0)
    assert made.used_s(grant_hash(GRANT)) == 4.0
    assert made.reserve(replace(WANTED, compute_s=96.0)) == ""
    assert made.reserve(replace(WANTED, job_id=1, compute_s=0.1)) == "spent"
    with pytest.raises(ValueError, match="set aside"):
        made.charge(0, "a", "screen", 97.0, 6.0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"borrower": "east"}, "none"),
        ({"owner": "east"}, "none"),
        ({"node": "c"}, "node"),
        ({"territories": ("CH",)}, "territory"),
        ({"territories": ()}, "territory"),
        ({"territories": ("FR", "CH")}, "territory"),
        ({"compute_s": 100.1}, "spent"),
        ({"compute_s": float("nan")}, "spent"),
        ({"compute_s": -1.0}, "spent"),
        ({"t_s": 1000.0}, "expired"),
        ({"t_s": -1.0}, "expired"),
    ],
)
def test_outside_a_grant_nothing_is_set_aside(changes, why):
    made = book(GRANT)
    assert made.reserve(replace(WANTED, **changes)) == why
    assert not made.holds(0)


def part(**changes: object) -> CapabilityGrant:
    base = replace(
        PLAIN, id="p", lender="north", borrower="east", parent=grant_hash(GRANT), compute_s=60.0
    )
    return sign_grant(replace(base, **changes), KEYS["north"])


@pytest.mark.parametrize(
    "changes",
    [
        {"compute_s": 100.1},
        {"compute_s": float("inf")},
        {"from_s": -1.0},
        {"until_s": 1001.0},
        {"nodes": ()},
        {"nodes": ("a", "c")},
        {"territories": ()},
        {"territories": ("EU", "US")},
        {"lender": "south"},
    ],
)
def test_a_part_can_only_narrow(changes):
    made = book(GRANT)
    if changes == {"compute_s": float("inf")}:
        with pytest.raises(ValueError, match="JSON"):
            part(**changes)
        return
    key = KEYS[str(changes.get("lender", "north"))]
    wider = sign_grant(replace(part(), **changes), key)
    assert made.add(wider) == "wider-than-parent"


def test_nothing_is_passed_on_without_leave():
    closed = sign_grant(replace(PLAIN, may_regrant=False), KEYS["south"])
    assert book(closed).add(part(parent=grant_hash(closed))) == "wider-than-parent"
    assert book().add(part()) == "unknown-parent"


def test_parts_together_stay_within_their_parent():
    one, two = part(), part(id="q")
    made = book(GRANT, one, two)
    assert made.reserve(replace(WANTED, borrower="east", compute_s=60.0)) == ""
    assert made.reserve(replace(WANTED, job_id=1, borrower="east", compute_s=50.0)) == "spent"
    assert made.reserve(replace(WANTED, job_id=2, compute_s=41.0)) == "spent"
    assert made.reserve(replace(WANTED, job_id=2, compute_s=40.0)) == ""


def test_revoking_a_grant_revokes_its_parts():
    made = book(GRANT, part())
    subject = grant_hash(GRANT)
    forged = KEYS["north"].sign(revocation_bytes(subject)).hex()
    assert made.revoke(subject, forged, 5.0) == "altered"
    assert made.revoke("0", forged, 5.0) == "unknown-grant"
    assert made.revoke(subject, KEYS["south"].sign(revocation_bytes(subject)).hex(), 5.0) == ""
    assert made.reserve(WANTED) == "revoked"
    assert made.reserve(replace(WANTED, borrower="east")) == "revoked"
    assert made.reserve(replace(WANTED, t_s=4.9)) == ""


def test_what_is_set_aside_ends_with_its_grant_and_with_what_that_was_cut_from():
    cut = part(until_s=900.0)
    made = book(GRANT, cut)
    assert made.ends_s(0) == float("inf")
    assert made.reserve(replace(WANTED, borrower="east", compute_s=1.0)) == ""
    assert made.ends_s(0) == 900.0
    revocation = KEYS["south"].sign(revocation_bytes(grant_hash(GRANT))).hex()
    assert made.revoke(grant_hash(GRANT), revocation, 400.0) == ""
    assert made.ends_s(0) == 400.0


def test_every_field_is_signed():
    made = book()
    for field in fields(GRANT):
        value = getattr(GRANT, field.name)
        other = {str: f"{value}0", tuple: ("x",), bool: value is False}.get(type(value), 1.5)
        changed = replace(GRANT, **{field.name: other})
        assert made.add(changed) in {"altered", "unknown-lender"}, field.name
    assert made.add(GRANT) == ""
    assert made.add(GRANT) == "replayed"
    nothing = sign_grant(replace(PLAIN, until_s=0.0), KEYS["south"])
    assert made.add(nothing) == "empty"


@given(st.lists(st.tuples(st.sampled_from("rcx"), st.integers(0, 4), st.floats(0.0, 60.0))))
def test_no_order_of_use_exceeds_a_grant(steps):
    made = book(GRANT, part())
    subject = grant_hash(GRANT)
    held: dict[int, float] = {}
    for what, job_id, seconds_s in steps:
        borrower = "north" if job_id < 3 else "east"
        wanted = replace(WANTED, job_id=job_id, borrower=borrower, compute_s=seconds_s)
        if what == "r":
            held.pop(job_id, None)
            if not made.reserve(wanted):
                held[job_id] = seconds_s
        elif what == "c" and job_id in held:
            used_s = min(seconds_s, held[job_id])
            made.charge(job_id, "a", "screen", used_s, 6.0)
            held[job_id] -= used_s
        elif what == "x":
            made.release(job_id)
            held.pop(job_id, None)
        assert made.used_s(subject) + sum(held.values()) <= 100.0 * (1.0 + 1e-12)


@pytest.mark.parametrize(
    "changes", [{"compute_s": float("nan")}, {"until_s": float("inf")}, {"nodes": ({"a"},)}]
)
def test_a_bound_that_no_signature_can_cover_is_refused(changes):
    made = GrantBook({name: key.verify_key for name, key in KEYS.items()})
    assert made.add(replace(GRANT, **changes)) == "altered"
