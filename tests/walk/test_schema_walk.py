"""No key of a scenario does nothing: it has an effect, is refused, or is named in a warning.

What became of every key when it was changed stands in ``seen.json``; ``python -m tests.walk`` makes
it anew. Here it is seen again: of some keys always, of all in the slow tests.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.walk.missions import MISSIONS
from tests.walk.walk import (
    NAMED,
    REFUSED,
    REFUSED_SECTIONS,
    Seen,
    holds,
    keys,
    schema_places,
    told,
)

# ITU-R P.676 of the rain model says so of very thin air
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")

ROWS = json.loads(Path(__file__).with_name("seen.json").read_text(encoding="utf-8"))
ALL = [Seen(tuple(row["place"]), row["mission"], row["change"], row["by"]) for row in ROWS]
QUICK = [one for one in ALL if one.by in (REFUSED, NAMED)]
EFFECTS = [one for one in ALL if one.by not in (REFUSED, NAMED)]
AGAIN = "write it anew with: python -m tests.walk"


def test_every_key_of_the_schema_was_changed_and_something_came_of_it():
    assert {one.place for one in ALL} == schema_places() - REFUSED_SECTIONS, AGAIN
    assert [one for one in ALL if not one.by] == []


def test_sections_that_a_role_refuses_are_refused():
    mask = "stations.feeder.sites.Madrid.azimuth_mask=[{azimuth_deg: 0, elevation_deg: 5}]"
    assert told(MISSIONS["relayed"], mask, "-") == (None, REFUSED)


def test_keys_were_changed_where_they_stand():
    there = {name: {key.place for key in keys(one.spec())} for name, one in MISSIONS.items()}
    assert [one for one in ALL if one.place not in there[one.mission]] == [], AGAIN


@pytest.mark.parametrize("seen", [*QUICK[::3], *EFFECTS[::16]], ids=lambda seen: seen.change)
def test_some_keys_do_again_what_they_were_seen_to_do(seen):
    assert holds(MISSIONS[seen.mission], seen), AGAIN


@pytest.mark.slow
@pytest.mark.parametrize("seen", ALL, ids=lambda seen: seen.change)
def test_every_key_does_again_what_it_was_seen_to_do(seen):
    assert holds(MISSIONS[seen.mission], seen), AGAIN


def test_a_key_without_effect_would_be_found():
    of_nothing = Seen(("x", "y", ""), "relayed", "title=Another title", "planned")
    assert not holds(MISSIONS["relayed"], of_nothing)
