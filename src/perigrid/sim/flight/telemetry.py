"""Telemetry of a flight: the state of every satellite now and then, held until it is written."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.fleet.ephemeris import GroupOrbits, earth_fixed
from perigrid.ledger.tables import FLEET_TELEMETRY
from perigrid.physics.eclipse import illumination
from perigrid.physics.frames import ecef_to_geodetic
from perigrid.physics.sun import sun_position_m
from perigrid.sim.flight.build import Flight

_WHOLE: Final = {"running": np.int16, "promised": np.int16, "away": np.bool_}
_DROPPED_BITS: Final = 7
"""Of single precision, which leaves 8e-6 of a value: a fleet has millions of rows."""


class TelemetryLog:
    """Takes the state of all satellites; rows are laid out when they are written.

    Parameters
    ----------
    flight : Flight
        Its world is read, and told how far its energy has been reported.
    """

    def __init__(self, flight: Flight) -> None:
        self._flight = flight
        self._orbits = GroupOrbits.of(flight.fleet.groups[0], flight.scenario.start)
        self._held: list[dict[str, npt.NDArray[np.generic]]] = []
        self._t_s: list[float] = []

    @property
    def rows(self) -> int:
        """Rows held."""
        return len(self._t_s) * self._flight.fleet.n_satellites

    def take(self, t_s: float) -> None:
        """Take the state at the end of a step.

        Parameters
        ----------
        t_s : float
            That time [s].
        """
        world, n = self._flight.world, self._flight.fleet.n_satellites
        sats, con = world.sats, world.con[0]
        passed_s = t_s - sats["told_s"]
        used_j = sats["generated_j"] - sats["spilled_j"]
        values = {
            "array_w": (used_j - sats["told_array_j"]) / passed_s,
            "battery_soc": sats["battery_j"] / con["capacity_j"],
            "computer_k": sats["computer_k"],
            "radiator_k": sats["radiator_k"],
            "compute_w": con["idle_w"] + (sats["compute_j"] - sats["told_compute_j"]) / passed_s,
            "storage_bytes": sats["stored_bytes"],
            "throttle": sats["speed"],
            "backlog_s": sats["backlog_s"],
            "running": np.count_nonzero(world.running >= 0, axis=1),
            "promised": sats["promised"],
            "away": world.ends["away"][:n] > 0,
        }
        sats["told_s"], sats["told_array_j"] = t_s, used_j
        sats["told_compute_j"] = sats["compute_j"]
        self._held.append(
            {name: value.astype(_WHOLE.get(name, np.float32)) for name, value in values.items()}
        )
        self._t_s.append(t_s)

    def frame(self) -> pl.DataFrame:
        """Lay out what is held, and hold nothing more.

        Returns
        -------
        polars.DataFrame
            Columns of :data:`perigrid.ledger.tables.FLEET_TELEMETRY`, by time and satellite.
        """
        n, t_s = self._flight.fleet.n_satellites, np.array(self._t_s)
        if not len(t_s):
            return pl.DataFrame(schema=FLEET_TELEMETRY)
        names = pl.Series(self._flight.nodes[:n], dtype=pl.String)
        columns: dict[str, pl.Series | npt.NDArray[np.generic]] = {}
        for name in self._held[0]:
            column = np.concatenate([one[name] for one in self._held])
            columns[name] = column if name in _WHOLE else _rounded(column)
        columns["t_s"] = np.repeat(t_s, n)
        columns["satellite"] = names.gather(np.tile(np.arange(n), len(t_s)))
        columns["link_w"] = np.full(n * len(t_s), float(self._flight.world.con[0]["link_w"]))
        columns |= self._places(t_s)
        self._held.clear()
        self._t_s.clear()
        told = pl.DataFrame({name: columns[name] for name in FLEET_TELEMETRY})
        return told.cast(pl.Schema(FLEET_TELEMETRY))

    def _places(self, t_s: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.generic]]:
        """Light, and points below the satellites."""
        scenario = self._flight.scenario
        position, velocity = self._orbits.states(t_s)
        lit = illumination(position, sun_position_m(scenario.start, t_s))
        fixed, _ = earth_fixed(position, velocity, scenario.start, t_s, scenario.earth_orientation)
        latitude, longitude, _ = ecef_to_geodetic(fixed)
        found = {"illumination": lit, "latitude_deg": np.degrees(latitude),
                 "longitude_deg": np.degrees(longitude)}  # fmt: skip
        return {name: _rounded(value.T.ravel()) for name, value in found.items()}


def _rounded(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Round to single precision without its last bits."""
    bits = values.astype(np.float32).view(np.uint32)
    half, last = np.uint32(1 << (_DROPPED_BITS - 1)), np.uint32((1 << _DROPPED_BITS) - 1)
    return ((bits + half) & ~last).view(np.float32)
