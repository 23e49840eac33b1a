"""Schema of a satellite group: bus, power, heat, computer, links, sensor.

The defaults describe one bus sized around a 744-TOPS-class payload (the best figure published for
a satellite of the Three-Body constellation); neither its mass, power nor radiator is published, so
nearly every default is ``assumed`` with its reasoning.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

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

_GILMORE = "Gilmore, Spacecraft Thermal Control Handbook, 2nd ed. (2002)"
_SUNCATCHER = "Suncatcher, arXiv:2511.19468v2, link budget"


class Array(Section):
    """Photovoltaic array."""

    area_m2: float = number(
        "m2",
        "Cell area.",
        2.0,
        Origin(
            "sized: 2.0 m2 give about 0.8 kW in sunlight, 0.5 kW over an orbit that is 36 % dark, "
            "against 0.4 kW with computer, radio and laser all on"
        ),
        gt=0,
        le=1_000_000,
    )
    efficiency: float = number(
        "1",
        "Cell efficiency with packing and cabling, begin of life.",
        0.30,
        Origin("typical triple-junction GaAs cells: 29-32 % on data sheets"),
        gt=0,
        le=1,
    )
    pointing: Literal["sun", "single-axis", "nadir"] = Field(
        "sun",
        description="sun: tracks it; single-axis: turns about the orbit normal; nadir: body-fixed.",
    )
    degradation_per_year: float = number(
        "1/year",
        "Share of power lost per year.",
        0.02,
        Origin("typical GaAs in low orbit: 1-3 % a year"),
        ge=0,
        le=0.5,
    )
    age_years: float = number(
        "year", "Years since launch.", 0.0, Origin("design choice: begin of life"), ge=0, le=50
    )


class BatterySpec(Section):
    """Energy storage with its usable window and losses."""

    capacity_wh: float = number(
        "Wh",
        "Energy when full.",
        700.0,
        Origin("sized: 35 min of eclipse at 0.4 kW use about a third of it"),
        gt=0,
        le=1e9,
    )
    min_soc: float = number(
        "1",
        "State of charge below which no job may take it.",
        0.3,
        Origin("design choice: 70 % deepest discharge keeps Li-ion cells alive for years"),
        ge=0,
        le=1,
    )
    initial_soc: float = number(
        "1", "State of charge at the start.", 0.9, Origin("design choice: nearly full"), ge=0, le=1
    )
    charge_efficiency: float = number(
        "1", "Energy stored over energy put in.", 0.97, Origin("typical Li-ion"), gt=0, le=1
    )
    discharge_efficiency: float = number(
        "1", "Energy delivered over energy taken.", 0.97, Origin("typical Li-ion"), gt=0, le=1
    )
    max_charge_w: float = number(
        "W", "Charge limit.", 500.0, Origin("about 0.7 C of 700 Wh"), gt=0, le=1e9
    )
    max_discharge_w: float = number(
        "W", "Discharge limit.", 700.0, Origin("1 C of 700 Wh"), gt=0, le=1e9
    )


class ThermalSpec(Section):
    """Two nodes: the computer with its cold plate, and the radiator with the bus."""

    computer_heat_capacity_j_k: float = number(
        "J/K",
        "Heat capacity of the computer and its cold plate.",
        4000.0,
        Origin("about 4.5 kg of aluminium at 0.9 kJ/(kg K)"),
        gt=0,
        le=1e9,
    )
    radiator_heat_capacity_j_k: float = number(
        "J/K",
        "Heat capacity of the radiator and the bus that is tied to it.",
        30_000.0,
        Origin("about 33 kg of aluminium at 0.9 kJ/(kg K)"),
        gt=0,
        le=1e12,
    )
    conductance_w_k: float = number(
        "W/K",
        "Conductance from the computer to the radiator.",
        12.0,
        Origin("165 W over a drop of 14 K, by heat pipes"),
        gt=0,
        le=1e7,
    )
    radiator_area_m2: float = number(
        "m2",
        "Radiating area.",
        1.0,
        Origin("sized: rejects about 0.3 kW net near 300 K in low orbit"),
        gt=0,
        le=1_000_000,
    )
    emissivity: float = number(
        "1",
        "Infrared emissivity of the radiator.",
        0.88,
        Origin(f"white paint, {_GILMORE}", "2002", "published"),
        gt=0,
        le=1,
    )
    absorptivity: float = number(
        "1",
        "Solar absorptivity of the radiator.",
        0.20,
        Origin(f"white paint at begin of life, {_GILMORE}", "2002", "published"),
        ge=0,
        le=1,
    )
    earth_view_factor: float = number(
        "1",
        "View factor from the radiator to the Earth.",
        0.25,
        Origin("a plate edge-on to the Earth near 500 km sees it with about 0.25"),
        ge=0,
        le=1,
    )
    sun_incidence: float = number(
        "1",
        "Mean cosine between the radiator's normal and the Sun while lit.",
        0.2,
        Origin("radiator kept mostly out of the Sun by attitude"),
        ge=0,
        le=1,
    )
    initial_c: float = number(
        "degC",
        "Temperature of both nodes at the start.",
        -10.0,
        Origin("where this bus settles with an idle computer, so that a day starts settled"),
        ge=-150,
        le=150,
    )
    computer_throttle_c: float = number(
        "degC",
        "Computer temperature at which throttling starts.",
        60.0,
        Origin("20 K below the limit"),
        ge=-150,
        le=200,
    )
    computer_limit_c: float = number(
        "degC",
        "Computer temperature above which nothing is computed.",
        80.0,
        Origin("cold plate of parts rated to a junction of 105 degC"),
        ge=-150,
        le=250,
    )
    survival_min_c: float = number(
        "degC",
        "Lowest temperature electronics survive.",
        -30.0,
        Origin("industrial-grade parts with margin"),
        ge=-200,
        le=100,
    )


class ComputerSpec(Section):
    """Processor, for the roofline."""

    name: str = text("What it is.", default="744-TOPS-class accelerator")
    peak_tops: float = number(
        "Tops/s",
        "Peak rate at the precision the pipeline uses (int8).",
        744.0,
        Origin("press reports of the Three-Body launch: up to 744 TOPS a satellite",
               "2025-05-14", "published"),
        gt=0,
        le=1e9,
    )  # fmt: skip
    memory_bandwidth_gb_s: float = number(
        "GB/s",
        "Memory bandwidth.",
        550.0,
        Origin("2.7 x Jetson AGX Orin (275 TOPS, 204.8 GB/s)", confidence="derived"),
        gt=0,
        le=1e9,
    )
    memory_gb: float = number(
        "GB", "Memory.", 128.0, Origin("2 x Jetson AGX Orin 64 GB, rounded"), gt=0, le=1e9
    )
    idle_w: float = number(
        "W",
        "Draw when idle, all slots.",
        20.0,
        Origin("about an eighth of the active draw"),
        ge=0,
        le=1e9,
    )
    active_w: float = number(
        "W",
        "Draw when all slots compute.",
        165.0,
        Origin("2.7 x Jetson AGX Orin (275 TOPS at 60 W)", confidence="derived"),
        gt=0,
        le=1e9,
    )
    host_gops: float = number(
        "Gops/s",
        "Rate of the general cores beside the accelerator, walking decision trees.",
        2.866,
        Origin(
            "12 embedded cores (Jetson AGX Orin: 12 Cortex-A78AE) at 0.4 of a server core, which "
            "reaches 0.597 Gops/s (tools/profile_models.py)",
            "2026-11-23",
        ),
        gt=0,
        le=1e9,
    )
    host_w: float = number(
        "W",
        "Draw of the general cores when busy, above idle, all slots.",
        15.0,
        Origin("a quarter of a Jetson AGX Orin's 60 W"),
        ge=0,
        le=1e9,
    )
    slots: int = number(
        "1",
        "Jobs processed side by side, each at full rate.",
        1,
        Origin("design choice: one job at a time"),
        ge=1,
        le=10_000,
    )


class RadioSpec(Section):
    """Downlink transmitter; the rate follows the DVB-S2 ladder."""

    frequency_ghz: float = number(
        "GHz",
        "Carrier.",
        8.2,
        Origin("Earth exploration-satellite band 8025-8400 MHz, ITU Radio Regulations art. 5",
               "2020", "published"),
        ge=0.1,
        le=100,
    )  # fmt: skip
    eirp_dbw: float = number(
        "dBW", "Effective radiated power.", 18.0, Origin("10 W into 8 dBi, steered"), ge=-30, le=100
    )
    symbol_rate_mbaud: float = number(
        "Mbaud",
        "Symbol rate.",
        200.0,
        Origin("X-band: 200 Mbaud x 4.45 bit per symbol (32APSK 9/10) gives about 900 Mbit/s"),
        gt=0,
        le=100_000,
    )
    max_rate_mbps: float = number(
        "Mbit/s", "Modem limit.", 900.0, Origin("typical X-band imager modem"), gt=0, le=1e7
    )
    implementation_loss_db: float = number(
        "dB",
        "All losses besides free space: modem, pointing, polarisation, weather margin.",
        3.0,
        Origin("1 dB modem, 2 dB pointing, polarisation and clear-sky margin"),
        ge=0,
        le=50,
    )
    active_w: float = number(
        "W", "Draw while transmitting.", 60.0, Origin("10 W radiated at 17 %"), ge=0, le=1e6
    )


class LaserSpec(Section):
    """Optical crosslink terminals."""

    terminals: int = number("1", "Terminals on board.", 3, Origin("design choice"), ge=1, le=64)
    transmit_w: float = number(
        "W", "Optical power.", 5.0, Origin(_SUNCATCHER, "2025-11", "published"), gt=0, le=1e6
    )
    aperture_cm: float = number(
        "cm",
        "Telescope diameter.",
        10.0,
        Origin(_SUNCATCHER, "2025-11", "published"),
        gt=0,
        le=1000,
    )
    wavelength_nm: float = number(
        "nm", "Wavelength.", 1550.0, Origin(_SUNCATCHER, "2025-11", "published"), ge=200, le=20_000
    )
    efficiency: float = number(
        "1", "Aperture efficiency.", 0.8, Origin(_SUNCATCHER, "2025-11", "published"), gt=0, le=1
    )
    pointing_loss_db: float = number(
        "dB", "Pointing loss.", 3.0, Origin(_SUNCATCHER, "2025-11", "published"), ge=0, le=50
    )
    photons_per_bit: float = number(
        "1",
        "Received photons needed per bit.",
        100.0,
        Origin("closes 100 Gbit/s at 5,400 km with the terminal above", confidence="derived"),
        gt=0,
        le=1e9,
    )
    max_rate_gbps: float = number(
        "Gbit/s",
        "Modem limit.",
        100.0,
        Origin("press reports of the Three-Body launch: up to 100 Gbit/s",
               "2025-05-14", "published"),
        gt=0,
        le=1e6,
    )  # fmt: skip
    max_range_km: float = number(
        "km",
        "Longest link.",
        5400.0,
        Origin("Starlink's laser range as reported by SpaceX", "2024", "published"),
        gt=0,
        le=100_000,
    )
    grazing_altitude_km: float = number(
        "km",
        "Lowest height a beam may pass over the Earth.",
        80.0,
        Origin("beam stays above the mesosphere, as in network studies"),
        ge=0,
        le=1000,
    )
    acquisition_s: float = number(
        "s", "Slew and acquisition before the first bit.", 20.0, Origin("typical"), ge=0, le=3600
    )
    active_w: float = number(
        "W", "Draw while linked.", 50.0, Origin("typical of one terminal"), ge=0, le=1e6
    )


class SensorSpec(Section):
    """Imager; a scene is a square of one swath on a side."""

    swath_km: float = number(
        "km", "Swath, and side of a scene.", 40.0, Origin("small-satellite imager"), gt=0, le=3000
    )
    gsd_m: float = number(
        "m",
        "Ground sample distance of the finest bands.",
        10.0,
        Origin("Sentinel-2 MSI, ESA User Handbook issue 1.2", "2015-07-24", "published"),
        gt=0,
        le=100_000,
    )
    raw_bits_per_pixel: float = number(
        "bit",
        "Stored bits per finest pixel, over all bands.",
        67.0,
        Origin("13 Sentinel-2 bands of 12 bits: (4 at 10 m + 6/4 at 20 m + 3/36 at 60 m) x 12, "
               "packed densely without entropy coding", confidence="derived"),
        gt=0,
        le=1_000_000,
    )  # fmt: skip
    max_off_nadir_deg: float = number(
        "deg", "Largest roll to a target.", 15.0, Origin("agile small satellite"), ge=0, le=60
    )
    min_sun_elevation_deg: float = number(
        "deg", "Lowest Sun at the scene.", 10.0, Origin("shadows below"), ge=-90, le=90
    )


class Group(Section):
    """Satellites that share a bus."""

    name: str = text("Short name, used in paths.", pattern=SLUG)
    role: Literal["compute", "relay"] = Field(description="compute: works; relay: carries.")
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
    storage_gb: float = number(
        "GB",
        "On-board storage.",
        2500.0,
        Origin("30 TB over 12 satellites, press reports of the Three-Body launch",
               "2025-05-14", "derived"),
        gt=0,
        le=1e9,
    )  # fmt: skip

    @model_validator(mode="after")
    def _equip(self) -> Group:
        """Give what the role implies; `null` takes it away."""
        implied: dict[str, type[Section]] = {"laser": LaserSpec}
        if self.role == "compute":
            implied |= {"computer": ComputerSpec, "radio": RadioSpec, "sensor": SensorSpec}
        for name, kind in implied.items():
            if name not in self.model_fields_set:
                setattr(self, name, kind.model_validate({}))
        return self
