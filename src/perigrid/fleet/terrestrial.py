"""Fibre between ground nodes: delay along a stretched great circle."""

from __future__ import annotations

import math
from typing import Final

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.fleet.model import Fleet, NodeKind
from perigrid.scenario.model import Scenario

MEAN_EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius (2a + b) / 3 of the ellipsoid (Moritz 2000, doi:10.1007/s001900050278) [m]."""


def fibre_delay_s(scenario: Scenario, fleet: Fleet, station_row: int, centre_row: int) -> float:
    """One-way delay of the fibre between two ground nodes.

    Parameters
    ----------
    scenario : Scenario
        For the route factor and the fibre's refractive index.
    fleet : Fleet
        Places of the nodes.
    station_row, centre_row : int
        Fleet rows of ground nodes.

    Returns
    -------
    float
        Delay [s].

    Notes
    -----
    ``d f n / c`` with great-circle distance ``d`` on the mean sphere (within 0.6 % of the
    ellipsoid), route factor ``f`` and index ``n``. Switching and queueing are left out.
    """
    fibre = scenario.terrestrial
    length_m = great_circle_m(fleet, station_row, centre_row) * fibre.route_factor
    return length_m * fibre.refractive_index / SPEED_OF_LIGHT_M_S


def nearest_centre(fleet: Fleet, station_row: int) -> int:
    """Find the data centre with the shortest great circle to a ground node.

    Parameters
    ----------
    fleet : Fleet
        Places of the nodes.
    station_row : int
        Fleet row of a ground node.

    Returns
    -------
    int
        Fleet row; the lowest of equals.

    Raises
    ------
    ValueError
        If the fleet has no data centre.
    """
    centres: list[int] = fleet.rows(NodeKind.DATA_CENTRE).tolist()
    if not centres:
        raise ValueError("the fleet has no data centre")
    return min(centres, key=lambda row: (great_circle_m(fleet, station_row, row), row))


def great_circle_m(fleet: Fleet, first_row: int, second_row: int) -> float:
    """Great-circle distance between two ground nodes, by the haversine formula.

    Parameters
    ----------
    fleet : Fleet
        Places of the nodes.
    first_row, second_row : int
        Fleet rows of ground nodes.

    Returns
    -------
    float
        Distance on the mean sphere [m].
    """
    latitude = [float(fleet.latitude_rad[row]) for row in (first_row, second_row)]
    longitude = [float(fleet.longitude_rad[row]) for row in (first_row, second_row)]
    haversine = (
        math.sin(0.5 * (latitude[1] - latitude[0])) ** 2
        + math.cos(latitude[0])
        * math.cos(latitude[1])
        * math.sin(0.5 * (longitude[1] - longitude[0])) ** 2
    )
    return 2.0 * MEAN_EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, haversine)))
