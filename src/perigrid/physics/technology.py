"""What array, battery and radiator weigh, with the origin of every number; masses of a sizing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from perigrid.base.constants import SOLAR_CONSTANT_W_M2
from perigrid.base.provenance import Confidence, Provenance
from perigrid.base.units import J_PER_WH
from perigrid.physics.sizing import Sizing

_READ: Final = "2026-11-23"
_SAFT: Final = (
    "Saft VES180, cell specification summary in ESA ARTES project "
    '"Development of High specific energy Li-Ion cell"'
)


def _row(key: str, value: float, unit: str, source: str, confidence: Confidence) -> Provenance:
    """One line of the table."""
    return Provenance(key, value, unit, source, _READ, confidence)


_ROWS: Final = (
    _row(
        "array_efficiency",
        0.298,
        "1",
        "Spectrolab XTJ: mean of 845 large cells, AM0, 28 degC, begin of life (Fetzer et al., "
        "Production ready 30% efficient triple junction space solar cells, IEEE PVSC)",
        "published",
    ),
    _row(
        "array_temperature_coefficient",
        -0.0025,
        "1/K",
        "rounded middle of triple-junction cells, -0.20 to -0.29 % per K of their efficiency; "
        "-0.09 % absolute at 31 % is measured for GaInP/GaAs/GaInNAsSb (AIP Conference "
        "Proceedings, article 050001, 2015)",
        "assumed",
    ),
    _row("array_absorptivity", 0.91, "1", "usual for covered triple-junction cells", "assumed"),
    _row("array_emissivity", 0.85, "1", "usual for cover glass, and painted backs", "assumed"),
    _row("array_packing_share", 0.90, "1", "usual share of a panel under cells", "assumed"),
    _row(
        "array_specific_power",
        150.0,
        "W/kg",
        "30-50 kW flexible blanket arrays demonstrated in ground tests, begin of life (Mikulas et "
        "al., Telescoping Solar Array Concept, NTRS 20150006022)",
        "published",
    ),
    _row(
        "array_loss_per_year",
        0.02,
        "1/year",
        "upper part of what arrays in low orbit show; the Space Station's silicon lost 0.2 to "
        "0.5 % of its current a year (Kerslake, Gustafson, NASA/TM-2003-212513)",
        "assumed",
    ),
    _row("battery_cell_specific_energy", 160.0, "Wh/kg", f"{_SAFT}, 30 degC, C/1.5", "published"),
    _row(
        "battery_cell_mass_share", 0.70, "1", "cells over battery with case and wiring", "assumed"
    ),
    _row("battery_depth_share", 0.30, "1", f"{_SAFT}: 5 years in low orbit", "published"),
    _row(
        "radiator_areal_mass",
        7.0,
        "kg/m2",
        'a "conventional radiator\'s weight" in NASA SBIR abstract 91-1-09.08-6551B (1991), per '
        "square metre of panel",
        "published",
    ),
    _row(
        "structure_share",
        0.25,
        "1",
        "structure, harness and mechanisms over the mass they carry and themselves",
        "assumed",
    ),
)

TECHNOLOGY: Final[Mapping[str, Provenance]] = {row.key: row for row in _ROWS}
"""Numbers for a sizing study, each with unit, source, date and confidence."""


@dataclass(frozen=True, slots=True)
class Masses:
    """Mass of what was sized.

    Parameters
    ----------
    array_kg, battery_kg, radiator_kg, structure_kg : float
        Each part, and the share of structure that it takes to carry them [kg].
    """

    array_kg: float
    battery_kg: float
    radiator_kg: float
    structure_kg: float

    @property
    def total_kg(self) -> float:
        """All four [kg]."""
        return self.array_kg + self.battery_kg + self.radiator_kg + self.structure_kg


def technology(key: str) -> float:
    """Look up a number of the table.

    Parameters
    ----------
    key : str
        Of :data:`TECHNOLOGY`.

    Returns
    -------
    float
        In the unit of its row.
    """
    return TECHNOLOGY[key].value


def masses_kg(
    sizing: Sizing,
    *,
    new_array_efficiency: float,
    radiating_faces: int = 2,
    numbers: Mapping[str, Provenance] = TECHNOLOGY,
) -> Masses:
    """Weigh what was sized.

    Parameters
    ----------
    sizing : Sizing
        Of :func:`perigrid.physics.sizing.size_for_load`.
    new_array_efficiency : float
        From sunlight on a square metre of the sized array to the bus at begin of life, by which
        the array's rated power is counted.
    radiating_faces : int
        Faces of a radiator panel that emit: the sized area is that of all faces.
    numbers : mapping of str to Provenance
        Specific power, energy and mass.

    Returns
    -------
    Masses
        In kilograms.
    """
    rated_w = sizing.array_area_m2 * SOLAR_CONSTANT_W_M2 * new_array_efficiency
    array_kg = rated_w / numbers["array_specific_power"].value
    cell_wh_kg = numbers["battery_cell_specific_energy"].value
    battery_wh_kg = cell_wh_kg * numbers["battery_cell_mass_share"].value
    battery_kg = sizing.battery_capacity_j / J_PER_WH / battery_wh_kg
    panel_m2 = sizing.radiator_area_m2 / radiating_faces
    radiator_kg = panel_m2 * numbers["radiator_areal_mass"].value
    share = numbers["structure_share"].value
    carried_kg = array_kg + battery_kg + radiator_kg
    return Masses(array_kg, battery_kg, radiator_kg, carried_kg * share / (1.0 - share))
