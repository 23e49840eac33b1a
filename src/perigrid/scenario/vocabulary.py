"""Names that a scenario gives to things, and states: what its rules may be about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from perigrid.base.states import FOR_USERS, meant, regions, states
from perigrid.scenario.model import DataCentre, GroundStation, Scenario
from perigrid.scenario.problems import listed

DEFAULT_ROLE: Final = "approver"
"""In which somebody signs where nobody is listed."""

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
