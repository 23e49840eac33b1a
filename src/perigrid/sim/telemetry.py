"""Telemetry of a run: one row per satellite and step, written in parts as the run goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState
from perigrid.ledger.tables import TELEMETRY
from perigrid.sim.parts import Parts
from perigrid.sim.world import World

STATE_COLUMNS: Final = (
    "array_w",
    "battery_soc",
    "computer_k",
    "radiator_k",
    "compute_w",
    "link_w",
    "storage_bytes",
    "throttle",
)
ROWS_HELD: Final = 32_768
"""At most this many rows are in memory, or those of one step if the fleet is larger."""


class Telemetry:
    """Takes the state at the end of every step; holds the last steps and sums over all.

    Parameters
    ----------
    world : World
        For names, light and sub-satellite points.
    folder : Path
        Where parts are written until the run ends.
    """

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._parts = Parts(folder, "telemetry", TELEMETRY)
        n = world.fleet.n_satellites
        shape = (min(max(1, ROWS_HELD // max(n, 1)), len(world.outlook.t_s) - 1), n)
        self._held = {name: np.zeros(shape) for name in STATE_COLUMNS}
        self._first = 0
        self._next = 0
        self._sums = dict.fromkeys(STATE_COLUMNS, 0.0)
        self._least = dict.fromkeys(STATE_COLUMNS, np.inf)
        self._most = dict.fromkeys(STATE_COLUMNS, -np.inf)
        self.outside_temperature_s = 0.0
        """Satellite-seconds in which a computer was hotter or colder than it survives at work."""

    @property
    def rows_held(self) -> int:
        """Rows in memory."""
        return (self._next - self._first) * self._world.fleet.n_satellites

    def add(
        self,
        step: int,
        state: FleetState,
        array_w: Floats,
        compute_w: Floats,
        link_w: Floats,
        throttle: Floats,
    ) -> None:
        """Take a step's end state and mean powers.

        Parameters
        ----------
        step : int
            Index of the step; one after the other.
        state : FleetState
            At its end.
        array_w, compute_w, link_w : (n_satellites,) float array
            Mean powers over the step [W].
        throttle : (n_satellites,) float array
            Share of full speed [1].
        """
        capacity_j = self._world.fleet.buses.capacity_j
        values = {
            "array_w": array_w,
            "battery_soc": state.battery_j / capacity_j,
            "computer_k": state.computer_k,
            "radiator_k": state.radiator_k,
            "compute_w": compute_w,
            "link_w": link_w,
            "storage_bytes": state.storage_bytes,
            "throttle": throttle,
        }
        row = step - self._first
        for name, value in values.items():
            self._held[name][row] = value
        self._next = step + 1
        if row + 1 == len(self._held["array_w"]):
            self._flush()

    def mean(self, name: str) -> float:
        """Mean of a quantity over satellites and steps written.

        Parameters
        ----------
        name : str
            Column name.

        Returns
        -------
        float
            In the column's unit.
        """
        return self._sums[name] / (self._first * self._world.fleet.n_satellites)

    def least(self, name: str) -> float:
        """Smallest value of a quantity over satellites and steps written.

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
        """Largest value of a quantity over satellites and steps written.

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

    def finish(self, target: Path) -> None:
        """Write the whole table; nothing may be added after.

        Parameters
        ----------
        target : Path
            New Parquet file, columns of :data:`perigrid.ledger.tables.TELEMETRY`.
        """
        if self._next > self._first:
            self._flush()
        self._parts.merge(target)

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint needs.

        Returns
        -------
        dict
            Rows held, sums and the parts written.
        """
        held = {name: column[: self._next - self._first] for name, column in self._held.items()}
        sums = (self._sums, self._least, self._most, self.outside_temperature_s)
        return {
            "steps": (self._first, self._next),
            "held": held,
            "sums": sums,
            "parts": self._parts.digests(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        self._first, self._next = state["steps"]
        for name, column in state["held"].items():
            self._held[name][: len(column)] = column
        self._sums, self._least, self._most, self.outside_temperature_s = state["sums"]
        self._parts.keep(state["parts"])

    def _flush(self) -> None:
        """Sum up what is held, write it as a part and forget it."""
        rows = self._next - self._first
        held = {name: column[:rows] for name, column in self._held.items()}
        for name, column in held.items():
            self._sums[name] += float(column.sum())
            self._least[name] = min(self._least[name], float(column.min()))
            self._most[name] = max(self._most[name], float(column.max()))
        self.outside_temperature_s += self._outside_s(held["computer_k"])
        self._parts.write(self._frame(held))
        self._first = self._next

    def _outside_s(self, computer_k: Floats) -> float:
        buses = self._world.fleet.buses
        edges_s = self._world.outlook.t_s[self._first : self._next + 1]
        outside = (computer_k > buses.limit_k) | (computer_k < buses.survival_min_k)
        return float((outside * np.diff(edges_s)[:, None]).sum())

    def _frame(self, held: dict[str, Floats]) -> pl.DataFrame:
        """Lay rows out by time and satellite."""
        outlook, fleet = self._world.outlook, self._world.fleet
        n, steps = fleet.n_satellites, self._next - self._first
        ends = slice(self._first + 1, self._next + 1)
        data: dict[str, object] = {
            "t_s": np.repeat(outlook.t_s[ends], n),
            "satellite": list(fleet.names[:n]) * steps,
            "illumination": outlook.illumination[:, ends].T.ravel(),
            "latitude_deg": np.degrees(outlook.latitude_rad[:, ends].T.ravel()),
            "longitude_deg": np.degrees(outlook.longitude_rad[:, ends].T.ravel()),
        }
        data |= {name: column.ravel() for name, column in held.items()}
        return pl.DataFrame({name: data[name] for name in TELEMETRY}, schema=TELEMETRY)
