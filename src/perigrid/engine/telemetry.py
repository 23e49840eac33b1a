"""Telemetry of a run: one row per satellite and step, and what is summed up over all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from perigrid.engine.state import STATE_COLUMNS
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.ledger.tables import TELEMETRY

ROWS_HELD: Final = 32_768
"""At most this many rows are in memory, or those of one step if the fleet is larger."""


MOST_ROWS: Final = 2_000_000
"""A run with compute jobs writes no more: not every step, if the fleet is large or it is long."""


def steps_held(n_satellites: int, steps: int) -> int:
    """Say how many steps are held until they are written.

    Parameters
    ----------
    n_satellites, steps : int
        Of the run.

    Returns
    -------
    int
        At least one.
    """
    return min(max(1, ROWS_HELD // max(n_satellites, 1)), steps)


def steps_per_row(fleet: Fleet, outlook: Outlook, edges_s: Floats) -> int:
    """Say how many steps there are from one row of a satellite to its next.

    Parameters
    ----------
    fleet, outlook
        Satellites, and when their places are known.
    edges_s : (n_steps + 1,) float array
        Of all steps [s].

    Returns
    -------
    int
        1 where the outlook has every step.
    """
    steps, told = len(edges_s) - 1, len(outlook.t_s) - 1
    if steps == told:
        return 1
    apart = int(np.searchsorted(edges_s, outlook.t_s[1]))
    return apart * max(1, -(-fleet.n_satellites * told // MOST_ROWS))


class TelemetrySums:
    """Means, least and largest values over satellites and steps, block by block.

    Parameters
    ----------
    fleet : Fleet
        Limits of temperatures.
    edges_s : (n_steps + 1,) float array
        Of all steps [s].
    """

    def __init__(self, fleet: Fleet, edges_s: Floats) -> None:
        self._fleet, self._t_s = fleet, edges_s
        self.steps = 0
        """That are summed up."""
        self._sums = dict.fromkeys(STATE_COLUMNS, 0.0)
        self._least = dict.fromkeys(STATE_COLUMNS, np.inf)
        self._most = dict.fromkeys(STATE_COLUMNS, -np.inf)
        self.outside_temperature_s = 0.0
        """Satellite-seconds in which a computer was hotter or colder than it survives at work."""

    def add(self, held: Mapping[str, Floats]) -> None:
        """Add the next steps.

        Parameters
        ----------
        held : mapping of str to (steps, n_satellites) float array
            By column.
        """
        for name, column in held.items():
            self._sums[name] += float(column.sum())
            self._least[name] = min(self._least[name], float(column.min()))
            self._most[name] = max(self._most[name], float(column.max()))
        buses, computer_k = self._fleet.buses, held["computer_k"]
        edges_s = self._t_s[self.steps : self.steps + len(computer_k) + 1]
        outside = (computer_k > buses.limit_k) | (computer_k < buses.survival_min_k)
        self.outside_temperature_s += float((outside * np.diff(edges_s)[:, None]).sum())
        self.steps += len(computer_k)

    def mean(self, name: str) -> float:
        """Mean of a quantity over satellites and steps.

        Parameters
        ----------
        name : str
            Column name.

        Returns
        -------
        float
            In the column's unit.
        """
        return self._sums[name] / (self.steps * self._fleet.n_satellites)

    def least(self, name: str) -> float:
        """Smallest value of a quantity over satellites and steps.

        Parameters
        ----------
        name : str
            Column name.

        Returns
        -------
        float
            In the column's unit.
        """
        return float(self._least[name])

    def most(self, name: str) -> float:
        """Largest value of a quantity over satellites and steps.

        Parameters
        ----------
        name : str
            Column name.

        Returns
        -------
        float
            In the column's unit.
        """
        return float(self._most[name])

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint needs.

        Returns
        -------
        dict
            Plain values.
        """
        names = ("steps", "_sums", "_least", "_most", "outside_temperature_s")
        return {name: getattr(self, name) for name in names}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        state : mapping
            From :meth:`state`.
        """
        for name, value in state.items():
            setattr(self, name, value)


def telemetry_frame(
    fleet: Fleet, outlook: Outlook, edges_s: Floats, first: int, held: Mapping[str, Floats]
) -> pl.DataFrame:
    """Lay steps out by time and satellite.

    Parameters
    ----------
    fleet, outlook
        Names, light and sub-satellite points.
    edges_s : (n_steps + 1,) float array
        Of all steps [s].
    first : int
        Number of the first step.
    held : mapping of str to (steps, n_satellites) float array
        By column; of them those are laid out that :func:`steps_per_row` says, and the last of all.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.TELEMETRY`.
    """
    n, numbers = fleet.n_satellites, first + 1 + np.arange(len(held["computer_k"]))
    due = (numbers % steps_per_row(fleet, outlook, edges_s) == 0) | (numbers == len(edges_s) - 1)
    t_s = edges_s[numbers[due]]
    ends = np.searchsorted(outlook.t_s, t_s)
    data: dict[str, object] = {
        "t_s": np.repeat(t_s, n),
        "satellite": list(fleet.names[:n]) * len(t_s),
        "illumination": outlook.illumination[:, ends].T.ravel(),
        "latitude_deg": np.degrees(outlook.latitude_rad[:, ends].T.ravel()),
        "longitude_deg": np.degrees(outlook.longitude_rad[:, ends].T.ravel()),
    }
    data |= {name: column[due].ravel() for name, column in held.items()}
    return pl.DataFrame({name: data[name] for name in TELEMETRY}, schema=TELEMETRY)
