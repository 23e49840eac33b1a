"""Names of nodes: one name, one node, over the whole fleet and all that it talks to."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from perigrid.scenario.findings import Finding
from perigrid.scenario.model import ElementSets, Scenario
from perigrid.scenario.numbers import dotted
from perigrid.scenario.problems import Place
from perigrid.scenario.raw_elements import Raw
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.tree import Loc, Node

_NUMBERED: Final = r"-\d{4,}"
"""What follows a group's name in the names of satellites on designed orbits."""


def told_apart(raws: Iterable[Raw]) -> tuple[Raw, ...]:
    """Give objects of one name their catalogue number too, as catalogues of debris need it.

    Parameters
    ----------
    raws : iterable of Raw
        Of one file or block.

    Returns
    -------
    tuple of Raw
        In the same order; every object whose name another one has is called
        ``NAME (CATALOGUE NUMBER)``.
    """
    kept = tuple(raws)
    counts = Counter(_key(raw.name) for raw in kept)
    return tuple(
        dataclasses.replace(raw, name=f"{raw.name} ({raw.norad_id})")
        if counts[_key(raw.name)] > 1
        else raw
        for raw in kept
    )


def name_findings(spec: ScenarioFile, scenario: Scenario) -> Iterator[Finding]:
    """Find nodes that have the name of another one.

    Parameters
    ----------
    spec : ScenarioFile
        Where the names stand.
    scenario : Scenario
        The same mission, with the satellites of its files.

    Yields
    ------
    Finding
        One for each name that was taken before.
    """
    taken: dict[str, str] = {}
    designed = {
        group.name: re.compile(re.escape(_key(group.name)) + _NUMBERED)
        for group in scenario.groups
        if not isinstance(group.orbit, ElementSets)
    }
    for loc, name, what in _nodes(spec, scenario):
        key = _key(name)
        of = next((group for group, form in designed.items() if form.fullmatch(key)), None)
        before = taken.get(key) or (of and f"a satellite of group '{of}'")
        if before:
            yield Finding(
                loc,
                f"'{name}' is the name of {what} and of {before}",
                "rename one: rules, orders and tables know nodes by name",
            )
        taken.setdefault(key, what)


def node_places(spec: ScenarioFile, tree: Node) -> Iterator[tuple[str, Place]]:
    """Tell where nodes are named: whether they are there is known once the fleet is laid out.

    Parameters
    ----------
    spec : ScenarioFile
        Orders, envelopes, grants and operators.
    tree : Node
        For the places.

    Yields
    ------
    (str, Place)
        Dotted path of each name, and where it stands.
    """
    lists = (
        *(("orders", n, "nodes", one.nodes) for n, one in enumerate(spec.orders)),
        *(("envelopes", n, "nodes", one.nodes) for n, one in enumerate(spec.envelopes)),
        *(("grants", n, "nodes", one.nodes) for n, one in enumerate(spec.grants)),
        *(("operators", n, "satellites", one.satellites) for n, one in enumerate(spec.operators)),
    )
    for section, n, key, names in lists:
        for i in range(len(names)):
            loc: Loc = (section, n, key, i)
            yield dotted(loc), tree.place_of(loc)


def _key(name: str) -> str:
    """Names that look the same are the same."""
    return unicodedata.normalize("NFC", name)


def _nodes(spec: ScenarioFile, scenario: Scenario) -> Iterator[tuple[Loc, str, str]]:
    """List the nodes that have names of their own: where each stands, its name, what it is."""
    for n, network in enumerate(spec.stations):
        for i, site in enumerate(network.sites):
            what = f"a station of network '{network.name}'"
            yield ("stations", n, "sites", i, "name"), site.name, what
    for i, centre in enumerate(spec.data_centres):
        yield ("data_centres", i, "name"), centre.name, "a data centre"
    for n, group in enumerate(scenario.groups):
        if isinstance(group.orbit, ElementSets):
            sets = spec.groups[n].orbit.element_sets
            key = next(k for k in ("elements", "tle", "file") if getattr(sets, k) is not None)
            loc: Loc = ("groups", n, "orbit", "element_sets", key)
            for i, one in enumerate(group.orbit.elements):
                here = (*loc, i, "name") if key == "elements" else loc
                yield here, one.name, f"a satellite of group '{group.name}'"
