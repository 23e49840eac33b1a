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


def steps_held(fleet: Fleet, outlook: Outlook) -> int:
    """Say how many steps are held until they are written.

    Parameters
    ----------
    fleet, outlook
        Satellites and steps.

    Returns
    -------
    int
        At least one.
    """
    return min(max(1, ROWS_HELD // max(fleet.n_satellites, 1)), len(outlook.t_s) - 1)


class TelemetrySums:
    """Means, least and largest values over satellites and steps, block by block.

    Parameters
    ----------
    fleet, outlook
        Limits of temperatures, and step edges.
    """

    def __init__(self, fleet: Fleet, outlook: Outlook) -> None:
        self._fleet, self._t_s = fleet, outlook.t_s
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
    fleet: Fleet, outlook: Outlook, first: int, held: Mapping[str, Floats]
) -> pl.DataFrame:
    """Lay steps out by time and satellite.

    Parameters
    ----------
    fleet, outlook
        Names, light and sub-satellite points.
    first : int
        Number of the first step.
    held : mapping of str to (steps, n_satellites) float array
        By column.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.TELEMETRY`.
    """
    n, steps = fleet.n_satellites, len(held["computer_k"])
    ends = slice(first + 1, first + steps + 1)
    data: dict[str, object] = {
        "t_s": np.repeat(outlook.t_s[ends], n),
        "satellite": list(fleet.names[:n]) * steps,
        "illumination": outlook.illumination[:, ends].T.ravel(),
        "latitude_deg": np.degrees(outlook.latitude_rad[:, ends].T.ravel()),
        "longitude_deg": np.degrees(outlook.longitude_rad[:, ends].T.ravel()),
    }
    data |= {name: column.ravel() for name, column in held.items()}
    return pl.DataFrame({name: data[name] for name in TELEMETRY}, schema=TELEMETRY)
