"""The hardest-pressed satellite of a plan through the run, its computer busy all the time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.units import S_PER_HOUR, ZERO_CELSIUS_K
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.physics.sustained import SustainedCompute

Floats = npt.NDArray[np.float64]

_MOST_POINTS: Final = 1440


def hardest_pressed(sustained: SustainedCompute | None) -> int:
    """Find the satellite with the least compute power to hold.

    Parameters
    ----------
    sustained : SustainedCompute or None
        Limits of each satellite.

    Returns
    -------
    int
        Its row; 0 without computers.
    """
    if sustained is None:
        return 0
    limits = np.minimum(sustained.heat_w, np.minimum(sustained.energy_w, sustained.battery_w))
    return int(np.argmin(limits))


def busy_day(
    fleet: Fleet, outlook: Outlook, row: int, links: Iterable[ContactKind] = ()
) -> dict[str, Any]:
    """Fly one satellite with every load on and nothing throttled.

    Parameters
    ----------
    fleet : Fleet
        The bus.
    outlook : Outlook
        Light, array power and heat from outside.
    row : int
        Which satellite.
    links : iterable of ContactKind
        Links of an architecture, whose lasers are held.

    Returns
    -------
    dict
        JSON values: ``satellite``, the mean ``load_w``, the limits ``floor_soc, throttle_c,
        limit_c``, and series by name at most 1,440 long: ``t_h, sunlit, array_w, battery_soc,
        computer_c, radiator_c``.

    Notes
    -----
    It starts as the scenario says. This is what would happen, limits or not: a computer past its
    limit or an empty battery shows as a line beyond the limit.
    """
    bus = fleet.bus(row)
    compute_w = 0.0 if bus.computer is None else bus.computer.active_w
    bus_w = bus.bus_load_w + held_laser_w(fleet, outlook, links)[row]
    stored = np.array([bus.battery.capacity_j * bus.battery.initial_soc])
    computer = radiator = np.array([bus.thermal.initial_k])
    rows = []
    for step in range(len(outlook.t_s) - 1):
        dt_s = float(outlook.t_s[step + 1] - outlook.t_s[step])
        array_w = outlook.array_w[row, step : step + 2].mean(keepdims=True)
        outside_w = outlook.environment_w[row, step : step + 2].mean(keepdims=True)
        stored = step_battery(
            bus, stored, array_w, np.array([bus_w[step] + compute_w]), dt_s
        ).stored_j
        heat = step_heat(
            bus, computer, radiator, np.array([compute_w]), outside_w + bus_w[step], dt_s
        )
        computer, radiator = heat.computer_k, heat.radiator_k
        rows.append((float(stored[0]), float(computer[0]), float(radiator[0])))
    series = np.array(rows).reshape(-1, 3)
    return {
        "satellite": fleet.names[row],
        "load_w": float(bus_w.mean()) + compute_w,
        "floor_soc": bus.battery.min_soc,
        "throttle_c": bus.thermal.computer_throttle_k - ZERO_CELSIUS_K,
        "limit_c": bus.thermal.computer_limit_k - ZERO_CELSIUS_K,
        **_thinned(
            {
                "t_h": outlook.t_s[1:] / S_PER_HOUR,
                "sunlit": outlook.illumination[row, 1:],
                "array_w": outlook.array_w[row, 1:],
                "battery_soc": series[:, 0] / bus.battery.capacity_j,
                "computer_c": series[:, 1] - ZERO_CELSIUS_K,
                "radiator_c": series[:, 2] - ZERO_CELSIUS_K,
            }
        ),
    }


def _thinned(columns: dict[str, Floats]) -> dict[str, list[float]]:
    """Keep every so many points, so that a long run still makes a small document."""
    every = max(1, -(-len(columns["t_h"]) // _MOST_POINTS))
    return {name: values[::every].tolist() for name, values in columns.items()}
