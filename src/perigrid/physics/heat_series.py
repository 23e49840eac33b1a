"""The two thermal nodes of many satellites through a whole span, in vector instructions."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.heat import two_node_advance

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Settings = tuple[float, float, float, float, float]

# Satellites that take a step together, several to a vector instruction.
_LANES: Final = 16
# Newton steps that every lane takes: temperatures change little in a step.
_NEWTON_STEPS: Final = 3
# Last correction over temperature. What is left after it is of the order of its square.
_LAST_CORRECTION: Final = 1.0e-8
# Steps below which a further thread is not worth its start.
_STEPS_PER_THREAD: Final = 20_000


def two_node_series(
    computer_k: float,
    radiator_k: float,
    computer_w: float,
    radiator_w: Floats,
    dt_s: float,
    *,
    computer_heat_capacity_j_k: float,
    radiator_heat_capacity_j_k: float,
    conductance_w_k: float,
    emissivity: float,
    area_m2: float,
) -> tuple[Floats, Floats]:
    """Temperatures of many satellites over all steps of a span.

    Parameters
    ----------
    computer_k, radiator_k : float
        Temperatures that all satellites start from [K].
    computer_w : float
        Constant heat made in each computer [W].
    radiator_w : (n, n_steps) float array
        Heat made in the bus plus heat absorbed from outside, mean over each step [W].
    dt_s : float
        Length of a step [s].
    computer_heat_capacity_j_k, radiator_heat_capacity_j_k, conductance_w_k, emissivity, area_m2
        As for :func:`perigrid.physics.heat.two_node_step`.

    Returns
    -------
    computer_k, radiator_k : (n, n_steps) float array
        Temperatures at the end of each step [K].

    Notes
    -----
    The equations of :func:`perigrid.physics.heat.two_node_step`. Sixteen satellites take three
    Newton steps side by side from the last temperature; whoever has not settled by then, after a
    jump of heat or in a very long step, is solved again by the guarded method.
    """
    heat = np.ascontiguousarray(radiator_w)
    temperatures = np.empty((2, *heat.shape))
    settings = (
        computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k,
        conductance_w_k,
        emissivity,
        area_m2,
    )
    begin = (float(computer_k), float(radiator_k), float(computer_w), float(dt_s))

    def work(first: int, stop: int) -> None:
        _series_rows(first, stop, begin, heat, settings, temperatures)

    over_ranges(work, len(heat), 1 + _STEPS_PER_THREAD // max(1, heat.shape[1]))
    return temperatures[0], temperatures[1]


@kernel
def _series_rows(
    first: int,
    stop: int,
    begin: tuple[float, float, float, float],
    heat: Floats,
    settings: Settings,
    temperatures: Floats,
) -> None:
    """March satellites ``first`` to ``stop`` through their steps, some lanes at a time."""
    computer_w, dt_s = begin[2], begin[3]
    old, new, absorbed = np.empty((2, _LANES)), np.empty((2, _LANES)), np.empty(_LANES)
    settled = np.empty(_LANES, dtype=np.bool_)
    for low in range(first, stop, _LANES):
        old[0], old[1] = begin[0], begin[1]
        for step in range(heat.shape[1]):
            # Lanes beyond the last satellite repeat it, so that every block is equally long.
            for lane in range(_LANES):
                absorbed[lane] = heat[min(low + lane, stop - 1), step]
            _step_lanes(old, computer_w, absorbed, dt_s, settings, new, settled)
            for lane in range(_LANES):
                if not settled[lane]:
                    new[0, lane], new[1, lane], _ = two_node_advance(
                        old[0, lane],
                        old[1, lane],
                        computer_w,
                        absorbed[lane],
                        dt_s,
                        settings[0],
                        settings[1],
                        settings[2],
                        settings[3],
                        settings[4],
                    )
            for lane in range(min(_LANES, stop - low)):
                temperatures[0, low + lane, step] = new[0, lane]
                temperatures[1, low + lane, step] = new[1, lane]
            old, new = new, old


@part
def _step_lanes(
    old: Floats,
    computer_w: float,
    absorbed: Floats,
    dt_s: float,
    settings: Settings,
    new: Floats,
    settled: Bools,
) -> None:
    """Take one step from ``old`` to ``new`` with a fixed number of Newton steps."""
    conductance = settings[2]
    leak = settings[3] * STEFAN_BOLTZMANN_W_M2_K4 * settings[4]
    inertia1, inertia2 = settings[0] / dt_s, settings[1] / dt_s
    share = conductance / (inertia1 + conductance)
    slope = inertia2 + conductance * (1.0 - share)
    for lane in range(_LANES):
        offset = (inertia1 * old[0, lane] + computer_w) / (inertia1 + conductance)
        source = inertia2 * old[1, lane] + absorbed[lane] + conductance * offset
        guess = old[1, lane]
        change = 0.0
        for _ in range(_NEWTON_STEPS):
            cubed = leak * guess * guess * guess
            change = (cubed * guess + slope * guess - source) / (4.0 * cubed + slope)
            guess -= change
        # Not settled either where it is no number.
        settled[lane] = abs(change) <= _LAST_CORRECTION * guess
        new[0, lane] = share * guess + offset
        new[1, lane] = guess
