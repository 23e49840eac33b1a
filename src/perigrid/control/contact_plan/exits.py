"""Ways out of the contact plan: fibre from a ground node to its data centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perigrid.base.messages import Leg
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.model import ContactKind, Fleet
from perigrid.fleet.terrestrial import fibre_delay_s, nearest_centre
from perigrid.scenario.model import Scenario

NO_CONTACT: Final = -1
"""In place of a contact's row: fibre is always open."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a product leaves a ground node for a data centre: always open, not shared."""

    centre: int
    delay_s: float
    rate_bps: float


def ways_out(scenario: Scenario, fleet: Fleet) -> dict[int, Exit]:
    """Ways from the ground nodes to the data centres nearest to them.

    Parameters
    ----------
    scenario : Scenario
        Fibre.
    fleet : Fleet
        The fleet.

    Returns
    -------
    dict of int to Exit
        By fleet row of the ground node.
    """
    exits = {}
    for row in fleet.stations:
        centre = nearest_centre(fleet, row)
        delay_s = fibre_delay_s(scenario, fleet, row, centre)
        exits[row] = Exit(centre, delay_s, scenario.terrestrial.rate_bps)
    return exits


def fibre_leg(way: Exit, ground: int, t_ready_s: float, nbytes: float) -> Leg:
    """Time the last leg of a way down.

    Parameters
    ----------
    way : Exit
        The fibre.
    ground : int
        Fleet row of the ground node.
    t_ready_s : float
        When the product is whole there [s].
    nbytes : float
        Its size [B].

    Returns
    -------
    Leg
        Sent at once.
    """
    end_s = t_ready_s + nbytes * BITS_PER_BYTE / way.rate_bps
    return Leg(
        contact=NO_CONTACT,
        kind=ContactKind.TERRESTRIAL.name.lower(),
        source=ground,
        target=way.centre,
        t_ready_s=t_ready_s,
        t_window_s=t_ready_s,
        t_start_s=t_ready_s,
        t_end_s=end_s,
        t_arrival_s=end_s + way.delay_s,
        nbytes=nbytes,
    )
