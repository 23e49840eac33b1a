"""Every relation of the table: what lies beyond it is told, with its source."""

from __future__ import annotations

import pytest

from scenario_doubts import implausible

GROUP = "groups.fleet."


@pytest.mark.parametrize(
    ("overrides", "key", "words"),
    [
        ((f"{GROUP}mass_kg=180", f"{GROUP}battery.capacity_wh=1.8e6"), "battery.capacity_wh",
         "10,000 Wh/kg of satellite; usual is at most 100 Wh/kg"),
        ((f"{GROUP}radio.active_w=10", f"{GROUP}radio.eirp_dbw=45"), "radio.eirp_dbw",
         "dish of 1.43 m; usual is at most 0.5 m"),
        ((f"{GROUP}radio.eirp_dbw=45",), "radio.eirp_dbw", "dish of"),
        ((f"{GROUP}battery.capacity_wh=100", f"{GROUP}battery.max_charge_w=5000"),
         "battery.max_charge_w", "full in 0.02 h; usual is at least 0.1 h"),
        ((f"{GROUP}battery.capacity_wh=100", f"{GROUP}battery.max_discharge_w=9000"),
         "battery.max_discharge_w", "empty in 0.0111 h"),
        ((f"{GROUP}array.area_m2=500",), "array.area_m2", "W/kg of satellite"),
        ((f"{GROUP}array.efficiency=0.5",), "array.efficiency", "at most 0.36"),
        ((f"{GROUP}radio.symbol_rate_mbaud=5000",), "radio.symbol_rate_mbaud", "0.61 of"),
        ((f"{GROUP}laser.transmit_w=80",), "laser.transmit_w", "1.6 W/W"),
        ((f"{GROUP}laser.aperture_cm=300",), "laser.aperture_cm", "at most 50 cm"),
        ((f"{GROUP}sensor.gsd_m=0.1", f"{GROUP}sensor.swath_km=10"), "sensor.gsd_m",
         "mirror of 3.3"),
        ((f"{GROUP}sensor.swath_km=2900", f"{GROUP}sensor.gsd_m=100"), "sensor.swath_km",
         "to each side"),
        ((f"{GROUP}sensor.gsd_m=0.5", f"{GROUP}sensor.swath_km=150"), "sensor.gsd_m",
         "300,000 pixels"),
        ((f"{GROUP}sensor.raw_bits_per_pixel=90000",), "sensor.raw_bits_per_pixel", "5,000 bit"),
        ((f"{GROUP}computer.peak_tops=90000",), "computer.peak_tops", "at most 25 TOPS/W"),
        ((f"{GROUP}thermal.radiator_area_m2=90",), "thermal.radiator_area_m2", "m2/kg"),
        ((f"{GROUP}thermal.emissivity=1",), "thermal.emissivity", "at most 0.96"),
        ((f"{GROUP}thermal.absorptivity=0",), "thermal.absorptivity", "at least 0.03"),
        ((f"{GROUP}radiation.shielding_mm_al=400",), "radiation.shielding_mm_al", "100 mm"),
        ((f"{GROUP}drag_area_m2=500",), "drag_area_m2", "at most 0.2 m2/kg"),
        ((f"{GROUP}drag_coefficient=0.5",), "drag_coefficient", "at least 1.8"),
        ((f"{GROUP}mass_kg=0.01",), "mass_kg", "at least 0.05 kg"),
        ((f"{GROUP}orbit.sun_synchronous.altitude_km=165",), "orbit", "at least 200 km"),
    ],
)  # fmt: skip
def test_what_no_satellite_has_is_told_with_its_key_and_what_is_usual(
    overrides: tuple[str, ...], key: str, words: str
) -> None:
    (line,) = [line for line in implausible(*overrides) if line.startswith(f"{GROUP}{key}: ")]
    assert words in line
    assert line.endswith(")"), "the source closes it"


def test_a_large_satellite_may_have_a_large_dish() -> None:
    strong = (f"{GROUP}radio.active_w=100", f"{GROUP}radio.eirp_dbw=52")
    assert len(implausible(*strong)) == 1
    assert implausible(*strong, f"{GROUP}mass_kg=3000", f"{GROUP}drag_area_m2=20") == []


def test_stations_and_centres_are_looked_at_too() -> None:
    (line,) = implausible("stations.0.g_over_t_db_k=75")
    assert ".g_over_t_db_k: implausible: it takes a dish of" in line
    (line,) = implausible("data_centres.0.computer.peak_tops=1e6")
    assert "TOPS/W" in line
