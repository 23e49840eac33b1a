"""Nodes that people, grants and operators name: each has to be there, or it would bind nobody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from perigrid.base.errors import Problem, ScenarioError
from perigrid.scenario.model import Scenario
from perigrid.scenario.problems import Place, no_such_node

Names = tuple[str, ...]

MOST_PROBLEMS: Final = 5
"""Told at once: looking for what was meant among many names takes time."""


def demand_nodes(scenario: Scenario, names: Names, n_satellites: int) -> None:
    """Refuse names of nodes that the fleet does not have.

    Parameters
    ----------
    scenario : Scenario
        With orders, envelopes, grants and operators.
    names : tuple of str
        Of the fleet's nodes, computing satellites first.
    n_satellites : int
        Computing satellites.

    Raises
    ------
    ScenarioError
        With every name that is none. A group stands for its satellites in orders and envelopes,
        unless a place on the ground is called like it; grants and operators are of computing
        satellites.
    """
    wrong = list(islice(_wrong(scenario, names, n_satellites), MOST_PROBLEMS))
    if wrong:
        raise ScenarioError(wrong)


def _wrong(scenario: Scenario, names: Names, n_satellites: int) -> Iterator[Problem]:
    groups = [group.name for group in scenario.groups]
    grounds = {one.name for one in scenario.stations}
    grounds |= {one.name for one in scenario.data_centres}
    both = grounds.intersection(groups)
    choices = {True: (*names, *groups), False: names[:n_satellites]}
    known = {of_all: frozenset(some) for of_all, some in choices.items()}
    places = dict(scenario.node_places)
    for key, name, of_all in _named(scenario):
        place = places.get(key, Place(scenario.source_path))
        if name not in known[of_all]:
            found = no_such_node(name, choices[of_all], key)
            yield place.problem(found.message, found.remedy, key)
        elif of_all and name in both:
            message = f"a group and a place on the ground are both called {name!r}"
            yield place.problem(message, "rename one, or name satellites", key)


def _named(scenario: Scenario) -> Iterator[tuple[str, str, bool]]:
    """List the names of nodes: where each stands, the name, whether it may be of any node."""
    people, sharing = scenario.oversight, scenario.sharing
    lists = (
        *((f"orders.{n}.nodes", one.nodes, True) for n, one in enumerate(people.orders)),
        *((f"envelopes.{n}.nodes", one.nodes, True) for n, one in enumerate(people.envelopes)),
        *((f"grants.{n}.nodes", one.nodes, False) for n, one in enumerate(sharing.grants)),
        *((f"operators.{n}.satellites", mine, False)
          for n, (_, mine) in enumerate(sharing.owners)),
    )  # fmt: skip
    for key, nodes, of_all in lists:
        for index, name in enumerate(nodes):
            yield f"{key}.{index}", name, of_all
