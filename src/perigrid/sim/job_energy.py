"""What a job burns: the energy that would not have been spent without it.

Bus load, idle computers and waiting receivers are the fleet's own and are not counted; the energy
of a data centre carries its power usage effectiveness.
"""

from __future__ import annotations

from perigrid.base.errors import InvariantError
from perigrid.base.messages import Leg
from perigrid.scenario.model import Computer
from perigrid.sim.world import World


def slot_power_w(computer: Computer) -> float:
    """Power of one busy slot above idle.

    Parameters
    ----------
    computer : Computer
        The processor.

    Returns
    -------
    float
        Power [W].
    """
    return (computer.active_w - computer.idle_w) / computer.slots


def compute_energy_j(world: World, row: int, work_s: float) -> tuple[float, float]:
    """Energy of a stage.

    Parameters
    ----------
    world : World
        The fleet.
    row : int
        Fleet row that computed it.
    work_s : float
        Its time at full speed; throttling stretches time, not energy [s].

    Returns
    -------
    space_j, ground_j : float
        Energy in orbit and on the ground [J].

    Raises
    ------
    InvariantError
        If the node has no computer.
    """
    computer = world.fleet.computer(row)
    if computer is None:
        raise InvariantError(f"node {row} computed and has no computer")
    energy_j = work_s * slot_power_w(computer)
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
    send_s = leg.t_end_s - leg.t_start_s
    terminal_j = send_s * world.link_power_w(leg.kind)
    match leg.kind:
        case "downlink":
            return terminal_j, send_s * world.fleet.stations[leg.target].active_w
        case "crosslink":
            return 2.0 * terminal_j, 0.0
        case "relay":
            relay_j = leg.nbytes * world.scenario.relay_energy_j_per_byte
            return terminal_j + relay_j, send_s * world.fleet.stations[leg.target].active_w
        case _:
            return 0.0, leg.nbytes * world.scenario.terrestrial.energy_j_per_byte
