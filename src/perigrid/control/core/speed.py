"""How fast satellites compute, by what they reported: heat slows them down."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.shared import Shared, satellite_of
from perigrid.physics.compiled import part

LEAST_SPEED: Final = 0.05
"""Share of full speed that is reckoned with at least (assumed). [1]"""
_LEAST_SPEED = LEAST_SPEED
_COMPUTER, _RADIATOR = 1, 2


@part
def speed_of(c: Shared, row: int, busy_s: float) -> float:
    """Share of full speed that heat leaves now or after some time at work, whichever is less.

    Parameters
    ----------
    c : Shared
        What is known.
    row : int
        Of what is known of a satellite.
    busy_s : float
        Time at work [s].

    Returns
    -------
    float
        Over windows, and before any report, 1: there what is computed is short [1].

    Notes
    -----
    The computer's temperature approaches that of the radiator, as it was reported, plus the drop
    over the conductance at full power.
    """
    if c.con[0].routed == 0 or c.con[0].reports == 0:
        return 1.0
    node = satellite_of(c, row)
    me, now_k, radiator_k = c.satellites[node], c.told[_COMPUTER, node], c.told[_RADIATOR, node]
    if row != node:
        now_k, radiator_k = c.heard[node].now_computer_k, c.heard[node].now_radiator_k
    settled_k = radiator_k + (me.idle_w + me.extra_w) / me.conductance_w_k
    fade = np.exp(-busy_s * me.conductance_w_k / me.computer_j_k)
    hottest_k = max(now_k, settled_k + (now_k - settled_k) * fade)
    share = (me.stop_k - hottest_k) / (me.stop_k - me.throttle_k)
    return float(min(1.0, max(_LEAST_SPEED, share)))


@part
def takes_s(c: Shared, row: int, work_s: float) -> float:
    """Say how long work takes that begins on a satellite, given its time at full speed [s]."""
    return float(work_s / speed_of(c, row, work_s))
