"""How large must a satellite be? Array, battery, radiator and mass by orbit and computing power.

Run with ``python examples/size_a_satellite.py``; it takes seconds and writes nothing. A year is
sized by twelve of its days, each flown through sunlight and shadow: the worst day decides. All
masses rest on the specific figures of ``perigrid.physics.technology``, many of them assumed.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SOLAR_CONSTANT_W_M2
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.battery_ageing import SPACE_LITHIUM_ION
from perigrid.physics.eclipse import illumination
from perigrid.physics.orbit.design import sun_synchronous_elements, walker_elements
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.radiator import Face, front_normal, two_face_environment_w
from perigrid.physics.sizing import HeatRules, Margins, StorageRules, size_for_load
from perigrid.physics.sun import sun_position_m
from perigrid.physics.technology import masses_kg

Floats = npt.NDArray[np.float64]

START = Epoch.from_iso("2026-01-15T00:00:00Z")
STEP_S = 60.0
LIFE_YEARS = 5.0
BUS_W = 200.0
BEGIN_EFFICIENCY = 0.29  # from sunlight to the bus, with packing and cabling
LASTING = (1.0 - 0.02) ** LIFE_YEARS  # what radiation leaves of the cells
STORAGE = StorageRules(
    min_soc=0.3,
    charge_efficiency=0.97,
    discharge_efficiency=0.97,
    fade=SPACE_LITHIUM_ION,
    life_years=LIFE_YEARS,
)
DROP_K = 20.0  # from computer to radiator at full power
HEAT = HeatRules(
    computer_heat_capacity_j_k=4_000.0,
    radiator_heat_capacity_j_k=30_000.0,
    conductance_w_k=1.0,  # set by power below
    emissivity=0.88,
    initial_k=290.0,
    max_computer_k=333.0,
)
MARGINS = Margins(array_share=0.1, battery_share=0.1, radiator_share=0.1)


def orbits() -> dict[str, list[MeanElements]]:
    """Give mean elements of the orbits by name."""
    return {
        "dawn-dusk, 650 km": sun_synchronous_elements(
            "dawn", satellites=1, altitude_m=650e3, ltan_hours=6.0, epoch=START
        ),
        "53 degrees, 550 km": walker_elements(
            "shell",
            planes=1,
            satellites_per_plane=1,
            phasing=0,
            altitude_m=550e3,
            inclination_rad=math.radians(53.0),
            raan_spread_rad=math.tau,
            first_raan_rad=0.0,
            epoch=START,
        ),
    }


def days_of_a_year(elements: Sequence[MeanElements]) -> tuple[Floats, Floats]:
    """Fly the middle day of each month: sunlight and heat from outside, a day in each row."""
    t_s = np.arange(0.0, 86_400.0, STEP_S)
    sunlight_w_m2, outside_w_m2 = [], []
    for month in range(12):
        day = START.plus(month * 365.25 / 12.0 * 86_400.0)
        position_m, velocity_m_s, _ = propagate(elements, day, t_s)
        sun_m = sun_position_m(day, t_s)
        lit = illumination(position_m, sun_m)
        normal = front_normal("sun-edge-on", position_m, velocity_m_s, sun_m)
        face = Face(area_m2=0.5, emissivity=HEAT.emissivity, absorptivity=0.25)
        sunlight_w_m2.append(SOLAR_CONSTANT_W_M2 * lit)
        outside_w_m2.append(
            two_face_environment_w(position_m, sun_m, lit, normal, front=face, back=face)
        )
    return np.concatenate(sunlight_w_m2), np.concatenate(outside_w_m2)


def main() -> None:
    """Print a row for each orbit and power."""
    print("orbit               compute    array   battery  radiator     mass  per mass")
    for name, elements in orbits().items():
        sunlight_w_m2, outside_w_m2 = days_of_a_year(elements)
        for compute_w in (500.0, 2_000.0, 10_000.0):
            size = size_for_load(
                BEGIN_EFFICIENCY * LASTING * sunlight_w_m2,
                outside_w_m2,
                STEP_S,
                compute_w=compute_w,
                bus_load_w=BUS_W,
                storage=STORAGE,
                heat=replace(HEAT, conductance_w_k=compute_w / DROP_K),
                margins=MARGINS,
            )
            mass_kg = masses_kg(size, new_array_efficiency=BEGIN_EFFICIENCY).total_kg
            print(
                f"{name:18} {compute_w / 1e3:5.1f} kW {size.array_area_m2:5.1f} m2"
                f" {size.battery_capacity_j / 3.6e6:5.2f} kWh {size.radiator_area_m2:6.1f} m2"
                f" {mass_kg:5.0f} kg  {compute_w / mass_kg:5.1f} W/kg"
            )


if __name__ == "__main__":
    main()
