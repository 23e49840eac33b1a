"""Battery and heat simulated ahead with the same physics that the run will meet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.fleet.bus_steps import BatteryNumbers, NodeNumbers, battery_numbers, node_numbers
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.physics.compiled import kernel
from perigrid.physics.heat import two_node_advance
from perigrid.physics.power import battery_advance
from perigrid.scenario.model import SatelliteGroup

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


class Load(NamedTuple):
    """What a stage takes: time at full speed [s] and energy above an idle computer [J]."""

    work_s: float
    work_j: float

    @property
    def power_w(self) -> float:
        """Mean power above an idle computer [W]."""
        return self.work_j / self.work_s if self.work_s > 0.0 else 0.0


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
    computer_k : (n_satellites, n_steps) float array
        Computer temperature with the work already given out and what was committed since [K].
    surplus_w : (n_satellites, n_steps) float array
        Array power beyond all other loads [W].
    bus : SatelliteGroup
        Battery and heat of the satellites.
    """

    t_s: Floats
    headroom_j: Floats
    battery_j: Floats
    computer_k: Floats
    surplus_w: Floats
    bus: SatelliteGroup
    _rises: dict[Load, Floats] = field(default_factory=dict)

    def earliest_start(
        self, satellite: int, t_s: float, load: Load, reserved_j: float = 0.0
    ) -> tuple[float | None, Cause | None]:
        """Find when a stage can start without breaking a limit now or later.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            Not before [s].
        load : Load
            What it takes.
        reserved_j : float
            What jobs that begin before it will take at the computer [J].

        Returns
        -------
        start_s : float or None
            ``t_s`` if nothing speaks against it; None if nothing fits within the horizon [s].
        cause : Cause or None
            What it waits for.
        """
        if t_s > self.t_s[-1]:
            return t_s, None
        first = self._index(t_s)
        needed_j = (load.work_j + reserved_j) / self.bus.battery.discharge_efficiency
        energy_ok = self.headroom_j[satellite, first:] >= needed_j
        heat_ok = self._hottest_k(satellite, first, load) <= self._limit_k
        fits = energy_ok & heat_ok
        if fits[0]:
            return t_s, None
        cause = Cause.HEAT if energy_ok[0] else Cause.BATTERY
        if not fits.any():
            fits = self._last_resort(satellite, first, energy_ok, load)
        if fits[0]:
            return t_s, None
        if not fits.any():
            return None, cause
        return max(t_s, float(self.t_s[first + int(np.argmax(fits))])), cause

    def drawn_j(self, load: Load) -> float:
        """Say what a stage takes from a battery.

        Parameters
        ----------
        load : Load
            At the computer.

        Returns
        -------
        float
            At the cells [J].
        """
        return load.work_j / self.bus.battery.discharge_efficiency

    def heat_left_k(self, satellite: int, t_s: float, load: Load) -> float:
        """Say how far a satellite would stay below its limit with one more stage.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            When the stage would start [s].
        load : Load
            What it takes.

        Returns
        -------
        float
            Negative if it would be too hot [K].
        """
        return self._limit_k - float(self._hottest_k(satellite, self._index(t_s), load)[0])

    def energy_left_j(self, satellite: int, t_s: float, load: Load) -> float:
        """Say what a battery could still spare after one more stage.

        Parameters
        ----------
        satellite : int
            Fleet row.
        t_s : float
            When the stage would start [s].
        load : Load
            What it takes.

        Returns
        -------
        float
            Negative if the stage would bring it to its floor, then or later [J].
        """
        return float(self.headroom_j[satellite, self._index(t_s)]) - self.drawn_j(load)

    @property
    def _limit_k(self) -> float:
        return self.bus.thermal.computer_throttle_k - TEMPERATURE_MARGIN_K

    def _hottest_k(self, satellite: int, first: int, load: Load) -> Floats:
        """How hot a computer gets during a stage, for every start from a step on."""
        row_k = self._windows(self.computer_k[satellite, first:], load)
        hottest: Floats = (row_k + self._rise_k(load)).max(axis=1)
        return hottest

    def _windows(self, row: Floats, load: Load) -> Floats:
        """Cut a row into what lies under a stage, for every step at which that could start."""
        steps = len(self._rise_k(load))
        return sliding_window_view(np.concatenate([row, np.full(steps - 1, row[-1])]), steps)

    def _rise_k(self, load: Load) -> Floats:
        """Say what a stage adds to its computer's temperature from step to step until its end."""
        # Over the radiator with the time constant of the two; the radiator gives nothing away.
        if load not in self._rises:
            thermal = self.bus.thermal
            constant_s = thermal.computer_heat_capacity_j_k / thermal.conductance_w_k
            steps = math.ceil(load.work_s / STEP_S) + 1
            on_s = np.minimum(STEP_S * np.arange(steps), load.work_s)
            over_k = load.power_w / thermal.conductance_w_k * -np.expm1(-on_s / constant_s)
            radiator_k = load.power_w * on_s / thermal.radiator_heat_capacity_j_k
            self._rises[load] = over_k + radiator_k
        return self._rises[load]

    def _last_resort(self, satellite: int, first: int, energy_ok: Bools, load: Load) -> Bools:
        """When no start keeps every limit: those that the hardware's protection makes harmless."""
        # Waiting gains nothing then. A hot computer slows itself down; a battery that will meet its
        # floor anyway is spared by computing on sunlight that the bus leaves over.
        if energy_ok.any():
            return energy_ok
        surplus_w = self._windows(self.surplus_w[satellite, first:], load)
        spare: Bools = surplus_w.min(axis=1) >= load.power_w
        return spare

    def commit(self, satellite: int, start_s: float, load: Load) -> None:
        """Take a stage's energy and heat out of what is left.

        Parameters
        ----------
        satellite : int
            Fleet row.
        start_s : float
            When it starts [s].
        load : Load
            What it takes.
        """
        first = self._index(start_s)
        self.headroom_j[satellite, first:] -= self.drawn_j(load)
        rise_k, row = self._rise_k(load), self.computer_k[satellite, first:]
        warm = min(len(rise_k), len(row))
        row[:warm] += rise_k[:warm]
        if warm < len(row):  # the computer cools down to its radiator, which keeps the heat
            thermal = self.bus.thermal
            constant_s = thermal.computer_heat_capacity_j_k / thermal.conductance_w_k
            kept_k = load.work_j / thermal.radiator_heat_capacity_j_k
            since_s = STEP_S * np.arange(1, len(row) - warm + 1)
            row[warm:] += kept_k + (rise_k[-1] - kept_k) * np.exp(-since_s / constant_s)

    def _index(self, t_s: float) -> int:
        return int(np.searchsorted(self.t_s, t_s, side="right")) - 1 if t_s >= self.t_s[0] else 0


