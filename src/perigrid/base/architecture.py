"""Architectures as data: which kinds of place may run which tasks, which links carry what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from perigrid.base.errors import Problem, ScenarioError

ANY: Final = "*"
"""Stands for every task, or every class of product, that is not named."""


class ComputePlace(StrEnum):
    """Where a task may run."""

    ORIGIN = "origin"  # the satellite that took it
    SATELLITE = "satellite"  # any other satellite with a computer
    DATA_CENTRE = "data-centre"  # on the ground


class Link(StrEnum):
    """What may carry a product; fibre on the ground is always there."""

    DOWNLINK = "downlink"
    CROSSLINK = "crosslink"
    RELAY = "relay"


IN_ORBIT: Final = frozenset({ComputePlace.ORIGIN, ComputePlace.SATELLITE})
TO_GROUND: Final = frozenset({Link.DOWNLINK, Link.RELAY})

Table = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Architecture:
    """A composition: kinds of place by task, kinds of link by class of product.

    Parameters
    ----------
    name : str
        Its name.
    compute : tuple of (str, tuple of str)
        Task or :data:`ANY`, and the values of :class:`ComputePlace` where it may run.
    carry : tuple of (str, tuple of str)
        Class of product or :data:`ANY`, and the values of :class:`Link` that may carry it.
    summary : str
        What it is, for readers; empty for those of a scenario.

    Raises
    ------
    ValueError
        If a place or a link is none.
    """

    name: str
    compute: Table
    carry: Table
    summary: str = ""

    def __post_init__(self) -> None:
        """Refuse what no place and no link is called: a run folder may hold anything."""
        for _, places in self.compute:
            _ = [ComputePlace(place) for place in places]
        for _, links in self.carry:
            _ = [Link(link) for link in links]

    @classmethod
    def of(
        cls,
        name: str,
        compute: Mapping[str, Iterable[str]],
        carry: Mapping[str, Iterable[str]],
        summary: str = "",
    ) -> Architecture:
        """Compose one from mappings, so that equal ones are equal however they were written.

        Parameters
        ----------
        name : str
            Its name.
        compute, carry : mapping of str to iterable of str
            Places by task and links by class of product.
        summary : str
            What it is.

        Returns
        -------
        Architecture
            With places and links in the order of their classes.
        """
        return cls(name, _table(compute, ComputePlace), _table(carry, Link), summary)

    def places(self, task: str) -> frozenset[ComputePlace]:
        """Kinds of place that may run a task; none if it may run nowhere."""
        return frozenset(map(ComputePlace, _row(self.compute, task)))

    def links(self, product: str) -> frozenset[Link]:
        """Kinds of link that may carry a class of product; none if it stays where it is."""
        return frozenset(map(Link, _row(self.carry, product)))

    @property
    def every_link(self) -> frozenset[Link]:
        """Kinds of link that may carry anything."""
        return frozenset(Link(link) for _, links in self.carry for link in links)

    @property
    def computes_in_orbit(self) -> bool:
        """Whether any task may run on a satellite."""
        return any(place in IN_ORBIT for _, places in self.compute for place in places)

    @property
    def shares_terminals(self) -> bool:
        """Whether laser terminals are wanted for crosslinks and for the relay network."""
        return {Link.CROSSLINK, Link.RELAY} <= self.every_link


def _table(rows: Mapping[str, Iterable[str]], kind: type[StrEnum]) -> Table:
    given = {key: {kind(value) for value in values} for key, values in rows.items()}
    return tuple(
        (key, tuple(str(one) for one in kind if one in given[key])) for key in sorted(given)
    )


def _row(table: Table, key: str) -> tuple[str, ...]:
    rows = dict(table)
    return rows.get(str(key), rows.get(ANY, ()))


BENT_PIPE: Final = Architecture.of(
    "bent-pipe",
    {ANY: ["data-centre"]},
    {ANY: ["downlink"]},
    "raw pixels wait for the operator's own ground stations; a ground data centre computes",
)
RELAY: Final = Architecture.of(
    "relay",
    {ANY: ["data-centre"]},
    {ANY: ["relay"]},
    "raw pixels go at once over a laser relay mesh to gateways; a ground data centre computes",
)
ONBOARD: Final = Architecture.of(
    "onboard",
    {ANY: ["origin"]},
    {ANY: ["downlink"]},
    "each satellite computes what it took; answers go down",
)
ORBITAL: Final = Architecture.of(
    "orbital",
    {ANY: ["origin", "satellite"]},
    {ANY: ["downlink", "crosslink"]},
    "any computing satellite within laser reach computes; answers go down",
)
ONBOARD_RELAY: Final = Architecture.of(
    "onboard-relay",
    {ANY: ["origin"]},
    {ANY: ["relay"]},
    "each satellite computes what it took; answers go out at once over the laser relay mesh",
)
HOSTED: Final = Architecture.of(
    "hosted",
    {ANY: ["satellite"]},
    {"raw": ["crosslink"], ANY: ["crosslink", "downlink", "relay"]},
    "raw pixels go over lasers to another satellite, which computes; answers go down by station "
    "or relay, whichever is sooner",
)
GROUND_ANYWHERE: Final = Architecture.of(
    "ground-anywhere",
    {ANY: ["data-centre"]},
    {ANY: ["downlink", "relay"]},
    "raw pixels go down by station or relay, whichever is sooner; a ground data centre computes",
)

COMPARED: Final = (BENT_PIPE, RELAY, ONBOARD, ORBITAL)
"""Flown where a scenario names none, as far as it has the equipment."""

BUILT_IN: Final = {one.name: one for one in (*COMPARED, ONBOARD_RELAY, HOSTED, GROUND_ANYWHERE)}
"""By name, in the order in which they are shown: a further one is one more entry."""


def architecture_named(name: str, own: Iterable[Architecture] = ()) -> Architecture:
    """Look an architecture up.

    Parameters
    ----------
    name : str
        Its name.
    own : iterable of Architecture
        Those of the scenario.

    Returns
    -------
    Architecture
        The built-in one or the scenario's.

    Raises
    ------
    ScenarioError
        If there is none of that name; the remedy lists all.
    """
    known = {**BUILT_IN, **{one.name: one for one in own}}
    if name not in known:
        remedy = f"choose from {', '.join(known)}"
        raise ScenarioError([Problem(f"no architecture is called {name!r}", remedy, path="--arch")])
    return known[name]


def in_order(names: Iterable[str]) -> list[str]:
    """Put names in the order in which they are always shown.

    Parameters
    ----------
    names : iterable of str
        Of architectures.

    Returns
    -------
    list of str
        Built-in ones first, others by name after them.
    """
    given = set(names)
    return [name for name in BUILT_IN if name in given] + sorted(given - set(BUILT_IN))
