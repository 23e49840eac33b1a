"""Names that a scenario gives to things, and states: what its rules may be about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from perigrid.base.states import FOR_USERS, meant, regions, states
from perigrid.scenario.findings import Finding
from perigrid.scenario.governance import NONE
from perigrid.scenario.model import DataCentre, GroundStation, Scenario
from perigrid.scenario.people import DEFAULT_ROLE
from perigrid.scenario.problems import listed
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.tree import Loc

ANY: Final = "any"

PACK_CLASSES: Final = frozenset({"eu-dual-use", "usml", "9x515"})
"""Export classes that the jurisdiction packs speak of."""
PACK_AREAS: Final = frozenset({"limited-operations"})
"""Areas that the jurisdiction packs speak of."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that can be named in a mission but nodes.

    Parameters
    ----------
    states, regions : frozenset of str
        ISO 3166 alpha-2, made-up ones that nodes or parties carry besides; regions of states.
    operators, roles, classes, areas : frozenset of str
        Who runs anything; in which roles people sign; export classes; closed areas.
    """

    states: frozenset[str]
    regions: frozenset[str]
    operators: frozenset[str]
    roles: frozenset[str]
    classes: frozenset[str]
    areas: frozenset[str]

    @classmethod
    def of(cls, scenario: Scenario) -> Vocabulary:
        """Gather the names of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Complete.

        Returns
        -------
        Vocabulary
            Export classes are those that data or weights carry, and those of the packs: nothing
            else can be barred.
        """
        grounds: list[GroundStation | DataCentre] = [*scenario.stations, *scenario.data_centres]
        carried = {
            *(group.registry_state for group in scenario.groups),
            *(place.country for place in grounds),
            *(party.home for party in scenario.governance.parties),
        }
        handling = scenario.governance.handling
        return cls(
            states=states() | (carried & FOR_USERS),
            regions=frozenset(regions()),
            operators=frozenset(
                [
                    *(group.operator for group in scenario.groups),
                    *(place.operator for place in grounds),
                    *(name for name, _ in scenario.sharing.owners),
                ]
            ),
            roles=frozenset([one.role for one in scenario.oversight.people] or [DEFAULT_ROLE]),
            classes=PACK_CLASSES.union(
                handling.data_export_classes, handling.weights_export_classes
            ),
            areas=PACK_AREAS.union(rule.id for rule in scenario.rules if rule.area is not None),
        )


def remedy_for(word: str, known: Iterable[str]) -> str:
    """Say what to write in place of a word that is not known.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What it could be.

    Returns
    -------
    str
        The word that was probably meant, or some of those that there are.
    """
    words = sorted(known)
    code = meant(word)
    if code in words and code:
        return f"write {code!r}"
    folded = {one.casefold(): one for one in words}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=2, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(folded[one]) for one in near)}?"
    if not words:
        return "the scenario has none"
    if states() <= set(words):
        return f"write a state's two letters, such as DE, or one of {', '.join(regions())}"
    return f"it may be {listed(words)}"


def vocabulary_findings(spec: ScenarioFile, names: Vocabulary) -> Iterator[Finding]:
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
