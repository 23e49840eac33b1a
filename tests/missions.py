"""Small missions that fly in seconds."""

from __future__ import annotations

import math
from dataclasses import replace

from perigrid.base.time import Epoch
from perigrid.scenario.model import (
    Approver,
    Battery,
    Computer,
    DataCentre,
    Demand,
    GroundStation,
    Laser,
    Radio,
    SatelliteGroup,
    Scenario,
    Sensor,
    SolarArray,
    SunSynchronous,
    Terrestrial,
    Thermal,
    WalkerShell,
)
from perigrid.scenario.pipeline import Condition, Pipeline
from perigrid.workload.measured import CORE_OPS_S, classify_stage, screen_stage

START = Epoch.from_iso("2026-08-22T00:00:00Z")
LASER = Laser(
    terminals=2,
    transmit_w=1.0,
    aperture_m=0.08,
    wavelength_m=1.55e-6,
    efficiency=0.8,
    pointing_loss_db=3.0,
    photons_per_bit=200.0,
    max_rate_bps=10.0e9,
    max_range_m=4.0e6,
    grazing_altitude_m=80.0e3,
    acquisition_s=30.0,
    active_w=60.0,
)
RADIO = Radio(
    frequency_hz=8.2e9,
    eirp_dbw=23.0,
    symbol_rate_hz=150.0e6,
    max_rate_bps=600.0e6,
    implementation_loss_db=2.0,
    active_w=80.0,
)
SENSOR = Sensor(
    swath_m=40.0e3,
    gsd_m=10.0,
    raw_bits_per_pixel=96.0,
    max_off_nadir_rad=math.radians(25.0),
    min_sun_elevation_rad=math.radians(15.0),
)
COMPUTER = Computer("payload", 7.44e14, 2.0e11, 3.2e10, 40.0, 400.0, 4.8 * CORE_OPS_S, 30.0, 1)


def station(name: str, lat_deg: float, lon_deg: float, **changes: object) -> GroundStation:
    """An operator's station with a 5 degree mask."""
    base = GroundStation(
        name=name,
        role="operator",
        operator="ADA",
        country="CN",
        latitude_rad=math.radians(lat_deg),
        longitude_rad=math.radians(lon_deg),
        height_m=100.0,
        min_elevation_rad=math.radians(5.0),
        antennas=1,
        g_over_t_db_k=30.0,
        active_w=500.0,
        feeder_rate_bps=0.0,
    )
    return replace(base, **changes)


def gateway(name: str, lat_deg: float, lon_deg: float, **changes: object) -> GroundStation:
    """A gateway of the relay network with a 25 degree mask."""
    kept = {
        "role": "gateway",
        "operator": "Relay",
        "min_elevation_rad": math.radians(25.0),
        "feeder_rate_bps": 20.0e9,
    }
    return station(name, lat_deg, lon_deg, **(kept | changes))


