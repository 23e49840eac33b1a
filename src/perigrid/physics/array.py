"""Temperature of a solar panel, and its power at that temperature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_ALBEDO,
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_INFRARED_W_M2,
    SOLAR_CONSTANT_W_M2,
    STEFAN_BOLTZMANN_W_M2_K4,
)
from perigrid.base.units import ZERO_CELSIUS_K
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.view_factor import plate_sphere_view_factor

Floats = npt.NDArray[np.float64]
# Numbers as the kernel takes them: efficiency, relative coefficient, reference, absorptivity,
# both emissivities times sigma, heat capacity.
_Numbers = tuple[float, float, float, float, float, float]

_NEWTON_STEPS: Final = 80
_NEWTON_TOLERANCE: Final = 1.0e-12


@dataclass(frozen=True, slots=True)
class Panel:
    """One square metre of a solar panel.

    Parameters
    ----------
    efficiency : float
        From sunlight on the panel to the bus, at the reference temperature and present age.
    temperature_coefficient_k : float
        Relative change of the efficiency per kelvin, below 0 for every cell in use [1/K].
    reference_k : float
        Temperature of the efficiency; data sheets use 28 degrees C [K].
    absorptivity : float
        Of the front in sunlight, cells and gaps.
    front_emissivity, back_emissivity : float
        In the thermal infrared; 0 for a back that is insulated.
    heat_capacity_j_m2_k : float
        Of a square metre; 0 for a panel that is always in balance [J/(m2 K)].
    """

    efficiency: float
    temperature_coefficient_k: float = 0.0
    reference_k: float = ZERO_CELSIUS_K + 28.0
    absorptivity: float = 0.91
    front_emissivity: float = 0.85
    back_emissivity: float = 0.85
    heat_capacity_j_m2_k: float = 0.0


@dataclass(frozen=True, slots=True)
class PanelState:
    """What a panel does over time.

    Parameters
    ----------
    power_w_m2 : (n, n_times) float array
        Electrical power per square metre of panel [W/m2].
    cell_k : (n, n_times) float array
        Temperature, one for the whole panel [K].
    """

    power_w_m2: Floats
    cell_k: Floats


def earth_heat_w_m2(
    position_teme_m: Floats,
    sun_m: Floats,
    normal_nadir_cosine: Floats,
    *,
    absorptivity: float,
    front_emissivity: float,
    back_emissivity: float,
) -> Floats:
    """Heat that both faces of a flat panel take up from warm and sunlit Earth.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    normal_nadir_cosine : (n, n_times) float array
        Cosine between the front's normal and the direction to the Earth's centre, as of
        :func:`perigrid.physics.attitude.array_cosines`.
    absorptivity : float
        Of both faces in reflected sunlight.
    front_emissivity, back_emissivity : float
        In the thermal infrared, of the Earth as of the panel.

    Returns
    -------
    (n, n_times) float array
        Absorbed power per square metre of panel, both faces together [W/m2].

    Notes
    -----
    Infrared ``q F`` by the emissivity and albedo ``a S F max(0, cos psi)`` by the absorptivity,
    with ``psi`` the Sun's zenith angle at the sub-satellite point and ``F`` the exact view factor
    of a tilted plate to a sphere.
    """
    radius = np.sqrt(np.sum(position_teme_m * position_teme_m, axis=0))
    distance = np.sqrt(np.sum(sun_m * sun_m, axis=0))
    zenith_cosine = np.sum(position_teme_m * sun_m[:, None, :], axis=0) / (radius * distance)
    reach = radius / EARTH_EQUATORIAL_RADIUS_M
    facing = np.clip(normal_nadir_cosine, -1.0, 1.0)  # rounding may pass the ends
    front = plate_sphere_view_factor(facing, reach)
    back = plate_sphere_view_factor(-facing, reach)
    infrared = EARTH_INFRARED_W_M2 * (front_emissivity * front + back_emissivity * back)
    irradiance = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M / distance) ** 2
    reflected = EARTH_ALBEDO * irradiance * np.maximum(0.0, zenith_cosine)
    # An insulated back takes up sunlight no more than it takes up infrared.
    seen = front + (back if back_emissivity > 0.0 else 0.0)
    heat: Floats = infrared + absorptivity * reflected * seen
    return heat


def panel_state(panel: Panel, sunlight_w_m2: Floats, earth_w_m2: Floats, dt_s: float) -> PanelState:
    """Follow a panel's temperature and power.

    Parameters
    ----------
    panel : Panel
        What it is made of.
    sunlight_w_m2 : (n, n_times) float array
        Direct sunlight on the front, after shadow and incidence [W/m2].
    earth_w_m2 : (n, n_times) float array
        Heat absorbed from the Earth, of :func:`earth_heat_w_m2` [W/m2].
    dt_s : float
        Time between columns; any number if the panel has no heat capacity [s].

    Returns
    -------
    PanelState
        Power and temperature at each time; a panel with a heat capacity starts in balance.

    Raises
    ------
    ValueError
        If the panel gains from heat, emits nothing, or makes more power than it takes up.

    Notes
    -----
    ``c T' = alpha q - eta(T) q + q_earth - (eps_f + eps_b) sigma T^4`` with
    ``eta(T) = eta_ref max(0, 1 + beta (T - T_ref))``: what leaves as electricity does not heat the
    panel, so all of the power is taken to be drawn. Backward Euler, stable at any step; Newton's
    method from above, where the balance is convex.

    References
    ----------
    .. [1] D. G. Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, 2nd ed. (2002), ch. 2.
    """
    _check(panel)
    sunlight = np.ascontiguousarray(sunlight_w_m2, dtype=np.float64)
    earth = np.ascontiguousarray(np.broadcast_to(earth_w_m2, sunlight.shape), dtype=np.float64)
    numbers = (
        float(panel.efficiency),
        float(panel.temperature_coefficient_k),
        float(panel.reference_k),
        float(panel.absorptivity),
        STEFAN_BOLTZMANN_W_M2_K4 * (panel.front_emissivity + panel.back_emissivity),
        panel.heat_capacity_j_m2_k / float(dt_s),
    )
    power, cell = np.empty_like(sunlight), np.empty_like(sunlight)
    over_ranges(
        lambda first, stop: _follow(numbers, sunlight, earth, power, cell, first, stop),
        sunlight.shape[0],
    )
    return PanelState(power, cell)


def _check(panel: Panel) -> None:
    """Refuse panels whose balance has no single answer."""
    if panel.temperature_coefficient_k > 0.0:
        raise ValueError("the efficiency of a solar cell falls with its temperature")
    if panel.front_emissivity + panel.back_emissivity <= 0.0:
        raise ValueError("a panel that emits nothing has no temperature")
    coldest = panel.efficiency * (1.0 - panel.temperature_coefficient_k * panel.reference_k)
    if coldest >= panel.absorptivity:
        raise ValueError("the panel would make more power than it absorbs when it is cold")


@kernel
def _follow(
    numbers: _Numbers,
    sunlight: Floats,
    earth: Floats,
    power: Floats,
    cell: Floats,
    first: int,
    stop: int,
) -> None:
    """Panels of satellites ``first`` to ``stop``."""
    efficiency, coefficient, reference, _, _, inertia = numbers
    for row in range(first, stop):
        before = _balance_k(numbers, sunlight[row, 0], earth[row, 0], 0.0, 0.0)
        for t in range(sunlight.shape[1]):
            before = _balance_k(numbers, sunlight[row, t], earth[row, t], inertia, before)
            cell[row, t] = before
            share = max(0.0, 1.0 + coefficient * (before - reference))
            power[row, t] = efficiency * share * sunlight[row, t]


@part
def _balance_k(
    numbers: _Numbers, sunlight: float, earth: float, inertia: float, before: float
) -> float:
    """Temperature at which what comes in leaves; ``inertia`` is heat capacity over step."""
    efficiency, coefficient, reference, absorptivity, leak, _ = numbers
    source = inertia * before + earth + absorptivity * sunlight
    if source <= 0.0:
        return 0.0
    # Without electrical power the panel is hottest; from there the balance with it is met below.
    hottest: float = (source / leak) ** 0.25
    if inertia > 0.0:
        hottest = _root_k(leak, inertia, source, min(hottest, source / inertia))
    if 1.0 + coefficient * (hottest - reference) <= 0.0:
        return hottest
    drawn = efficiency * sunlight
    return _root_k(
        leak,
        inertia + coefficient * drawn,
        source - drawn * (1.0 - coefficient * reference),
        hottest,
    )


@part
def _root_k(leak: float, slope: float, source: float, above: float) -> float:
    """Solve ``leak T^4 + slope T = source``, convex, from above the root by Newton's method."""
    temperature = above
    for _ in range(_NEWTON_STEPS):
        cubed = leak * temperature * temperature * temperature
        change = (cubed * temperature + slope * temperature - source) / (4.0 * cubed + slope)
        temperature -= change
        if abs(change) <= _NEWTON_TOLERANCE * temperature:
            break
    return temperature
