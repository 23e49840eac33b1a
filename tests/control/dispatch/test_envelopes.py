"""Which acts of which classes lie inside envelopes."""

import math
from dataclasses import replace

import pytest
from tests.control.dispatch.test_rules import made, rule
from tests.flight_cases import small

from perigrid.base.approvals import Box, Envelope
from perigrid.control.policy.classes import ANSWER, PROCESS
from perigrid.fleet.build import build_fleet

ENVELOPE = Envelope(
    "e", ("move",), ("answer",), (), (), (), None, 0.0, 600.0, 5.0, -1.0, -1.0, 1, ()
)


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, ("DE", "BR")),
        ({"countries": ("DE",)}, ("DE",)),
        ({"territories": ("EU",)}, ("DE",)),
        ({"area": Box(0.8, 0.0, 1.0, 0.3)}, ("DE",)),
        ({"nodes": ("shell", "Usingen")}, ("DE",)),
        ({"products": ("raw",)}, ()),
        ({"actions": ("compute",)}, ()),
    ],
)
def test_envelopes_hold_acts_of_classes(changes, holds):
    envelope = replace(ENVELOPE, **changes)
    scenario = small()
    oversight = replace(scenario.oversight, envelopes=(envelope,))
    scenario = replace(scenario, rules=(rule("ask", "move", "any", "answer"),), oversight=oversight)
    fleet = build_fleet(scenario)
    names = {"DE": "Usingen", "BR": "Manaus"}
    row = {one: fleet.names.index(name) for one, name in names.items()}
    first = min(fleet.stations)
    source = [one - first + fleet.n_satellites for one in row.values()]
    found, _ = made(scenario, source)
    for number, state in enumerate(row):
        span = found.first[found.job_class[number]]
        receiver = found.node_class[source[number]]
        assert found.inside[0, span, 0, ANSWER + receiver] == (state in holds)
        assert not found.inside[0, span, 0, PROCESS] or "compute" in envelope.actions
    limits = found.envelopes[0]
    assert (limits["opens_s"], limits["until_s"]) == (math.inf, 600.0)
    assert (limits["most_count"], limits["most_nbytes"]) == (5.0, math.inf)
