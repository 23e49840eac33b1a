"""Electrical load of the terminals, step by step: links held, and radio legs booked."""

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
    held_w : (n_satellites, n_steps) float array
        What holding the laser links draws, from
        :func:`perigrid.fleet.laser_load.held_laser_w` [W].
    """

    def __init__(self, world: World, held_w: Floats) -> None:
        self._world = world
        self._held_w = held_w
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
        return self._held_w[:, step] + self._sent_w(step)

    @property
    def held_j(self) -> float:
        """Energy of all held laser links over the run [J]."""
        return float((self._held_w * np.diff(self._edges_s)).sum())

    def reserve_w(self, step: int) -> Floats:
        """Power to keep free in a step: what is known, and the radio in case it is booked yet.

        Parameters
        ----------
        step : int
            Index of the step.

        Returns
        -------
        (n_satellites,) float array
            Power [W].
        """
        return self._held_w[:, step] + np.maximum(
            self._sent_w(step), self._world.fleet.buses.radio_w
        )

    def _sent_w(self, step: int) -> Floats:
        power: Floats = self._energy_j[:, step] / (self._edges_s[step + 1] - self._edges_s[step])
        return power

    def add(self, legs: tuple[Leg, ...]) -> None:
        """Put the radios' power into the steps in which they send.

        Parameters
        ----------
        legs : tuple of Leg
            Booked; laser legs go over links that are held anyway.
        """
        for leg in legs:
            if leg.kind == "downlink":
                self._spread(
                    leg.source,
                    leg.t_start_s,
                    leg.t_end_s,
                    self._world.fleet.buses.radio_w[leg.source],
                )

    def remove(self, legs: tuple[Leg, ...], t_s: float) -> None:
        """Take out what will not be sent.

        Parameters
        ----------
        legs : tuple of Leg
            Booked before; what was sent of them stays.
        t_s : float
            Now [s].
        """
        for leg in legs:
            if leg.kind == "downlink" and leg.t_end_s > t_s:
                start_s = max(leg.t_start_s, t_s)
                self._spread(
                    leg.source, start_s, leg.t_end_s, -self._world.fleet.buses.radio_w[leg.source]
                )

    def _spread(self, row: int, start_s: float, end_s: float, power_w: float) -> None:
        edges_s = self._edges_s
        first = max(int(np.searchsorted(edges_s, start_s, side="right")) - 1, 0)
        last = min(int(np.searchsorted(edges_s, end_s, side="left")), len(edges_s) - 1)
        for step in range(first, last):
            overlap_s = min(end_s, edges_s[step + 1]) - max(start_s, edges_s[step])
            energy_j = self._energy_j[row, step] + max(float(overlap_s), 0.0) * power_w
            self._energy_j[row, step] = max(energy_j, 0.0)  # of what was taken out again
