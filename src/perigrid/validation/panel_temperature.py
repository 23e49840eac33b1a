"""Temperature of the solar cells of a spacecraft far from the Earth."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.constants import SOLAR_CONSTANT_W_M2
from perigrid.physics.array import Panel, panel_state
from perigrid.physics.technology import technology
from perigrid.validation.case import Case, compare

_SOURCE: Final = (
    "Planck early results, Astronomy & Astrophysics, aa12983-09 (2010), table 3: solar cells 378 "
    "to 382 K, of a thermal model correlated to ground tests"
)
_PUBLISHED_K: Final = 380.0
# Around the second Lagrange point, 1 % beyond the Earth.
_DISTANCE_AU: Final = 1.01


def panel_temperature() -> list[Case]:
    """Compare the balance of a panel whose back is insulated, as Planck's is.

    Returns
    -------
    list of Case
        One; the publication does not say how much power was drawn.
    """
    loaded_k, idle_k = _cell_k(technology("array_efficiency")), _cell_k(0.0)
    return [
        compare(
            "solar cells of Planck, back insulated",
            _PUBLISHED_K,
            0.5 * (loaded_k + idle_k),
            tolerance=0.5 * (idle_k - loaded_k),
            source=_SOURCE,
            unit="K",
            note=f"tolerance: from all power drawn ({loaded_k:.0f} K) to none ({idle_k:.0f} K), "
            "which is not published; optical properties are usual ones, not Planck's",
        )
    ]


def _cell_k(efficiency: float) -> float:
    """Temperature in full sunlight without Earth."""
    panel = Panel(
        efficiency=efficiency * technology("array_packing_share"),
        temperature_coefficient_k=technology("array_temperature_coefficient"),
        absorptivity=technology("array_absorptivity"),
        front_emissivity=technology("array_emissivity"),
        back_emissivity=0.0,
    )
    sunlight = np.full((1, 1), SOLAR_CONSTANT_W_M2 / _DISTANCE_AU**2)
    return float(panel_state(panel, sunlight, np.zeros((1, 1)), 1.0).cell_k[0, 0])
