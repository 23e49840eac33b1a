"""Battery and heat simulated ahead with the same physics that the run will meet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.fleet.columns import BatteryColumns, NodeColumns
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.physics.compiled import kernel
from perigrid.physics.heat import two_node_advance
from perigrid.physics.power import battery_advance

Bools = npt.NDArray[np.bool_]

HORIZON_S: Final = 7200.0
"""Look-ahead: a little more than one low orbit, so that the next eclipse is always inside
(assumed). [s]"""

STEP_S: Final = 120.0
"""Step of the forecast (assumed); the implicit heat step is stable at any length. [s]"""

SOC_MARGIN: Final = 0.02
"""Kept above the battery's floor, for what the forecast cannot know (assumed). [1]"""

TEMPERATURE_MARGIN_K: Final = 1.0
"""Kept below the throttling temperature (assumed). [K]"""


@dataclass(slots=True)
class Forecast:
    """What each satellite can still afford, from the last telemetry on.

    Parameters
    ----------
    t_s : (n_steps,) float array
        Times of the forecast [s].
    headroom_j : (n_satellites, n_steps) float array
        Energy that may be drawn from the battery from then on without meeting the floor later [J].
    battery_j : (n_satellites, n_steps) float array
        Battery with the work already given out, not changed by commitments [J].
    peak_k : (n_satellites, n_steps) float array
        Computer temperature without further jobs [K].
    surplus_w : (n_satellites, n_steps) float array
        Array power beyond all other loads [W].
    """

    t_s: Floats
    headroom_j: Floats
    battery_j: Floats
    peak_k: Floats
    surplus_w: Floats
    _extra_w: Floats
    _energy_j: Floats
    _rise_k: Floats
    _limit_k: Floats
    _work_s: Floats

    def earliest_start(self, satellite: int, t_s: float) -> tuple[float, Cause | None]:
        """Find when a job can start without breaking a limit now or later.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            Not before [s].

        Returns
        -------
        start_s : float
            ``t_s`` if nothing speaks against it; the end of the horizon if nothing fits [s].
        cause : Cause or None
            What it waits for.
        """
        if t_s > self.t_s[-1]:
            return t_s, None
        first = self._index(t_s)
        energy_ok = self.headroom_j[satellite, first:] >= self._energy_j[satellite]
        rise_k, limit_k = self._rise_k[satellite], self._limit_k[satellite]
        heat_ok = self.peak_k[satellite, first:] + rise_k <= limit_k
        fits = energy_ok & heat_ok
        if fits[0]:
            return t_s, None
        cause = Cause.HEAT if energy_ok[0] else Cause.BATTERY
        if not fits.any():
            fits = self._last_resort(satellite, first, energy_ok)
        if fits[0]:
            return t_s, None
        if not fits.any():
            return float(self.t_s[-1]), cause
        return max(t_s, float(self.t_s[first + int(np.argmax(fits))])), cause

    @property
    def energy_j(self) -> Floats:
        """What one more job takes from each satellite's battery [J]."""
        return self._energy_j

    def heat_left_k(self, satellite: int, t_s: float) -> float:
        """Say how far a satellite would stay below its limit with one more job.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            When the job would start [s].

        Returns
        -------
        float
            Negative if it would be too hot [K].
        """
        peak_k = float(self.peak_k[satellite, self._index(t_s)])
        return float(self._limit_k[satellite] - peak_k - self._rise_k[satellite])

    def energy_left_j(self, satellite: int, t_s: float) -> float:
        """Say what a battery could still spare after one more job.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            When the job would start [s].

        Returns
        -------
        float
            Negative if the job would bring it to its floor, then or later [J].
        """
        return float(self.headroom_j[satellite, self._index(t_s)] - self._energy_j[satellite])

    def covers_job(self, satellite: int, t_s: float) -> bool:
        """Say whether sunlight alone carries one more job.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            When [s].

        Returns
        -------
        bool
            True if the array gives more than all loads and the job take.
        """
        return bool(self.surplus_w[satellite, self._index(t_s)] >= self._extra_w[satellite])

    def _last_resort(self, satellite: int, first: int, energy_ok: Bools) -> Bools:
        """When no start keeps every limit: those that the hardware's protection makes harmless."""
        # Waiting gains nothing then. A hot computer slows itself down; a battery that will meet its
        # floor anyway is spared by computing on sunlight that the bus leaves over.
        if energy_ok.any():
            return energy_ok
        spare: Bools = self.surplus_w[satellite, first:] >= self._extra_w[satellite]
        return spare

    def commit(self, satellite: int, start_s: float) -> None:
        """Take a job's energy and heat out of what is left.

        Parameters
        ----------
        satellite : int
            Fleet row.
        start_s : float
            When it starts [s].
        """
        first = self._index(start_s)
        self.headroom_j[satellite, first:] -= self._energy_j[satellite]
        last = self._index(start_s + float(self._work_s[satellite])) + 1
        self.peak_k[satellite, first:last] += self._rise_k[satellite]

    def _index(self, t_s: float) -> int:
        return int(np.searchsorted(self.t_s, t_s, side="right")) - 1 if t_s >= self.t_s[0] else 0


