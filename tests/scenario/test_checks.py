"""Which architectures a scenario can work in."""

from __future__ import annotations

import pytest
from tests.walk.texts import RELAYED, UNFED

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import load_scenario, parse_scenario
from scenario_inputs import MINIMAL, changed

SWARM = (
    "groups.shell.orbit={formation: {altitude_km: 600, ltan_hours: 10, half_length_m: 200, "
    "spacing_m: 100}}"
)


def architectures(text, *overrides):
    return parse_scenario(text, "m", folder=None, overrides=overrides).architectures


def test_architectures_follow_from_the_equipment():
    assert architectures(MINIMAL) == ("bent-pipe", "onboard", "orbital")
    assert architectures(MINIMAL, "groups.fleet.laser=null") == ("bent-pipe", "onboard")
    assert architectures(MINIMAL, "groups.fleet.computer=null") == ("bent-pipe",)
    assert load_scenario("three-body").architectures[1] == "relay"


def test_a_scenario_that_can_do_nothing_is_refused():
    with pytest.raises(ScenarioError, match="no architecture can work"):
        architectures(MINIMAL, "groups.fleet.radio=null")


def test_a_group_that_sees_nothing_is_refused():
    with pytest.raises(ScenarioError, match="no group of role compute has a sensor"):
        architectures(MINIMAL, "groups.fleet.sensor=null")


def test_groups_of_the_mission_may_be_many_and_there_is_one_relay_network():
    start = MINIMAL.index("  - name: fleet")
    group = MINIMAL[start : MINIMAL.index("stations:")]
    second = group.replace("name: fleet", "name: fleet2")
    every = architectures(changed(MINIMAL, group, group + second))
    assert every == architectures(MINIMAL)
    relays = second.replace("role: compute", "role: relay")
    twice = group + relays + relays.replace("fleet2", "fleet3")
    with pytest.raises(ScenarioError, match="a second group with role relay"):
        architectures(changed(MINIMAL, group, twice))


@pytest.mark.parametrize("step", ["0.1", "3600", "7200"])
def test_steps_that_divide_the_day(step):
    if step == "7200":
        with pytest.raises(ScenarioError, match="at most 3600 s"):
            architectures(MINIMAL, f"step_s={step}")
    else:
        architectures(MINIMAL, f"step_s={step}")


def test_too_many_steps():
    with pytest.raises(ScenarioError, match="at most 1000000"):
        architectures(MINIMAL, "hours=8784", "step_s=0.1")


@pytest.mark.parametrize("place", ["groups.fleet", "data_centres.0"])
def test_a_computer_that_does_not_hold_the_models_is_refused(place):
    with pytest.raises(ScenarioError) as caught:
        architectures(MINIMAL, f"{place}.computer.memory_gb=0.05")
    assert [problem.key.split(".")[-1] for problem in caught.value.problems] == ["memory_gb"]
    assert "stage classify, which takes 101 MB" in str(caught.value)
    architectures(MINIMAL, f"{place}.computer.memory_gb=0.101")


@pytest.mark.parametrize(
    ("overrides", "key", "words"),
    [
        (("array.pointing=fixed", "array.normal_up=0"), "array.pointing", "no direction"),
        (
            ("array.temperature_coefficient_per_k=-0.009",),
            "array.temperature_coefficient_per_k",
            "more power than it absorbs",
        ),
        (("battery.cycles=300000",), "battery.cycles", "leave no capacity"),
    ],
)
def test_impossible_arrays_and_batteries_are_refused(overrides, key, words):
    with pytest.raises(ScenarioError, match=words) as caught:
        architectures(MINIMAL, *(f"groups.fleet.{change}" for change in overrides))
    assert [problem.key.endswith(key) for problem in caught.value.problems] == [True]


