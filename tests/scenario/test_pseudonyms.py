"""Names and words of people decide nothing, so nothing that is kept or digested holds them."""

from dataclasses import replace

from missions import SCENARIO
from perigrid.base.signing import SigningKey
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder
from perigrid.scenario.pseudonyms import pseudonymous, pseudonyms
from perigrid.scenario.stored import read_scenario, scenario_text

KEY = SigningKey("rosalind", b"r" * 32).verify_key
PEOPLE = (
    PersonModel("ada", "pilot", 60.0),
    PersonModel("rosalind", "safety", 60.0, key=KEY.encode()),
    PersonModel("ada", "safety", 60.0),
)
ORDER = PlannedOrder("stop", "ada", 10.0, 20.0, (), "smoke in the control room")
MISSION = replace(SCENARIO, oversight=Oversight(PEOPLE, orders=(ORDER,)))


def test_a_person_in_two_roles_stays_one_person():
    assert pseudonyms(MISSION) == {"ada": "person-1", "rosalind": "person-2"}
    other = pseudonymous(MISSION).oversight
    assert [one.name for one in other.people] == ["person-1", "person-2", "person-1"]
    assert (other.orders[0].person, other.orders[0].reason) == ("person-1", "")


def test_what_is_kept_names_nobody_and_is_its_own_pseudonym():
    text = scenario_text(MISSION)
    for word in ("ada", "rosalind", "smoke"):
        assert f'"{word}' not in text
    assert pseudonymous(pseudonymous(MISSION)) == pseudonymous(MISSION)
    assert scenario_text(read_scenario(text)) == text


def test_a_key_keeps_its_id_under_another_name():
    (other,) = [one.key for one in pseudonymous(MISSION).oversight.people if one.key]
    assert "rosalind" not in other
    assert type(KEY).parse(other).signer_id == KEY.signer_id


def test_other_names_and_words_are_the_same_mission_another_role_is_not():
    people = tuple(replace(one, name=one.name.upper()) for one in PEOPLE)
    order = replace(ORDER, person="ADA", reason="drill")
    same = replace(MISSION, oversight=Oversight(people, orders=(order,)))
    assert scenario_text(same) == scenario_text(MISSION)
    other = replace(MISSION, oversight=Oversight((replace(PEOPLE[0], role="cook"), *PEOPLE[1:])))
    assert scenario_text(other) != scenario_text(MISSION)
