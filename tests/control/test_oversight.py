from dataclasses import replace

from approval_cases import ASK, FLEET, MISSION, TWO, outlook_of
from perigrid.base.messages import Compute
from perigrid.control.oversight import authority_of, ground_windows, terms_of
from perigrid.control.policy.build import build_gate
from perigrid.fleet.model import ContactKind

SUBJECT = Compute(0, 0, "screen", "")


def test_the_stricter_terms_hold():
    three = replace(ASK, id="three", approvers=3, roles=("pilot",))
    deny = replace(ASK, id="deny", effect="deny")
    terms = terms_of(replace(MISSION, rules=(ASK, three, deny)))
    assert terms["watch"] == TWO
    assert (terms["three"].people, terms["three"].roles) == (3, ("pilot",))
    assert set(terms) == {"watch", "three"}


def test_satellites_hear_from_the_ground_over_downlinks_and_relays():
    outlook = outlook_of((0, 5.0, 9.0), (0, 1.0, 2.0), (1, 3.0, 4.0))
    windows = ground_windows(outlook.contacts, FLEET.n_satellites)
    assert windows[0] == [(1.0, 2.0), (5.0, 9.0)]
    assert windows[1] == [(3.0, 4.0)]
    assert set(windows) == set(range(FLEET.n_satellites))
    across = outlook_of((0, 5.0, 9.0), kind=ContactKind.CROSSLINK)
    assert ground_windows(across.contacts, 1) == {0: []}


def test_approvals_are_bound_to_the_scenario():
    subjects = {
        authority_of(
            replace(MISSION, digest=digest), FLEET, outlook_of(), build_gate(MISSION, FLEET)
        )
        .hash_of(SUBJECT)
        for digest in ("a", "b")
    }  # fmt: skip
    assert len(subjects) == 2
