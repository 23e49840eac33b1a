"""Fleet (what there is), Outlook (what decisions cannot change), FleetState (what they do change).

Ground stations, data centres and relay satellites are node kinds of the same fleet, so that an
architecture is a composition of them and never a second simulator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from perigrid.base.architecture import Link
from perigrid.fleet.columns import BusColumns, bus_columns
from perigrid.fleet.terminals import Terminals
from perigrid.scenario.model import (
    Computer,
    DataCentre,
    GroundStation,
    SatelliteGroup,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class NodeKind(IntEnum):
    """What a fleet row is."""

    SATELLITE = 0  # of the mission: takes scenes, computes, or both
    RELAY = 1
    STATION = 2  # the operator's own
    GATEWAY = 3  # of the relay network
    DATA_CENTRE = 4


class ContactKind(IntEnum):
    """What a contact row is."""

    DOWNLINK = 0  # satellite -> station, radio
    CROSSLINK = 1  # satellite -> satellite, laser
    RELAY = 2  # satellite -> gateway through the relay mesh
    TERRESTRIAL = 3  # station or gateway -> data centre, always open

    @classmethod
    def of(cls, links: Iterable[Link]) -> frozenset[ContactKind]:
        """Kinds of contact that are links of an architecture."""
        return frozenset(cls[link.name] for link in links)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Static columns, one row per node: satellites first, then relays, stations, gateways, centres.

    Parameters
    ----------
    names, operators, countries : tuple of str
        One entry per node; ``countries`` is the registry state of a satellite.
    kind : (n_nodes,) int array
        :class:`NodeKind`.
    latitude_rad, longitude_rad : (n_nodes,) float array
        Ground nodes; NaN in orbit [rad].
    n_satellites, n_relays : int
        Satellites are rows ``0..n_satellites-1``, relays follow.
    groups : tuple of SatelliteGroup
        The mission's satellites, a bus for each group, in the order of their rows.
    group_of : (n_satellites,) int array
        Index into ``groups`` of each satellite, ascending.
    relays : SatelliteGroup or None
        The relay network's bus.
    stations : dict of int to GroundStation
        By fleet row, gateways too.
    data_centres : dict of int to DataCentre
        By fleet row.
    element_age_s : (n_satellites,) float array
        Age of each satellite's elements at the scenario's start; 0 for designed orbits [s].
    buses : BusColumns
        What kernels read of each satellite's bus; follows from ``groups``.
    """

    names: tuple[str, ...]
    operators: tuple[str, ...]
    countries: tuple[str, ...]
    kind: Ints
    latitude_rad: Floats
    longitude_rad: Floats
    n_satellites: int
    n_relays: int
    groups: tuple[SatelliteGroup, ...]
    group_of: Ints
    relays: SatelliteGroup | None
    stations: dict[int, GroundStation]
    data_centres: dict[int, DataCentre]
    element_age_s: Floats
    buses: BusColumns = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the columns by satellite."""
        object.__setattr__(self, "buses", bus_columns(self.groups, self.group_of))

    def bus(self, row: int) -> SatelliteGroup:
        """Find the bus of a satellite.

        Parameters
        ----------
        row : int
            Fleet row of a satellite.

        Returns
        -------
        SatelliteGroup
            Its group.
        """
        return self.groups[int(self.group_of[row])]

    def spans(self) -> tuple[tuple[SatelliteGroup, slice], ...]:
        """List the groups with the fleet rows of their satellites.

        Returns
        -------
        tuple of (SatelliteGroup, slice)
            In the order of the rows; each group's rows follow each other.
        """
        edges = np.searchsorted(self.group_of, np.arange(len(self.groups) + 1)).tolist()
        return tuple(
            (group, slice(*edges[index : index + 2])) for index, group in enumerate(self.groups)
        )

    def terminals(self, spare: int = 0) -> Terminals:
        """List the lasers of the mission's satellites.

        Parameters
        ----------
        spare : int
            Terminals of each satellite that are left out, for other links.

        Returns
        -------
        Terminals
            In fleet order.
        """
        lasers = [
            replace(one, terminals=one.terminals - spare) if one is not None else None
            for one in (group.laser for group in self.groups)
        ]
        return Terminals.of(lasers).taken(self.group_of)

    def rows(self, kind: NodeKind) -> Ints:
        """Fleet rows of one kind.

        Parameters
        ----------
        kind : NodeKind
            Which.

        Returns
        -------
        (n,) int array
            Ascending.
        """
        return np.flatnonzero(self.kind == int(kind)).astype(np.int64)

    def called(self, row: int) -> tuple[str, ...]:
        """Name a node as people's orders and envelopes may: itself, and its group of satellites.

        Parameters
        ----------
        row : int
            Fleet row.

        Returns
        -------
        tuple of str
            The node's own name first.
        """
        if row < self.n_satellites:
            return self.names[row], self.bus(row).name
        if self.relays is not None and row < self.n_satellites + self.n_relays:
            return self.names[row], self.relays.name
        return (self.names[row],)

    def mesh(self) -> frozenset[str]:
        """Names of everything that a way over the relay network may cross, its group's included."""
        rows = self.rows(NodeKind.RELAY).tolist()
        return frozenset(name for row in rows for name in self.called(row))

    def computer(self, row: int) -> Computer | None:
        """Find the processor of a node.

        Parameters
        ----------
        row : int
            Fleet row.

        Returns
        -------
        Computer or None
            None for nodes that do not compute.
        """
        if row < self.n_satellites:
            return self.bus(row).computer
        centre = self.data_centres.get(row)
        return centre.computer if centre is not None else None


