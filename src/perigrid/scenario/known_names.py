"""Values of rules, parties, envelopes and grants held against what there is in the mission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from perigrid.scenario.findings import Finding
from perigrid.scenario.governance import NONE
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.tree import Loc
from perigrid.scenario.vocabulary import Vocabulary, remedy_for

ANY: Final = "any"


def known_findings(spec: ScenarioFile, names: Vocabulary) -> Iterator[Finding]:
    """Find values that nothing in the mission can be: a rule with one of them never bites.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key, and its relations checked.
    names : Vocabulary
        Of the same scenario.

    Yields
    ------
    Finding
        At the value.
    """
    asked = [*_nodes(spec), *_rules(spec), *_parties(spec), *_people(spec), *_grants(spec)]
    land = names.states | names.regions
    known = {
        "state": (names.states, "no state has the code"),
        "land": (land, "no state or region has the code"),
        "operator": (names.operators, "no operator is called"),
        "role": (names.roles, "nobody signs in the role"),
        "class": (names.classes, "no data and no weights carry the class"),
    }
    for kind, loc, value in asked:
        words, message = known[kind]
        if value not in words and value not in ("", ANY, NONE):
            yield Finding(loc, f"{message} {value!r}", remedy_for(value, words))


_Asked = Iterator[tuple[str, Loc, str]]
"""Kind of name, place, value."""


def _each(kind: str, loc: Loc, values: Iterable[str]) -> _Asked:
    for index, value in enumerate(values):
        yield kind, (*loc, index), value


def _nodes(spec: ScenarioFile) -> _Asked:
    for n, group in enumerate(spec.groups):
        yield "state", ("groups", n, "registry_state"), group.registry_state
    for n, network in enumerate(spec.stations):
        for i, site in enumerate(network.sites):
            yield "state", ("stations", n, "sites", i, "country"), site.country
    for n, centre in enumerate(spec.data_centres):
        yield "state", ("data_centres", n, "country"), centre.country


def _rules(spec: ScenarioFile) -> _Asked:
    for n, rule in enumerate(spec.rules):
        here: Loc = ("rules", n)
        yield "state", (*here, "to_country"), rule.to_country
        yield "operator", (*here, "to_operator"), rule.to_operator
        yield "class", (*here, "export_class"), rule.export_class or ""
        if rule.people is not None:
            yield from _each("role", (*here, "people", "roles"), rule.people.roles)


def _parties(spec: ScenarioFile) -> _Asked:
    for n, party in enumerate(spec.parties):
        here: Loc = ("parties", n)
        yield "operator", (*here, "name"), party.name
        yield "state", (*here, "home"), party.home
        yield "state", (*here, "authorising_state"), party.authorising_state or ""
        yield from _each("class", (*here, "barred"), party.barred)


def _people(spec: ScenarioFile) -> _Asked:
    yield from _each("role", ("approval", "order_roles"), spec.approval.order_roles)
    for n, one in enumerate(spec.envelopes):
        here: Loc = ("envelopes", n)
        yield from _each("state", (*here, "countries"), one.countries)
        yield from _each("land", (*here, "territories"), one.territories)


def _grants(spec: ScenarioFile) -> _Asked:
    for n, one in enumerate(spec.grants):
        here: Loc = ("grants", n)
        yield from _each("land", (*here, "territories"), one.territories)
