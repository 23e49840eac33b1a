"""Bounds hold one by one, and no order of actions takes more than the limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.approvals import UNLIMITED, Box, Envelope
from perigrid.control.policy.approval.envelope import EnvelopeUse, Facts, all_within, outside

FACTS = Facts("move", "raw", ("s", "g"), ("SE",), 0.5, 0.5, ("FR",), 10.0, 20.0, 5.0, 7.0)
WIDE = Envelope("w", (), (), (), (), (), None, 0.0, 100.0, *(UNLIMITED,) * 3, 1, ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"actions": ("move",), "products": ("raw",), "nodes": ("g", "s", "x")}, ""),
        ({"countries": ("SE",), "territories": ("FR",), "area": Box(0.0, 0.0, 1.0, 1.0)}, ""),
        ({"actions": ("compute",)}, "action"),
        ({"products": ("answer",)}, "product"),
        ({"nodes": ("s",)}, "node"),
        ({"countries": ("NO",)}, "country"),
        ({"territories": ("DE",)}, "territory"),
        ({"area": Box(0.6, 0.0, 1.0, 1.0)}, "area"),
        ({"from_s": 10.1}, "time"),
        ({"until_s": 20.0}, "time"),
        ({"until_s": 20.1}, ""),
    ],
)
def test_each_bound(changes, why):
    assert outside(replace(WIDE, **changes), FACTS) == why


@pytest.mark.parametrize(
    ("states", "allowed", "inside"),
    [
        (("FR",), ("EU",), True),
        (("FR", "CH"), ("EU",), False),
        (("FR", "CH"), ("EU", "CH"), True),
        ((), ("EU",), False),
    ],
)
def test_every_state_that_a_scene_touches_must_be_allowed(states, allowed, inside):
    assert all_within(states, allowed) is inside


def test_an_unknown_territory_lies_outside():
    assert (
        outside(replace(WIDE, territories=("FR",)), replace(FACTS, territories=())) == "territory"
    )


AMOUNTS = st.floats(0.0, 1e3)


@given(
    st.tuples(st.integers(0, 5).map(float), AMOUNTS, AMOUNTS),
    st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=20),
)
def test_limits_are_never_exceeded(limits, wanted):
    count, nbytes, energy_j = limits
    use = EnvelopeUse(replace(WIDE, count=count, nbytes=nbytes, energy_j=energy_j))
    for more_bytes, more_j in wanted:
        before = use.count, use.nbytes, use.energy_j
        why = use.take(replace(FACTS, nbytes=more_bytes, energy_j=more_j))
        after = use.count, use.nbytes, use.energy_j
        assert after == before if why else after[0] == before[0] + 1
        assert use.count <= count
        assert use.nbytes <= nbytes
        assert use.energy_j <= energy_j


@pytest.mark.parametrize("amount", [float("nan"), -1.0, float("inf")])
def test_an_amount_that_makes_no_sense_is_refused(amount):
    use = EnvelopeUse(replace(WIDE, nbytes=10.0))
    assert use.take(replace(FACTS, nbytes=amount)) == "bytes"
    assert use.take(replace(FACTS, nbytes=10.0)) == ""
    assert use.take(replace(FACTS, nbytes=0.1)) == "bytes"


@pytest.mark.parametrize("limit", ["count", "nbytes", "energy_j"])
def test_a_limit_that_is_no_number_lets_nothing_through(limit):
    use = EnvelopeUse(replace(WIDE, **{limit: float("nan")}))
    assert use.take(FACTS) == {"nbytes": "bytes", "energy_j": "energy"}.get(limit, limit)
    assert use.count == 0


def test_a_group_stands_for_its_satellites_and_a_relay_leg_touches_its_group():
    facts = replace(FACTS, nodes=("s-1", "g", "mesh"), groups={"s-1": "s", "g": "g"})
    assert outside(replace(WIDE, nodes=("s", "g", "mesh")), facts) == ""
    assert outside(replace(WIDE, nodes=("s-1", "g", "mesh")), facts) == ""
    assert outside(replace(WIDE, nodes=("s", "g")), facts) == "node"
    assert outside(replace(WIDE, nodes=("s-2", "g", "mesh")), facts) == "node"
