"""Schema of a satellite's bus: array, battery, heat.

Mass, power and radiator of the Three-Body satellites are not published. The defaults are sized for
a 744-TOPS-class payload (``schema.payload``), so nearly all are ``assumed``, with their reasoning.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from perigrid.scenario.schema.fields import Origin, Section, number

_SAFT = (
    "upper end of the specification of Saft's VES180 cell (ESA ARTES project, High specific energy "
    "Li-Ion cell): 5 years in low orbit at 30 % depth lose below"
)
_GILMORE = "Gilmore, Spacecraft Thermal Control Handbook, 2nd ed. (2002)"


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
        "Cell efficiency with packing and cabling, begin of life: at working temperature, or at "
        "reference_c if a temperature coefficient is given.",
        0.30,
        Origin("typical triple-junction GaAs cells: 29-32 % on data sheets"),
        gt=0,
        le=1,
    )
    pointing: Literal["sun", "single-axis", "nadir", "yaw-steering", "fixed"] = Field(
        "sun",
        description="sun: tracks it; single-axis: turns about the orbit normal; nadir: body-fixed, "
        "away from the Earth; yaw-steering: one axis, and the body turns about the vertical; "
        "fixed: along normal_forward, normal_across, normal_up.",
    )
    normal_forward: float = number(
        "1",
        "Normal of a fixed array along the flight.",
        0.0,
        Origin("design choice: facing away from the Earth"),
        ge=-1,
        le=1,
    )
    normal_across: float = number(
        "1",
        "Normal of a fixed array along the orbit normal.",
        0.0,
        Origin("design choice: facing away from the Earth"),
        ge=-1,
        le=1,
    )
    normal_up: float = number(
        "1",
        "Normal of a fixed array away from the Earth.",
        1.0,
        Origin("design choice: facing away from the Earth"),
        ge=-1,
        le=1,
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
    temperature_coefficient_per_k: float = number(
        "1/K",
        "Relative change of the efficiency per kelvin; 0 leaves the panel's temperature out.",
        0.0,
        Origin("the efficiency is given at working temperature; cells have -0.002 to -0.005"),
        ge=-0.01,
        le=0,
    )
    reference_c: float = number(
        "degC",
        "Temperature of the efficiency.",
        28.0,
        Origin("usual on data sheets of space cells"),
        ge=-150,
        le=150,
    )
    absorptivity: float = number(
        "1",
        "Solar absorptivity of the front.",
        0.91,
        Origin("usual for covered triple-junction cells"),
        gt=0,
        le=1,
    )
    front_emissivity: float = number(
        "1", "Infrared emissivity of the front.", 0.85, Origin("usual for cover glass"), gt=0, le=1
    )
    back_emissivity: float = number(
        "1",
        "Infrared emissivity of the back; 0 if insulated.",
        0.85,
        Origin("usual for a painted or bare composite back"),
        ge=0,
        le=1,
    )
    heat_capacity_j_m2_k: float = number(
        "J/(m2 K)",
        "Heat capacity of the panel; 0 follows every change at once.",
        0.0,
        Origin("design choice: a thin panel settles within minutes"),
        ge=0,
        le=1e6,
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
    cycles: float = number(
        "1",
        "Discharges before the start.",
        0.0,
        Origin("design choice: begin of life"),
        ge=0,
        le=1e6,
    )
    cycle_depth: float = number(
        "1",
        "Depth of those discharges, of the new capacity.",
        0.3,
        Origin("sized: see capacity_wh"),
        ge=0,
        le=1,
    )
    age_years: float = number(
        "year",
        "Years since the cells were made.",
        0.0,
        Origin("design choice: begin of life"),
        ge=0,
        le=50,
    )
    cycle_loss_share: float = number(
        "1",
        "Share of the capacity lost in a full cycle.",
        2.42e-5,
        Origin(f"{_SAFT} 20 % by cycling; at 5500 cycles a year", "2026-11-23", "derived"),
        ge=0,
        le=1,
    )
    calendar_loss_share: float = number(
        "1",
        "Share of the capacity lost in the first year by time alone; grows as its square root.",
        0.0045,
        Origin(f"{_SAFT} 1 % by time", "2026-11-23", "derived"),
        ge=0,
        le=1,
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
    attitude: Literal["given", "zenith", "velocity", "orbit-normal", "sun", "sun-edge-on"] = Field(
        "given",
        description=(
            "given: by earth_view_factor and sun_incidence; else both are worked out for a panel "
            "of two faces, half the area each, whose front points there; sun-edge-on: upright and "
            "edge-on to the Sun."
        ),
    )
    absorptivity_per_year: float = number(
        "1/year",
        "Rise of the solar absorptivity per year in orbit.",
        0.0,
        Origin("design choice: a coating that does not darken"),
        ge=0,
        le=1,
    )
    age_years: float = number(
        "year", "Years in orbit.", 0.0, Origin("design choice: begin of life"), ge=0, le=50
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
