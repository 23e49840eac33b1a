"""Curves of a computer's temperature, and the steps and margins of a forecast."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.control.scheduling.base import Load
from perigrid.fleet.model import Floats

HORIZON_S: Final = 7200.0
"""Look-ahead: a little more than one low orbit, so that the next eclipse is always inside
(assumed). [s]"""

STEP_S: Final = 120.0
"""Step of the forecast (assumed); the implicit heat step is stable at any length. [s]"""

SOC_MARGIN: Final = 0.02
"""Kept above the battery's floor, for what the forecast cannot know (assumed). [1]"""

TEMPERATURE_MARGIN_K: Final = 1.0
"""Kept below the throttling temperature (assumed). [K]"""


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
