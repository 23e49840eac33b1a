"""From the validated schema to the frozen model: other units become SI here and nowhere else."""

from __future__ import annotations

import math
from typing import Final

from perigrid.base.architecture import COMPARED
from perigrid.base.time import Epoch
from perigrid.base.units import (
    BPS_PER_GBPS,
    BPS_PER_MBPS,
    BYTES_PER_GB,
    J_PER_WH,
    M_PER_KM,
    RAD_PER_DEG,
    S_PER_HOUR,
    ZERO_CELSIUS_K,
)
from perigrid.scenario import model
from perigrid.scenario.abilities import abilities
from perigrid.scenario.compositions import own_architectures
from perigrid.scenario.convert_faults import to_faults, to_recovery
from perigrid.scenario.convert_jobs import to_batch, to_jobs
from perigrid.scenario.convert_pipeline import to_pipeline
from perigrid.scenario.external import Externals
from perigrid.scenario.governance import governance, rules
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.people import oversight, sharing
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.bus import Array, BatterySpec, ThermalSpec
from perigrid.scenario.schema.ground import Centre, Fibre, Site, StationNetwork
from perigrid.scenario.schema.payload import ComputerSpec, LaserSpec, RadioSpec, SensorSpec
from perigrid.scenario.schema.radiation import RadiationSpec
from perigrid.scenario.schema.satellites import Group
from perigrid.scenario.schema.work import DemandSpec, LandGrid

OPS_PER_TOPS = 1.0e12
OPS_PER_GOP = 1.0e9
HZ_PER_GHZ = 1.0e9
HZ_PER_MBAUD = 1.0e6
CM_PER_M = 100.0
MM_PER_M = 1000.0
NM_PER_M = 1.0e9
MS_PER_S = 1000.0
S_PER_MINUTE = 60.0


def to_model(spec: ScenarioFile, externals: Externals, source_path: str) -> model.Scenario:
    """Convert a checked scenario; digest, provenance and warnings are added by the loader.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.
    externals : Externals
        Element sets and requests, read.
    source_path : str
        Where it came from, for reports.

    Returns
    -------
    Scenario
        In SI units.
    """
    lacking = abilities(spec)
    chosen = tuple(one.name for one in spec.architectures or ()) or tuple(
        one.name for one in COMPARED if not lacking[one.name]
    )
    return model.Scenario(
        name=spec.name,
        title=spec.title,
        summary=spec.summary,
        source_path=source_path,
        digest="",
        start=Epoch.from_iso(spec.start),
        duration_s=spec.hours * S_PER_HOUR,
        step_s=spec.step_s,
        seed=spec.seed,
        scheduler=spec.scheduler,
        architectures=chosen,
        groups=tuple(_group(group, externals) for group in spec.groups),
        stations=tuple(
            _station(network, site) for network in spec.stations for site in network.sites
        ),
        data_centres=tuple(_centre(centre) for centre in spec.data_centres),
        terrestrial=_terrestrial(spec.terrestrial),
        relay_energy_j_per_byte=spec.relay_network.energy_j_per_gb / BYTES_PER_GB,
        relay_hop_s=spec.relay_network.hop_ms / MS_PER_S,
        demand=_demand(spec.demand, externals),
        pipeline=to_pipeline(spec.pipeline) if spec.jobs is None else to_batch(spec.jobs),
        rules=rules(spec),
        approver=model.Approver(
            delay_s=spec.approver.delay_minutes * S_PER_MINUTE, grants=spec.approver.grants
        ),
        provenance=(),
        warnings=(),
        earth_orientation=externals.earth_orientation,
        faults=to_faults(spec.faults),
        recovery=to_recovery(spec.recovery),
        governance=governance(spec, externals),
        oversight=oversight(spec),
        sharing=sharing(spec),
        jobs=to_jobs(spec.jobs),
        workload=spec.workload if spec.jobs is None else BATCH,
        own_architectures=own_architectures(spec),
    )


def _group(group: Group, externals: Externals) -> model.SatelliteGroup:
    return model.SatelliteGroup(
        name=group.name,
        role=group.role,
        operator=group.operator,
        registry_state=group.registry_state,
        orbit=_orbit(group, externals),
        bus_load_w=group.bus_load_w,
        array=_array(group.array),
        battery=_battery(group.battery),
        thermal=_thermal(group.thermal),
        computer=_computer(group.computer) if group.computer else None,
        radio=_radio(group.radio) if group.radio else None,
        laser=_laser(group.laser) if group.laser else None,
        sensor=_sensor(group.sensor) if group.sensor else None,
        storage_bytes=group.storage_gb * BYTES_PER_GB,
        radiation=_radiation(group.radiation) if group.radiation else None,
        mass_kg=group.mass_kg,
        drag_area_m2=group.drag_area_m2,
        drag_coefficient=group.drag_coefficient,
    )


