"""People, envelopes and orders: read in SI units, and refused where they cannot work together."""

import math

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.base.signing import SigningKey
from perigrid.fleet.build import build_fleet
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL

PEOPLE = """
approval: {people: 2, roles: [pilot, safety], valid_hours: 2}
approvers:
  - {name: day, role: pilot, delay_minutes: 5, delay_spread: 1.5, from_hour: 8, until_hour: 20}
  - {name: ops, role: safety, utc_offset_hours: 2, grants_share: 0.9}
envelopes:
  - {id: week, until_hours: 2, count: 9, sent_gb: 2, energy_kj: 3, people: 2,
     area: {south_deg: 0, west_deg: 170, north_deg: 10, east_deg: -170}}
orders:
  - {kind: stop, by: day, at_hours: 1, for_hours: 0.5}
autonomy: {hours: 6}
"""
KEY = SigningKey("chief", b"k" * 32).verify_key.encode()


def parse(text: str = PEOPLE):
    return parse_scenario(MINIMAL + text, "m", folder=None)


def test_units():
    oversight = parse().oversight
    day, ops = oversight.people
    assert (day.delay_s, day.delay_spread, day.until_hour) == (300.0, 1.5, 20.0)
    assert (ops.utc_offset_s, ops.grants_share, ops.key) == (7200.0, 0.9, "")
    assert (oversight.terms.people, oversight.terms.valid_s) == (2, 7200.0)
    (week,) = oversight.envelopes
    assert (week.count, week.nbytes, week.energy_j, week.until_s) == (9.0, 2e9, 3e3, 7200.0)
    assert week.area.west_rad == pytest.approx(math.radians(170.0))
    assert (oversight.orders[0].at_s, oversight.orders[0].for_s) == (3600.0, 1800.0)
    assert oversight.autonomy_s == 21_600.0
    assert parse_scenario(MINIMAL, "m", folder=None).oversight.autonomy_s is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people: 2, roles: [pilot, safety]", "people: 3", "fewer people are listed"),
        ("roles: [pilot, safety]", "roles: [pilot, pilot]", "fewer people are listed"),
        ("name: ops, role: safety", "name: day, role: pilot", "stands twice in one role"),
        ("by: day", "by: nobody", "no simulated person"),
        ("until_hours: 2", "until_hours: 2, from_hours: 2", "not after from_hours"),
        ("north_deg: 10", "north_deg: -10", "south of south_deg"),
        ("role: safety", "role: safety, key: chief+00000000+AAAA", "no Ed25519 key"),
        ("role: pilot,", f"role: pilot, key: {KEY},", "no simulated person"),
    ],
)
def test_what_cannot_work_is_refused(old, new, said):
    assert PEOPLE.count(old) == 1
    with pytest.raises(ScenarioError, match=said):
        parse(PEOPLE.replace(old, new))


def test_two_envelopes_of_one_name_are_refused():
    line = "  - {id: week, until_hours: 1, count: 1}\norders:"
    with pytest.raises(ScenarioError, match="used twice"):
        parse(PEOPLE.replace("orders:", line))


SHARING = """
operators:
  - {name: other, satellites: [fleet-0000]}
  - {name: third, satellites: [fleet-0001]}
grants:
  - {id: g, lender: demo, borrower: other, compute_hours: 2, until_hours: 1, may_regrant: true}
  - {id: p, lender: other, borrower: third, parent: g, compute_hours: 1, until_hours: 1}
"""


def test_sharing_in_si_units():
    sharing = parse(SHARING).sharing
    assert sharing.owners == (("other", ("fleet-0000",)), ("third", ("fleet-0001",)))
    assert [(one.id, one.parent, one.compute_s) for one in sharing.grants] == [
        ("g", "", 7200.0),
        ("p", "g", 3600.0),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("parent: g", "parent: x", "no grant 'x' stands before"),
        ("id: p", "id: g", "used twice"),
        ("compute_hours: 1, until_hours: 1", "compute_hours: 1, until_hours: 1, from_hours: 1",
         "not after from_hours"),
        ("borrower: third", "borrower: OTHER", "'OTHER' and 'other' would have one key"),
    ],
)  # fmt: skip
def test_sharing_that_cannot_work_is_refused(old, new, said):
    assert SHARING.count(old) == 1
    with pytest.raises(ScenarioError, match=said):
        parse(SHARING.replace(old, new))


def test_satellites_have_owners_and_unknown_ones_are_refused():
    assert build_fleet(parse(SHARING)).operators[:2] == ("other", "third")
    with pytest.raises(ScenarioError, match="no node is called 'x'"):
        build_fleet(parse(SHARING.replace("fleet-0000", "x")))
