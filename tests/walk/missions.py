"""Small missions that together use every section of the schema, as texts of scenario files."""

from __future__ import annotations

from typing import Final

HEAD: Final = """\
perigrid: 1
name: walk
title: A small mission
start: 2026-08-22T00:00:00Z
hours: 1
step_s: 60
scheduler: lookahead
"""

FLEET: Final = """\
  - name: fleet
    role: compute
    operator: demo
    registry_state: SE
    orbit:
      walker: {planes: 1, satellites_per_plane: 3, altitude_km: 550, inclination_deg: 97}
    sensor: {max_off_nadir_deg: 60, min_sun_elevation_deg: -90}
"""

SHELL: Final = """\
  - name: shell
    role: relay
    operator: mesh
    registry_state: US
    orbit: {walker: {planes: 6, satellites_per_plane: 8, altitude_km: 700, inclination_deg: 80}}
"""

HOME: Final = """\
  - name: home
    role: operator
    operator: demo
    sites:
      - {name: Kiruna, country: SE, latitude_deg: 67.86, longitude_deg: 20.96}
      - {name: Quito, country: EC, latitude_deg: -0.2, longitude_deg: -78.5}
"""

FEEDER: Final = """\
  - name: feeder
    role: gateway
    operator: mesh
    sites:
      - {name: Madrid, country: ES, latitude_deg: 40.4, longitude_deg: -3.7}
      - {name: Perth, country: AU, latitude_deg: -31.9, longitude_deg: 115.9}
"""

CENTRE: Final = """\
data_centres:
  - {name: Stockholm, operator: demo, country: SE, latitude_deg: 59.33, longitude_deg: 18.07}
"""

WORK: Final = """\
demand:
  land_grid: {cell_deg: 10}
pipeline: {executed_scenes: 1}
"""

RELAYED: Final = f"{HEAD}groups:\n{FLEET}{SHELL}stations:\n{HOME}{FEEDER}{CENTRE}{WORK}"
PLAIN: Final = f"{HEAD}groups:\n{FLEET}stations:\n{HOME}{CENTRE}{WORK}"

# Ten satellites that see each other, by day, in rain, their panels fixed.
LINKED: Final = (
    "start=2026-08-22T10:00:00Z",
    "groups.fleet.orbit={walker: {planes: 2, satellites_per_plane: 5, altitude_km: 2000, "
    "inclination_deg: 80}}",
    "groups.fleet.laser={max_range_km: 12000, terminals: 2, photons_per_bit: 1000, "
    "transmit_w: 0.5, slew_rate_deg_s: 2}",
    "groups.fleet.array={pointing: fixed, normal_forward: 0.3, normal_across: 0.2, "
    "temperature_coefficient_per_k: -0.002, heat_capacity_j_m2_k: 5000, age_years: 2}",
    "groups.fleet.battery={cycles: 3000, age_years: 2}",
    "groups.fleet.thermal={initial_c: 20, survival_min_c: -25, absorptivity_per_year: 0.01, "
    "age_years: 2}",
    "stations.home.availability=0.99",
    "stations.home.sites.Kiruna.azimuth_mask=[{azimuth_deg: 0, elevation_deg: 10}, "
    "{azimuth_deg: 180, elevation_deg: 20}]",
    "demand.revisit_hours=0.2",
)
CHANNELS: Final = (
    *LINKED,
    "groups.fleet.laser.channels=2",
    "groups.fleet.laser.channel_rate_gbps=1",
)
# So many faults that an hour meets every kind.
STORM: Final = (
    "faults={crash_every_hours: 0.3, crash_minutes: 3, corruption_every_hours: 0.1, "
    "detected_share: 0.7, loss_every_hours: 3, station_every_hours: 0.5, station_minutes: 4, "
    "weather_every_hours: 0.5, weather_minutes: 4, acquisition_failure_share: 0.3}",
    "recovery={checkpoints: fixed, checkpoint_every_s: 2, save_s: 1, quarantine_after: 1, "
    "quarantine_hours: 0.1, retries: 1}",
    "pipeline.screen.fixed_s=30",
)
RADIATION: Final = ("faults={from_radiation: true}", "recovery={checkpoints: young}")
OPERATORS: Final = (
    "operators=[{name: North, satellites: [fleet-0000]}]",
    "parties=[{name: demo, home: SE, barred: [dual]}, {name: North, home: FR, "
    "authorising_state: SE}]",
    "handling={purpose: flood-mapping, customer: government, licence: tier-1, "
    "people_visible: true, data_export_classes: [dual], weights_export_classes: [dual]}",
    "pipeline.screen.fixed_s=40",
)
GRANTS: Final = (
    *OPERATORS,
    "grants=[{id: g, lender: demo, borrower: North, compute_hours: 0.05, from_hours: 0.1, "
    "until_hours: 0.8, nodes: [fleet-0001], territories: [EU, US, BR], may_regrant: true}]",
)
RULES: Final = (
    "rules=["
    "{id: union, form: eu-only},"
    "{id: stay, form: no-raw-export, to_country: EC},"
    "{id: hand, form: approve, action: move, product: answer, people: {count: 1, roles: [chief]}},"
    "{id: shut, form: close-area, area: {south_deg: -20, north_deg: 20, west_deg: -90, "
    "east_deg: -40, closed_from: 2026-08-22T00:10:00Z, closed_until: 2026-08-22T00:40:00Z}},"
    "{id: fine, form: min-gsd, finest: {gsd_m: 8}},"
    "{id: why, form: purpose, purposes: [flood-mapping, observation]},"
    "{id: bar, form: bar-export, export_class: dual, to_operator: other},"
    "{id: plain, effect: deny, action: compute, product: raw, to_country: SE, to_operator: demo, "
    "reason: not here}]",
    "jurisdiction=[eu]",
    "approvers=[{name: ada, role: chief, delay_minutes: 3, delay_spread: 2, grants_share: 0.7, "
    "until_hour: 23, utc_offset_hours: 1, revoked_hours: 0.9}]",
    "approval={people: 1, roles: [chief], valid_hours: 0.5, order_roles: [chief]}",
    "envelopes=[{id: e, actions: [move], products: [answer], nodes: [fleet-0000, Kiruna], "
    "countries: [SE], territories: [EU, US], area: {south_deg: -80, west_deg: -170, north_deg: 80, "
    "east_deg: 170}, from_hours: 0.1, until_hours: 0.9, count: 3, sent_gb: 1, energy_kj: 50, "
    "people: 1, roles: [chief]}]",
    "orders=[{kind: stop, by: ada, at_hours: 0.5, for_hours: 0.2, nodes: [fleet-0001], reason: z}]",
    "autonomy={hours: 0.4}",
)
APPROVER: Final = (
    "rules=[{id: hand, form: approve, action: move, product: answer}]",
    "approver={delay_minutes: 3}",
)
JOBS: Final = (
    *STORM,
    "groups.fleet.orbit.walker={planes: 2, satellites_per_plane: 4, altitude_km: 1500, "
    "inclination_deg: 80}",
    "groups.fleet.laser={max_range_km: 12000, grazing_altitude_km: 0}",
    "jobs={count: 60, memory_gb: 60, least_power_share: 0.2}",
)
FROM_SATELLITES: Final = (*JOBS, "jobs.origin=satellites", "jobs.work_teraops=20000")