COMPUTE = SatelliteGroup(
    name="sso",
    role="compute",
    operator="ADA",
    registry_state="CN",
    orbit=SunSynchronous(6, 520.0e3, 10.5),
    bus_load_w=150.0,
    array=SolarArray(6.0, 0.28, "sun", 0.02, 1.5),
    battery=Battery(7.2e6, 0.3, 0.9, 0.96, 0.96, 1500.0, 1500.0),
    thermal=Thermal(8.0e3, 6.0e4, 40.0, 2.5, 0.85, 0.15, 0.3, 0.1, 290.0, 330.0, 350.0, 250.0),
    computer=COMPUTER,
    radio=RADIO,
    laser=LASER,
    sensor=SENSOR,
    storage_bytes=2.0e12,
    mass_kg=300.0,
    drag_area_m2=3.0,
    drag_coefficient=2.2,
)
EYES = replace(  # imagers: they take scenes and send them
    COMPUTE,
    name="eyes",
    operator="Looker",
    registry_state="DE",
    orbit=SunSynchronous(3, 560.0e3, 10.0),
    bus_load_w=90.0,
    array=SolarArray(2.5, 0.3, "sun", 0.0, 0.0),
    battery=Battery(2.0e6, 0.2, 0.8, 0.95, 0.93, 400.0, 600.0),
    thermal=replace(COMPUTE.thermal, radiator_area_m2=1.0, initial_k=283.0),
    computer=None,
    radio=replace(RADIO, eirp_dbw=18.0, active_w=50.0),
    laser=replace(LASER, terminals=1, max_rate_bps=2.5e9, active_w=40.0, acquisition_s=45.0),
    sensor=replace(SENSOR, swath_m=20.0e3, gsd_m=5.0),
    storage_bytes=4.0e11,
)
CENTRES = replace(  # data-centre satellites: they compute what others took
    COMPUTE,
    name="centres",
    operator="Cloud",
    registry_state="SE",
    orbit=SunSynchronous(4, 700.0e3, 6.0),
    bus_load_w=200.0,
    battery=Battery(2.0e7, 0.25, 0.95, 0.97, 0.97, 4000.0, 4000.0),
    thermal=replace(COMPUTE.thermal, radiator_area_m2=4.0, initial_k=295.0),
    computer=replace(COMPUTER, host_ops_s=2.0 * COMPUTER.host_ops_s, active_w=800.0, slots=2),
    sensor=None,
    storage_bytes=8.0e12,
)
RELAY = replace(
    COMPUTE,
    name="relay",
    role="relay",
    operator="Relay",
    registry_state="US",
    orbit=WalkerShell(12, 12, 5, 600.0e3, math.radians(70.0), 2.0 * math.pi, 0.3),
    computer=None,
    radio=None,
    sensor=None,
    laser=replace(LASER, terminals=4, max_range_m=5.4e6, max_rate_bps=100.0e9, aperture_m=0.1),
)


def two_stages(limit: float = 0.7, executed_scenes: int = 8) -> Pipeline:
    """Screen, and classify what is not too cloudy."""
    classify = replace(classify_stage(), when=Condition("screen", None, limit), deliver=True)
    return Pipeline((screen_stage(), classify), "decisions", executed_scenes)


def with_stage(pipeline: Pipeline, name: str, /, **changes: object) -> Pipeline:
    """Change a stage of a pipeline."""
    stages = tuple(replace(one, **changes) if one.name == name else one for one in pipeline.stages)
    return replace(pipeline, stages=stages)


SCENARIO = Scenario(
    name="small",
    title="Small",
    summary="Six satellites in one plane",
    source_path="small.yaml",
    digest="0" * 64,
    start=START,
    duration_s=4.0 * 3600.0,
    step_s=60.0,
    seed=1,
    scheduler="fifo",
    architectures=("bent-pipe",),
    groups=(COMPUTE, RELAY),
    stations=(
        station("Kiruna", 67.86, 20.96),
        station("Beijing", 40.45, 116.86),
        gateway("Madrid", 40.4, -3.7),
        gateway("Perth", -31.9, 115.9),
        gateway("Quito", -0.2, -78.5),
    ),
    data_centres=(
        DataCentre("Hangzhou", "ADA", "CN", 0.5283, 2.0980, COMPUTER, 1.3),
        DataCentre("Frankfurt", "ADA", "DE", 0.8744, 0.1516, COMPUTER, 1.3),
    ),
    terrestrial=Terrestrial(10.0e9, 1.4, 1.468, 1.0e-7),
    relay_energy_j_per_byte=1.0e-7,
    relay_hop_s=0.001,
    demand=Demand(
        "land-grid", math.radians(5.0), math.radians(70.0), 43_200.0, (), (), (), 6.0e4, 0.6, 2.0
    ),
    pipeline=two_stages(),
    rules=(),
    approver=Approver(0.0, True),
    provenance=(),
    warnings=(),
)


def with_group(scenario: Scenario, role: str, **changes: object) -> Scenario:
    """The scenario with some fields of a group replaced."""
    groups = tuple(replace(g, **changes) if g.role == role else g for g in scenario.groups)
    return replace(scenario, groups=groups)
