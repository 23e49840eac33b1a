"""A forecast that learns from being wrong: sunlight that did not come is not counted on again."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.forecast import SOC_MARGIN, Forecast, Load, forecast
from perigrid.fleet.model import Floats, Outlook

TOLERANCE: Final = 0.01
"""Share of a battery that a forecast may be wrong by before it is distrusted (assumed). [1]"""

LEVEL: Final = 1e-3
"""Share of a battery by which its charge may move and still count as unchanged (assumed). [1]"""


class Guard:
    """Forecast of all satellites, corrected by what the last one got wrong.

    Notes
    -----
    Each telemetry is compared with what was forecast for it, less all energy given out since. If a
    battery is lower by more than :data:`TOLERANCE`, the power that was missing is taken to be
    missing from then on: a satellite that the outlook puts in sunlight and that is dark soon has
    no headroom, and takes no more jobs. As soon as telemetry agrees again it is trusted again.
    A battery that should have charged and stayed where it was, above its floor, is taken to be full
    there: it holds less than it is said to, and what the arrays give beyond is lost.
    """

    def __init__(self) -> None:
        self._seen: StateReported | None = None
        self._given_j: Floats = np.zeros(0)
        self.missing_w: Floats = np.zeros(0)
        # What each battery was seen to hold when it was full, below its capacity.
        self._full_j: Floats = np.zeros(0)
        self.forecast: Forecast | None = None

    def look(self, belief: Belief, outlook: Outlook) -> None:
        """Simulate ahead again when new telemetry came.

        Parameters
        ----------
        belief : Belief
            The fleet now.
        outlook : Outlook
            What is expected.
        """
        told = belief.telemetry
        if told is None or told is self._seen:
            return
        self.missing_w = self._missing(told, belief)
        self._seen = told
        self._given_j = np.zeros(len(told.battery_j))
        self.forecast = forecast(
            told, belief.fleet, outlook, belief.busy_until_s,
            *belief.works.of_largest(), belief.laser_w,
        )  # fmt: skip
        lost_j = self.missing_w[:, None] * (self.forecast.t_s - told.t_s)
        self.forecast.battery_j -= lost_j
        over_j = np.maximum(self.forecast.battery_j - self._full_j[:, None], 0.0)
        self.forecast.battery_j -= np.maximum.accumulate(over_j, axis=1)
        short = (self.missing_w > 0.0) | (over_j.max(axis=1) > 0.0)
        if short.any():
            buses = belief.fleet.buses
            floor_j = buses.capacity_j * (buses.min_soc + SOC_MARGIN)
            spare_j = self.forecast.battery_j[short, ::-1] - floor_j[short, None]
            self.forecast.headroom_j[short] = np.minimum.accumulate(spare_j, axis=1)[:, ::-1]
        self.forecast.surplus_w -= self.missing_w[:, None]

    def _missing(self, told: StateReported, belief: Belief) -> Floats:
        """Power that each battery did not get since the last telemetry."""
        measured_j = np.array(told.battery_j)
        if len(self._full_j) != len(measured_j):
            self._full_j = np.full(len(measured_j), np.inf)
        if self.forecast is None or self._seen is None or told.t_s <= self._seen.t_s:
            return np.zeros(len(measured_j))
        passed_s = told.t_s - self._seen.t_s
        times = self.forecast.t_s
        expected_j = np.array([np.interp(told.t_s, times, row) for row in self.forecast.battery_j])
        # What was missing before is in the forecast already: put it back, to measure all of it.
        expected_j += self.missing_w * min(passed_s, float(times[-1] - times[0]))
        short_j = expected_j - self._given_j - measured_j
        buses = belief.fleet.buses
        allowed_j = TOLERANCE * buses.capacity_j
        still = np.abs(measured_j - np.array(self._seen.battery_j)) < LEVEL * buses.capacity_j
        empty_j = buses.capacity_j * buses.min_soc + allowed_j
        full = still & (short_j > allowed_j) & (measured_j > empty_j)
        self._full_j = np.where(full, measured_j, np.maximum(self._full_j, measured_j))
        missing: Floats = np.where(~full & (short_j > allowed_j), short_j, 0.0) / passed_s
        return missing

    def earliest_start(
        self, node: int, t_s: float, load: Load, reserved_j: float = 0.0
    ) -> tuple[float | None, Cause | None]:
        """Find when a stage can start; before the first telemetry nothing is known against it.

        Parameters
        ----------
        node : int
            Fleet row of a satellite.
        t_s : float
            Not before [s].
        load : Load
            What the stage takes.
        reserved_j : float
            What jobs that begin before it will take [J].

        Returns
        -------
        start_s : float or None
            As :meth:`Forecast.earliest_start` [s].
        cause : Cause or None
            What it waits for.
        """
        if self.forecast is None:
            return t_s, None
        start_s, cause = self.forecast.earliest_start(node, t_s, load, reserved_j)
        distrusted = cause is None and self.missing_w[node] > 0.0
        if distrusted and self.forecast.energy_left_j(node, t_s, load) < 0.0:
            # Not even the last resort of computing on forecast sunlight.
            return None, Cause.BATTERY
        return start_s, cause

    def commit(self, node: int, start_s: float, load: Load) -> None:
        """Take a stage out of what is left.

        Parameters
        ----------
        node : int
            Fleet row of a satellite.
        start_s : float
            When it starts [s].
        load : Load
            What it takes.
        """
        if self.forecast is not None:
            self.forecast.commit(node, start_s, load)
            self._given_j[node] += self.forecast.drawn_j(node, load)