def _orbit(group: Group, externals: Externals) -> model.Orbit:
    orbit = group.orbit
    if orbit.walker is not None:
        shell = orbit.walker
        return model.WalkerShell(
            planes=shell.planes,
            satellites_per_plane=shell.satellites_per_plane,
            phasing=shell.phasing,
            altitude_m=shell.altitude_km * M_PER_KM,
            inclination_rad=shell.inclination_deg * RAD_PER_DEG,
            raan_spread_rad=2.0 * math.pi if shell.pattern == "delta" else math.pi,
            first_raan_rad=shell.first_raan_deg * RAD_PER_DEG,
        )
    if orbit.sun_synchronous is not None:
        ring = orbit.sun_synchronous
        return model.SunSynchronous(
            satellites=ring.satellites,
            altitude_m=ring.altitude_km * M_PER_KM,
            ltan_hours=ring.ltan_hours,
        )
    if orbit.formation is not None:
        swarm = orbit.formation
        return model.Swarm(
            altitude_m=swarm.altitude_km * M_PER_KM,
            ltan_hours=swarm.ltan_hours,
            half_length_m=swarm.half_length_m,
            spacing_m=swarm.spacing_m,
            hexagonal=swarm.pattern == "hexagonal",
        )
    return externals.element_sets[group.name]


def _array(array: Array) -> model.SolarArray:
    return model.SolarArray(
        area_m2=array.area_m2,
        efficiency=array.efficiency,
        pointing=array.pointing,
        degradation_per_year=array.degradation_per_year,
        age_years=array.age_years,
        normal_lvlh=(array.normal_forward, array.normal_across, array.normal_up),
        temperature_coefficient_k=array.temperature_coefficient_per_k,
        reference_k=array.reference_c + ZERO_CELSIUS_K,
        absorptivity=array.absorptivity,
        front_emissivity=array.front_emissivity,
        back_emissivity=array.back_emissivity,
        heat_capacity_j_m2_k=array.heat_capacity_j_m2_k,
    )


def _battery(battery: BatterySpec) -> model.Battery:
    return model.Battery(
        capacity_j=battery.capacity_wh * J_PER_WH,
        min_soc=battery.min_soc,
        initial_soc=battery.initial_soc,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        max_charge_w=battery.max_charge_w,
        max_discharge_w=battery.max_discharge_w,
        cycles=battery.cycles,
        cycle_depth=battery.cycle_depth,
        age_years=battery.age_years,
        cycle_loss_share=battery.cycle_loss_share,
        calendar_loss_share=battery.calendar_loss_share,
    )


def _thermal(heat: ThermalSpec) -> model.Thermal:
    return model.Thermal(
        computer_heat_capacity_j_k=heat.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=heat.radiator_heat_capacity_j_k,
        conductance_w_k=heat.conductance_w_k,
        radiator_area_m2=heat.radiator_area_m2,
        emissivity=heat.emissivity,
        absorptivity=heat.absorptivity,
        earth_view_factor=heat.earth_view_factor,
        sun_incidence=heat.sun_incidence,
        initial_k=heat.initial_c + ZERO_CELSIUS_K,
        computer_throttle_k=heat.computer_throttle_c + ZERO_CELSIUS_K,
        computer_limit_k=heat.computer_limit_c + ZERO_CELSIUS_K,
        survival_min_k=heat.survival_min_c + ZERO_CELSIUS_K,
        attitude=heat.attitude,
        absorptivity_per_year=heat.absorptivity_per_year,
        age_years=heat.age_years,
    )


def _radiation(radiation: RadiationSpec) -> model.Radiation:
    return model.Radiation(
        shield_m=radiation.shielding_mm_al / MM_PER_M,
        device=radiation.device,
        checkpoint_s=radiation.checkpoint_s,
    )


def _computer(computer: ComputerSpec) -> model.Computer:
    return model.Computer(
        name=computer.name,
        peak_ops_s=computer.peak_tops * OPS_PER_TOPS,
        memory_bandwidth_bytes_s=computer.memory_bandwidth_gb_s * BYTES_PER_GB,
        memory_bytes=computer.memory_gb * BYTES_PER_GB,
        idle_w=computer.idle_w,
        active_w=computer.active_w,
        host_ops_s=computer.host_gops * OPS_PER_GOP,
        host_w=computer.host_w,
        slots=computer.slots,
    )


def _radio(radio: RadioSpec) -> model.Radio:
    return model.Radio(
        frequency_hz=radio.frequency_ghz * HZ_PER_GHZ,
        eirp_dbw=radio.eirp_dbw,
        symbol_rate_hz=radio.symbol_rate_mbaud * HZ_PER_MBAUD,
        max_rate_bps=radio.max_rate_mbps * BPS_PER_MBPS,
        implementation_loss_db=radio.implementation_loss_db,
        active_w=radio.active_w,
    )


