"""A few designed satellites that every comparison flies."""

import math

import numpy as np

from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import sun_synchronous_elements, walker_elements

START = Epoch.from_iso("2026-08-22T00:00:00Z")
DAY_S = 86400.0


def satellites():
    shell = walker_elements(
        "shell",
        planes=3,
        satellites_per_plane=1,
        phasing=1,
        altitude_m=550e3,
        inclination_rad=math.radians(53.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.4,
        epoch=START,
    )
    ring = sun_synchronous_elements(
        "ring", satellites=2, altitude_m=650e3, ltan_hours=10.5, epoch=START
    )
    return [*shell, *ring]


def every(step_s, span_s=DAY_S):
    return np.arange(0.0, span_s + 0.5 * step_s, step_s)
