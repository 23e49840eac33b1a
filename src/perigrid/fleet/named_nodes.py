"""Nodes that orders, envelopes and grants name: each has to be there, or it would bind nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from perigrid.base.errors import Problem, ScenarioError
from perigrid.scenario.model import Scenario
from perigrid.scenario.problems import no_such_node

MOST_PROBLEMS: Final = 5
"""Told at once: looking for what was meant among many names takes time."""


def demand_nodes(scenario: Scenario, names: Sequence[str], n_satellites: int) -> None:
    """Refuse names of nodes that the fleet does not have.

    Parameters
    ----------
    scenario : Scenario
        With orders, envelopes and grants.
    names : sequence of str
        Of the fleet's nodes, computing satellites first.
    n_satellites : int
        Computing satellites.

    Raises
    ------
    ScenarioError
        With every name that is none. A group stands for its satellites in orders and envelopes,
        unless a place on the ground is called like it; grants are for computing satellites.
    """
    wrong = list(islice(_wrong(scenario, names, n_satellites), MOST_PROBLEMS))
    if wrong:
        raise ScenarioError(wrong)


def _wrong(scenario: Scenario, names: Sequence[str], n_satellites: int) -> Iterator[Problem]:
    groups = [group.name for group in scenario.groups]
    stations, centres = scenario.stations, scenario.data_centres
    places = {one.name for one in stations} | {one.name for one in centres}
    everything = (*names, *groups)
    known, satellites = frozenset(everything), names[:n_satellites]
    lists = [
        *((f"orders.{n}", one.nodes) for n, one in enumerate(scenario.oversight.orders)),
        *((f"envelopes.{n}", one.nodes) for n, one in enumerate(scenario.oversight.envelopes)),
    ]
    for key, nodes in lists:
        for name in nodes:
            if name not in known:
                yield _told(name, everything, key, scenario)
            elif name in places and name in groups:
                message = f"a group and a place on the ground are both called {name!r}"
                path = scenario.source_path
                yield Problem(message, "rename one, or name satellites", f"{key}.nodes", path)
    lendable = frozenset(satellites)
    for n, grant in enumerate(scenario.sharing.grants):
        for name in grant.nodes:
            if name not in lendable:
                yield _told(name, satellites, f"grants.{n}", scenario)


def _told(name: str, names: Sequence[str], key: str, scenario: Scenario) -> Problem:
    found = no_such_node(name, names, f"{key}.nodes")
    return Problem(found.message, found.remedy, f"{key}.nodes", scenario.source_path)
