"""Sine and cosine that a compiler can turn into vector instructions.

The library's own functions are calls, one state at a time; these are a few products and selections
that run eight states at once on the machines of today.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba.extending import register_jitable

from perigrid.physics.compiled import KERNEL as ANY_KERNEL
from perigrid.physics.compiled import PART as ANY_PART

# Fused products round once instead of twice. No flag here lets the compiler assume that there are
# no NaN, nor reorder the sums that the range reduction lives on.
_FASTMATH: Final = {"fastmath": {"contract", "nsz", "arcp"}}

KERNEL: Final[dict[str, Any]] = ANY_KERNEL | _FASTMATH
"""How the kernels of this package are compiled."""

part: Final = register_jitable(**ANY_PART, **_FASTMATH)
"""Mark a function as part of kernels."""

inlined_part: Final = register_jitable(**ANY_PART, **_FASTMATH, forceinline=True)
"""Mark a function of one state as part of the loops that call it."""

# The float nearest to pi/2 in two parts of 33 and 20 bits: products with a whole number below 2^20
# are exact. The published routine takes angles modulo that float, not modulo the true number.
_QUARTER_HIGH: Final = 1.5707963267341256
_QUARTER_LOW: Final = math.pi / 2.0 - _QUARTER_HIGH
_PER_QUARTER: Final = 2.0 / math.pi
TURN_RAD: Final = 2.0 * math.pi
_TURN_HIGH: Final = 4.0 * _QUARTER_HIGH
_TURN_LOW: Final = 4.0 * _QUARTER_LOW
_PER_TURN: Final = 0.5 / math.pi

# sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2) on +-pi/4, interpolated at Chebyshev nodes
# in extended precision for this project: truncation below 2e-17 and 1e-18.
_S1: Final = -0.16666666666666666
_S2: Final = 0.008333333333330948
_S3: Final = -0.0001984126983675844
_S4: Final = 2.7557316102494358e-06
_S5: Final = -2.5051131832498245e-08
_S6: Final = 1.5918128310079768e-10
_C1: Final = 0.041666666666666664
_C2: Final = -0.0013888888888887398
_C3: Final = 2.48015872987657e-05
_C4: Final = -2.755731727180317e-07
_C5: Final = 2.087614628893454e-09
_C6: Final = -1.1382634019569263e-11


@inlined_part
def sine_cosine(angle_rad: float) -> tuple[float, float]:
    """Sine and cosine of an angle of any size, modulo the float nearest to 2 pi."""
    quarters = np.rint(angle_rad * _PER_QUARTER)
    r = (angle_rad - quarters * _QUARTER_HIGH) - quarters * _QUARTER_LOW
    z = r * r
    s = r + r * z * (_S1 + z * (_S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))))
    c = (1.0 - 0.5 * z) + z * z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6)))))
    quadrant = np.int32(quarters - 4.0 * np.floor(0.25 * quarters))
    sine = c if quadrant & 1 else s
    cosine = s if quadrant & 1 else c
    return (-sine if quadrant & 2 else sine), (-cosine if (quadrant + 1) & 2 else cosine)


@inlined_part
def wrapped(angle_rad: float) -> float:
    """Reduce an angle of any size to 0 to 2 pi."""
    turns: float = np.floor(angle_rad * _PER_TURN)
    return (angle_rad - turns * _TURN_HIGH) - turns * _TURN_LOW


@inlined_part
def rotated(sine: float, cosine: float, angle_rad: float) -> tuple[float, float]:
    """Sine and cosine of an angle that grew by another one below 0.03 rad in size."""
    z = angle_rad * angle_rad
    s = angle_rad * (1.0 - z * (1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0))))
    c = 1.0 - z * (0.5 - z * (1.0 / 24.0 - z * (1.0 / 720.0)))
    return sine * c + cosine * s, cosine * c - sine * s
