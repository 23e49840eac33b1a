"""The frozen description of a mission: what every floor above reads. SI units in the names.

Built only by :func:`perigrid.scenario.load.load`; the schema the user writes against is
``scenario/schema.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from perigrid.base.architecture import Architecture, architecture_named
from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.elements import MeanElements
from perigrid.base.provenance import Provenance
from perigrid.base.time import Epoch
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.jobs import ComputeJobs
from perigrid.scenario.oversight import Oversight
from perigrid.scenario.pipeline import Pipeline
from perigrid.scenario.policy_model import ClosedArea as ClosedArea
from perigrid.scenario.policy_model import Governance as Governance
from perigrid.scenario.policy_model import Handling as Handling
from perigrid.scenario.policy_model import Party as Party
from perigrid.scenario.policy_model import PolicyFile as PolicyFile
from perigrid.scenario.policy_model import Rule as Rule
from perigrid.scenario.problems import Place
from perigrid.scenario.sharing import Sharing


@dataclass(frozen=True, slots=True)
class WalkerShell:
    """Walker delta or star shell on circular orbits, ``inclination: total/planes/phasing``."""

    planes: int
    satellites_per_plane: int
    phasing: int
    altitude_m: float
    inclination_rad: float
    raan_spread_rad: float  # 2 pi for a delta, pi for a star
    first_raan_rad: float


@dataclass(frozen=True, slots=True)
class SunSynchronous:
    """A ring of satellites on one circular sun-synchronous orbit."""

    satellites: int
    altitude_m: float
    ltan_hours: float  # local time of the ascending node


@dataclass(frozen=True, slots=True)
class Swarm:
    """A flat formation about a sun-synchronous orbit, every satellite on its own closed path."""

    altitude_m: float
    ltan_hours: float  # local time of the ascending node
    half_length_m: float  # along the track; the height is half of it
    spacing_m: float  # between neighbours at their nearest
    hexagonal: bool


@dataclass(frozen=True, slots=True)
class ElementSets:
    """Real satellites, by published mean elements."""

    elements: tuple[MeanElements, ...]
    source: str


Orbit = WalkerShell | SunSynchronous | Swarm | ElementSets


@dataclass(frozen=True, slots=True)
class SolarArray:
    """Photovoltaic array.

    ``pointing`` is ``sun``, ``single-axis`` (about the orbit normal), ``nadir`` (body-fixed,
    facing away from the Earth), ``yaw-steering`` or ``fixed`` (along ``normal_lvlh``: forward,
    along the orbit normal, up). The last six matter where the coefficient is not 0.
    """

    area_m2: float
    efficiency: float
    pointing: str
    degradation_per_year: float
    age_years: float
    normal_lvlh: tuple[float, float, float] = (0.0, 0.0, 1.0)
    temperature_coefficient_k: float = 0.0
    reference_k: float = 301.15
    absorptivity: float = 0.91
    front_emissivity: float = 0.85
    back_emissivity: float = 0.85
    heat_capacity_j_m2_k: float = 0.0


@dataclass(frozen=True, slots=True)
class Battery:
    """Storage with its usable window and losses; ``capacity_j`` is that of the new battery."""

    capacity_j: float
    min_soc: float
    initial_soc: float
    charge_efficiency: float
    discharge_efficiency: float
    max_charge_w: float
    max_discharge_w: float
    cycles: float = 0.0  # discharges before the start
    cycle_depth: float = 0.0
    age_years: float = 0.0
    cycle_loss_share: float = 0.0  # of the capacity, in a full cycle
    calendar_loss_share: float = 0.0  # of the capacity, in the first year


@dataclass(frozen=True, slots=True)
class Thermal:
    """Two nodes: the computer (with its cold plate) and the radiator (with the bus)."""

    computer_heat_capacity_j_k: float
    radiator_heat_capacity_j_k: float
    conductance_w_k: float
    radiator_area_m2: float
    emissivity: float
    absorptivity: float
    earth_view_factor: float
    sun_incidence: float  # mean cosine between radiator normal and Sun while lit
    initial_k: float
    computer_throttle_k: float  # throttling starts
    computer_limit_k: float  # no compute above
    survival_min_k: float
    attitude: str = "given"  # or one of physics.radiator.ATTITUDES: view and incidence computed
    absorptivity_per_year: float = 0.0  # rise of the coating's absorptivity
    age_years: float = 0.0


@dataclass(frozen=True, slots=True)
class Computer:
    """Processor of a satellite or a data centre, for the roofline of ``workload.profile``.

    An accelerator beside general cores. Rates and memory are those of one slot, powers those of
    the whole computer with every slot busy.
    """

    name: str
    peak_ops_s: float  # of the accelerator
    memory_bandwidth_bytes_s: float
    memory_bytes: float
    idle_w: float
    active_w: float  # with the accelerator busy
    host_ops_s: float  # of the general cores, walking decision trees
    host_w: float  # above idle, with the general cores busy
    slots: int


@dataclass(frozen=True, slots=True)
class Radio:
    """Downlink transmitter; the rate follows the DVB-S2 ladder of ``physics.links_radio``."""

    frequency_hz: float
    eirp_dbw: float
    symbol_rate_hz: float
    max_rate_bps: float
    implementation_loss_db: float
    active_w: float


@dataclass(frozen=True, slots=True)
class Laser:
    """Optical crosslink terminals."""

    terminals: int
    transmit_w: float
    aperture_m: float
    wavelength_m: float
    efficiency: float
    pointing_loss_db: float
    photons_per_bit: float
    max_rate_bps: float
    max_range_m: float
    grazing_altitude_m: float
    acquisition_s: float
    active_w: float
    slew_rate_rad_s: float = 0.0  # 0 where the acquisition includes the slew
    channels: int = 0  # 0 for a single carrier
    channel_rate_bps: float = 0.0
    channel_sensitivity_dbm: float = 0.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """Imager. A scene is a square of ``swath_m`` on a side."""

    swath_m: float
    gsd_m: float
    raw_bits_per_pixel: float  # over all bands, after on-board lossless packing
    max_off_nadir_rad: float
    min_sun_elevation_rad: float


@dataclass(frozen=True, slots=True)
class Radiation:
    """What shields the computer, which one it is to radiation, and what saving its state costs."""

    shield_m: float  # of aluminium, all around
    device: str  # of physics.radiation.devices
    checkpoint_s: float


@dataclass(frozen=True, slots=True)
class SatelliteGroup:
    """Satellites that share a bus; ``role`` is ``compute`` (the mission's own) or ``relay``."""

    name: str
    role: str
    operator: str
    registry_state: str
    orbit: Orbit
    bus_load_w: float
    array: SolarArray
    battery: Battery
    thermal: Thermal
    computer: Computer | None
    radio: Radio | None
    laser: Laser | None
    sensor: Sensor | None
    storage_bytes: float
    mass_kg: float
    drag_area_m2: float  # mean area across the velocity
    drag_coefficient: float
    radiation: Radiation | None = None


@dataclass(frozen=True, slots=True)
class GroundStation:
    """A receiving station; ``role`` is ``operator`` (downlink) or ``gateway`` (relay feeder)."""

    name: str
    role: str
    operator: str
    country: str
    latitude_rad: float
    longitude_rad: float
    height_m: float
    min_elevation_rad: float
    antennas: int
    g_over_t_db_k: float
    active_w: float
    feeder_rate_bps: float  # used by gateways
    availability: float = 0.0  # of the downlink's rate, by ITU-R P.618; 0 for constant losses
    antenna_m: float = 11.0  # used with availability
    # Operators' stations only:
    antenna_turnaround_s: float = 30.0  # from one satellite to another
    azimuth_mask_rad: tuple[tuple[float, float], ...] = ()  # azimuth, lowest elevation
    max_range_m: float = math.inf
    max_sun_elevation_rad: float | None = None  # works only while the Sun is lower


@dataclass(frozen=True, slots=True)
class DataCentre:
    """A ground data centre: where raw pixels are computed and answers are wanted."""

    name: str
    operator: str
    country: str
    latitude_rad: float
    longitude_rad: float
    computer: Computer
    pue: float  # power usage effectiveness, facility over IT energy


@dataclass(frozen=True, slots=True)
class Terrestrial:
    """The fibre between stations and data centres."""

    rate_bps: float
    route_factor: float  # fibre length over great circle
    refractive_index: float
    energy_j_per_byte: float


@dataclass(frozen=True, slots=True)
class Demand:
    """What is to be observed: a grid of land cells, or listed requests."""

    kind: str  # "land-grid" or "requests"
    cell_rad: float
    latitude_limit_rad: float
    revisit_s: float
    request_latitude_rad: tuple[float, ...]
    request_longitude_rad: tuple[float, ...]
    request_names: tuple[str, ...]
    deadline_s: float
    cloud_cover_mean: float
    cloud_cover_concentration: float


@dataclass(frozen=True, slots=True)
class Approver:
    """The one person who is asked where ``oversight`` lists no people: a fixed delay."""

    delay_s: float
    grants: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole mission. ``digest`` is the SHA-256 of its canonical form."""

    name: str
    title: str
    summary: str
    source_path: str
    digest: str
    start: Epoch
    duration_s: float
    step_s: float
    seed: int
    scheduler: str
    architectures: tuple[str, ...]
    groups: tuple[SatelliteGroup, ...]
    stations: tuple[GroundStation, ...]
    data_centres: tuple[DataCentre, ...]
    terrestrial: Terrestrial
    relay_energy_j_per_byte: float
    relay_hop_s: float  # processing delay of one relay hop
    demand: Demand
    pipeline: Pipeline
    rules: tuple[Rule, ...]
    approver: Approver
    provenance: tuple[Provenance, ...]
    warnings: tuple[str, ...]
    earth_orientation: EarthOrientation | None = None  # None: UTC stands for UT1
    faults: Faults | None = None  # None: nothing fails
    recovery: Recovery = field(default_factory=Recovery)
    governance: Governance = field(default_factory=Governance)
    oversight: Oversight = field(default_factory=Oversight)
    sharing: Sharing = field(default_factory=Sharing)
    jobs: ComputeJobs | None = None  # served instead of observations
    workload: str = "imagery"  # which kind of observations
    own_architectures: tuple[Architecture, ...] = ()  # composed in the scenario itself
    flight_warnings: tuple[str, ...] = ()  # of compute jobs alone
    node_places: tuple[tuple[str, Place], ...] = ()  # where nodes are named, key and place

    @property
    def flown(self) -> tuple[SatelliteGroup, ...]:
        """Groups that the mission flies, in order: all but the relay network's."""
        return tuple(group for group in self.groups if group.role == "compute")

    def architecture(self, name: str) -> Architecture:
        """Look up a built-in architecture or one of the scenario's own by name."""
        return architecture_named(name, self.own_architectures)

    @property
    def every_warning(self) -> tuple[str, ...]:
        """What a run is warned of, the reading of its jobs included."""
        return self.warnings + self.flight_warnings

    def group(self, role: str) -> SatelliteGroup | None:
        """Find the first group with a role.

        Parameters
        ----------
        role : str
            ``compute`` or ``relay``.

        Returns
        -------
        SatelliteGroup or None
            None if the scenario has no such group.
        """
        return next((group for group in self.groups if group.role == role), None)
