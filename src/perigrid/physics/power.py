"""Solar array and battery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, SOLAR_CONSTANT_W_M2
from perigrid.physics.attitude import Vector, array_cosines
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BatteryStep:
    """What one step did to the batteries; all energies at the bus.

    Parameters
    ----------
    stored_j : (n,) float array
        Energy in the cells after the step [J].
    served_j, unserved_j : (n,) float array
        Load that was met and that was not [J].
    spilled_j : (n,) float array
        Array energy that found neither load nor room [J].
    charge_loss_j, discharge_loss_j : (n,) float array
        Heat of charging and of discharging [J].
    """

    stored_j: Floats
    served_j: Floats
    unserved_j: Floats
    spilled_j: Floats
    charge_loss_j: Floats
    discharge_loss_j: Floats


def sun_distance_m(position_teme_m: Floats, sun_m: Floats) -> Floats:
    """Distance from each satellite to the Sun.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].

    Returns
    -------
    (n, n_times) float array
        Distance [m].
    """
    distance: Floats = np.linalg.norm(sun_m[:, None, :] - position_teme_m, axis=0)
    return distance


def incidence_cosine(
    pointing: str,
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    sun_m: Floats,
    normal_lvlh: Vector = (0.0, 0.0, 1.0),
) -> Floats:
    """Cosine between the array's normal and the Sun, 0 where the Sun is behind.

    Parameters
    ----------
    pointing : str
        One of :data:`perigrid.physics.attitude.POINTINGS`.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    normal_lvlh : tuple of float
        For ``fixed``: forward, along the orbit normal, up.

    Returns
    -------
    (n, n_times) float array
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the pointing is unknown, or the normal has no direction.

    Notes
    -----
    ``single-axis`` gives ``cos(beta)``, with beta the Sun's angle above the orbit plane.
    """
    if pointing in {"sun", "yaw-steering"}:
        return np.ones(position_teme_m.shape[1:])
    facing = array_cosines(pointing, position_teme_m, velocity_teme_m_s, sun_m, normal_lvlh)
    return np.asarray(np.maximum(facing.sun, 0.0), dtype=np.float64)


def array_power_w(
    illumination: Floats,
    incidence: Floats,
    sun_distance_m: Floats,
    *,
    area_m2: float,
    efficiency: float,
    remaining_share: float,
) -> Floats:
    """Electrical power of a solar array.

    Parameters
    ----------
    illumination : (n, n_times) float array
        Share of the solar disc in view.
    incidence : (n, n_times) float array
        Cosine between array normal and Sun.
    sun_distance_m : (n, n_times) or (n_times,) float array
        Distance to the Sun [m].
    area_m2 : float
        Cell area [m2].
    efficiency : float
        From sunlight on the cells to the bus, at begin of life and working temperature.
    remaining_share : float
        What degradation has left of the efficiency, 1 when new.

    Returns
    -------
    (n, n_times) float array
        Power at the bus [W].

    Notes
    -----
    ``P = S0 (au / d)^2 nu cos(theta) A eta f``.
    """
    irradiance_w_m2 = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M / sun_distance_m) ** 2
    power: Floats = (
        irradiance_w_m2 * illumination * incidence * (area_m2 * efficiency * remaining_share)
    )
    return power


def battery_step(
    stored_j: Floats,
    supply_w: Floats,
    load_w: Floats,
    dt_s: float,
    *,
    capacity_j: float,
    floor_j: float,
    charge_efficiency: float,
    discharge_efficiency: float,
    max_charge_w: float,
    max_discharge_w: float,
) -> BatteryStep:
    """Let the array serve the load first, then charge; let the battery fill what is missing.

    Parameters
    ----------
    stored_j : (n,) float array
        Energy in the cells before the step [J].
    supply_w, load_w : (n,) float array
        Array power and bus load, constant over the step [W].
    dt_s : float
        Length of the step [s].
    capacity_j : float
        Charging stops here [J].
    floor_j : float
        Discharging stops here [J].
    charge_efficiency : float
        Stored energy per energy put in at the bus.
    discharge_efficiency : float
        Energy at the bus per energy taken from the cells.
    max_charge_w, max_discharge_w : float
        Power limits, measured at the bus [W].

    Returns
    -------
    BatteryStep
        New store and where every joule went.

    Notes
    -----
    ``supply dt = served + (stored' - stored) + charge loss + discharge loss + spilled``.
    """
    done = np.empty((6, len(stored_j)))
    settings = (
        capacity_j,
        floor_j,
        charge_efficiency,
        discharge_efficiency,
        max_charge_w,
        max_discharge_w,
    )
    _step_rows(stored_j, supply_w, load_w, dt_s, settings, done)
    return BatteryStep(*done)


@part
def power_share(
    stored_j: float,
    supply_w: float,
    base_w: float,
    needed_w: float,
    dt_s: float,
    floor_j: float,
    discharge_efficiency: float,
    max_discharge_w: float,
) -> float:
    """Share of a load that array and battery can serve for a step; compiled, for kernels.

    Parameters
    ----------
    stored_j : float
        Energy in the cells before the step [J].
    supply_w, base_w : float
        Array power, and what is served first [W].
    needed_w : float
        The load at full speed, above zero [W].
    dt_s : float
        Length of the step [s].
    floor_j, discharge_efficiency, max_discharge_w : float
        As for :func:`battery_step`.

    Returns
    -------
    float
        From 0 to 1.
    """
    usable_j = max(stored_j - floor_j, 0.0)
    from_battery_w = min(usable_j * discharge_efficiency / dt_s, max_discharge_w)
    return min(max((supply_w + from_battery_w - base_w) / needed_w, 0.0), 1.0)


@part
def battery_advance(
    stored_j: float,
    supply_w: float,
    load_w: float,
    dt_s: float,
    capacity_j: float,
    floor_j: float,
    charge_efficiency: float,
    discharge_efficiency: float,
    max_charge_w: float,
    max_discharge_w: float,
) -> tuple[float, float, float, float, float, float]:
    """Step one satellite's battery; compiled, for kernels of other modules.

    Parameters
    ----------
    stored_j : float
        Energy in the cells before the step [J].
    supply_w, load_w : float
        Array power and bus load, constant over the step [W].
    dt_s : float
        Length of the step [s].
    capacity_j, floor_j : float
        Where charging and discharging stop [J].
    charge_efficiency, discharge_efficiency : float
        As for :func:`battery_step`.
    max_charge_w, max_discharge_w : float
        Power limits, measured at the bus [W].

    Returns
    -------
    stored_j, served_j, unserved_j, spilled_j, charge_loss_j, discharge_loss_j : float
        The fields of :class:`BatteryStep` [J].

    Notes
    -----
    The equations of :func:`battery_step`, which calls this for every row.
    """
    supply_j, load_j = supply_w * dt_s, load_w * dt_s
    direct = min(supply_j, load_j)
    surplus, deficit = supply_j - direct, load_j - direct
    room = max(0.0, capacity_j - stored_j) / charge_efficiency
    charging = min(min(surplus, max_charge_w * dt_s), room)
    usable = max(0.0, stored_j - floor_j) * discharge_efficiency
    delivered = min(min(deficit, max_discharge_w * dt_s), usable)
    drawn = delivered / discharge_efficiency
    # In one step either `charging` or `drawn` is zero; rounding may not cross the bounds.
    if charging > 0.0:
        after = min(stored_j + charge_efficiency * charging, max(stored_j, capacity_j))
    else:
        after = max(stored_j - drawn, min(stored_j, floor_j))
    return (
        after,
        direct + delivered,
        deficit - delivered,
        surplus - charging,
        charging * (1.0 - charge_efficiency),
        drawn - delivered,
    )


@kernel
def _step_rows(
    stored_j: Floats,
    supply_w: Floats,
    load_w: Floats,
    dt_s: float,
    settings: tuple[float, ...],
    done: Floats,
) -> None:
    """Step every battery; the fields of :class:`BatteryStep` are the rows of ``done``."""
    for row in range(len(stored_j)):
        (
            done[0, row],
            done[1, row],
            done[2, row],
            done[3, row],
            done[4, row],
            done[5, row],
        ) = battery_advance(stored_j[row], supply_w[row], load_w[row], dt_s, *settings)
