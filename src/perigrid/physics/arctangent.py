"""Arc tangent of two arguments for compiled loops.

The mathematics library's cannot be called for several numbers at once; this one has no branch, so
the compiler runs it on the machine's vectors.
"""

from __future__ import annotations

import math
from typing import Final

from numba.extending import register_jitable

from perigrid.physics.compiled import PART

_QUARTER: Final = math.pi / 4.0
_TANGENT_OF_EIGHTH: Final = math.sqrt(2.0) - 1.0
# atan(x) / x as a polynomial in x^2 up to tan(pi / 8)^2: interpolated at the Chebyshev points with
# 60 digits. The function's nearest singularity, x^2 = -1, bounds the error of degree 11 by 3e-17.
_C: Final = (
    1.0,
    -0.333_333_333_333_331_2,
    0.199_999_999_999_408_37,
    -0.142_857_142_792_449_68,
    0.111_111_107_446_570_99,
    -0.090_908_968_014_728_13,
    0.076_920_451_945_614_81,
    -0.066_629_502_460_367_92,
    0.058_468_667_522_751_39,
    -0.050_350_497_953_124_39,
    0.037_963_903_161_110_83,
    -0.017_803_896_394_812_56,
)


@register_jitable(**PART, fastmath={"contract"}, forceinline=True)
def arctangent(y_m: float, x_m: float) -> float:
    """Angle of a point in the plane from the first axis.

    Parameters
    ----------
    y_m, x_m : float
        Coordinates; any two numbers in the same unit [m]. The point is ``(x_m, y_m)``.

    Returns
    -------
    float
        In -pi to pi, within 5e-16 of ``math.atan2``; 0 at the origin; NaN if one is NaN [rad].

    Notes
    -----
    The ratio of the smaller to the larger is brought below ``tan(pi / 8)`` by a turn of
    ``pi / 4``; a Chebyshev polynomial gives the rest. Exact on both axes.
    """
    away, up = abs(x_m), abs(y_m)
    small = min(up, away)
    large = max(away, up)
    far = small > _TANGENT_OF_EIGHTH * large
    upper = small - large if far else small
    lower = small + large if far else large
    ratio = upper / (lower + (1.0 if lower == 0.0 else 0.0))
    z = ratio * ratio
    series = _C[11]
    for n in range(10, -1, -1):
        series = series * z + _C[n]
    angle = ratio * series + (_QUARTER if far else 0.0)
    angle = 2.0 * _QUARTER - angle if up > away else angle
    angle = 4.0 * _QUARTER - angle if x_m < 0.0 else angle
    return -angle if y_m < 0.0 else angle
