"""Heating and cooling over time against a closed form and scipy's integrators."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.integrate import dblquad, solve_ivp

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.heat_balance import network_step
from perigrid.physics.heat_network import HeatNetwork, computer_network
from perigrid.physics.view_factor import plate_sphere_view_factor
from perigrid.validation.case import Case, compare

Floats = npt.NDArray[np.float64]

_STEP_S: Final = 10.0
_ORBIT_S: Final = 5700.0
_START_K: Final = 300.0
# A hundredth of the 0.1 K to which flight thermistors are read.
_TOLERANCE_K: Final = 1.0e-3


def heat_transient() -> list[Case]:
    """Compare temperatures after an orbit, and the view factor of a tilted plate.

    Returns
    -------
    list of Case
        A plate that cools, a satellite of six nodes, a plate over the Earth's horizon.
    """
    return [_cooling(), _satellite(), _tilted_plate()]


def _cooling() -> Case:
    """Cool a plate that gets nothing: ``T^-3 = T0^-3 + 3 eps A sigma t / C``."""
    network = HeatNetwork(np.array([20_000.0]), np.array([0.88 * 2.0]))
    temperature = np.array([[_START_K]])
    for _ in range(round(_ORBIT_S / _STEP_S)):
        temperature = network_step(
            network, temperature, np.zeros((1, 1)), _STEP_S, order=2
        ).temperature_k
    fall = 3.0 * 0.88 * 2.0 * STEFAN_BOLTZMANN_W_M2_K4 * _ORBIT_S / 20_000.0
    return compare(
        "plate cooling for one orbit",
        (_START_K**-3 + fall) ** (-1.0 / 3.0),
        float(temperature[0, 0]),
        tolerance=_TOLERANCE_K,
        source="closed form of C T' = -eps A sigma T^4 (textbook)",
        unit="K",
        note=f"tolerance: a hundredth of a flight thermistor's 0.1 K, at steps of {_STEP_S:.0f} s",
    )


def _satellite() -> Case:
    """Fly chip, cold plate, loop through three panels and body through light and eclipse."""
    network = computer_network(
        chip_j_k=300.0,
        plate_j_k=4_000.0,
        panel_j_k=(8e3, 8e3, 8e3),
        body_j_k=30_000.0,
        chip_plate_w_k=40.0,
        loop_w_k=60.0,
        body_panel_w_k=5.0,
        panel_emitting_m2=(0.5, 0.5, 0.5),
        body_emitting_m2=0.3,
    )
    light, dark = (np.array([350.0, 0.0, q, q, q, 100.0]) for q in (60.0, 25.0))
    ours = reference = np.full(6, 290.0)
    for heat in (light, dark):
        reference = _with_scipy(network, reference, heat, 0.5 * _ORBIT_S)
        for _ in range(round(0.5 * _ORBIT_S / _STEP_S)):
            ours = network_step(
                network, ours[:, None], heat[:, None], _STEP_S, order=2
            ).temperature_k[:, 0]
    worst = int(np.argmax(np.abs(ours - reference)))
    return compare(
        f"six nodes after one orbit, worst: {network.names[worst]}",
        float(reference[worst]),
        float(ours[worst]),
        tolerance=_TOLERANCE_K,
        source="scipy.integrate.solve_ivp, LSODA to 1e-10, equations written out coupling by "
        "coupling",
        unit="K",
        note=f"tolerance: a hundredth of a flight thermistor's 0.1 K, at steps of {_STEP_S:.0f} s",
    )


def _with_scipy(network: HeatNetwork, start: Floats, heat: Floats, span_s: float) -> Floats:
    """Integrate the network's equations from their definition."""
    conductance, flow = np.asarray(network.conductance_w_k), np.asarray(network.flow_w_k)

    def rate(_: float, temperature: Floats) -> Floats:
        warm = heat - STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2 * temperature**4
        warm = warm - (conductance * (temperature[:, None] - temperature)).sum(axis=1)
        warm = warm + flow.T @ temperature - flow.sum(axis=1) * temperature
        changed: Floats = warm / network.capacity_j_k
        return changed

    run = solve_ivp(rate, (0.0, span_s), start, method="LSODA", rtol=1e-10, atol=1e-8)
    ended: Floats = run.y[:, -1]
    return ended


def _tilted_plate() -> Case:
    """Tilt a plate at 550 km by 75 degrees, so that its plane cuts the Earth."""
    ratio, tilt = (6378.137 + 550.0) / 6378.137, np.radians(75.0)

    def facing(around: float, angle: float) -> float:
        cosine = np.cos(tilt) * np.cos(angle) + np.sin(tilt) * np.sin(angle) * np.cos(around)
        return float(max(cosine, 0.0) * np.sin(angle) / np.pi)

    integral, _ = dblquad(facing, 0.0, np.arcsin(1.0 / ratio), 0.0, 2.0 * np.pi, epsabs=1e-9)
    return compare(
        "view factor of a plate tilted 75 degrees at 550 km",
        float(integral),
        float(plate_sphere_view_factor(np.array(np.cos(tilt)), np.array(ratio))),
        tolerance=1e-7,
        source="scipy.integrate.dblquad over the directions that meet the Earth",
        note="tolerance: of the integral, whose integrand has a kink at the plate's plane",
    )
