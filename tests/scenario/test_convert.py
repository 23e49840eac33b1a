"""From the field's units to SI, key by key."""

from __future__ import annotations

import math

import pytest

from perigrid.scenario.load import load_scenario, parse_scenario
from perigrid.scenario.model import Swarm
from scenario_inputs import MINIMAL, ORBIT, changed

THREE = load_scenario("three-body")


@pytest.mark.parametrize(
    ("path", "value", "read", "expected"),
    [
        ("groups.fleet.battery.capacity_wh", "2", lambda s: s.groups[0].battery.capacity_j, 7200.0),
        ("groups.fleet.storage_gb", "3", lambda s: s.groups[0].storage_bytes, 3e9),
        ("groups.fleet.mass_kg", "150", lambda s: s.groups[0].mass_kg, 150.0),
        ("groups.fleet.drag_area_m2", "3", lambda s: s.groups[0].drag_area_m2, 3.0),
        ("groups.fleet.drag_coefficient", "2.4", lambda s: s.groups[0].drag_coefficient, 2.4),
        ("groups.fleet.thermal.initial_c", "20", lambda s: s.groups[0].thermal.initial_k, 293.15),
        ("groups.fleet.computer.peak_tops", "5", lambda s: s.groups[0].computer.peak_ops_s, 5e12),
        ("groups.fleet.computer.memory_bandwidth_gb_s", "6",
         lambda s: s.groups[0].computer.memory_bandwidth_bytes_s, 6e9),
        ("groups.fleet.radio.frequency_ghz", "8", lambda s: s.groups[0].radio.frequency_hz, 8e9),
        ("groups.fleet.radio.symbol_rate_mbaud", "7",
         lambda s: s.groups[0].radio.symbol_rate_hz, 7e6),
        ("groups.fleet.radio.max_rate_mbps", "9", lambda s: s.groups[0].radio.max_rate_bps, 9e6),
        ("groups.fleet.laser.aperture_cm", "8", lambda s: s.groups[0].laser.aperture_m, 0.08),
        ("groups.fleet.laser.wavelength_nm", "1064",
         lambda s: s.groups[0].laser.wavelength_m, 1.064e-6),
        ("groups.fleet.laser.max_rate_gbps", "2", lambda s: s.groups[0].laser.max_rate_bps, 2e9),
        ("groups.fleet.laser.max_range_km", "2", lambda s: s.groups[0].laser.max_range_m, 2e3),
        ("groups.fleet.sensor.swath_km", "20", lambda s: s.groups[0].sensor.swath_m, 2e4),
        ("groups.fleet.sensor.max_off_nadir_deg", "30",
         lambda s: s.groups[0].sensor.max_off_nadir_rad, math.pi / 6),
        ("stations.home.min_elevation_deg", "10",
         lambda s: s.stations[0].min_elevation_rad, math.pi / 18),
        ("stations.home.feeder_rate_gbps", "4", lambda s: s.stations[0].feeder_rate_bps, 4e9),
        ("terrestrial.energy_j_per_gb", "5", lambda s: s.terrestrial.energy_j_per_byte, 5e-9),
        ("terrestrial.rate_gbps", "5", lambda s: s.terrestrial.rate_bps, 5e9),
        ("relay_network.hop_ms", "3", lambda s: s.relay_hop_s, 3e-3),
        ("relay_network.energy_j_per_gb", "3", lambda s: s.relay_energy_j_per_byte, 3e-9),
        ("demand.land_grid.cell_deg", "3", lambda s: s.demand.cell_rad, math.pi / 60),
        ("demand.revisit_hours", "3", lambda s: s.demand.revisit_s, 10_800.0),
        ("demand.deadline_hours", "2", lambda s: s.demand.deadline_s, 7200.0),
        ("pipeline.screen.memory_mb", "3", lambda s: s.pipeline.stage("screen").memory_bytes, 3e6),
        ("approver.delay_minutes", "2", lambda s: s.approver.delay_s, 120.0),
        ("hours", "3", lambda s: s.duration_s, 10_800.0),
    ],
)  # fmt: skip
def test_units(path, value, read, expected):
    scenario = parse_scenario(MINIMAL, "m", folder=None, overrides=(f"{path}={value}",))
    assert read(scenario) == pytest.approx(expected, rel=1e-14)
    assert read(parse_scenario(MINIMAL, "m", folder=None)) != pytest.approx(expected)


@pytest.mark.parametrize(("pattern", "spread"), [("delta", 2 * math.pi), ("star", math.pi)])
def test_walker_patterns(pattern, spread):
    walker = (f"walker: {{planes: 6, satellites_per_plane: 11, phasing: 2, altitude_km: 780, "
              f"inclination_deg: 90, pattern: {pattern}}}")  # fmt: skip
    orbit = parse_scenario(changed(MINIMAL, ORBIT, walker), "m", folder=None).groups[0].orbit
    assert orbit.raan_spread_rad == spread
    assert orbit.altitude_m == 780e3
    assert orbit.inclination_rad == math.pi / 2


def test_a_network_gives_its_equipment_to_each_site():
    gateways = [station for station in THREE.stations if station.role == "gateway"]
    assert len(gateways) == 18
    assert {station.antennas for station in gateways} == {8}
    assert {station.country for station in THREE.stations if station.role == "operator"} == {"CN"}


def test_a_relay_group_gets_a_laser_and_nothing_that_works():
    relay = THREE.group("relay")
    assert relay is not None
    assert relay.laser is not None
    assert (relay.computer, relay.radio, relay.sensor) == (None, None, None)


@pytest.mark.parametrize("pattern", ["square", "hexagonal"])
def test_formation(pattern):
    formation = (
        "formation: {altitude_km: 650, ltan_hours: 6, half_length_m: 1000, spacing_m: 100, "
        f"pattern: {pattern}}}"
    )
    orbit = parse_scenario(changed(MINIMAL, ORBIT, formation), "m", folder=None).groups[0].orbit
    assert orbit == Swarm(650e3, 6.0, 1000.0, 100.0, hexagonal=pattern == "hexagonal")
