"""Implicit steps and steady states of heat networks in many satellites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.base.errors import WorkError
from perigrid.physics.chunks import over_ranges
from perigrid.physics.heat_network import HeatNetwork, HeatPipe
from perigrid.physics.heat_newton import LANES, solve_columns

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# Below this a thread costs more than it saves.
_COLUMNS_PER_THREAD: Final = 64 * LANES
# Stage length of the L-stable, stiffly accurate SDIRK method of order two.
_GAMMA: Final = 1.0 - float(np.sqrt(0.5))


@dataclass(frozen=True, slots=True)
class NetworkStep:
    """State of a network after a step.

    Parameters
    ----------
    temperature_k : (n_nodes, n) float array
        At the end [K].
    radiated_j : (n,) float array
        Heat given to space over the step [J].
    stored_j : (n,) float array
        Change of the heat held; heat put in less heat radiated, to rounding [J].
    """

    temperature_k: Floats
    radiated_j: Floats
    stored_j: Floats


def network_step(
    network: HeatNetwork, temperature_k: Floats, heat_w: Floats, dt_s: float, *, order: int = 1
) -> NetworkStep:
    """Step the same network in many satellites by an implicit method, stable at any step.

    Parameters
    ----------
    network : HeatNetwork
        Nodes and couplings.
    temperature_k : (n_nodes, n) float array
        At the start [K].
    heat_w : (n_nodes, n) float array
        Heat put into each node from inside and outside, constant over the step [W].
    dt_s : float
        Length of the step [s].
    order : int
        1: backward Euler, never below absolute zero and without overshoot. 2: two such stages
        (SDIRK), closer for steps that resolve the motion; a satellite whose second stage would
        start below absolute zero takes order 1.

    Returns
    -------
    NetworkStep
        Temperatures and energies.

    Raises
    ------
    ValueError
        If the step is not positive or the order neither 1 nor 2.

    Notes
    -----
    First stage: implicit over ``g dt`` with ``g = 1 - 1/sqrt(2)``; second: implicit over ``g dt``
    from ``T0 + (1 - g)/g (Ta - T0)``.

    References
    ----------
    .. [1] R. Alexander, Diagonally implicit Runge-Kutta methods for stiff ODEs, SIAM J. Numer.
       Anal. 14 (1977), doi:10.1137/0714068.
    """
    if not dt_s > 0.0:
        raise ValueError(f"a step of {dt_s} s does not go forward")
    if order not in {1, 2}:
        raise ValueError(f"order {order} is neither 1 nor 2")
    start = np.ascontiguousarray(temperature_k, dtype=np.float64)
    heat = np.ascontiguousarray(heat_w, dtype=np.float64)
    if order == 1:
        ended = _implicit(network, start, heat, dt_s)
        radiated = _radiated_w(network, ended) * dt_s
    else:
        ended, radiated = _two_stages(network, start, heat, dt_s)
    return NetworkStep(ended, radiated, network.capacity_j_k @ (ended - start))


def network_steady(network: HeatNetwork, heat_w: Floats) -> Floats:
    """Temperatures that constant heat settles to.

    Parameters
    ----------
    network : HeatNetwork
        Nodes and couplings.
    heat_w : (n_nodes, n) float array
        Heat put into each node; above zero in sum [W].

    Returns
    -------
    (n_nodes, n) float array
        Temperatures, to rounding [K].
    """
    heat = np.ascontiguousarray(heat_w, dtype=np.float64)
    nothing = np.zeros(network.n_nodes)
    leak = STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2
    return _implicit(network, _common_k(nothing, leak, heat, heat), heat, np.inf)


def _two_stages(
    network: HeatNetwork, start: Floats, heat: Floats, dt_s: float
) -> tuple[Floats, Floats]:
    """Order two; order one where the second stage has no valid start."""
    ratio = (1.0 - _GAMMA) / _GAMMA
    middle = _implicit(network, start, heat, _GAMMA * dt_s)
    second = start + ratio * (middle - start)
    second[network.capacity_j_k == 0.0] = middle[network.capacity_j_k == 0.0]
    poor = np.any(second < 0.0, axis=0)
    ended = _implicit(network, np.where(poor, middle, second), heat, _GAMMA * dt_s)
    share = (1.0 - _GAMMA) * _radiated_w(network, middle) + _GAMMA * _radiated_w(network, ended)
    if np.any(poor):
        ended[:, poor] = _implicit(
            network, np.ascontiguousarray(start[:, poor]), np.ascontiguousarray(heat[:, poor]), dt_s
        )
        share[poor] = _radiated_w(network, ended[:, poor])
    return ended, share * dt_s


def _implicit(network: HeatNetwork, start: Floats, heat: Floats, dt_s: float) -> Floats:
    """One backward Euler step, or the steady state where the step is infinite."""
    inertia = network.capacity_j_k / dt_s
    leak = STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2
    ended, converged = _solve(network, (inertia, leak), start, start, heat)
    if not np.all(converged):
        # Far from the answer exchange between nodes can bar the way; it is nothing at one
        # common temperature.
        left = np.flatnonzero(~converged)
        start, heat = (np.ascontiguousarray(array[:, left]) for array in (start, heat))
        common = _common_k(inertia, leak, start, heat)
        ended[:, left], converged[left] = _solve(network, (inertia, leak), common, start, heat)
    if not np.all(converged):
        satellite = int(np.argmin(converged))
        raise WorkError(f"the heat balance of satellite {satellite} has no solution in reach")
    return ended


def _solve(
    network: HeatNetwork,
    nodes: tuple[Floats, Floats],
    guess: Floats,
    start: Floats,
    heat: Floats,
) -> tuple[Floats, Bools]:
    """Share the columns over threads; a column that is not a number counts as solved."""
    couplings, pipes = network.couplings(), _pipe_arrays(network.pipes)
    ended = np.empty_like(heat)
    converged = np.empty(heat.shape[1], dtype=np.bool_)

    def work(first: int, stop: int) -> None:
        solve_columns(first, stop, guess, start, heat, nodes, couplings, pipes, ended, converged)

    over_ranges(work, heat.shape[1], _COLUMNS_PER_THREAD)
    return ended, converged | np.any(np.isnan(start) | np.isnan(heat), axis=0)


def _common_k(inertia: Floats, leak: Floats, start: Floats, heat: Floats) -> Floats:
    """Temperature that a satellite of one node with all the heat would not exceed."""
    source = np.maximum(inertia @ start + heat.sum(axis=0), 0.0)
    common = np.sqrt(np.sqrt(source / leak.sum()))
    if np.any(inertia > 0.0):
        common = np.minimum(common, source / inertia.sum())
    return np.tile(common, (len(inertia), 1))


def _radiated_w(network: HeatNetwork, temperature_k: Floats) -> Floats:
    """Heat given to space."""
    squared = temperature_k * temperature_k
    leak = STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2
    radiated: Floats = leak @ (squared * squared)
    return radiated


def _pipe_arrays(pipes: Sequence[HeatPipe]) -> tuple[Ints, Floats]:
    """Heat pipes as the kernel takes them."""
    ends = [(pipe.hot, pipe.cold) for pipe in pipes]
    settings = [
        (pipe.conductance_w_k, pipe.limit_w / pipe.conductance_w_k, pipe.dry_conductance_w_k)
        for pipe in pipes
    ]
    return (
        np.array(ends, dtype=np.int64).reshape(-1, 2),
        np.array(settings, dtype=np.float64).reshape(-1, 3),
    )
