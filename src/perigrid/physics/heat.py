"""Radiator in low orbit, and the two-node heat model of a computing satellite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_ALBEDO,
    EARTH_INFRARED_W_M2,
    SOLAR_CONSTANT_W_M2,
    STEFAN_BOLTZMANN_W_M2_K4,
)
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]

_UNIT_SQUARED_M2: Final = ASTRONOMICAL_UNIT_M * ASTRONOMICAL_UNIT_M
_NEWTON_STEPS: Final = 60
_NEWTON_TOLERANCE: Final = 1.0e-14
# Below this a thread costs more than it saves.
_ROWS_PER_THREAD: Final = 4096


@dataclass(frozen=True, slots=True)
class HeatStep:
    """State of both nodes after a step.

    Parameters
    ----------
    computer_k, radiator_k : (n,) float array
        Temperatures at the end of the step [K].
    radiated_j : (n,) float array
        Heat given to space over the step [J].
    """

    computer_k: Floats
    radiator_k: Floats
    radiated_j: Floats


def radiator_environment_w(
    position_teme_m: Floats,
    sun_m: Floats,
    illumination: Floats,
    *,
    area_m2: float,
    emissivity: float,
    absorptivity: float,
    earth_view_factor: float,
    sun_incidence: float,
) -> Floats:
    """Heat that a radiator takes up from Sun, sunlit Earth and warm Earth.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    illumination : (n, n_times) float array
        Share of the solar disc in view.
    area_m2 : float
        Emitting area, both faces where both emit [m2].
    emissivity : float
        In the thermal infrared.
    absorptivity : float
        In sunlight.
    earth_view_factor : float
        View factor to the Earth, mean over the emitting area.
    sun_incidence : float
        Cosine between normal and Sun while lit, mean over the emitting area (0 for a shaded face).

    Returns
    -------
    (n, n_times) float array
        Absorbed power [W].

    Notes
    -----
    ``A [alpha S nu cos + alpha S a F max(0, cos psi) + eps F q]`` with ``psi`` the Sun's zenith
    angle at the sub-satellite point. Earth's infrared lies in the band in which the radiator
    emits, so by Kirchhoff's law it is absorbed with the emissivity, not with the solar
    absorptivity.

    References
    ----------
    .. [1] D. G. Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, 2nd ed. (2002), ch. 2.
    """
    lit = np.ascontiguousarray(illumination)
    absorbed = np.empty(lit.shape)
    position, sun = np.ascontiguousarray(position_teme_m), np.ascontiguousarray(sun_m)
    settings = (area_m2, emissivity, absorptivity, earth_view_factor, sun_incidence)

    def work(first: int, stop: int) -> None:
        _environment_rows(first, stop, position, sun, lit, settings, absorbed)

    over_ranges(work, len(lit), 1 + _ROWS_PER_THREAD // max(1, lit.shape[1]))
    return absorbed


def two_node_step(
    computer_k: Floats,
    radiator_k: Floats,
    computer_w: Floats,
    radiator_w: Floats,
    dt_s: float,
    *,
    computer_heat_capacity_j_k: float,
    radiator_heat_capacity_j_k: float,
    conductance_w_k: float,
    emissivity: float,
    area_m2: float,
) -> HeatStep:
    """Step computer and radiator by backward Euler, stable at any step.

    Parameters
    ----------
    computer_k, radiator_k : (n,) float array
        Temperatures at the start of the step [K].
    computer_w : (n,) float array
        Heat made in the computer [W].
    radiator_w : (n,) float array
        Heat made in the bus plus heat absorbed from outside, not negative [W].
    dt_s : float
        Length of the step [s].
    computer_heat_capacity_j_k, radiator_heat_capacity_j_k : float
        Heat capacities; the computer's with its cold plate, the radiator's with the bus [J/K].
    conductance_w_k : float
        Of the loop or heat pipe between the nodes; there is no convection in orbit [W/K].
    emissivity : float
        Of the radiator in the thermal infrared.
    area_m2 : float
        Emitting area [m2].

    Returns
    -------
    HeatStep
        New temperatures and the heat radiated.

    Notes
    -----
    ``C1 T1' = P1 - G (T1 - T2)`` and ``C2 T2' = P2 + G (T1 - T2) - eps sigma A T2^4``. The first
    equation is linear and is put into the second; what is left rises and is convex in ``T2``, so
    Newton's method converges from any side. First order in ``dt_s``; energy closes to rounding.
    """
    given: tuple[Floats, ...] = (computer_k, radiator_k, computer_w, radiator_w)
    shape = computer_k.shape
    if any(array.shape != shape for array in given):
        shape = np.broadcast_shapes(*(array.shape for array in given))
        given = tuple(np.broadcast_to(array, shape) for array in given)
    inputs = tuple(array.ravel() for array in given)
    new_computer, new_radiator, radiated = np.empty((3, inputs[0].size))
    settings = (
        computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k,
        conductance_w_k,
        emissivity,
        area_m2,
    )

    def work(first: int, stop: int) -> None:
        _step_rows(first, stop, inputs, dt_s, settings, new_computer, new_radiator, radiated)

    over_ranges(work, inputs[0].size, _ROWS_PER_THREAD)
    return HeatStep(
        computer_k=new_computer.reshape(shape),
        radiator_k=new_radiator.reshape(shape),
        radiated_j=radiated.reshape(shape),
    )


@part
def two_node_advance(
    computer_k: float,
    radiator_k: float,
    computer_w: float,
    radiator_w: float,
    dt_s: float,
    computer_heat_capacity_j_k: float,
    radiator_heat_capacity_j_k: float,
    conductance_w_k: float,
    emissivity: float,
    area_m2: float,
) -> tuple[float, float, float]:
    """Step one satellite's computer and radiator; compiled, for kernels of other modules.

    Parameters
    ----------
    computer_k, radiator_k : float
        Temperatures at the start of the step [K].
    computer_w, radiator_w : float
        Heat into each node [W].
    dt_s : float
        Length of the step [s].
    computer_heat_capacity_j_k, radiator_heat_capacity_j_k : float
        Heat capacities [J/K].
    conductance_w_k : float
        Between the nodes [W/K].
    emissivity : float
        Of the radiator in the thermal infrared.
    area_m2 : float
        Emitting area [m2].

    Returns
    -------
    computer_k, radiator_k : float
        Temperatures at the end of the step [K].
    radiated_j : float
        Heat given to space over the step [J].

    Notes
    -----
    The equations of :func:`two_node_step`, which calls this for every row.
    """
    leak = emissivity * STEFAN_BOLTZMANN_W_M2_K4 * area_m2
    inertia1 = computer_heat_capacity_j_k / dt_s
    inertia2 = radiator_heat_capacity_j_k / dt_s
    # T1' = share * T2' + offset
    share = conductance_w_k / (inertia1 + conductance_w_k)
    offset = (inertia1 * computer_k + computer_w) / (inertia1 + conductance_w_k)
    slope = inertia2 + conductance_w_k * (1.0 - share)
    source = inertia2 * radiator_k + radiator_w + conductance_w_k * offset
    # Root of `leak T^4 + slope T = source`, source >= 0. Above the root a convex function's
    # Newton iterates fall straight to it; both bounds lie above.
    highest = min(source / slope, np.sqrt(np.sqrt(source / leak)))
    radiator = min(highest, max(radiator_k, 1.0))
    for _ in range(_NEWTON_STEPS):
        cubed = leak * radiator * radiator * radiator
        change = (cubed * radiator + slope * radiator - source) / (4.0 * cubed + slope)
        # A start below the root overshoots it once, at most to the bound.
        radiator = min(radiator - change, highest)
        if abs(change) <= _NEWTON_TOLERANCE * radiator:
            break
    squared = radiator * radiator
    return share * radiator + offset, radiator, leak * squared * squared * dt_s


def two_node_steady_k(
    computer_w: Floats,
    radiator_w: Floats,
    *,
    conductance_w_k: float,
    emissivity: float,
    area_m2: float,
) -> tuple[Floats, Floats]:
    """Temperatures that constant heat settles to.

    Parameters
    ----------
    computer_w, radiator_w : (n,) float array
        Heat put into each node, as in :func:`two_node_step` [W].
    conductance_w_k : float
        Between the nodes [W/K].
    emissivity : float
        Of the radiator.
    area_m2 : float
        Emitting area [m2].

    Returns
    -------
    computer_k, radiator_k : (n,) float array
        Temperatures [K].
    """
    leak = emissivity * STEFAN_BOLTZMANN_W_M2_K4 * area_m2
    radiator_k: Floats = np.asarray(((computer_w + radiator_w) / leak) ** 0.25, dtype=np.float64)
    return radiator_k + computer_w / conductance_w_k, radiator_k


@part
def throttle(computer_k: Floats, throttle_k: float, limit_k: float) -> Floats:
    """Share of full speed that a temperature leaves; in kernels of one temperature.

    Parameters
    ----------
    computer_k : (n,) float array
        Computer temperature [K].
    throttle_k : float
        Below this the computer runs at full speed [K].
    limit_k : float
        From this on it stands still [K].

    Returns
    -------
    (n,) float array
        1 up to ``throttle_k``, falling straight to 0 at ``limit_k``.
    """
    return np.minimum(np.maximum((limit_k - computer_k) / (limit_k - throttle_k), 0.0), 1.0)


@kernel
def _environment_rows(
    first: int,
    stop: int,
    position: Floats,
    sun: Floats,
    lit: Floats,
    settings: tuple[float, ...],
    absorbed: Floats,
) -> None:
    """Heat taken up by satellites ``first`` to ``stop``."""
    area_m2, emissivity, absorptivity, view, incidence = settings
    n_times = lit.shape[1]
    irradiance, towards = np.empty(n_times), np.empty((3, n_times))
    for time in range(n_times):
        sun_x, sun_y, sun_z = sun[0, time], sun[1, time], sun[2, time]
        square = sun_x * sun_x + sun_y * sun_y + sun_z * sun_z
        irradiance[time] = SOLAR_CONSTANT_W_M2 * (_UNIT_SQUARED_M2 / square)
        for axis in range(3):
            towards[axis, time] = sun[axis, time] / np.sqrt(square)
    infrared = emissivity * view * EARTH_INFRARED_W_M2
    direct, reflected = absorptivity * incidence, absorptivity * EARTH_ALBEDO * view
    for row in range(first, stop):
        x, y, z = position[0, row], position[1, row], position[2, row]
        for time in range(n_times):
            along = x[time] * towards[0, time] + y[time] * towards[1, time]
            along += z[time] * towards[2, time]
            radius = np.sqrt(x[time] * x[time] + y[time] * y[time] + z[time] * z[time])
            # A maximum that lets what is not a number through.
            overhead = 0.0 if along < 0.0 else along / radius
            sunlight = irradiance[time] * (direct * lit[row, time] + reflected * overhead)
            absorbed[row, time] = area_m2 * (sunlight + infrared)


@kernel
def _step_rows(
    first: int,
    stop: int,
    inputs: tuple[Floats, ...],
    dt_s: float,
    settings: tuple[float, ...],
    new_computer: Floats,
    new_radiator: Floats,
    radiated: Floats,
) -> None:
    """Step rows ``first`` to ``stop`` of the two-node model."""
    computer_k, radiator_k, computer_w, radiator_w = inputs
    for row in range(first, stop):
        new_computer[row], new_radiator[row], radiated[row] = two_node_advance(
            computer_k[row], radiator_k[row], computer_w[row], radiator_w[row], dt_s, *settings
        )
