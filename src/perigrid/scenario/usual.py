"""What satellites, stations and data centres usually are, key by key, each with its source."""

from __future__ import annotations

import math
from typing import Any, Final

from perigrid.base.constants import SOLAR_CONSTANT_W_M2, SPEED_OF_LIGHT_M_S
from perigrid.scenario.findings import Relation, Value
from perigrid.scenario.schema.ground import StationNetwork
from perigrid.scenario.schema.satellites import Group

_DISH_EFFICIENCY: Final = 0.6
_RADIATED_SHARE: Final = 0.35
_COLDEST_RECEIVER_K: Final = 20.0
_VISIBLE_M: Final = 550e-9
_LARGE_KG: Final = 1000.0
_LOWEST_KM: Final = 200.0

# ---------------------------------------------------------------------- what keys come to


def _altitude_km(group: Group) -> float | None:
    orbit = group.orbit
    designed = orbit.walker or orbit.sun_synchronous or orbit.formation
    return None if designed is None else designed.altitude_km


def _array_w_kg(group: Group) -> float:
    return group.array.area_m2 * group.array.efficiency * SOLAR_CONSTANT_W_M2 / group.mass_kg


def _dish_m(group: Group) -> float | None:
    """Diameter of the dish that makes the radiated power of the radio's draw."""
    radio = group.radio
    if radio is None or radio.active_w <= 0.0:
        return None
    gain = 10.0 ** (radio.eirp_dbw / 10.0) / (_RADIATED_SHARE * radio.active_w)
    wavelength_m = SPEED_OF_LIGHT_M_S / (radio.frequency_ghz * 1e9)
    return wavelength_m / math.pi * math.sqrt(gain / _DISH_EFFICIENCY)


def _of_size(value: Value, *, large: bool) -> Value:
    """Ask only satellites of more than a tonne, or only the others."""
    return lambda group: value(group) if (group.mass_kg > _LARGE_KG) is large else None


def _band_share(group: Group) -> float | None:
    radio = group.radio
    return None if radio is None else radio.symbol_rate_mbaud / (radio.frequency_ghz * 1e3)


def _optical_share(group: Group) -> float | None:
    laser = group.laser
    if laser is None or laser.active_w <= 0.0:
        return None
    return laser.transmit_w / laser.active_w


def _mirror_m(group: Group) -> float | None:
    """Mirror that tells two points of one ground sample distance apart."""
    altitude_km = _altitude_km(group) or _LOWEST_KM
    if group.sensor is None:
        return None
    return 1.22 * _VISIBLE_M * altitude_km * 1e3 / group.sensor.gsd_m


def _half_field_deg(group: Group) -> float | None:
    altitude_km = _altitude_km(group)
    if group.sensor is None or altitude_km is None:
        return None
    return math.degrees(math.atan(group.sensor.swath_km / 2.0 / altitude_km))


def _row_pixels(group: Group) -> float | None:
    sensor = group.sensor
    return None if sensor is None else sensor.swath_km * 1e3 / sensor.gsd_m


def _tops_per_w(section: Any) -> float | None:  # noqa: ANN401  a group or a data centre
    computer = section.computer
    return None if computer is None else computer.peak_tops * computer.slots / computer.active_w


def _battery_hours(limit: str) -> Value:
    """Hours in which a battery is full or empty at its limit of power."""

    def hours(group: Group) -> float | None:
        given = group.battery.model_fields_set
        if limit not in given or "capacity_wh" not in given:
            return None
        power_w: float = getattr(group.battery, limit)
        return group.battery.capacity_wh / power_w

    return hours


_BATTERY_H: Final = (
    "cells for satellites are charged at up to 1 C, and discharged at a few C for minutes: "
    "P. Fortescue et al., Spacecraft Systems Engineering, 4th ed. (2011), chapter 10"
)
_DISH: Final = (
    "gain of a dish of 60 % efficiency, with 35 % of the draw radiated; steered antennas on "
    "satellites of this mass: NASA, State-of-the-Art of Small Spacecraft Technology, chapter 9"
)
_LOADED: Final = "NASA, State-of-the-Art of Small Spacecraft Technology, chapter 3"

