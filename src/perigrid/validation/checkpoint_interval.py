"""Optimal checkpoint intervals against the figures of Daly's paper."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.radiation.checkpoints import daly_interval_s
from perigrid.validation.case import Case, compare

_SAVE_S: Final = 300.0
_S_PER_MINUTE: Final = 60.0
# Mean time between failures [s], published interval [min], half of its last digit [min].
_PUBLISHED: Final = ((86_400.0, 117.0, 0.5), (21_600.0, 57.0, 0.5), (900.0, 9.1, 0.05))


def checkpoint_interval() -> list[Case]:
    """Compare three intervals, from a day to a quarter of an hour between failures.

    Returns
    -------
    list of Case
        One per figure of the paper.
    """
    return [
        compare(
            f"interval of checkpoints of 5 min, failing every {between_s / _S_PER_MINUTE:g} min",
            minutes,
            float(daly_interval_s(_SAVE_S, np.array(between_s))) / _S_PER_MINUTE,
            tolerance=half_digit,
            source="J. T. Daly (2006), doi:10.1016/j.future.2004.11.016, figures 3 to 5",
            unit="min",
            note="tolerance: half of the last printed digit",
        )
        for between_s, minutes, half_digit in _PUBLISHED
    ]
