"""Electrical load of the transmitters, step by step, from the legs that are booked."""

from __future__ import annotations

import numpy as np

from perigrid.base.messages import Leg
from perigrid.fleet.model import Floats
from perigrid.sim.world import World


class LinkLoads:
    """Energy that each satellite's terminals draw in each step.

    Parameters
    ----------
    world : World
        Terminals and step edges.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._edges_s = world.outlook.t_s
        self._energy_j = np.zeros((world.fleet.n_satellites, len(self._edges_s) - 1))

    def power_w(self, step: int) -> Floats:
        """Mean power in a step, from what is booked so far.

        Parameters
        ----------
        step : int
            Index of the step.

        Returns
        -------
        (n_satellites,) float array
            Power [W].
        """
        power: Floats = self._energy_j[:, step] / (self._edges_s[step + 1] - self._edges_s[step])
        return power

    def add(self, legs: tuple[Leg, ...]) -> None:
        """Put the terminals' power into the steps in which they send or receive.

        Parameters
        ----------
        legs : tuple of Leg
            Booked; a crosslink loads both its ends.
        """
        for leg in legs:
            power_w = self._world.link_power_w(leg.kind)
            ends = (leg.source, leg.target) if leg.kind == "crosslink" else (leg.source,)
            for row in ends:
                if row < len(self._energy_j) and power_w > 0.0:
                    self._spread(row, leg.t_start_s, leg.t_end_s, power_w)

    def _spread(self, row: int, start_s: float, end_s: float, power_w: float) -> None:
        edges_s = self._edges_s
        first = max(int(np.searchsorted(edges_s, start_s, side="right")) - 1, 0)
        last = min(int(np.searchsorted(edges_s, end_s, side="left")), len(edges_s) - 1)
        for step in range(first, last):
            overlap_s = min(end_s, edges_s[step + 1]) - max(start_s, edges_s[step])
            self._energy_j[row, step] += max(float(overlap_s), 0.0) * power_w
