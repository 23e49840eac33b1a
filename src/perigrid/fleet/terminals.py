"""Laser terminals of satellites: few kinds, one kind on each satellite, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.scenario.model import Laser

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NONE: Final = -1
"""In place of a kind where a satellite has no laser, or no terminal."""


@dataclass(frozen=True, slots=True)
class Terminals:
    """Which satellite carries what.

    Parameters
    ----------
    kinds : tuple of Laser
        Unlike each other.
    kind_of : (n_satellites,) int array
        Index into ``kinds``, or :data:`NONE`.
    """

    kinds: tuple[Laser, ...]
    kind_of: Ints

    @classmethod
    def of(cls, lasers: Sequence[Laser | None]) -> Terminals:
        """Tell kinds apart.

        Parameters
        ----------
        lasers : sequence of Laser or None
            Of each satellite.

        Returns
        -------
        Terminals
            A laser without a terminal counts as none.
        """
        index: dict[Laser, int] = {}
        for one in lasers:
            if one is not None and one.terminals > 0:
                index.setdefault(one, len(index))
        kind = [NONE if one is None else index.get(one, NONE) for one in lasers]
        return cls(tuple(index), np.array(kind, dtype=np.int64))

    def taken(self, rows: Ints) -> Terminals:
        """Give the same terminals to others.

        Parameters
        ----------
        rows : (n,) int array
            Whose terminals each of them has.

        Returns
        -------
        Terminals
            Of ``n`` satellites.
        """
        return Terminals(self.kinds, self.kind_of[rows])

    @property
    def carried(self) -> Ints:
        """Satellites that have one."""
        return np.flatnonzero(self.kind_of != NONE).astype(np.int64)

    def column(self, value: Callable[[Laser], float]) -> Floats:
        """Give a number of each satellite's terminals.

        Parameters
        ----------
        value : callable
            Takes it from a laser.

        Returns
        -------
        (n_satellites,) float array
            0 where there is none.
        """
        # NONE is the last entry.
        return np.array([*map(value, self.kinds), 0.0])[self.kind_of]

    def pair_rate_bps(self, first: Ints, second: Ints, range_m: Floats) -> Floats:
        """Information rate between two satellites: what both ends can do.

        Parameters
        ----------
        first, second : (n,) int array
            Both ends, each with a laser.
        range_m : (n,) float array
            Distance [m].

        Returns
        -------
        (n,) float array
            The lower of the rates that each end would have with its like, and so nothing beyond
            the shorter range [bit/s].
        """
        rate = np.full(len(range_m), np.inf)
        for index, laser in enumerate(self.kinds):
            here = (self.kind_of[first] == index) | (self.kind_of[second] == index)
            rate[here] = np.minimum(rate[here], laser_rate_bps(laser, range_m[here]))
        return rate

    def own_rate_bps(self, range_m: Floats) -> Floats:
        """Information rate of each satellite's link with its own terminals at both ends.

        Parameters
        ----------
        range_m : (..., n_satellites) float array
            Distance [m].

        Returns
        -------
        (..., n_satellites) float array
            0 without a laser [bit/s].
        """
        rate = np.zeros(range_m.shape)
        for index, laser in enumerate(self.kinds):
            here = self.kind_of == index
            rate[..., here] = laser_rate_bps(laser, range_m[..., here])
        return rate
