from dataclasses import replace

from missions import SCENARIO
from perigrid.control.policy.places import Places, places_of
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Party
from policy_cases import PLACES, place

FLEET = build_fleet(SCENARIO)


def test_operators_are_at_home_where_their_satellites_are_registered() -> None:
    places = places_of(FLEET, ())
    satellite = places.places[0]
    assert satellite.kind == "satellite"
    assert satellite.home == SCENARIO.groups[0].registry_state
    assert satellite.registry_state == satellite.authorising_state == satellite.home


def test_a_party_says_otherwise() -> None:
    operator = FLEET.operators[0]
    party = Party(operator, "DE", "", ("tag",))
    satellite = places_of(FLEET, (party,)).places[0]
    assert (satellite.home, satellite.authorising_state) == ("DE", "")
    assert satellite.barred == ("tag",)
    assert satellite.state == SCENARIO.groups[0].registry_state


def test_an_operator_on_the_ground_of_several_states_is_at_home_nowhere_known() -> None:
    rows = sorted(FLEET.stations)
    operators = list(FLEET.operators)
    countries = list(FLEET.countries)
    for row, state in zip(rows[:2], ("NO", "CL"), strict=True):
        operators[row], countries[row] = "nomad", state
    fleet = replace(FLEET, operators=tuple(operators), countries=tuple(countries))
    assert places_of(fleet, ()).places[rows[0]].home == ""


def test_nodes_alike_stand_for_each_other_unless_named() -> None:
    nodes = {"a": PLACES["gs-eu"], "b": PLACES["gs-eu"], "c": place("x", "NO", "NO", "station")}
    places = Places(tuple(nodes), tuple(nodes.values()))
    assert places.stand_in == ("a", "a", "c")
    places.keep_apart({"b"})
    assert places.stand_in == ("a", "b", "c")


def test_two_nodes_of_one_name_are_told_apart() -> None:
    names = (FLEET.names[0], FLEET.names[0], *FLEET.names[2:])
    assert len(set(places_of(replace(FLEET, names=names), ()).names)) == len(names)