SATELLITES: Final = (
    Relation(
        "battery.capacity_wh",
        "{} of satellite",
        lambda group: group.battery.capacity_wh / group.mass_kg,
        "Wh/kg",
        0.0,
        100.0,
        f"cells alone hold 150 to 270 Wh/kg: {_LOADED}",
    ),
    Relation(
        "battery.max_charge_w",
        "it is full in {}",
        _battery_hours("max_charge_w"),
        "h",
        0.1,
        math.inf,
        _BATTERY_H,
    ),
    Relation(
        "battery.max_discharge_w",
        "it is empty in {}",
        _battery_hours("max_discharge_w"),
        "h",
        0.02,
        math.inf,
        _BATTERY_H,
    ),
    Relation(
        "array.area_m2",
        "{} of satellite in full sunlight",
        _array_w_kg,
        "W/kg",
        0.0,
        150.0,
        "flexible arrays alone reach 150 W/kg: Mikulas et al., NTRS 20150006022",
    ),
    Relation(
        "array.efficiency",
        "{} of sunlight",
        lambda group: group.array.efficiency,
        "",
        0.0,
        0.36,
        "best cell measured in the spectrum of space 0.342: France et al. 2022, "
        "doi:10.1016/j.joule.2022.04.024",
    ),
    Relation(
        "radio.eirp_dbw",
        "it takes a dish of {}",
        _of_size(_dish_m, large=False),
        "m",
        0.0,
        0.5,
        _DISH,
    ),
    Relation(
        "radio.eirp_dbw",
        "it takes a dish of {}",
        _of_size(_dish_m, large=True),
        "m",
        0.0,
        5.0,
        _DISH,
    ),
    Relation(
        "radio.symbol_rate_mbaud",
        "the band is {} of the carrier",
        _band_share,
        "",
        0.0,
        0.2,
        "bands for downlinks are at most a fifth of their carrier wide: ITU Radio Regulations, "
        "article 5",
    ),
    Relation(
        "laser.transmit_w",
        "{} of light for what it draws",
        _optical_share,
        "W/W",
        0.0,
        0.5,
        "fibre amplifiers turn 10 to 30 % of their draw into light: H. Hemmati (ed.), Near-Earth "
        "Laser Communications (2009)",
    ),
    Relation(
        "laser.aperture_cm",
        "a telescope of {}",
        lambda group: None if group.laser is None else group.laser.aperture_cm,
        "cm",
        0.5,
        50.0,
        "terminals flown have 5 to 30 cm: H. Hemmati (ed.), Near-Earth Laser Communications (2009)",
    ),
    Relation(
        "sensor.gsd_m",
        "from its altitude it takes a mirror of {}",
        _mirror_m,
        "m",
        0.0,
        2.4,
        "diffraction at 550 nm by Rayleigh's criterion; the largest mirrors in orbit that look at "
        "the Earth are of Hubble's size",
    ),
    Relation(
        "sensor.swath_km",
        "from this altitude it reaches {} to each side",
        _half_field_deg,
        "deg",
        0.0,
        65.0,
        "the widest scanner, VIIRS, turns 56 degrees: NOAA, VIIRS User's Guide",
    ),
    Relation(
        "sensor.gsd_m",
        "a line has {}",
        _row_pixels,
        "pixels",
        4.0,
        200_000.0,
        "WorldView-3's line has some 42,000: 13.1 km at 0.31 m",
    ),
    Relation(
        "sensor.raw_bits_per_pixel",
        "{} a pixel",
        lambda group: None if group.sensor is None else group.sensor.raw_bits_per_pixel,
        "bit",
        1.0,
        5_000.0,
        "EnMAP's 224 bands of 14 bits are 3,136",
    ),
    Relation(
        "computer.peak_tops",
        "{} of its draw",
        _tops_per_w,
        "TOPS/W",
        0.0,
        25.0,
        "data sheets: NVIDIA H100 2.8, Jetson AGX Orin 4.6, small edge accelerators 10",
    ),
    Relation(
        "thermal.radiator_area_m2",
        "{} of satellite",
        lambda group: group.thermal.radiator_area_m2 / group.mass_kg,
        "m2/kg",
        0.0,
        0.15,
        "radiators weigh about 7 kg/m2: NASA SBIR abstract 91-1-09.08-6551B",
    ),
    Relation(
        "thermal.emissivity",
        "the radiator's is {}",
        lambda group: group.thermal.emissivity,
        "",
        0.02,
        0.96,
        "coatings: Gilmore, Spacecraft Thermal Control Handbook, 2nd ed. (2002), appendix A",
    ),
    Relation(
        "thermal.absorptivity",
        "the radiator's is {}",
        lambda group: group.thermal.absorptivity,
        "",
        0.03,
        1.0,
        "mirrors of quartz reach 0.05: Gilmore, Spacecraft Thermal Control Handbook (2002)",
    ),
    Relation(
        "radiation.shielding_mm_al",
        "{} all around the computer",
        lambda group: None if group.radiation is None else group.radiation.shielding_mm_al,
        "mm",
        0.0,
        100.0,
        "spacecraft carry 1 to 20 mm: ECSS-E-HB-10-12A (2010)",
    ),
    Relation(
        "drag_area_m2",
        "{} of satellite",
        lambda group: group.drag_area_m2 / group.mass_kg,
        "m2/kg",
        0.0005,
        0.2,
        "90 % of satellites have 0.005 to 0.02: IPS Radio and Space Services, Satellite Orbital "
        "Decay Calculations",
    ),
    Relation(
        "drag_coefficient",
        "{} in free molecular flow",
        lambda group: group.drag_coefficient,
        "",
        1.8,
        4.0,
        "2 to 2.8, up to 4 for long bodies: King-Hele, Satellite Orbits in an Atmosphere (1987)",
    ),
    Relation(
        "mass_kg",
        "{}",
        lambda group: group.mass_kg,
        "kg",
        0.05,
        500_000.0,
        "from a picosatellite to the International Space Station, 420 t",
    ),
    Relation(
        "orbit",
        "an altitude of {}",
        _altitude_km,
        "km",
        200.0,
        math.inf,
        "below it air brings satellites down within days: King-Hele (1987)",
    ),
)