def _laser(laser: LaserSpec) -> model.Laser:
    return model.Laser(
        terminals=laser.terminals,
        transmit_w=laser.transmit_w,
        aperture_m=laser.aperture_cm / CM_PER_M,
        wavelength_m=laser.wavelength_nm / NM_PER_M,
        efficiency=laser.efficiency,
        pointing_loss_db=laser.pointing_loss_db,
        photons_per_bit=laser.photons_per_bit,
        max_rate_bps=laser.max_rate_gbps * BPS_PER_GBPS,
        max_range_m=laser.max_range_km * M_PER_KM,
        grazing_altitude_m=laser.grazing_altitude_km * M_PER_KM,
        acquisition_s=laser.acquisition_s,
        active_w=laser.active_w,
        slew_rate_rad_s=laser.slew_rate_deg_s * RAD_PER_DEG,
        channels=laser.channels,
        channel_rate_bps=laser.channel_rate_gbps * BPS_PER_GBPS,
        channel_sensitivity_dbm=laser.channel_sensitivity_dbm,
    )


def _sensor(sensor: SensorSpec) -> model.Sensor:
    return model.Sensor(
        swath_m=sensor.swath_km * M_PER_KM,
        gsd_m=sensor.gsd_m,
        raw_bits_per_pixel=sensor.raw_bits_per_pixel,
        max_off_nadir_rad=sensor.max_off_nadir_deg * RAD_PER_DEG,
        min_sun_elevation_rad=sensor.min_sun_elevation_deg * RAD_PER_DEG,
    )


# End of civil twilight, by its definition.
_NIGHT_RAD: Final = -6.0 * RAD_PER_DEG


def _station(network: StationNetwork, site: Site) -> model.GroundStation:
    return model.GroundStation(
        name=site.name,
        role=network.role,
        operator=network.operator,
        country=site.country,
        latitude_rad=site.latitude_deg * RAD_PER_DEG,
        longitude_rad=site.longitude_deg * RAD_PER_DEG,
        height_m=site.height_m,
        min_elevation_rad=network.min_elevation_deg * RAD_PER_DEG,
        antennas=network.antennas,
        g_over_t_db_k=network.g_over_t_db_k,
        active_w=network.active_w,
        feeder_rate_bps=network.feeder_rate_gbps * BPS_PER_GBPS,
        availability=network.availability,
        antenna_m=network.antenna_m,
        antenna_turnaround_s=network.antenna_turnaround_s,
        azimuth_mask_rad=tuple(
            (point.azimuth_deg * RAD_PER_DEG, point.elevation_deg * RAD_PER_DEG)
            for point in site.azimuth_mask
        ),
        max_range_m=network.max_range_km * M_PER_KM,
        max_sun_elevation_rad=_NIGHT_RAD if network.sun == "night" else None,
    )


def _centre(centre: Centre) -> model.DataCentre:
    return model.DataCentre(
        name=centre.name,
        operator=centre.operator,
        country=centre.country,
        latitude_rad=centre.latitude_deg * RAD_PER_DEG,
        longitude_rad=centre.longitude_deg * RAD_PER_DEG,
        computer=_computer(centre.computer),
        pue=centre.pue,
    )


def _terrestrial(fibre: Fibre) -> model.Terrestrial:
    return model.Terrestrial(
        rate_bps=fibre.rate_gbps * BPS_PER_GBPS,
        route_factor=fibre.route_factor,
        refractive_index=fibre.refractive_index,
        energy_j_per_byte=fibre.energy_j_per_gb / BYTES_PER_GB,
    )


def _demand(demand: DemandSpec, externals: Externals) -> model.Demand:
    """Convert the demand; a request list still carries the grid's default figures, unused."""
    grid = demand.land_grid or LandGrid.model_validate({})
    points = externals.requests
    return model.Demand(
        kind="requests" if points else "land-grid",
        cell_rad=grid.cell_deg * RAD_PER_DEG,
        latitude_limit_rad=grid.latitude_limit_deg * RAD_PER_DEG,
        revisit_s=demand.revisit_hours * S_PER_HOUR,
        request_latitude_rad=tuple(p.latitude_deg * RAD_PER_DEG for p in points),
        request_longitude_rad=tuple(p.longitude_deg * RAD_PER_DEG for p in points),
        request_names=tuple(p.name for p in points),
        deadline_s=demand.deadline_hours * S_PER_HOUR,
        cloud_cover_mean=demand.cloud_cover_mean,
        cloud_cover_concentration=demand.cloud_cover_concentration,
    )
