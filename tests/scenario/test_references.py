"""Names that mean nothing are errors, with what was probably meant."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL

GRANT = "grants=[{{id: g, lender: {}, borrower: {}, compute_hours: 1, until_hours: 2}}]"
PASSED_ON = (
    "grants=[{id: g, lender: North, borrower: broker, compute_hours: 1, until_hours: 2, "
    "may_regrant: true}, {id: p, lender: broker, borrower: demo, parent: g, compute_hours: 1, "
    "until_hours: 2}]"
)
OWNERS = "operators=[{name: North, satellites: [fleet-0000]}]"


def problems(*overrides):
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(MINIMAL, "m", folder=None, overrides=overrides)
    return caught.value.problems


@pytest.mark.parametrize(
    ("overrides", "key", "meant"),
    [
        (("scheduler=nonsense",), "scheduler", ""),
        (("scheduler=lookahed",), "scheduler", "lookahead"),
        (("stations.home.operator=deno",), "stations.0.operator", "demo"),
        ((OWNERS, "stations.home.operator=Nord"), "stations.0.operator", "North"),
        ((OWNERS, GRANT.format("Nord", "demo")), "grants.0.lender", "North"),
        ((OWNERS, GRANT.format("North", "demos")), "grants.0.borrower", "demo"),
        (
            (OWNERS, PASSED_ON.replace("may_regrant: true", "may_regrant: false")),
            "grants.1.parent",
            "",
        ),
    ],
)
def test_a_name_that_means_nothing_is_an_error(overrides, key, meant):
    (problem,) = problems(*overrides)
    assert problem.key == key
    assert problem.remedy
    assert f"did you mean '{meant}'?" in problem.message or not meant


@pytest.mark.parametrize(
    "overrides",
    [
        ("scheduler=fifo",),
        (OWNERS, "stations.home.operator=North"),
        ("stations.home.operator=leased", "parties=[{name: leased, home: NO}]"),
        ("data_centres.0.operator=leased", "stations.home.operator=leased"),
        (OWNERS, GRANT.format("North", "demo")),
        (OWNERS, PASSED_ON),
    ],
)
def test_names_that_mean_something_are_taken(overrides):
    assert parse_scenario(MINIMAL, "m", folder=None, overrides=overrides)