def test_power_options_reach_the_model():
    changes = (
        "array.pointing=fixed",
        "array.normal_forward=0.5",
        "array.temperature_coefficient_per_k=-0.0025",
        "array.reference_c=25",
        "battery.cycles=1000",
        "battery.age_years=2",
    )
    overrides = tuple(f"groups.fleet.{change}" for change in changes)
    group = parse_scenario(MINIMAL, "m", folder=None, overrides=overrides).groups[0]
    assert group.array.normal_lvlh == (0.5, 0.0, 1.0)
    assert group.array.temperature_coefficient_k == -0.0025
    assert group.array.reference_k == pytest.approx(298.15)
    assert (group.battery.cycles, group.battery.age_years) == (1000.0, 2.0)
    assert group.battery.cycle_loss_share == pytest.approx(2.42e-5)


def test_availabilities_that_the_rain_model_covers():
    for share in ("0", "0.95", "0.999"):
        architectures(MINIMAL, f"stations.0.availability={share}")
    with pytest.raises(ScenarioError, match="below what ITU-R"):
        architectures(MINIMAL, "stations.0.availability=0.9")


@pytest.mark.parametrize("frequency_ghz", ["0.5", "80"])
def test_carriers_that_the_rain_model_covers(frequency_ghz):
    carrier = f"groups.0.radio.frequency_ghz={frequency_ghz}"
    architectures(MINIMAL, carrier)  # with constant losses alone any carrier will do
    with pytest.raises(ScenarioError, match="ITU-R"):
        architectures(MINIMAL, carrier, "stations.0.availability=0.99")


SITE = "- {name: Kiruna, country: SE, latitude_deg: 67.86, longitude_deg: 20.96}"
ROLE = "    role: operator\n"


def _with_horizon(*points):
    rows = [f"{{azimuth_deg: {azimuth}, elevation_deg: {low}}}" for azimuth, low in points]
    mask = f"[{', '.join(rows)}]"
    return changed(MINIMAL, SITE, SITE.replace("}", f", azimuth_mask: {mask}}}"))


def test_limits_of_an_operators_station_are_read():
    text = changed(_with_horizon((0, 5), (90.5, 12)), ROLE, ROLE + "    sun: night\n")
    text = changed(text, ROLE, ROLE + "    max_range_km: 1500\n")
    (one, *_) = parse_scenario(text, "m", folder=None).stations
    assert one.max_range_m == 1.5e6
    assert one.max_sun_elevation_rad == pytest.approx(-0.10472, abs=1e-5)
    assert one.azimuth_mask_rad[1] == pytest.approx((1.57952, 0.20944), abs=1e-5)


def test_a_station_without_limits_has_none():
    (one, *_) = parse_scenario(MINIMAL, "m", folder=None).stations
    assert (one.azimuth_mask_rad, one.max_range_m) == ((), 1e8)
    assert one.max_sun_elevation_rad is None


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(90, 5), (10, 5)], "azimuths do not rise"),
        ([(10, 5), (10, 8)], "azimuths do not rise"),
        ([(0, 5), (360, 5)], "360"),
        ([(0, 89.5)], "89"),
        ([(-1, 5)], "azimuth_deg"),
    ],
)
def test_a_horizon_that_is_none_is_refused(points, said):
    with pytest.raises(ScenarioError, match=said):
        parse_scenario(_with_horizon(*points), "m", folder=None)


def test_a_gateway_has_no_limits_of_an_operators_station():
    line = "data_centres:\n"
    gateway = "  - {name: far, role: gateway, operator: demo, sun: night, "
    gateway += f"sites: [{SITE[2:]}]}}\n"
    with pytest.raises(ScenarioError, match="operators' stations only") as caught:
        parse_scenario(changed(MINIMAL, line, gateway + line), "m", folder=None)
    assert [problem.key for problem in caught.value.problems] == ["stations.1.sun"]


def test_fed_relay_satellites_fly_in_a_grid():
    parse_scenario(UNFED, "m", folder=None, overrides=(SWARM,))  # named in a warning
    with pytest.raises(ScenarioError, match="no grid of lasers") as caught:
        parse_scenario(RELAYED, "m", folder=None, overrides=(SWARM,))
    assert caught.value.problems[0].key == "groups.1.orbit.formation"
