"""Compositions as data: what a name may mean, and what it may not."""

import pytest

from perigrid.base.architecture import (
    BUILT_IN,
    COMPARED,
    GROUND_ANYWHERE,
    HOSTED,
    ONBOARD_RELAY,
    Architecture,
    ComputePlace,
    Link,
    architecture_named,
    in_order,
)
from perigrid.base.errors import ScenarioError

OWN = Architecture.of(
    "mine", {"screen": ["origin"], "*": ["data-centre"]}, {"raw": ["relay"], "*": ["downlink"]}
)


def test_named_rows_go_before_the_star() -> None:
    assert OWN.places("screen") == {ComputePlace.ORIGIN}
    assert OWN.places("classify") == OWN.places("whatever") == {ComputePlace.DATA_CENTRE}
    assert OWN.links("raw") == {Link.RELAY}
    assert OWN.links("answer") == {Link.DOWNLINK}
    assert OWN.every_link == {Link.RELAY, Link.DOWNLINK}


def test_what_is_not_listed_runs_nowhere_and_stays() -> None:
    bare = Architecture.of("bare", {"screen": ["origin"]}, {"raw": ["relay"]})
    assert not bare.places("classify")
    assert not bare.links("answer")


def test_the_order_of_writing_changes_nothing() -> None:
    again = Architecture.of(
        "mine", {"*": ["data-centre"], "screen": ["origin"]}, {"*": ["downlink"], "raw": ["relay"]}
    )
    assert again == OWN
    assert hash(again) == hash(OWN)


@pytest.mark.parametrize("tables", [({"*": ["moon"]}, {}), ({}, {"*": ["pigeon"]})])
def test_what_is_no_place_and_no_link_is_refused(tables: tuple[dict, dict]) -> None:
    with pytest.raises(ValueError, match=r"moon|pigeon"):
        Architecture.of("odd", *tables)
    rows = [tuple((key, tuple(values)) for key, values in table.items()) for table in tables]
    with pytest.raises(ValueError, match=r"moon|pigeon"):
        Architecture("odd", *rows)


def test_the_built_in_ones() -> None:
    assert list(BUILT_IN) == [
        *("bent-pipe", "relay", "onboard", "orbital"),
        *("onboard-relay", "hosted", "ground-anywhere"),
    ]
    assert all(one.summary for one in BUILT_IN.values())
    orbit = [name for name, one in BUILT_IN.items() if one.computes_in_orbit]
    assert orbit == ["onboard", "orbital", "onboard-relay", "hosted"]
    assert [name for name, one in BUILT_IN.items() if one.shares_terminals] == ["hosted"]
    assert tuple(BUILT_IN.values())[:4] == COMPARED
    assert ONBOARD_RELAY.links("answer") == {Link.RELAY}
    assert GROUND_ANYWHERE.links("raw") == {Link.DOWNLINK, Link.RELAY}
    assert HOSTED.places("screen") == {ComputePlace.SATELLITE}
    assert HOSTED.links("raw") == {Link.CROSSLINK}
    assert HOSTED.links("answer") == set(Link)


def test_names_are_looked_up_in_one_place() -> None:
    assert architecture_named("hosted") is HOSTED
    assert architecture_named("mine", [OWN]) is OWN
    with pytest.raises(ScenarioError, match="no architecture is called 'mines'") as caught:
        architecture_named("mines", [OWN])
    assert "choose from bent-pipe, relay" in str(caught.value)
    assert "mine" in caught.value.problems[0].remedy.split(", ")


def test_built_in_ones_are_shown_first() -> None:
    assert in_order(["zeppelin", "hosted", "balloon", "relay"]) == [
        "relay", "hosted", "balloon", "zeppelin",
    ]  # fmt: skip
