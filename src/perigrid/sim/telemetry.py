"""Telemetry of a run: one row per satellite and step, written in parts as the run goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from perigrid.engine.state import STATE_COLUMNS
from perigrid.engine.telemetry import TelemetrySums, steps_held, telemetry_frame
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState
from perigrid.ledger.tables import TELEMETRY
from perigrid.sim.parts import Parts
from perigrid.sim.world import World


class Telemetry:
    """Takes the state at the end of every step; holds the last steps.

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
        shape = (steps_held(world.fleet, world.outlook), n)
        self._held = {name: np.zeros(shape) for name in STATE_COLUMNS}
        self._next = 0
        self.sums = TelemetrySums(world.fleet, world.outlook)

    @property
    def rows_held(self) -> int:
        """Rows in memory."""
        return (self._next - self.sums.steps) * self._world.fleet.n_satellites

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
        row = step - self.sums.steps
        for name, value in values.items():
            self._held[name][row] = value
        self._next = step + 1
        if row + 1 == len(self._held["array_w"]):
            self._flush()

    def finish(self, target: Path) -> None:
        """Write the whole table; nothing may be added after.

        Parameters
        ----------
        target : Path
            New Parquet file, columns of :data:`perigrid.ledger.tables.TELEMETRY`.
        """
        if self._next > self.sums.steps:
            self._flush()
        self._parts.merge(target)

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint needs.

        Returns
        -------
        dict
            Rows held, sums and the parts written.
        """
        held = {name: column[: self._next - self.sums.steps] for name, column in self._held.items()}
        return {
            "next": self._next,
            "held": held,
            "sums": self.sums.state(),
            "parts": self._parts.digests(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        state : dict
            From :meth:`state`.
        """
        self._next = state["next"]
        for name, column in state["held"].items():
            self._held[name][: len(column)] = column
        self.sums.restore(state["sums"])
        self._parts.keep(state["parts"])

    def _flush(self) -> None:
        """Sum up what is held, write it as a part and forget it."""
        first, rows = self.sums.steps, self._next - self.sums.steps
        held = {name: column[:rows] for name, column in self._held.items()}
        self.sums.add(held)
        frame = telemetry_frame(self._world.fleet, self._world.outlook, first, held)
        self._parts.write(frame)
