"""Keys that count for nothing are named where they are given, and are no assumptions."""

from __future__ import annotations

import pytest
from tests.walk.texts import RELAYED

from perigrid.scenario.load import load_scenario, parse_scenario
from perigrid.scenario.stored import read_scenario, scenario_text
from scenario_inputs import MINIMAL


def parsed(*overrides, text=RELAYED):
    return parse_scenario(text, "m", folder=None, overrides=overrides)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("groups.shell.laser.terminals=3", "only reach, height and rate"),
        ("groups.shell.array.area_m2=105", "only orbits and lasers"),
        ("groups.shell.computer.slots=2", "only orbits and lasers"),
        ("stations.feeder.availability=0.99", "in any weather"),
        ("stations.feeder.g_over_t_db_k=30", "in any weather"),
        ("stations.home.antenna_m=7", "it counts with availability"),
        ("stations.home.feeder_rate_gbps=20", "for compute jobs only"),
        ("pipeline.screen.output_bytes=100", "screened out sends nothing"),
        ("pipeline.classify.model=resnet", "eurosat.onnx whatever it is called"),
        ("groups.fleet.array.normal_up=0.5", "pointing: fixed"),
        ("groups.fleet.array.absorptivity=0.9", "temperature_coefficient_per_k"),
        ("groups.fleet.laser.channel_rate_gbps=200", "they count with channels"),
        ("groups.fleet.battery.cycle_depth=0.2", "it counts with cycles"),
        ("groups.fleet.thermal.age_years=3", "absorptivity_per_year"),
        ("recovery.retries=2", "a section faults"),
    ],
)
def test_a_key_without_effect_is_named(change, why):
    key = change.partition("=")[0]
    (warning,) = parsed(change).warnings
    assert warning.startswith(f"{key}: no effect here; ")
    assert why in warning


@pytest.mark.parametrize(
    "changes",
    [
        ("stations.home.availability=0.99", "stations.home.antenna_m=7"),
        ("groups.fleet.array.pointing=fixed", "groups.fleet.array.normal_up=0.5"),
        ("groups.fleet.battery.cycles=100", "groups.fleet.battery.cycle_depth=0.2"),
        ("faults.crash_every_hours=2", "faults.crash_minutes=3", "recovery.retries=2"),
        ("groups.shell.laser.max_range_km=4000", "stations.feeder.antennas=3"),
    ],
)
def test_a_key_that_counts_is_not_named(changes):
    assert parsed(*changes).warnings == ()


def test_what_counts_for_nothing_is_no_assumption():
    assumed = {number.key for number in parsed().provenance}
    assert "groups.fleet.battery.capacity_wh" in assumed
    assert "groups.shell.laser.max_rate_gbps" in assumed
    for key in ("groups.shell.battery.capacity_wh", "groups.shell.laser.terminals",
                "stations.home.antenna_m", "pipeline.screen.output_bytes"):  # fmt: skip
        assert key not in assumed


def test_keys_of_one_reason_are_named_together():
    changes = ("groups.shell.mass_kg=9", "groups.shell.storage_gb=9")
    (warning,) = parsed(*changes).warnings
    assert warning.startswith("groups.shell.storage_gb, groups.shell.mass_kg: no effect here; ")


def test_gateways_without_a_relay_are_named():
    text = MINIMAL.replace("data_centres:", """\
  - name: feeder
    role: gateway
    operator: demo
    sites: [{name: Perth, country: AU, latitude_deg: -31.9, longitude_deg: 115.9}]
data_centres:""")  # fmt: skip
    (warning,) = parsed(text=text).warnings
    assert "stations.feeder.sites.Perth.latitude_deg" in warning
    assert "there is none" in warning


FLIGHT = "jobs.count=5"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("groups.fleet.laser.photons_per_bit=50", "max_rate_gbps at once"),
        ("groups.fleet.laser.acquisition_s=5", "max_rate_gbps at once"),
        ("faults.acquisition_failure_share=0.2", "lock at once"),
        ("pipeline.executed_scenes=9", "serve the jobs"),
        ("data_centres.0.computer.host_gops=9", "bring their own work"),
        ("stations.home.availability=0.99", "in any weather"),
        ("demand.revisit_hours=3", "serve the jobs"),
    ],
)
def test_what_compute_jobs_do_not_read_is_named_for_them_alone(change, why):
    assert parsed(change, text=MINIMAL).flight_warnings == ()
    found = parsed(change, FLIGHT, text=MINIMAL)
    assert why in " ".join(found.flight_warnings)
    assert not any("for compute jobs; " in line for line in found.warnings)


@pytest.mark.parametrize(
    "change",
    ["scheduler=fifo", "autonomy.hours=2", "terrestrial.route_factor=2", "data_centres.0.pue=1.5",
     "data_centres.0.computer.slots=2", "architectures=[bent-pipe]"],
)  # fmt: skip
def test_what_decides_about_compute_jobs_too_is_not_named(change):
    assert parsed(change, FLIGHT, text=MINIMAL).flight_warnings == ()


def test_the_librarys_scenario_for_flights_needs_no_warning():
    found = load_scenario("mega-constellation")
    assert (found.warnings, found.flight_warnings) == ((), ())


def test_warnings_are_no_part_of_what_a_scenario_decides():
    plain, warned = parsed(FLIGHT), parsed(FLIGHT, "workload=imagery")
    assert warned.flight_warnings
    assert warned.digest == plain.digest
    assert read_scenario(scenario_text(warned)).flight_warnings == ()


def test_radiation_without_a_computer_to_harm_is_named():
    (warning,) = parsed(
        "groups.fleet.computer=null", "groups.fleet.radiation.device=commercial"
    ).warnings
    assert "groups.fleet.radiation.device: no effect here; there is no computer" in warning
