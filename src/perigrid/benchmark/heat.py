"""``perigrid bench heat``: a day of temperatures against scipy and plain numpy."""

from __future__ import annotations

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
from perigrid.benchmark.measure import Timing, duel
from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat import radiator_environment_w, two_node_step
from perigrid.physics.heat_balance import network_step
from perigrid.physics.heat_network import HeatNetwork, computer_network

Floats = npt.NDArray[np.float64]

_DT_S: Final = 60.0
_ORBIT_S: Final = 5700.0
_START_K: Final = 290.0
_NODES: Final = computer_network(
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
_TWO: Final = {
    "computer_heat_capacity_j_k": 4_000.0,
    "radiator_heat_capacity_j_k": 30_000.0,
    "conductance_w_k": 12.0,
    "emissivity": 0.88,
    "area_m2": 1.0,
}
_PAIR: Final = HeatNetwork(
    np.array([4_000.0, 30_000.0]), np.array([0.0, 0.88]), np.array([[0.0, 12.0], [12.0, 0.0]])
)


def bench_heat(satellites: int = 1584, steps: int = 1440, sampled: int = 2) -> list[Timing]:
    """Time steps of the heat of a fleet, and the heat its radiators absorb.

    Parameters
    ----------
    satellites : int
        Of the fleet.
    steps : int
        Of 60 s.
    sampled : int
        Satellites that scipy integrates; its time is extrapolated from them to the fleet.

    Returns
    -------
    list of Timing
        Two nodes (order one) and six nodes (order two) against ``solve_ivp`` with LSODA at
        tolerances of 1e-4, which is told not to step past a change of the heat; the agreement is
        of the temperatures at the end. Then the absorbed heat against plain numpy.
    """
    pair_heat, network_heat = _heat(_PAIR, satellites, steps), _heat(_NODES, satellites, steps)
    with limited_threads(1):
        return [
            _against_scipy(_PAIR, pair_heat, satellites, sampled, "two nodes"),
            _against_scipy(_NODES, network_heat, satellites, sampled, "six nodes, order two"),
            _environment(satellites, steps),
        ]


def _heat(network: HeatNetwork, satellites: int, steps: int) -> Floats:
    """Heat per step and node: work in turns, light in two thirds of each orbit."""
    phase = np.linspace(0.0, 1.0, satellites, endpoint=False)
    orbits = (np.arange(steps) * _DT_S / _ORBIT_S)[:, None] + phase
    heat = np.zeros((steps, network.n_nodes, satellites))
    heat[:, 0] = np.where((3.0 * orbits) % 1.0 < 0.5, 350.0, 60.0)
    heat[:, -1] = np.where(orbits % 1.0 < 2.0 / 3.0, 130.0, 70.0)
    return heat


def _against_scipy(
    network: HeatNetwork, heat: Floats, satellites: int, sampled: int, what: str
) -> Timing:
    rows = np.linspace(0, satellites - 1, sampled).astype(np.int64)

    def ours() -> Floats:
        return _fly_pair(heat) if network is _PAIR else _fly(network, heat)

    def scipy() -> Floats:
        return np.stack([_integrate(network, heat[:, :, row]) for row in rows], axis=1)

    done = duel(ours, scipy, 1)
    return Timing(
        f"heat: {what}, {satellites} satellites x {len(heat)} steps "
        f"(reference extrapolated from {sampled})",
        done.ours_s,
        "scipy LSODA",
        done.reference_s * satellites / sampled,
        agreement=float(np.abs(done.ours[:, rows] - done.reference).max()),
        unit="K",
    )


def _fly(network: HeatNetwork, heat: Floats) -> Floats:
    temperature = np.full(heat.shape[1:], _START_K)
    for step in heat:
        temperature = network_step(network, temperature, step, _DT_S, order=2).temperature_k
    return temperature


def _fly_pair(heat: Floats) -> Floats:
    computer = radiator = np.full(heat.shape[2], _START_K)
    for computer_w, radiator_w in heat:
        step = two_node_step(computer, radiator, computer_w, radiator_w, _DT_S, **_TWO)
        computer, radiator = step.computer_k, step.radiator_k
    return np.stack([computer, radiator])


def _integrate(network: HeatNetwork, heat: Floats) -> Floats:
    """One satellite by LSODA."""
    from scipy.integrate import solve_ivp

    linear = np.asarray(network.conductance_w_k) + np.asarray(network.flow_w_k).T
    outflow = np.diag(linear.sum(axis=1)) - linear
    leak = STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2

    def rate(time_s: float, temperature: Floats) -> Floats:
        put_in = heat[min(int(time_s / _DT_S), len(heat) - 1)]
        changed: Floats = (put_in - outflow @ temperature - leak * temperature**4) / (
            network.capacity_j_k
        )
        return changed

    start = np.full(network.n_nodes, _START_K)
    span = (0.0, len(heat) * _DT_S)
    run = solve_ivp(rate, span, start, "LSODA", rtol=1e-4, atol=1e-4, max_step=_DT_S)
    ended: Floats = run.y[:, -1]
    return ended


def _environment(satellites: int, steps: int) -> Timing:
    rng = np.random.default_rng(1)
    position = 7.0e6 * rng.uniform(-1.0, 1.0, (3, satellites, steps))
    sun = ASTRONOMICAL_UNIT_M * np.array([[0.6], [-0.48], [0.64]]) * np.ones((1, steps))
    lit = np.ones((satellites, steps))

    def ours() -> Floats:
        return radiator_environment_w(
            position,
            sun,
            lit,
            area_m2=1.0,
            emissivity=0.88,
            absorptivity=0.2,
            earth_view_factor=0.25,
            sun_incidence=0.2,
        )

    def plain() -> Floats:
        distance = np.linalg.norm(sun, axis=0)
        irradiance = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M / distance) ** 2
        radius = np.linalg.norm(position, axis=0)
        overhead = np.sum(position * sun[:, None, :], axis=0) / (radius * distance)
        reflected = EARTH_ALBEDO * 0.25 * np.clip(overhead, 0.0, 1.0)
        absorbed: Floats = 0.2 * irradiance * (0.2 * lit + reflected)
        return absorbed + 0.88 * 0.25 * EARTH_INFRARED_W_M2

    done = duel(ours, plain, 3)
    return Timing(
        f"heat from outside: {satellites} satellites x {steps} times",
        done.ours_s,
        "numpy",
        done.reference_s,
        agreement=float(np.abs(done.ours - done.reference).max()),
        unit="W",
    )