def forecast(
    telemetry: StateReported,
    fleet: Fleet,
    outlook: Outlook,
    busy_until_s: Floats,
    compute_w: float,
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
    compute_w : float
        What a computer at work draws above an idle one, in the mean [W].
    laser_w : (n_satellites, n_steps) float array
        What holding the laser links draws in each step of the outlook [W].

    Returns
    -------
    Forecast
        Headroom from the telemetry's time on.
    """
    bus, computer = fleet.satellites, fleet.satellites.computer
    idle_w = 0.0 if computer is None else computer.idle_w
    times = telemetry.t_s + np.arange(0.0, HORIZON_S + STEP_S, STEP_S)
    columns = np.clip(
        np.searchsorted(outlook.t_s, times, side="right") - 1, 0, outlook.array_w.shape[1] - 1
    )
    share = np.clip((busy_until_s[:, None] - times) / STEP_S, 0.0, 1.0)
    own_w = idle_w + compute_w * share
    held_w = laser_w[:, np.minimum(columns, laser_w.shape[1] - 1)]
    array_w, other_w = outlook.array_w[:, columns], bus.bus_load_w + held_w
    battery_j, computer_k = np.empty((2, *own_w.shape))
    _simulate(
        np.array((telemetry.battery_j, telemetry.computer_k, telemetry.radiator_k)),
        array_w,
        outlook.environment_w[:, columns],
        own_w,
        other_w,
        battery_numbers(bus),
        node_numbers(bus),
        battery_j,
        computer_k,
    )
    floor_j = bus.battery.capacity_j * (bus.battery.min_soc + SOC_MARGIN)
    spare_j = battery_j - floor_j
    headroom_j = np.minimum.accumulate(spare_j[:, ::-1], axis=1)[:, ::-1]
    return Forecast(
        t_s=times,
        headroom_j=headroom_j.copy(),
        battery_j=battery_j,
        computer_k=computer_k,
        surplus_w=array_w - bus.bus_load_w - held_w - own_w,
        bus=bus,
    )


@kernel
def _simulate(
    begin: Floats,
    array_w: Floats,
    environment_w: Floats,
    compute_w: Floats,
    other_w: Floats,
    battery: BatteryNumbers,
    nodes: NodeNumbers,
    battery_j: Floats,
    computer_k: Floats,
) -> None:
    """Fill in battery and computer temperature at the start of every forecast step."""
    for row in range(len(battery_j)):
        stored, computer, radiator = begin[0, row], begin[1, row], begin[2, row]
        for step in range(battery_j.shape[1]):
            battery_j[row, step], computer_k[row, step] = stored, computer
            own_w, rest_w = compute_w[row, step], other_w[row, step]
            stored, _, _, _, _, _ = battery_advance(
                stored, array_w[row, step], rest_w + own_w, STEP_S, *battery
            )
            computer, radiator, _ = two_node_advance(
                computer, radiator, own_w, environment_w[row, step] + rest_w, STEP_S, *nodes
            )
