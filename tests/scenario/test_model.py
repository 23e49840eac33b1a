"""Looking a group up by its role."""

from dataclasses import replace

from missions import COMPUTE, RELAY, SCENARIO


def test_the_first_group_of_a_role_is_found():
    both = replace(SCENARIO, groups=(RELAY, COMPUTE, replace(COMPUTE, name="second")))
    assert both.group("compute") is COMPUTE
    assert both.group("relay") is RELAY


def test_a_missing_role_is_none():
    assert replace(SCENARIO, groups=(COMPUTE,)).group("relay") is None
