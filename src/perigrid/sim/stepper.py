"""Physics between two steps of a run: speeds at the start, battery and heat at the end."""

from __future__ import annotations

import numpy as np

from perigrid.base.messages import StateReported
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState, advance, compute_speed, unpowered
from perigrid.sim.executor import ComputeQueue
from perigrid.sim.limits import check_limits
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.world import World


class Stepper:
    """Carries the satellites' state over steps of fixed length.

    Parameters
    ----------
    world : World
        Fleet and outlook.
    state : FleetState
        Changed in place.
    computers : dict of int to ComputeQueue
        By fleet row; the satellites' run at the speeds set here.
    links : LinkLoads
        Power of transmitters in each step.
    """

    def __init__(
        self,
        world: World,
        state: FleetState,
        computers: dict[int, ComputeQueue],
        links: LinkLoads,
    ) -> None:
        self._world = world
        self._state = state
        self._links = links
        n = world.fleet.n_satellites
        self._computers = [computers[row] for row in range(n)]
        # What heat and energy allow each, to tell those that change from the many that do not.
        self._heat, self._power = np.full(n, np.nan), np.full(n, np.nan)

    def set_speeds(self, step: int, t_from_s: float) -> frozenset[int]:
        """Set every satellite's computing speed for a step, from temperature and energy.

        Parameters
        ----------
        step : int
            Index of the step's left edge in the outlook's times.
        t_from_s : float
            The same, as a time [s].

        Returns
        -------
        frozenset of int
            Satellites whose payload is switched off in the step for want of energy.
        """
        fleet, outlook = self._world.fleet, self._world.outlook
        dt_s = float(outlook.t_s[step + 1] - outlook.t_s[step])
        reserve_w = self._links.reserve_w(step)
        base_w = fleet.buses.bus_load_w + fleet.buses.idle_w + reserve_w
        heat, power = compute_speed(self._state, fleet, outlook.array_w[:, step], base_w, dt_s)
        changed = np.flatnonzero((heat != self._heat) | (power != self._power))
        self._heat, self._power = heat, power
        for row in changed.tolist():
            self._computers[row].set_speed(t_from_s, float(heat[row]), float(power[row]))
        off = unpowered(self._state, fleet, outlook.array_w[:, step], base_w, dt_s)
        return frozenset(np.flatnonzero(off).tolist())

    def advance(self, step: int, t_to_s: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Integrate battery and heat over a step with the work that was really done.

        Parameters
        ----------
        step : int
            Index of the step's left edge in the outlook's times.
        t_to_s : float
            Its right edge [s].

        Returns
        -------
        array_w, compute_w, link_w : (n_satellites,) float array
            Mean powers over the step: used of the array's, of computers, of transmitters [W].
        speeds : (n_satellites,) float array
            Share of full speed [1].

        Raises
        ------
        InvariantError
            If a battery or a storage left its limits.
        """
        fleet, outlook = self._world.fleet, self._world.outlook
        dt_s = float(outlook.t_s[step + 1] - outlook.t_s[step])
        drawn_j = np.zeros(len(self._computers))
        for row in self.working():
            queue = self._computers[row]
            queue.catch_up(t_to_s)
            drawn_j[row] = queue.energy_j
            queue.energy_j = 0.0
        compute_w = fleet.buses.idle_w + drawn_j / dt_s
        link_w = self._links.power_w(step)
        used_w = advance(self._state, fleet, outlook, step, compute_w=compute_w, link_w=link_w)
        check_limits(fleet, self._state, t_to_s)
        return used_w, compute_w, link_w, np.minimum(self._heat, self._power)

    def working(self) -> list[int]:
        """List the satellites whose computers run something, or did in this step.

        Returns
        -------
        list of int
            Fleet rows, ascending.
        """
        return [row for row, queue in enumerate(self._computers) if not queue.is_at_rest]

    def report(self, t_s: float) -> StateReported:
        """Give the satellites' telemetry.

        Parameters
        ----------
        t_s : float
            Now [s].

        Returns
        -------
        StateReported
            Every satellite, in fleet order.
        """
        state = self._state
        columns = (state.battery_j, state.computer_k, state.radiator_k, state.storage_bytes)
        battery, computer, radiator, storage = (tuple(column.tolist()) for column in columns)
        return StateReported(t_s, battery, computer, radiator, storage)