def forecast(
    telemetry: StateReported,
    fleet: Fleet,
    outlook: Outlook,
    busy_until_s: Floats,
    work_s: Floats | float,
    work_j: Floats | float,
    laser_w: Floats,
) -> Forecast:
    """Simulate battery and temperatures ahead with the work already given out and no more.

    Parameters
    ----------
    telemetry : StateReported
        State to start from.
    fleet : Fleet
        The fleet.
    outlook : Outlook
        Array power and absorbed heat to come; its last column is held beyond its end.
    busy_until_s : (n_satellites,) float array
        When each computer will have done what it was given [s].
    work_s : float or (n_satellites,) float array
        Length of one more job [s].
    work_j : float or (n_satellites,) float array
        Its energy above an idle computer [J].
    laser_w : (n_satellites, n_steps) float array
        What holding the laser links draws in each step of the outlook [W].

    Returns
    -------
    Forecast
        Headroom from the telemetry's time on.
    """
    buses = fleet.buses
    work_s, work_j = (np.broadcast_to(one, buses.idle_w.shape) for one in (work_s, work_j))
    extra_w = np.where(work_s > 0.0, work_j / np.where(work_s > 0.0, work_s, 1.0), 0.0)
    times = telemetry.t_s + np.arange(0.0, HORIZON_S + STEP_S, STEP_S)
    columns = np.clip(
        np.searchsorted(outlook.t_s, times, side="right") - 1, 0, outlook.array_w.shape[1] - 1
    )
    share = np.clip((busy_until_s[:, None] - times) / STEP_S, 0.0, 1.0)
    compute_w = buses.idle_w[:, None] + extra_w[:, None] * share
    held_w = laser_w[:, np.minimum(columns, laser_w.shape[1] - 1)]
    bus_w = buses.bus_load_w[:, None]
    array_w, other_w = outlook.array_w[:, columns], bus_w + held_w
    battery_j, computer_k = np.empty((2, *compute_w.shape))
    _simulate(
        np.array((telemetry.battery_j, telemetry.computer_k, telemetry.radiator_k)),
        array_w,
        outlook.environment_w[:, columns],
        compute_w,
        other_w,
        buses.battery,
        buses.nodes,
        battery_j,
        computer_k,
    )
    floor_j = buses.capacity_j * (buses.min_soc + SOC_MARGIN)
    spare_j = battery_j - floor_j[:, None]
    headroom_j = np.minimum.accumulate(spare_j[:, ::-1], axis=1)[:, ::-1]
    heat_capacity_j_k, _, conductance_w_k, *_ = buses.nodes
    time_constant_s = heat_capacity_j_k / conductance_w_k
    rise_k = (
        extra_w
        / conductance_w_k
        * np.array([-math.expm1(-share) for share in (work_s / time_constant_s).tolist()])
    )
    return Forecast(
        t_s=times,
        headroom_j=headroom_j.copy(),
        battery_j=battery_j,
        peak_k=computer_k,
        surplus_w=array_w - bus_w - held_w - compute_w,
        _extra_w=extra_w,
        _energy_j=work_j / buses.discharge_efficiency,
        _rise_k=rise_k,
        _limit_k=buses.throttle_k - TEMPERATURE_MARGIN_K,
        _work_s=work_s,
    )


@kernel
def _simulate(
    begin: Floats,
    array_w: Floats,
    environment_w: Floats,
    compute_w: Floats,
    other_w: Floats,
    battery: BatteryColumns,
    nodes: NodeColumns,
    battery_j: Floats,
    computer_k: Floats,
) -> None:
    """Fill in battery and computer temperature at the start of every forecast step."""
    capacity, floor, charge, discharge, most_in, most_out = battery
    own, radiator_j_k, conductance, emissivity, area = nodes
    for row in range(len(battery_j)):
        stored, computer, radiator = begin[0, row], begin[1, row], begin[2, row]
        for step in range(battery_j.shape[1]):
            battery_j[row, step], computer_k[row, step] = stored, computer
            own_w, rest_w = compute_w[row, step], other_w[row, step]
            stored, _, _, _, _, _ = battery_advance(
                stored, array_w[row, step], rest_w + own_w, STEP_S, capacity[row], floor[row],
                charge[row], discharge[row], most_in[row], most_out[row],
            )  # fmt: skip
            computer, radiator, _ = two_node_advance(
                computer, radiator, own_w, environment_w[row, step] + rest_w, STEP_S,
                own[row], radiator_j_k[row], conductance[row], emissivity[row], area[row],
            )  # fmt: skip
