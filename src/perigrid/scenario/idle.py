"""Keys that nothing reads in a scenario as it is: named in its warnings, and no assumptions.

A key may count only with another one (``antenna_m`` with ``availability``), only in one role (a
relay satellite has no computer at work), or only in one command. Whoever gives it where it counts
for nothing is told so; its default is not listed among what a run assumes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perigrid.base.architecture import Architecture
from perigrid.base.provenance import Provenance
from perigrid.scenario.compositions import unused
from perigrid.scenario.convert_jobs import staged
from perigrid.scenario.convert_pipeline import unread_keys
from perigrid.scenario.numbers import item_label
from perigrid.scenario.problems import listed
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.bus import Array, BatterySpec, ThermalSpec
from perigrid.scenario.schema.faults import FaultsSpec, RecoverySpec
from perigrid.scenario.schema.fields import ORIGIN_KEYS
from perigrid.scenario.schema.ground import StationNetwork
from perigrid.scenario.schema.jobs import JobsSpec
from perigrid.scenario.schema.payload import LaserSpec
from perigrid.scenario.schema.satellites import Group
from perigrid.scenario.tree import Loc, Node

_MOST_NAMED = 20
_RELAY_BUS = (
    "bus_load_w", "array", "battery", "thermal", "computer", "radio", "sensor", "radiation",
    "storage_gb", "mass_kg", "drag_area_m2", "drag_coefficient",
)  # fmt: skip
_RELAY_LASER = ("terminals", "acquisition_s", "active_w", "slew_rate_deg_s")
_NO_SCENES = "compute jobs take no scenes and go over feeders and lasers"
_OBSERVES = "run and compare serve the jobs: leave that section out for observations"
_NO_RELAY = "compute jobs go over the lasers of the satellites that compute"
_NOT_SERVED = {
    ("workload",): _OBSERVES,
    ("demand",): _OBSERVES,
    ("pipeline",): _OBSERVES,
    ("relay_network", "energy_j_per_gb"): _NO_RELAY,
    ("faults", "acquisition_failure_share"): "lasers of compute jobs lock at once",
}
LASER_UNFLOWN = (
    "transmit_w", "aperture_cm", "wavelength_nm", "efficiency", "pointing_loss_db",
    "photons_per_bit", "acquisition_s", "slew_rate_deg_s", "channels", "channel_rate_gbps",
    "channel_sensitivity_dbm",
)  # fmt: skip
_STATION_UNFLOWN = (
    "g_over_t_db_k", "availability", "antenna_m", "antenna_turnaround_s", "sun",
)  # fmt: skip
COMPUTER_UNFLOWN = ("memory_bandwidth_gb_s", "host_gops")
GROUP_UNFLOWN = ("radio", "sensor", "mass_kg", "drag_area_m2", "drag_coefficient")
_PANEL = (
    "reference_c", "absorptivity", "front_emissivity", "back_emissivity", "heat_capacity_j_m2_k",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Idle:
    """A key or a section that counts for nothing, and why."""

    loc: Loc
    why: str


def idle_keys(spec: ScenarioFile) -> tuple[Idle, ...]:
    """Find what counts for nothing in a scenario, given or not.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.

    Returns
    -------
    tuple of Idle
        In the order of the schema.
    """
    return tuple(_idle(spec))


def idle_in_flight(spec: ScenarioFile) -> tuple[Idle, ...]:
    """Find what serving compute jobs does not read of a scenario with jobs.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.

    Returns
    -------
    tuple of Idle
        Besides :func:`idle_keys`; none without jobs.
    """
    return () if spec.jobs is None else tuple(_unflown(spec))


def idle_warnings(
    idle: tuple[Idle, ...], spec: ScenarioFile, tree: Node, where: str = "here"
) -> tuple[str, ...]:
    """Name the keys that were given and count for nothing.

    Parameters
    ----------
    idle : tuple of Idle
        What counts for nothing.
    spec : ScenarioFile
        For the names of list items.
    tree : Node
        What was given.
    where : str
        Where they count for nothing.

    Returns
    -------
    tuple of str
        A sentence for each reason.
    """
    named: dict[str, list[str]] = {}
    for one in idle:
        for loc in _given(tree, one.loc):
            named.setdefault(one.why, []).append(_path(spec, loc))
    return tuple(
        f"{listed(keys, _MOST_NAMED)}: no effect {where}; {why}" for why, keys in named.items()
    )


def that_count(
    numbers: list[Provenance], idle: tuple[Idle, ...], spec: ScenarioFile
) -> list[Provenance]:
    """Leave out the numbers that count for nothing.

    Parameters
    ----------
    numbers : list of Provenance
        Of the whole scenario.
    idle : tuple of Idle
        What counts for nothing.
    spec : ScenarioFile
        For the names of list items.

    Returns
    -------
    list of Provenance
        What a run does assume, or take from a source.
    """
    without = {_path(spec, one.loc) for one in idle}
    below = tuple(f"{path}." for path in without)
    return [one for one in numbers if one.key not in without and not one.key.startswith(below)]


def _given(tree: Node, loc: Loc) -> Iterator[Loc]:
    """List the keys with values that a file gives below a place."""
    node: Node | None = tree
    for step in loc:
        node = node.child(step) if node is not None else None
    if node is None:
        return
    if isinstance(node.value, dict):
        for key in node.value:
            if key not in ORIGIN_KEYS:
                yield from _given(tree, (*loc, key))
    elif isinstance(node.value, list) and any(isinstance(one.value, dict) for one in node.value):
        for index in range(len(node.value)):
            yield from _given(tree, (*loc, index))
    else:
        yield loc


def _path(spec: ScenarioFile, loc: Loc) -> str:
    """Write a path as ``--set`` takes it."""
    shown: list[str] = []
    here: object = spec
    for step in loc:
        if isinstance(step, int) and isinstance(here, list):
            here = here[step]
            shown.append(item_label(here, step))
        else:
            here = getattr(here, str(step), None)
            shown.append(str(step))
    return ".".join(shown)


def _below(here: Loc, names: tuple[str, ...], why: str) -> Iterator[Idle]:
    for name in names:
        yield Idle((*here, name), why)


def _idle(spec: ScenarioFile) -> Iterator[Idle]:
    relayed = any(group.role == "relay" and group.laser for group in spec.groups)
    fed = any(network.role == "gateway" for network in spec.stations)
    for index, group in enumerate(spec.groups):
        yield from _group(group, ("groups", index), fed=fed)
    for index, network in enumerate(spec.stations):
        flies = spec.jobs is not None
        yield from _stations(network, ("stations", index), relayed=relayed, flies=flies)
    if not (relayed and fed):
        unread = ("energy_j_per_gb",) if spec.jobs else ("energy_j_per_gb", "hop_ms")
        why = "there is no relay group with lasers and gateways"
        yield from _below(("relay_network",), unread, why)
    yield from _architectures(spec)
    for loc, why in unread_keys(spec.pipeline):
        yield Idle(loc, why)
    if spec.approvers:
        yield Idle(("approver",), "the people under approvers are asked")
    yield from _faults(spec.faults)
    yield from _recovery(spec.recovery, spec.faults)
    if spec.jobs is not None:
        yield from _jobs(spec.jobs)


def _architectures(spec: ScenarioFile) -> Iterator[Idle]:
    """Places and links of compositions that no job comes to."""
    for index, one in enumerate(spec.architectures or ()):
        if not (one.compute and one.carry):
            continue
        composed = Architecture.of(one.name, one.compute, one.carry)
        for key, row, place in unused(composed, staged(spec)):
            here: Loc = ("architectures", index, key, row)
            if key == "carry":
                yield Idle(here, "no such product leaves its place in this architecture")
                continue
            places = [str(value) for value in one.compute[row]]
            yield Idle((*here, places.index(place)), "no pixels come there for it")


def _unflown(spec: ScenarioFile) -> Iterator[Idle]:
    for loc, why in _NOT_SERVED.items():
        yield Idle(loc, why)
    work = "compute jobs bring their own work"
    for index, group in enumerate(spec.groups):
        here: Loc = ("groups", index)
        if group.role == "relay":
            yield from _below(here, ("operator", "registry_state", "orbit", "laser"), _NO_RELAY)
            continue
        yield from _below(here, GROUP_UNFLOWN, _NO_SCENES)
        why = "for compute jobs lasers carry max_rate_gbps at once, as far as max_range_km"
        yield from _below((*here, "laser"), LASER_UNFLOWN, why)
        yield from _below((*here, "computer"), COMPUTER_UNFLOWN, work)
    for index, network in enumerate(spec.stations):
        here = ("stations", index)
        why = "for compute jobs ground nodes have a feeder_rate_gbps in any weather, day and night"
        yield from _below(here, _STATION_UNFLOWN, why)
        for row in range(len(network.sites)):
            yield Idle((*here, "sites", row, "azimuth_mask"), why)
    for index in range(len(spec.data_centres)):
        yield from _below(("data_centres", index, "computer"), COMPUTER_UNFLOWN, work)


def _group(group: Group, here: Loc, *, fed: bool) -> Iterator[Idle]:
    if group.role == "relay":
        if not fed or group.laser is None:
            lacking = "gateways" if group.laser else "lasers"
            why = f"a relay network takes {lacking}, and there are none"
            yield from _below(here, ("orbit", "laser"), why)
        yield from _below(here, _RELAY_BUS, "of relay satellites only orbits and lasers are flown")
        why = "of a relay satellite's lasers only reach, height and rate are flown"
        yield from _below((*here, "laser"), _RELAY_LASER, why)
    else:
        yield from _array(group.array, (*here, "array"))
        yield from _battery(group.battery, (*here, "battery"))
        yield from _thermal(group.thermal, (*here, "thermal"))
        if group.computer is None:
            yield Idle((*here, "radiation"), "there is no computer that radiation could harm")
    if group.laser is not None:
        yield from _laser(group.laser, (*here, "laser"))


def _array(array: Array, here: Loc) -> Iterator[Idle]:
    if array.pointing != "fixed":
        normals = ("normal_forward", "normal_across", "normal_up")
        yield from _below(here, normals, "they count with pointing: fixed")
    if array.temperature_coefficient_per_k == 0.0:
        yield from _below(here, _PANEL, "they count with a temperature_coefficient_per_k")


def _battery(battery: BatterySpec, here: Loc) -> Iterator[Idle]:
    if battery.cycles == 0.0:
        yield Idle((*here, "cycle_depth"), "it counts with cycles")


def _thermal(heat: ThermalSpec, here: Loc) -> Iterator[Idle]:
    if heat.attitude != "given":
        views = ("earth_view_factor", "sun_incidence")
        yield from _below(here, views, "they follow from the attitude; they count with given")
    if heat.absorptivity_per_year == 0.0:
        yield Idle((*here, "age_years"), "it counts with absorptivity_per_year")
    elif heat.age_years == 0.0:
        yield Idle((*here, "absorptivity_per_year"), "it counts with age_years")


def _laser(laser: LaserSpec, here: Loc) -> Iterator[Idle]:
    if laser.channels > 0:
        single = ("photons_per_bit", "max_rate_gbps")
        yield from _below(here, single, "the channels' rate takes their place")
    else:
        several = ("channel_rate_gbps", "channel_sensitivity_dbm")
        yield from _below(here, several, "they count with channels")


def _stations(network: StationNetwork, here: Loc, *, relayed: bool, flies: bool) -> Iterator[Idle]:
    if network.role == "gateway":
        if not relayed and not flies:
            yield from _below(
                here,
                ("min_elevation_deg", "antennas", "active_w", "feeder_rate_gbps", "sites"),
                "gateways feed a relay group with lasers, and there is none",
            )
        rain = ("g_over_t_db_k", "availability", "antenna_m")
        yield from _below(here, rain, "a gateway's feeder has its feeder_rate_gbps in any weather")
        turn = "a gateway's antennas follow relay satellites and turn to no other meanwhile"
        yield Idle((*here, "antenna_turnaround_s"), turn)
        return
    if network.availability == 0.0:
        yield Idle((*here, "antenna_m"), "it counts with availability")
    if not flies:
        why = "an operator's station has a feeder for compute jobs only, which take a section jobs"
        yield Idle((*here, "feeder_rate_gbps"), why)


def _faults(faults: FaultsSpec | None) -> Iterator[Idle]:
    if faults is None:
        return
    here: Loc = ("faults",)
    drawn = faults.from_radiation
    if drawn:
        means = ("crash_every_hours", "corruption_every_hours")
        yield from _below(here, means, "the radiation along the orbit takes their place")
    for cause, effect in (
        ("crash_every_hours", "crash_minutes"),
        ("corruption_every_hours", "detected_share"),
        ("station_every_hours", "station_minutes"),
        ("weather_every_hours", "weather_minutes"),
    ):
        of_computers = cause.startswith("c")
        if getattr(faults, cause) == 0.0 and not (drawn and of_computers):
            yield Idle((*here, effect), f"it counts with {cause}")


def _recovery(recovery: RecoverySpec | None, faults: FaultsSpec | None) -> Iterator[Idle]:
    if recovery is None:
        return
    if faults is None:
        yield Idle(("recovery",), "it counts with a section faults")
        return
    here: Loc = ("recovery",)
    if recovery.checkpoints != "fixed":
        yield Idle((*here, "checkpoint_every_s"), "it counts with checkpoints: fixed")
    if recovery.checkpoints == "none":
        yield Idle((*here, "save_s"), "it counts with checkpoints")
    if recovery.quarantine_after == 0:
        yield Idle((*here, "quarantine_hours"), "it counts with quarantine_after")


def _jobs(jobs: JobsSpec) -> Iterator[Idle]:
    here: Loc = ("jobs",)
    if jobs.work_teraops > 0.0:
        yield Idle((*here, "work_s"), "work_teraops takes its place")
    else:
        yield Idle((*here, "efficiency"), "it counts with work_teraops")
    if jobs.origin == "satellites":
        day = ("day_swing", "peak_hours")
        yield from _below(here, day, "satellites hold data at all hours: they count with ground")
    elif jobs.day_swing == 0.0:
        yield Idle((*here, "peak_hours"), "it counts with day_swing")
    if jobs.models == 1:
        yield Idle((*here, "popularity"), "it counts with several models")
