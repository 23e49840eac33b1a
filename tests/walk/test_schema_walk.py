"""No key of a scenario does nothing: it has an effect, is refused, or is named in a warning.

What became of every key when it was changed stands in ``seen.json``; ``python -m tests.walk`` makes
it anew. Here it is seen again: of some keys always, of all in the slow tests.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tests.walk.missions import MISSIONS
from tests.walk.walk import (
    NAMED,
    REFUSED,
    REFUSED_SECTIONS,
    Seen,
    becomes,
    holds,
    schema_places,
)

# ITU-R P.676 of the rain model says so of very thin air
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")

ROWS = json.loads(Path(__file__).with_name("seen.json").read_text(encoding="utf-8"))
ALL = [Seen(**row | {key: tuple(row[key]) for key in ("place", "changes")}) for row in ROWS]
QUICK = [one for one in ALL if one.by in (REFUSED, NAMED)]
EFFECTS = [one for one in ALL if one.by not in (REFUSED, NAMED)]


def in_the_dry(seen):
    """Sort key of effects; the rain model takes seconds to import."""
    return "stations.home.availability=0.99" not in MISSIONS[seen.mission].overrides, seen.mission


FEW = [  # of every outcome, in one mission each
    one
    for outcome in sorted({one.by for one in EFFECTS})
    for there in [[one for one in EFFECTS if one.by == outcome]]
    for mission in [max(there, key=in_the_dry).mission]
    for one in [one for one in there if one.mission == mission][:2]
]
AGAIN = "write it anew with: python -m tests.walk"


def test_every_key_of_the_schema_was_changed_and_something_came_of_it():
    assert {one.place for one in ALL} == schema_places() - REFUSED_SECTIONS, AGAIN
    assert [one for one in ALL if not one.by] == []


def test_only_what_is_refused_whole_counts_as_refused():
    whole = {"max_range_km", "sun", "workload"}  # of gateways; one kind of work is installed
    assert {one.place[1] for one in ALL if one.by == REFUSED} == whole


def test_sections_that_a_role_refuses_are_refused():
    mask = "stations.feeder.sites.Madrid.azimuth_mask=[{azimuth_deg: 0, elevation_deg: 5}]"
    mission = MISSIONS["relayed"]
    (key,) = [one for one in mission.keys if one.path == "stations.feeder.min_elevation_deg"]
    mask_key = dataclasses.replace(key, path=mask.partition("=")[0])
    assert becomes(mission, mask_key, (mask,)) == REFUSED


def test_keys_were_changed_where_they_stand():
    there = {name: {(key.place, key.path) for key in one.keys} for name, one in MISSIONS.items()}
    assert [one for one in ALL if (one.place, one.path) not in there[one.mission]] == [], AGAIN


@pytest.mark.parametrize("seen", [*QUICK[::4], *FEW], ids=lambda seen: seen.path)
def test_some_keys_do_again_what_they_were_seen_to_do(seen):
    assert holds(MISSIONS[seen.mission], seen), AGAIN


@pytest.mark.slow
@pytest.mark.parametrize("seen", ALL, ids=lambda seen: seen.path)
def test_every_key_does_again_what_it_was_seen_to_do(seen):
    assert holds(MISSIONS[seen.mission], seen), AGAIN


@pytest.mark.parametrize(
    ("path", "changes", "by"),
    [
        ("seed", ("seed=1",), "planned"),  # as it was
        ("step_s", ("step_s=7",), "planned"),  # refused for the hours beside it
        ("groups.fleet.bus_load_w", ("groups.fleet.bus_load_w=-1",), REFUSED),  # not every value is
    ],
)
def test_a_key_without_effect_would_be_found(path, changes, by):
    mission = MISSIONS["relayed"]
    (key,) = [one for one in mission.keys if one.path == path]
    assert not holds(mission, Seen(key.place, mission.name, path, changes, by))


FIRST = """\
  - name: first
    role: compute
    operator: demo
    registry_state: SE
    orbit: {sun_synchronous: {satellites: 2, altitude_km: 900, ltan_hours: 9}}
"""
SECOND = dataclasses.replace(
    MISSIONS["linked"],
    name="second",
    text=MISSIONS["linked"].text.replace("groups:\n", f"groups:\n{FIRST}"),
)
OF_GROUPS = [
    one
    for one in ALL
    if one.mission == "linked" and one.path.startswith("groups.fleet.") and one.by != NAMED
]


@pytest.mark.parametrize("seen", OF_GROUPS[::12], ids=lambda seen: seen.path)
def test_some_keys_of_a_second_group_do_what_they_do_in_the_only_one(seen):
    assert holds(SECOND, seen)


@pytest.mark.slow
@pytest.mark.parametrize("seen", OF_GROUPS, ids=lambda seen: seen.path)
def test_every_key_of_a_second_group_does_what_it_does_in_the_only_one(seen):
    assert holds(SECOND, seen)
