"""Small missions that together use every section of the schema, as texts of scenario files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from perigrid.base.signing import SigningKey
from scenario_inputs import GEOJSON, ISS_1, ISS_2, TLE, signed
from tests.walk.texts import PLAIN, RELAYED, UNFED
from tests.walk.walk import Mission, asked, compared, contacts, flown, planned, run

# Ten satellites that see each other, by day, in rain, their panels fixed.
HYBRID: Final = "{name: mixed, compute: {'*': [data-centre]}, carry: {'*': [downlink]}}"
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
LENT: Final = (
    *LINKED,
    "operators=[{name: North, satellites: [fleet-0000, fleet-0002, fleet-0004]}]",
    "grants=[{id: g, lender: demo, borrower: North, compute_hours: 2, until_hours: 1, "
    "may_regrant: true}, {id: p, lender: North, borrower: demo, parent: g, compute_hours: 1, "
    "until_hours: 0.9}]",
    "pipeline.screen.fixed_s=60",
)
# Three operators, two papers of the same kind.
LENT_TWICE: Final = (
    *LINKED,
    "operators=[{name: North, satellites: [fleet-0000, fleet-0002, fleet-0004]}, "
    "{name: South, satellites: [fleet-0001, fleet-0003]}]",
    "grants=[{id: g, lender: demo, borrower: North, compute_hours: 2, until_hours: 1}, "
    "{id: h, lender: North, borrower: demo, compute_hours: 2, until_hours: 1}]",
    "pipeline.screen.fixed_s=60",
)
LENT_ON: Final = (
    *LENT,
    "grants=[{id: g, lender: demo, borrower: North, compute_hours: 2, until_hours: 1, "
    "may_regrant: true}, {id: h, lender: demo, borrower: North, compute_hours: 0.01, "
    "until_hours: 1, may_regrant: true}, {id: p, lender: North, borrower: demo, parent: g, "
    "compute_hours: 1, until_hours: 0.9}]",
)
# What is asked of the gate by hand.
LAW: Final = (
    "operators=[{name: North, satellites: [fleet-0000]}]",
    "parties=[{name: demo, home: SE, barred: [dual]}, {name: North, home: FR, "
    "authorising_state: SE}, {name: mesh, home: US}]",
    "handling={purpose: flood-mapping, customer: government, licence: tier-1, "
    "people_visible: true, data_export_classes: [dual], weights_export_classes: [dual]}",
    "rules=["
    "{id: stay, form: no-raw-export, to_country: EC},"
    "{id: hand, form: approve, action: move, product: answer, people: {count: 1, roles: [chief]}},"
    "{id: fine, form: min-gsd, finest: {gsd_m: 8}},"
    "{id: why, form: purpose, purposes: [flood-mapping, observation]},"
    "{id: bar, form: bar-export, export_class: dual, to_operator: mesh},"
    "{id: plain, effect: deny, action: compute, product: raw, to_country: SE, to_operator: demo, "
    "reason: not here}]",
    "jurisdiction=[eu, china, us]",
    "approvers=[{name: ada, role: chief}]",
)
UNION: Final = ("rules=[{id: union, form: eu-only}]", "parties=[{name: demo, home: SE}]")
SHUT: Final = (
    "rules=[{id: shut, form: close-area, area: {south_deg: -60, north_deg: 60, west_deg: 0, "
    "east_deg: 170, closed_from: 2026-08-22T00:05:00Z, closed_until: 2026-08-22T00:30:00Z}}]",
)
# Nodes in other states, and nothing that a base rule would deny first.
ABROAD: Final = (
    "rules=[{id: stay, form: no-raw-export, to_country: ES}, {id: plain, effect: deny, "
    "action: compute, product: raw, to_country: SE, to_operator: demo, reason: not here}]",
    "parties=[{name: demo, home: SE, authorising_state: SE}, {name: mesh, home: US}]",
    "jurisdiction=[us, eu]",
    "handling={licence: tier-1, purpose: observation}",
)
CHINA: Final = (
    "jurisdiction=[china]",
    "parties=[{name: demo, home: CN, authorising_state: CN}, {name: mesh, home: CN}]",
    "groups.fleet.registry_state=CN",
    "groups.shell.registry_state=CN",
    "stations.home.sites.Kiruna.country=CN",
    "stations.feeder.sites.Madrid.country=CN",
    "data_centres.Stockholm.country=CN",
)
# Two people are asked about every answer, with a paper that lets a hundred acts pass.
PEOPLE: Final = (
    "rules=[{id: hand, form: approve, action: move, product: answer, people: {count: 1, "
    "roles: [chief]}}]",
    "approvers=[{name: ada, role: chief, delay_minutes: 3, delay_spread: 1.5, from_hour: 20, "
    "until_hour: 14, revoked_hours: 0.6}, {name: bob, role: safety, delay_minutes: 9}]",
)
PAPER: Final = (
    *PEOPLE,
    "envelopes=[{id: e, area: {south_deg: -90, west_deg: -180, north_deg: 90, east_deg: 180}, "
    "until_hours: 1, count: 100, sent_gb: 1, energy_kj: 1}]",
)
ORDERS: Final = (
    *PEOPLE,
    "orders=[{kind: stop, by: ada, at_hours: 0.3, for_hours: 0.2, reason: z}]",
    "approval={order_roles: [chief]}",
    "autonomy={hours: 0.4}",
)
APPROVER: Final = (
    "rules=[{id: hand, form: approve, action: move, product: answer}]",
    "approver={delay_minutes: 3}",
)
RING: Final = (
    "groups.fleet.orbit={sun_synchronous: {satellites: 3, altitude_km: 600, ltan_hours: 10}}",
    "groups.shell.orbit={sun_synchronous: {satellites: 30, altitude_km: 700, ltan_hours: 9}}",
)
CLOSE: Final = (
    "groups.fleet.orbit={formation: {altitude_km: 600, ltan_hours: 10, half_length_m: 200, "
    "spacing_m: 100}}",
)
ELEMENTS: Final = (
    "groups.fleet.orbit={element_sets: {elements: [{name: A, norad_id: 5, "
    "epoch: 2026-08-22T00:00:00Z, mean_motion_rev_per_day: 15, eccentricity: 0.001, "
    "inclination_deg: 80, raan_deg: 1, argument_of_perigee_deg: 2, mean_anomaly_deg: 3, "
    "bstar: 0.001}]}}",
)
RELAY_ELEMENTS: Final = tuple(one.replace("fleet", "shell") for one in ELEMENTS)
RELAY_CLOSE: Final = tuple(one.replace("fleet", "shell") for one in CLOSE)
ISS_TURNED: Final = f"{ISS_1}\n{signed(ISS_2.replace('325.0288', '145.0288'))}"
"""The same orbit, half a turn on."""
PUBLISHED: Final = (
    "start=2008-09-20T12:00:00Z",
    "hours=12",
    f'groups.fleet.orbit={{element_sets: {{tle: "{ISS_1}\\n{ISS_2}"}}}}',
)
FILES: Final = (
    "start=2008-09-20T12:00:00Z",
    "hours=12",
    "groups.fleet.orbit={element_sets: {file: one.tle}}",
    "demand={requests: {file: places.geojson}}",
    "policies=law",
    "earth_orientation={file: finals.txt}",
)
STALE: Final = (*PUBLISHED[2:], "start=2012-01-01T00:00:00Z", "stale=true")
RELAY_PUBLISHED: Final = (
    "start=2008-09-20T12:00:00Z",
    f'groups.shell.orbit={{element_sets: {{tle: "{ISS_1}\\n{ISS_2}"}}}}',
)
RELAY_FILE: Final = (
    "start=2008-09-20T12:00:00Z",
    "groups.shell.orbit={element_sets: {file: one.tle}}",
)
STAGES: Final = (
    "demand.land_grid.cell_deg=5",
    "pipeline={executed_scenes: 4, stages: ["
    "{name: screen, model: s2cloudless 1.7, runs_on: host, pixel_m: 60, ops_per_pixel: 5942, "
    "bytes_per_pixel: 58, efficiency: 1, memory_mb: 41, fixed_s: 0.01},"
    "{name: detect, model: m, pixel_m: 10, ops_per_pixel: 20000, bytes_per_pixel: 300, "
    "memory_mb: 90, fixed_s: 0.5, output_bytes: 500, when: {stage: screen, above: 0.01, "
    "at_most: 0.9}, outcome: {chance: {probability: 0.5}}, deliver: true},"
    "{name: outline, model: m, pixel_m: 10, ops_per_pixel: 60000, when: {stage: detect, "
    "above: 0.5}, outcome: {beta: {mean: 0.5, concentration: 2}}},"
    "{name: alert, model: m, pixel_m: 100, ops_per_pixel: 100, output_bytes: 2000, "
    "when: {stage: outline, above: 0.3}, deliver: true}]}",
)
# Answers so large that what is urgent finds its way down booked.
URGENT: Final = (
    "hours=3",
    "demand.land_grid.cell_deg=2",
    "stations.home.antennas=1",
    "pipeline={executed_scenes: 4, stages: ["
    "{name: screen, model: s2cloudless 1.7, runs_on: host, pixel_m: 60, ops_per_pixel: 100},"
    "{name: detect, model: m, pixel_m: 100, ops_per_pixel: 100, output_bytes: 3.0e+9, "
    "when: {stage: screen, at_most: 0.9}, outcome: {chance: {probability: 0.3}}, deliver: true},"
    "{name: alert, model: m, pixel_m: 100, ops_per_pixel: 100, output_bytes: 2000, priority: 5, "
    "when: {stage: detect, above: 0.5}, deliver: true}]}",
)
POINTS: Final = (
    "demand={requests: {points: [{name: Oslo, latitude_deg: 59.9, longitude_deg: 10.7}, "
    "{name: Quito, latitude_deg: -0.2, longitude_deg: -78.5}]}}",
)
# Equipment that a relay satellite has for nothing.
CARRIED: Final = (
    "groups.shell.computer={}",
    "groups.shell.radio={}",
    "groups.shell.sensor={}",
    "groups.shell.radiation={}",
)
JOBS: Final = (
    *STORM,
    "groups.fleet.orbit.walker={planes: 2, satellites_per_plane: 4, altitude_km: 1500, "
    "inclination_deg: 80}",
    "groups.fleet.laser={max_range_km: 12000, grazing_altitude_km: 0}",
    "jobs={count: 60, memory_gb: 60, least_power_share: 0.2}",
)
FROM_SATELLITES: Final = (*JOBS, "jobs.origin=satellites", "jobs.work_teraops=20000")

_SCRATCH = tempfile.TemporaryDirectory(prefix="perigrid-walk-")
FOLDER: Final = Path(_SCRATCH.name)
_PUBLIC: Final = SigningKey("witness", bytes(32)).verify_key.encode()
_POLICY = '@id("a") permit (principal, action == Action::"move", resource);\n'


def _day(mjd: int) -> str:
    """A day of finals2000A."""
    return f" 8 920 {mjd:8.2f} I  0.100000 0.000022  0.300000 0.000019  I-0.4000000 0.0000032"


def _write_files() -> None:
    (FOLDER / "one.tle").write_text(TLE, encoding="utf-8")
    (FOLDER / "places.geojson").write_text(GEOJSON, encoding="utf-8")
    (FOLDER / "two.tle").write_text(ISS_TURNED, encoding="utf-8")
    (FOLDER / "others.geojson").write_text(GEOJSON.replace("59.91", "9.91"), encoding="utf-8")
    for name, policy in (("law", _POLICY), ("order", _POLICY.replace("permit", "forbid"))):
        (FOLDER / name).mkdir()
        (FOLDER / name / "a.cedar").write_text(policy, encoding="utf-8")
    days = "\n".join(_day(54727 + k).ljust(187) for k in range(8))
    for name, text in (("finals", days), ("turned", days.replace("-0.4000000", " 0.4000000"))):
        (FOLDER / f"{name}.txt").write_text(text + "\n", encoding="utf-8")


_write_files()
RELAY, BENT_PIPE, ORBITAL, ONBOARD = map(run, ("relay", "bent-pipe", "orbital", "onboard"))
_LAW = (
    "ScenarioFile",
    "RuleSpec",
    "PartySpec",
    "HandlingSpec",
    "PeopleSpec",
    "FinestSpec",
    "Site",
    "Centre",
)
_MISSIONS = (
    Mission(
        "linked",
        PLAIN,
        (planned, contacts, ORBITAL),
        LINKED,
        values={"antenna_turnaround_s": [3600]},
    ),
    Mission("relayed", RELAYED, (contacts, planned, RELAY), values={"cycles": [100]}),
    Mission("channels", PLAIN, (contacts,), CHANNELS, about=("LaserSpec",)),
    Mission(
        "carried",
        RELAYED,
        (contacts,),
        CARRIED,
        about=("SensorSpec", "RadioSpec", "ComputerSpec", "RadiationSpec"),
    ),
    Mission("ring", RELAYED, (contacts,), RING, about=("SunSynchronousRing",)),
    Mission("close", PLAIN, (planned,), CLOSE, about=("FormationSwarm",)),
    Mission("relay close", UNFED, (planned,), RELAY_CLOSE, about=("FormationSwarm",)),
    Mission("elements", PLAIN, (contacts,), ELEMENTS, about=("ElementRow",)),
    Mission("relay elements", UNFED, (planned,), RELAY_ELEMENTS, about=("ElementRow",)),
    Mission(
        "published",
        PLAIN,
        (contacts,),
        PUBLISHED,
        about=("ElementSetList",),
        values={"tle": [ISS_TURNED]},
    ),
    Mission("stale", PLAIN, (contacts,), STALE, about=("ScenarioFile",), values={"stale": [False]}),
    Mission(
        "relay published",
        UNFED,
        (planned,),
        RELAY_PUBLISHED,
        about=("ElementSetList",),
        values={"tle": [ISS_TURNED]},
    ),
    Mission(
        "relay file",
        UNFED,
        (planned,),
        RELAY_FILE,
        FOLDER,
        ("ElementSetList",),
        {"file": ["two.tle"]},
    ),
    Mission("files", PLAIN, (contacts,), FILES, FOLDER, ("ElementSetList",), {"file": ["two.tle"]}),
    Mission(
        "orientation",
        PLAIN,
        (contacts,),
        FILES,
        FOLDER,
        ("EarthOrientationFile",),
        {"file": ["turned.txt"]},
    ),
    Mission(
        "places",
        PLAIN,
        (ONBOARD,),
        FILES,
        FOLDER,
        ("RequestList",),
        {"file": ["others.geojson"]},
    ),
    Mission(
        "policies",
        PLAIN,
        (asked,),
        FILES,
        FOLDER,
        ("ScenarioFile",),
        {"policies": ["order"]},
    ),
    Mission(
        "models",
        PLAIN,
        (planned,),
        about=("ScreenSpec", "ClassifySpec", "ComputerSpec", "ServerSpec"),
        values={"memory_mb": [300], "memory_gb": [50]},
    ),
    Mission(
        "stages",
        PLAIN,
        (ONBOARD, planned),
        STAGES,
        about=(
            "PipelineSpec",
            "StageSpec",
            "ConditionSpec",
            "OutcomeSpec",
            "ChanceSpec",
            "BetaSpec",
        ),
        values={
            "memory_mb": [30_000],
            "model": ["s2cloudless 1.7"],
            "stage": ["screen"],
        },
    ),
    Mission("urgent", PLAIN, (ONBOARD,), URGENT, about=("StageSpec",)),
    Mission(
        "compared",
        PLAIN,
        (compared,),
        (f"architectures=[onboard, {HYBRID}]", "hours=0.5"),
        about=("ScenarioFile", "ArchitectureSpec"),
        values={
            "scheduler": ["fifo", "edf"],
            "compute": [{"*": ["origin"]}],
            "carry": [{"raw": ["downlink"], "answer": ["downlink", "crosslink"]}],
        },
    ),
    Mission(
        "cold",
        PLAIN,
        (ONBOARD, ORBITAL),
        LINKED,
        about=("ThermalSpec",),
        values={"survival_min_c": [19.5]},
    ),
    Mission("points", PLAIN, (ONBOARD,), POINTS, about=("Request",)),
    Mission("storm", PLAIN, (ORBITAL, BENT_PIPE), STORM, about=("FaultsSpec", "RecoverySpec")),
    Mission("storm linked", PLAIN, (ORBITAL,), (*LINKED, *STORM), about=("RecoverySpec",)),
    Mission("storm relayed", RELAYED, (RELAY,), STORM, about=("FaultsSpec",)),
    Mission("radiation", PLAIN, (planned, ORBITAL), RADIATION, about=("FaultsSpec",)),
    Mission(
        "law",
        RELAYED,
        (asked,),
        LAW,
        about=(*_LAW, "Group"),
        values={"export_class": ["usml"], "to_operator": ["North", "demo"]},
    ),
    Mission("abroad", RELAYED, (asked,), ABROAD, about=(*_LAW, "Group")),
    Mission("china", RELAYED, (asked,), CHINA, about=("Group", "Site", "Centre")),
    Mission("union", RELAYED, (asked,), UNION, about=_LAW),
    Mission(
        "shut",
        PLAIN,
        (ONBOARD,),
        SHUT,
        about=("ClosedAreaSpec",),
        values={"closed_from": ["2026-08-22T00:20:00Z"]},
    ),
    Mission("shut longer", PLAIN, (ONBOARD,), SHUT, about=("ClosedAreaSpec",)),
    Mission(
        "people",
        PLAIN,
        (ONBOARD,),
        PEOPLE,
        about=("PersonSpec", "ApprovalSpec"),
        values={"key": [_PUBLIC], "role": ["chief"]},
    ),
    Mission("people otherwise", PLAIN, (ONBOARD,), PEOPLE, about=("PersonSpec", "ApprovalSpec")),
    Mission(
        "two people",
        PLAIN,
        (ONBOARD,),
        (*PEOPLE, APPROVER[0]),
        about=("ApprovalSpec",),
        values={"roles": [["safety"]]},
    ),
    Mission(
        "later paper",
        PLAIN,
        (ONBOARD,),
        PAPER,
        about=("EnvelopeSpec",),
        values={"from_hours": [0.6]},
    ),
    Mission("paper", PLAIN, (ONBOARD, BENT_PIPE), PAPER, about=("EnvelopeSpec", "EnvelopeArea")),
    Mission(
        "orders",
        PLAIN,
        (ONBOARD,),
        ORDERS,
        about=("OrderSpec", "ApprovalSpec", "AutonomySpec"),
        values={"by": ["bob"]},
    ),
    Mission("approver", PLAIN, (ONBOARD,), APPROVER, about=("ApproverSpec", "ApprovalSpec")),
    Mission(
        "lent twice",
        PLAIN,
        (ORBITAL,),
        LENT_TWICE,
        about=("GrantSpec",),
        values={"lender": ["South"], "borrower": ["South"], "from_hours": [0.5], "id": ["gx"]},
    ),
    Mission(
        "lent on",
        PLAIN,
        (ORBITAL,),
        LENT_ON,
        about=("GrantSpec",),
        values={"parent": ["h"], "may_regrant": [False]},
    ),
    Mission("lent", PLAIN, (ORBITAL,), LENT, about=("GrantSpec", "OwnerSpec")),
    Mission(
        "roles",
        RELAYED,
        (planned,),
        about=("Group",),
        along={
            "groups.fleet.role": ("groups.shell.role=compute", "groups.shell.sensor={}"),
            "groups.shell.role": ("groups.fleet.role=relay", "groups.shell.sensor={}"),
        },
    ),
    Mission(
        "run by others",
        RELAYED,
        (asked,),
        LAW,
        about=("StationNetwork",),
        values={"operator": ["North", "mesh", "demo"]},
    ),
    Mission(
        "jobs",
        PLAIN,
        (flown,),
        JOBS,
        about=("JobsSpec", "ComputerSpec"),
        values={"routes_s": [120]},
    ),
    Mission("from satellites", PLAIN, (flown,), FROM_SATELLITES, about=("JobsSpec",)),
    Mission("fed", PLAIN, (flown,), JOBS, about=("StationNetwork",)),
)
MISSIONS: Final = {mission.name: mission for mission in _MISSIONS}
