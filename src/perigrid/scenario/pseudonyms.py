"""A scenario without names of persons and without their words: they decide nothing.

What a run folder keeps, what digests cover and what keys of simulated people follow from is the
scenario under pseudonyms, so that names and words can be erased and the run still be replayed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from perigrid.base.signing import VerifyKey
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import PersonModel

PSEUDONYM: Final = "person-"


def pseudonyms(scenario: Scenario) -> dict[str, str]:
    """Give every person of a scenario another name.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    dict of str to str
        Pseudonym by name, numbered in the order in which the scenario lists people.
    """
    names = dict.fromkeys(person.name for person in scenario.oversight.people)
    return {name: f"{PSEUDONYM}{number}" for number, name in enumerate(names, start=1)}


def pseudonymous(scenario: Scenario) -> Scenario:
    """Leave out who the people of a scenario are and what they say.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    Scenario
        With people, owners of keys and givers of orders under pseudonyms, and no reasons of orders;
        the same again for one that is so already.
    """
    others, oversight = pseudonyms(scenario), scenario.oversight
    people = tuple(_renamed(person, others[person.name]) for person in oversight.people)
    orders = tuple(
        replace(order, person=others.get(order.person, order.person), reason="")
        for order in oversight.orders
    )
    return replace(scenario, oversight=replace(oversight, people=people, orders=orders))


def _renamed(person: PersonModel, name: str) -> PersonModel:
    if not person.key:
        return replace(person, name=name)
    key = VerifyKey.parse(person.key)
    return replace(person, name=name, key=VerifyKey(name, key.public, key.kind).encode())
