"""From the described mission to fleet rows: satellites, relays, stations, data centres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigrid.base.elements import MeanElements
from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.time import Epoch
from perigrid.fleet.aged_battery import with_aged_battery
from perigrid.fleet.model import Fleet, Ints, NodeKind
from perigrid.fleet.named_nodes import demand_nodes
from perigrid.physics.orbit.design import sun_synchronous_elements, walker_elements
from perigrid.physics.orbit.formation_elements import swarm_elements
from perigrid.scenario.model import (
    DataCentre,
    GroundStation,
    SatelliteGroup,
    Scenario,
    SunSynchronous,
    Swarm,
    WalkerShell,
)


def elements_of(group: SatelliteGroup, start: Epoch) -> tuple[MeanElements, ...]:
    """Mean elements of every satellite of a group.

    Parameters
    ----------
    group : SatelliteGroup
        Whose orbits.
    start : Epoch
        Epoch of designed orbits; published elements keep their own.

    Returns
    -------
    tuple of MeanElements
        In fleet order.
    """
    orbit = group.orbit
    if isinstance(orbit, WalkerShell):
        return tuple(
            walker_elements(
                group.name,
                planes=orbit.planes,
                satellites_per_plane=orbit.satellites_per_plane,
                phasing=orbit.phasing,
                altitude_m=orbit.altitude_m,
                inclination_rad=orbit.inclination_rad,
                raan_spread_rad=orbit.raan_spread_rad,
                first_raan_rad=orbit.first_raan_rad,
                epoch=start,
            )
        )
    if isinstance(orbit, SunSynchronous):
        return tuple(
            sun_synchronous_elements(
                group.name,
                satellites=orbit.satellites,
                altitude_m=orbit.altitude_m,
                ltan_hours=orbit.ltan_hours,
                epoch=start,
            )
        )
    if isinstance(orbit, Swarm):
        columns = swarm_elements(
            altitude_m=orbit.altitude_m,
            ltan_hours=orbit.ltan_hours,
            half_length_m=orbit.half_length_m,
            spacing_m=orbit.spacing_m,
            hexagonal=orbit.hexagonal,
            epoch=start,
        )
        return tuple(columns.one(row, f"{group.name}-{row:04d}") for row in range(len(columns)))
    return orbit.elements


def build_fleet(scenario: Scenario) -> Fleet:
    """Lay out the rows of a mission.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    Fleet
        Satellites of every group that the mission flies, relay satellites, operator stations,
        gateways, data centres, each kind in the order of the scenario.

    Raises
    ------
    ScenarioError
        If no group has the role ``compute``.
    """
    flown, relay = scenario.flown, scenario.group("relay")
    if not flown:
        problem = Problem(
            "no group of satellites has the role 'compute'",
            remedy="give one group 'role: compute'",
            key="groups",
            path=scenario.source_path,
        )
        raise ScenarioError([problem])
    by_group = [elements_of(group, scenario.start) for group in flown]
    satellites = [one for elements in by_group for one in elements]
    group_of = np.repeat(np.arange(len(flown)), [len(elements) for elements in by_group])
    relays = elements_of(relay, scenario.start) if relay is not None else ()
    stations = _ground_of(scenario, "operator")
    gateways = _ground_of(scenario, "gateway")
    ground: list[GroundStation | DataCentre] = [*stations, *gateways, *scenario.data_centres]
    in_orbit = len(satellites) + len(relays)
    first_centre = in_orbit + len(stations) + len(gateways)
    sky = [flown[index] for index in group_of]
    sky += [relay] * len(relays) if relay is not None else []
    names = (*_names(satellites), *_names(relays), *(place.name for place in ground))
    demand_nodes(scenario, names, len(satellites))
    return Fleet(
        names=names,
        operators=(
            *_owners(scenario, _names(satellites), sky),
            *(group.operator for group in sky[len(satellites) :]),
            *(place.operator for place in ground),
        ),
        countries=(*(g.registry_state for g in sky), *(place.country for place in ground)),
        kind=_kinds(satellites, relays, stations, gateways, scenario.data_centres),
        latitude_rad=np.array([np.nan] * in_orbit + [place.latitude_rad for place in ground]),
        longitude_rad=np.array([np.nan] * in_orbit + [place.longitude_rad for place in ground]),
        n_satellites=len(satellites),
        n_relays=len(relays),
        groups=tuple(with_aged_battery(group) for group in flown),
        group_of=group_of.astype(np.int64),
        relays=relay,
        stations=dict(enumerate([*stations, *gateways], start=in_orbit)),
        data_centres=dict(enumerate(scenario.data_centres, start=first_centre)),
        # Before their epoch elements err as much as after it, so age has no sign.
        element_age_s=np.array(
            [abs(scenario.start.seconds_since(one.epoch)) for one in satellites]
        ),
    )


def _owners(scenario: Scenario, names: Sequence[str], sky: Sequence[SatelliteGroup]) -> list[str]:
    """Operator of each satellite: its own, or else its group's."""
    owner_of = {name: owner for owner, satellites in scenario.sharing.owners for name in satellites}
    pairs = zip(names, sky, strict=False)  # relay satellites follow
    return [owner_of.get(name, group.operator) for name, group in pairs]


def _ground_of(scenario: Scenario, role: str) -> list[GroundStation]:
    """Ground stations with a role, in the order of the scenario."""
    return [station for station in scenario.stations if station.role == role]


def _names(elements: Sequence[MeanElements]) -> list[str]:
    """Names of satellites."""
    return [one.name for one in elements]


def _kinds(*nodes: Sequence[object]) -> Ints:
    """Column of node kinds, from the nodes of each kind in the order of NodeKind."""
    return np.repeat(np.array(list(NodeKind), dtype=np.int64), [len(some) for some in nodes])
