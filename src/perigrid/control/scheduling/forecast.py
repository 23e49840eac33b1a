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
from perigrid.fleet.columns import BatteryColumns, BusColumns, NodeColumns
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
    buses : BusColumns
        Battery and heat of the satellites.
    """

    t_s: Floats
    headroom_j: Floats
    battery_j: Floats
    computer_k: Floats
    surplus_w: Floats
    buses: BusColumns
    _rises: dict[tuple[int, Load], Floats] = field(default_factory=dict)

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
        needed_j = (load.work_j + reserved_j) / self.buses.discharge_efficiency[satellite]
        energy_ok = self.headroom_j[satellite, first:] >= needed_j
        heat_ok = self._hottest_k(satellite, first, load) <= self._limit_k(satellite)
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

    def drawn_j(self, satellite: int, load: Load) -> float:
        """Say what a stage takes from a battery.

        Parameters
        ----------
        satellite : int
            Fleet row.
        load : Load
            At the computer.

        Returns
        -------
        float
            At the cells [J].
        """
        return load.work_j / float(self.buses.discharge_efficiency[satellite])

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
        hottest_k = self._hottest_k(satellite, self._index(t_s), load)[0]
        return self._limit_k(satellite) - float(hottest_k)

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
        return float(self.headroom_j[satellite, self._index(t_s)]) - self.drawn_j(satellite, load)

    def _limit_k(self, satellite: int) -> float:
        return float(self.buses.throttle_k[satellite]) - TEMPERATURE_MARGIN_K

    def _heat(self, satellite: int) -> tuple[float, float, float]:
        """Give conductance, time constant of the computer, and heat capacity of the radiator."""
        own_j_k, radiator_j_k, conductance_w_k = (
            float(column[satellite]) for column in self.buses.nodes[:3]
        )
        return conductance_w_k, own_j_k / conductance_w_k, radiator_j_k

    def _hottest_k(self, satellite: int, first: int, load: Load) -> Floats:
        """How hot a computer gets during a stage, for every start from a step on."""
        rise = self._rise_k(satellite, load)
        row_k = _windows(self.computer_k[satellite, first:], len(rise))
        hottest: Floats = (row_k + rise).max(axis=1)
        return hottest

    def _rise_k(self, satellite: int, load: Load) -> Floats:
        """Say what a stage adds to its computer's temperature from step to step until its end."""
        if (satellite, load) not in self._rises:
            self._rises[satellite, load] = rise_k(load, *self._heat(satellite))
        return self._rises[satellite, load]

    def _last_resort(self, satellite: int, first: int, energy_ok: Bools, load: Load) -> Bools:
        """When no start keeps every limit: those that the hardware's protection makes harmless."""
        # Waiting gains nothing then. A hot computer slows itself down; a battery that will meet its
        # floor anyway is spared by computing on sunlight that the bus leaves over.
        if energy_ok.any():
            return energy_ok
        steps = len(self._rise_k(satellite, load))
        surplus_w = _windows(self.surplus_w[satellite, first:], steps)
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
        self.headroom_j[satellite, first:] -= self.drawn_j(satellite, load)
        rise, row = self._rise_k(satellite, load), self.computer_k[satellite, first:]
        warm = min(len(rise), len(row))
        row[:warm] += rise[:warm]
        if warm < len(row):  # the computer cools down to its radiator, which keeps the heat
            _, constant_s, radiator_j_k = self._heat(satellite)
            kept_k = load.work_j / radiator_j_k
            row[warm:] += kept_k + (rise[-1] - kept_k) * fade(constant_s, len(row) - warm)

    def _index(self, t_s: float) -> int:
        return int(np.searchsorted(self.t_s, t_s, side="right")) - 1 if t_s >= self.t_s[0] else 0


def rise_k(load: Load, conductance_w_k: float, constant_s: float, radiator_j_k: float) -> Floats:
    """Say what a stage adds to its computer's temperature from step to step until its end.

    Parameters
    ----------
    load : Load
        The stage.
    conductance_w_k, constant_s : float
        From computer to radiator [W/K], and the computer's time constant [s].
    radiator_j_k : float
        Heat capacity of the radiator [J/K].

    Returns
    -------
    (n_steps,) float array
        Over the radiator with the time constant of the two; the radiator gives nothing away [K].
    """
    steps = math.ceil(load.work_s / STEP_S) + 1
    on_s = np.minimum(STEP_S * np.arange(steps), load.work_s)
    over_k = load.power_w / conductance_w_k * -np.expm1(-on_s / constant_s)
    rise: Floats = over_k + load.power_w * on_s / radiator_j_k
    return rise


def fade(constant_s: float, steps: int) -> Floats:
    """Say what is left of a difference in temperature after each of the next steps.

    Parameters
    ----------
    constant_s : float
        Time constant [s].
    steps : int
        How many.

    Returns
    -------
    (steps,) float array
        As a share [1].
    """
    left: Floats = np.exp(-(STEP_S * np.arange(1, steps + 1)) / constant_s)
    return left


def _windows(row: Floats, steps: int) -> Floats:
    """Cut a row into what lies under a stage, for every step at which that could start."""
    return sliding_window_view(np.concatenate([row, np.full(steps - 1, row[-1])]), steps)


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
    return Forecast(
        t_s=times,
        headroom_j=headroom_j.copy(),
        battery_j=battery_j,
        computer_k=computer_k,
        surplus_w=array_w - bus_w - held_w - compute_w,
        buses=buses,
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