@dataclass(frozen=True, slots=True)
class Contacts:
    """Windows in which a node can send to another, one row each, sorted by ``t_start_s``.

    Parameters
    ----------
    kind, source, target : (n,) int array
        :class:`ContactKind` and fleet rows. A crosslink appears once per direction.
    t_start_s, t_end_s : (n,) float array
        Usable interval, after antenna and terminal assignment and acquisition [s].
    rate_bps : (n,) float array
        Information rate that the whole window holds: its mean for a downlink, its lowest for the
        laser links [bit/s].
    light_time_s : (n,) float array
        One-way delay at mid-window, with relay hops [s].
    hops : (n,) int array
        Relay satellites on the way; 0 for direct links.
    max_elevation_rad : (n,) float array
        Downlinks; NaN else [rad].
    """

    kind: Ints
    source: Ints
    target: Ints
    t_start_s: Floats
    t_end_s: Floats
    rate_bps: Floats
    light_time_s: Floats
    hops: Ints
    max_elevation_rad: Floats

    def __len__(self) -> int:
        return len(self.kind)

    def some(self, rows: npt.NDArray[np.bool_] | Ints) -> Contacts:
        """Choose rows, by mask or by number, in their order."""
        return Contacts(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What decisions cannot change, computed once.

    Parameters
    ----------
    t_s : (n_times,) float array
        Step edges from 0 to the duration [s].
    illumination : (n_satellites, n_times) float array
        Share of the solar disc in view, 0 to 1.
    array_w : (n_satellites, n_times) float array
        Array power available [W].
    environment_w : (n_satellites, n_times) float array
        Heat the radiator absorbs from Sun, albedo and Earth infrared [W].
    latitude_rad, longitude_rad : (n_satellites, n_times) float array
        Sub-satellite point, geodetic [rad].
    altitude_m : (n_satellites, n_times) float array
        Geodetic height [m].
    contacts : Contacts
        Every usable window.
    """

    t_s: Floats
    illumination: Floats
    array_w: Floats
    environment_w: Floats
    latitude_rad: Floats
    longitude_rad: Floats
    altitude_m: Floats
    contacts: Contacts