STATIONS: Final = (
    Relation(
        "active_w",
        "{} for one antenna",
        lambda network: network.active_w,
        "W",
        0.0,
        200_000.0,
        "receiving stations draw kilowatts; NASA's 70 m antennas with transmitters some 100 kW",
    ),
)

CENTRES: Final = (
    Relation(
        "computer.peak_tops",
        "{} of its draw",
        _tops_per_w,
        "TOPS/W",
        0.0,
        25.0,
        "data sheets: NVIDIA H100 2.8, B200 4.5",
    ),
)


def figure_of_merit(carrier_hz: float) -> Relation:
    """Tell which dish a station's figure of merit takes at the fleet's carrier.

    Parameters
    ----------
    carrier_hz : float
        Of the downlink [Hz].

    Returns
    -------
    Relation
        For a network of stations.
    """
    wavelength_m = SPEED_OF_LIGHT_M_S / carrier_hz

    def dish_m(network: StationNetwork) -> float | None:
        if network.role != "operator":
            return None
        gain = 10.0 ** (network.g_over_t_db_k / 10.0) * _COLDEST_RECEIVER_K
        return wavelength_m / math.pi * math.sqrt(gain / _DISH_EFFICIENCY)

    return Relation(
        "g_over_t_db_k",
        "it takes a dish of {}",
        dish_m,
        "m",
        0.0,
        100.0,
        "gain of a dish of 60 % efficiency over 20 K; the largest steerable dish has 100 m",
    )
