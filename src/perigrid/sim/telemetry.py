"""Telemetry of a run: one row per satellite and step."""

from __future__ import annotations

import numpy as np
import polars as pl

from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState
from perigrid.ledger.tables import TELEMETRY
from perigrid.sim.world import World

_STATE_COLUMNS = (
    "array_w",
    "battery_soc",
    "computer_k",
    "radiator_k",
    "compute_w",
    "link_w",
    "storage_bytes",
    "throttle",
)


class Telemetry:
    """Collects the state at the end of every step.

    Parameters
    ----------
    world : World
        For names, light and sub-satellite points.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        steps = len(world.outlook.t_s) - 1
        shape = (steps, world.fleet.n_satellites)
        self._columns = {name: np.zeros(shape) for name in _STATE_COLUMNS}

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
            Index of the step.
        state : FleetState
            At its end.
        array_w, compute_w, link_w : (n_satellites,) float array
            Mean powers over the step [W].
        throttle : (n_satellites,) float array
            Share of full speed [1].
        """
        capacity_j = self._world.fleet.satellites.battery.capacity_j
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
        for name, value in values.items():
            self._columns[name][step] = value

    def column(self, name: str) -> Floats:
        """One quantity over the run.

        Parameters
        ----------
        name : str
            Column name.

        Returns
        -------
        (n_steps, n_satellites) float array
            In the column's unit.
        """
        return self._columns[name]

    def frame(self) -> pl.DataFrame:
        """All rows, by time and satellite.

        Returns
        -------
        polars.DataFrame
            Columns of :data:`perigrid.ledger.tables.TELEMETRY`.
        """
        outlook, fleet = self._world.outlook, self._world.fleet
        n, steps = fleet.n_satellites, len(outlook.t_s) - 1
        data: dict[str, object] = {
            "t_s": np.repeat(outlook.t_s[1:], n),
            "satellite": list(fleet.names[:n]) * steps,
            "illumination": outlook.illumination[:, 1:].T.ravel(),
            "latitude_deg": np.degrees(outlook.latitude_rad[:, 1:].T.ravel()),
            "longitude_deg": np.degrees(outlook.longitude_rad[:, 1:].T.ravel()),
        }
        data |= {name: column.ravel() for name, column in self._columns.items()}
        return pl.DataFrame({name: data[name] for name in TELEMETRY}, schema=TELEMETRY)
