"""What the gate knows of nodes: who runs them, whose law they stand under, what is barred there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.messages import Leg, Move
from perigrid.base.states import regions_of
from perigrid.control.policy.request import OPERATOR, SCHEDULER
from perigrid.fleet.model import ContactKind, Fleet, NodeKind
from perigrid.scenario.model import Party

KINDS: Final = {
    NodeKind.SATELLITE: "satellite",
    NodeKind.RELAY: "relay",
    NodeKind.STATION: "station",
    NodeKind.GATEWAY: "gateway",
    NodeKind.DATA_CENTRE: "data-centre",
}
GROUND: Final = frozenset({"station", "gateway"})
"""Kinds at which a downlink ends."""
RELAY: Final = ContactKind.RELAY.name.lower()
"""Kind of a leg that crosses the relay network."""


@dataclass(frozen=True, slots=True)
class Place:
    """Everything policy may ask about a node.

    Parameters
    ----------
    operator : str
        Who runs it.
    home, state : str
        State of the operator's seat; where the node stands or is registered. Empty if unknown.
    kind : str
        One of :data:`KINDS`.
    registry_state, authorising_state : str
        Empty if there is none.
    barred : tuple of str
        Export classes the operator may not receive.
    """

    operator: str
    home: str
    state: str
    kind: str
    registry_state: str
    authorising_state: str
    barred: tuple[str, ...] = ()

    def to_cedar(self, name: str) -> dict[str, Any]:
        """Write it as a Cedar entity.

        Parameters
        ----------
        name : str
            Of the node.

        Returns
        -------
        dict
            JSON values.
        """
        attributes = {
            "operator": self.operator,
            "home": list(regions_of(self.home)),
            "place": list(regions_of(self.state)),
            "kind": self.kind,
            "registry_state": self.registry_state,
            "authorising_state": self.authorising_state,
            "barred": list(self.barred),
        }
        return {"uid": {"type": "Node", "id": name}, "attrs": attributes, "parents": []}


class Places:
    """The nodes of a fleet as policy sees them.

    Nodes of which policy knows the same stand for each other, so that a thousand satellites cost
    one question; nodes that a policy names are never exchanged.

    Parameters
    ----------
    names : sequence of str
        By fleet row.
    places : sequence of Place
        By fleet row.
    """

    def __init__(self, names: tuple[str, ...], places: tuple[Place, ...]) -> None:
        self.names = names
        self.places = places
        self.keep_apart(())

    def keep_apart(self, named: Collection[str]) -> None:
        """Let nodes that a policy names stand for nobody else.

        Parameters
        ----------
        named : collection of str
            Names of nodes.
        """
        self.stand_in: tuple[str, ...] = self._stand_ins(frozenset(named))
        relays = {
            name: row
            for row, name in reversed(list(enumerate(self.stand_in)))
            if self.places[row].kind == "relay"
        }
        self.mesh: tuple[int, ...] = tuple(sorted(relays.values()))
        self.behind_mesh = frozenset(
            row for row, place in enumerate(self.places) if place.kind == "gateway" and relays
        )

    def crossed(self, leg: Leg) -> tuple[int, ...]:
        """List the nodes that a leg may cross between its ends.

        Parameters
        ----------
        leg : Leg
            Of a move.

        Returns
        -------
        tuple of int
            Fleet rows: over the relay network one relay satellite of each kind that policy can
            tell apart, since which of them the light passes is settled by the network; none of
            any other leg.
        """
        return self.mesh if leg.kind == RELAY else ()

    def stops(self, move: Move) -> frozenset[int]:
        """Nodes a move comes to.

        Parameters
        ----------
        move : Move
            With its legs.

        Returns
        -------
        frozenset of int
            Fleet rows, the end included, and what its legs may cross.
        """
        ends = {move.target, *(leg.target for leg in move.legs)}
        return frozenset(ends.union(*map(self.crossed, move.legs)))

    def told(self, row: int) -> str:
        """Name a node in the reason of a verdict.

        Parameters
        ----------
        row : int
            Fleet row.

        Returns
        -------
        str
            Its name; of relay satellites whose they are, as one stands for many.
        """
        place, name = self.places[row], self.names[row]
        alike = self.stand_in.count(self.stand_in[row]) if row in self.mesh else 1
        if alike == 1:
            return name
        state = place.state or "no state"
        return f"{alike} relay satellites of {place.operator} (registered in {state}) on the way"

    def _stand_ins(self, named: frozenset[str]) -> tuple[str, ...]:
        """By fleet row, the node that is asked about in its place."""
        first: dict[tuple[Place, str], str] = {}
        return tuple(
            first.setdefault((place, name if name in named else ""), name)
            for name, place in zip(self.names, self.places, strict=True)
        )

    def entities(self) -> list[dict[str, Any]]:
        """Write every node, and who asks, as Cedar entities.

        Returns
        -------
        list of dict
            JSON values.
        """
        operator = self.places[0].operator if self.places else ""
        people = [
            {
                "uid": {"type": who.kind, "id": who.name},
                "attrs": {"operator": operator},
                "parents": [],
            }
            for who in (SCHEDULER, OPERATOR)
        ]
        nodes = dict(zip(self.names, self.places, strict=True))
        return people + [place.to_cedar(name) for name, place in nodes.items()]


def places_of(fleet: Fleet, parties: tuple[Party, ...]) -> Places:
    """Gather what policy may ask about the nodes of a fleet.

    Parameters
    ----------
    fleet : Fleet
        Operators, states and kinds.
    parties : tuple of Party
        What the scenario says of operators.

    Returns
    -------
    Places
        An operator without a party is at home where its satellites are registered, or where its
        ground nodes stand if that is one state; else its home is unknown.
    """
    known = {party.name: party for party in parties}
    homes = _homes(fleet)
    places = []
    for row, (operator, state) in enumerate(zip(fleet.operators, fleet.countries, strict=True)):
        party = known.get(operator)
        home = party.home if party else homes[operator]
        authority = party.authorising_state if party else homes[operator]
        barred = party.barred if party else ()
        kind = KINDS[NodeKind(int(fleet.kind[row]))]
        places.append(Place(operator, home, state, kind, state, authority, barred))
    return Places(_unique(fleet.names), tuple(places))


def _homes(fleet: Fleet) -> dict[str, str]:
    """State of each operator's seat as far as the fleet tells it."""
    in_orbit: dict[str, set[str]] = {}
    on_ground: dict[str, set[str]] = {}
    for kind, operator, state in zip(fleet.kind, fleet.operators, fleet.countries, strict=True):
        seen = in_orbit if int(kind) <= NodeKind.RELAY else on_ground
        seen.setdefault(operator, set()).add(state)
    homes = {}
    for operator in fleet.operators:
        states = in_orbit.get(operator) or on_ground[operator]
        homes[operator] = next(iter(states)) if len(states) == 1 else ""
    return homes


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the second of two nodes of one name its row besides."""
    seen: set[str] = set()
    unique = []
    for row, name in enumerate(names):
        unique.append(f"{name}#{row}" if name in seen else name)
        seen.add(name)
    return tuple(unique)
