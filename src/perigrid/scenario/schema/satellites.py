"""Schema of a satellite group: its orbit, and what every satellite of it is made of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from perigrid.scenario.schema.bus import Array, BatterySpec, ThermalSpec
from perigrid.scenario.schema.fields import (
    COUNTRY,
    SLUG,
    Origin,
    Section,
    number,
    section,
    text,
)
from perigrid.scenario.schema.orbits import OrbitChoice
from perigrid.scenario.schema.payload import ComputerSpec, LaserSpec, RadioSpec, SensorSpec
from perigrid.scenario.schema.radiation import RadiationSpec


class Group(Section):
    """Satellites that share a bus."""

    name: str = text("Short name, used in paths.", pattern=SLUG)
    role: Literal["compute", "relay"] = Field(
        description="compute: flown by the mission; relay: carries what it sends."
    )
    operator: str = text("Who runs it; matched with the stations' operator.", pattern=SLUG)
    registry_state: str = text("State of registry, ISO 3166 alpha-2.", pattern=COUNTRY)
    orbit: OrbitChoice
    bus_load_w: float = number(
        "W",
        "Steady draw besides computer and links.",
        120.0,
        Origin("avionics, attitude control and heaters of a 200-kg-class satellite"),
        ge=0,
        le=1e9,
    )
    array: Array = section(Array)
    battery: BatterySpec = section(BatterySpec)
    thermal: ThermalSpec = section(ThermalSpec)
    computer: ComputerSpec | None = None
    radio: RadioSpec | None = None
    laser: LaserSpec | None = None
    sensor: SensorSpec | None = None
    radiation: RadiationSpec | None = None
    storage_gb: float = number(
        "GB",
        "On-board storage.",
        2500.0,
        Origin("30 TB over 12 satellites, press reports of the Three-Body launch",
               "2025-05-14", "derived"),
        gt=0,
        le=1e9,
    )  # fmt: skip
    mass_kg: float = number(
        "kg",
        "Mass, for drag and lifetime.",
        200.0,
        Origin("typical of the class; the Three-Body satellites' mass is not published"),
        gt=0,
        le=1e9,
    )
    drag_area_m2: float = number(
        "m2",
        "Mean area across the velocity, for drag and lifetime.",
        2.0,
        Origin("0.01 m2/kg of a typical satellite (90 % have 0.005-0.02), IPS Radio and Space "
               "Services, Satellite Orbital Decay Calculations"),
        gt=0,
        le=1e9,
    )  # fmt: skip
    drag_coefficient: float = number(
        "1",
        "Drag coefficient in free molecular flow.",
        2.2,
        Origin("compact satellites; Vallado, Fundamentals of Astrodynamics and Applications, "
               "4th ed., 8.6.2", "2013", "published"),
        gt=0,
        le=10,
    )  # fmt: skip

    @model_validator(mode="after")
    def _equip(self) -> Group:
        """Give what the role implies; `null` takes it away."""
        implied: dict[str, type[Section]] = {"laser": LaserSpec}
        if self.role == "compute":
            implied |= {"computer": ComputerSpec, "radio": RadioSpec, "sensor": SensorSpec}
            implied |= {"radiation": RadiationSpec}
        for name, kind in implied.items():
            if name not in self.model_fields_set:
                setattr(self, name, kind.model_construct())
        return self
