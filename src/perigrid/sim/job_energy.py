"""What a job burns: the energy that would not have been spent without it.

Bus load, idle computers and waiting receivers are the fleet's own and are not counted; the energy
of a data centre carries its power usage effectiveness. The satellites' laser terminals draw the
same whether they send or only hold a link: they belong to the architecture as a whole and are
added up in ``sim.summary``.
"""

from __future__ import annotations

from perigrid.base.messages import Leg
from perigrid.base.units import BITS_PER_BYTE
from perigrid.sim.world import World


def compute_energy_j(world: World, row: int, energy_j: float) -> tuple[float, float]:
    """Energy of a stage, by where it was spent.

    Parameters
    ----------
    world : World
        The fleet.
    row : int
        Fleet row that computed it.
    energy_j : float
        What its slot drew above idle; throttling stretches time, not energy [J].

    Returns
    -------
    space_j, ground_j : float
        Energy in orbit and on the ground, the latter with the facility's share [J].
    """
    if row < world.fleet.n_satellites:
        return energy_j, 0.0
    return 0.0, energy_j * world.fleet.data_centres[row].pue


def leg_energy_j(world: World, leg: Leg) -> tuple[float, float]:
    """Energy of one transmission.

    Parameters
    ----------
    world : World
        Terminals, stations and the energy per byte of relay and fibre.
    leg : Leg
        What was sent.

    Returns
    -------
    space_j, ground_j : float
        Energy in orbit and on the ground [J].
    """
    match leg.kind:
        case "downlink":
            send_s = leg.t_end_s - leg.t_start_s
            station_w = world.fleet.stations[leg.target].active_w
            return send_s * float(world.fleet.buses.radio_w[leg.source]), send_s * station_w
        case "crosslink":
            return 0.0, 0.0
        case "relay":
            relay_j = leg.nbytes * world.scenario.relay_energy_j_per_byte
            gateway = world.fleet.stations[leg.target]
            # a gateway serves many users at once: its power is shared by rate
            feeder_s = leg.nbytes * BITS_PER_BYTE / gateway.feeder_rate_bps
            return relay_j, feeder_s * gateway.active_w
        case _:
            return 0.0, leg.nbytes * world.scenario.terrestrial.energy_j_per_byte
