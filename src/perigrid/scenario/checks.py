"""Relations between keys: what no single key can be wrong in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from perigrid.base.architecture import COMPARED
from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.units import S_PER_HOUR, ZERO_CELSIUS_K
from perigrid.scenario.abilities import abilities
from perigrid.scenario.compositions import composition_findings, own_architectures
from perigrid.scenario.convert_pipeline import pipeline_findings
from perigrid.scenario.findings import Finding
from perigrid.scenario.governance import governance_findings
from perigrid.scenario.numbers import dotted
from perigrid.scenario.people import people_findings
from perigrid.scenario.references import reference_findings
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.fields import Section
from perigrid.scenario.schema.ground import StationNetwork
from perigrid.scenario.schema.payload import ComputerSpec
from perigrid.scenario.schema.pipeline import PipelineSpec
from perigrid.scenario.schema.satellites import Group
from perigrid.scenario.tree import Loc, Node

MAX_STEPS = 1_000_000
MAX_SATELLITES = 100_000
LOWEST_AVAILABILITY: Final = 0.95
RAIN_MODEL_GHZ: Final = (1.0, 55.0)  # carriers that ITU-R P.618 and its scintillation hold for
_MB_PER_GB: Final = 1e3
_ONE_RELAY: Final = (
    "keep one shell (one walker section), or make a scenario of each; "
    "`perigrid routes` follows paths over either"
)


def check(spec: ScenarioFile, tree: Node) -> None:
    """Check the relations between the keys of a scenario.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.
    tree : Node
        For the places.

    Raises
    ------
    ScenarioError
        With every relation that does not hold.
    """
    findings = [
        *_steps(spec),
        *_names(spec),
        *(Finding(*found) for found in people_findings(spec)),
        *reference_findings(spec),
        *_roles(spec),
        *_relay_grid(spec),
        *_availability(spec),
        *_rain_carriers(spec),
        *_needs(spec),
        *_demand(spec),
        *pipeline_findings(spec.pipeline),
        *governance_findings(spec),
        *_jobs(spec),
        *(found for index, group in enumerate(spec.groups) for found in _group(group, index)),
        *(
            found
            for index, network in enumerate(spec.stations)
            for found in _stations(network, ("stations", index))
        ),
        *(
            found
            for index, centre in enumerate(spec.data_centres)
            for found in _computer(centre.computer, ("data_centres", index, "computer"))
        ),
        *(
            found
            for loc, computer in _workers(spec)
            for found in _memory(computer, spec.pipeline, (*loc, "computer"))
            if spec.jobs is None
        ),
    ]
    refuse(findings, tree)


def refuse(findings: Iterable[Finding], tree: Node) -> None:
    """Raise what was found, if anything.

    Parameters
    ----------
    findings : iterable of Finding
        Relations that do not hold.
    tree : Node
        For the places.

    Raises
    ------
    ScenarioError
        With every finding at its place.
    """
    problems = [_problem(found, tree) for found in findings]
    if problems:
        raise ScenarioError(problems)


def _problem(found: Finding, tree: Node) -> Problem:
    return tree.place_of(found.loc).problem(found.message, found.remedy, dotted(found.loc))


def _steps(spec: ScenarioFile) -> Iterator[Finding]:
    steps = spec.hours * S_PER_HOUR / spec.step_s
    if abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
        yield Finding(
            ("step_s",),
            f"{spec.hours:g} h is not a whole number of steps of {spec.step_s:g} s",
            "choose a step that divides the duration, such as 30 s",
        )
    elif steps > MAX_STEPS:
        yield Finding(("step_s",), f"{steps:.0f} steps; at most {MAX_STEPS}", "lengthen step_s")


def _jobs(spec: ScenarioFile) -> Iterator[Finding]:
    if spec.jobs is None:
        return
    steps = spec.jobs.routes_s / spec.step_s
    if abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
        yield Finding(
            ("jobs", "routes_s"),
            f"{spec.jobs.routes_s:g} s is not a whole number of steps of {spec.step_s:g} s",
            "choose a multiple of step_s, such as 60 s with steps of 10 s",
        )


def _names(spec: ScenarioFile) -> Iterator[Finding]:
    yield from _unique("groups", spec.groups)
    yield from _unique("stations", spec.stations)
    yield from _unique("rules", spec.rules, "id")
    yield from _unique("parties", spec.parties)


def _unique(key: str, items: Sequence[Section], label: str = "name") -> Iterator[Finding]:
    counts = Counter(getattr(item, label) for item in items)
    seen: set[str] = set()
    for index, item in enumerate(items):
        name = getattr(item, label)
        if counts[name] > 1 and name in seen:
            yield Finding((key, index, label), f"'{name}' is used twice", "rename one")
        seen.add(name)


def _roles(spec: ScenarioFile) -> Iterator[Finding]:
    if not any(group.role == "compute" for group in spec.groups):
        yield Finding(("groups",), "no group has role compute", "add one with role: compute")
    relays = [i for i, group in enumerate(spec.groups) if group.role == "relay"]
    for row in relays[1:]:
        message = "a second group with role relay; a scenario has one relay network"
        yield Finding(("groups", row, "role"), message, _ONE_RELAY)


def _relay_grid(spec: ScenarioFile) -> Iterator[Finding]:
    """Relay satellites that are fed link up in a grid, which other orbits do not have."""
    if not any(network.role == "gateway" for network in spec.stations):
        return
    for index, group in enumerate(spec.groups):
        for kind in ("formation", "element_sets"):
            if group.role == "relay" and group.laser and getattr(group.orbit, kind):
                yield Finding(
                    ("groups", index, "orbit", kind),
                    "relay satellites on such orbits have no grid of lasers",
                    "describe them as a shell (walker) or a ring (sun_synchronous)",
                )


def _availability(spec: ScenarioFile) -> Iterator[Finding]:
    for index, network in enumerate(spec.stations):
        if 0.0 < network.availability < LOWEST_AVAILABILITY:
            yield Finding(
                ("stations", index, "availability"),
                f"an availability of {network.availability:g} is below what ITU-R P.618 covers",
                f"give {LOWEST_AVAILABILITY:g} or more, or 0 for the radio's constant losses",
            )


def _rain_carriers(spec: ScenarioFile) -> Iterator[Finding]:
    low, high = RAIN_MODEL_GHZ
    if not any(network.availability > 0.0 for network in spec.stations):
        return
    for index, group in enumerate(spec.groups):
        if group.radio is not None and not low <= group.radio.frequency_ghz <= high:
            yield Finding(
                ("groups", index, "radio", "frequency_ghz"),
                f"{group.radio.frequency_ghz:g} GHz is beyond ITU-R P.618, which availability asks",
                f"give {low:g} to {high:g} GHz, or availability: 0 for the radio's constant losses",
            )


def _needs(spec: ScenarioFile) -> Iterator[Finding]:
    if wrong := list(composition_findings(spec)):
        yield from wrong
        return
    lacking = abilities(spec, own_architectures(spec))
    for index, one in enumerate(spec.architectures or ()):
        if lacking[one.name]:
            yield Finding(
                ("architectures", index),
                f"architecture {one.name} needs {lacking[one.name]}",
                "add that, or leave the architecture out",
            )
    if spec.architectures is None and all(lacking[one.name] for one in COMPARED):
        yield Finding(("stations",), f"no architecture can work: add {lacking['bent-pipe']}",
                      "see `perigrid init` for a complete scenario")  # fmt: skip
    flown = [group for group in spec.groups if group.role == "compute"]
    if spec.jobs is None and flown and not any(group.sensor for group in flown):
        yield Finding(("groups",), "no group of role compute has a sensor, so no scene is taken",
                      "remove `sensor: null` from one, or add a group of imagers")  # fmt: skip


def _demand(spec: ScenarioFile) -> Iterator[Finding]:
    demand = spec.demand
    if demand.land_grid and demand.requests:
        yield Finding(("demand", "requests"), "land_grid and requests exclude each other",
                      "keep one of the two")  # fmt: skip
    if demand.requests:
        yield from _exactly_one(demand.requests, ("points", "file"), ("demand", "requests"))


def _stations(network: StationNetwork, here: Loc) -> Iterator[Finding]:
    if network.role == "gateway":
        limited: list[Loc] = [(key,) for key in ("max_range_km", "sun")
                              if key in network.model_fields_set]  # fmt: skip
        limited += [("sites", i, "azimuth_mask") for i, site in enumerate(network.sites)
                    if site.azimuth_mask]  # fmt: skip
        for key in limited:
            yield Finding((*here, *key), f"{key[-1]} holds for operators' stations only",
                          "leave it out, gateways have min_elevation_deg")  # fmt: skip
    for index, site in enumerate(network.sites):
        if any(one.azimuth_deg >= two.azimuth_deg for one, two in pairwise(site.azimuth_mask)):
            yield Finding((*here, "sites", index, "azimuth_mask"), "azimuths do not rise",
                          "list the points from north over east, each azimuth once")  # fmt: skip


def _exactly_one(section: Section, names: tuple[str, ...], loc: Loc) -> Iterator[Finding]:
    given = [name for name in names if getattr(section, name) is not None]
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "is empty"
        yield Finding(loc, f"{said}; give exactly one of {', '.join(names)}", "keep one of them")


def _group(group: Group, index: int) -> Iterator[Finding]:
    here: Loc = ("groups", index)
    kinds = ("walker", "sun_synchronous", "formation", "element_sets")
    yield from _exactly_one(group.orbit, kinds, (*here, "orbit"))
    yield from _orbit(group, here)
    if group.battery.initial_soc < group.battery.min_soc:
        yield Finding((*here, "battery", "initial_soc"), "starts below min_soc",
                      f"give at least {group.battery.min_soc:g}")  # fmt: skip
    yield from _power(group, here)
    heat = group.thermal
    chain = ("survival_min_c", "initial_c", "computer_throttle_c", "computer_limit_c")
    for low, high in pairwise(chain):
        if getattr(heat, low) >= getattr(heat, high):
            yield Finding(
                (*here, "thermal", high),
                f"{high} ({getattr(heat, high):g}) must be above {low} ({getattr(heat, low):g})",
                f"the order is {' < '.join(chain)}",
            )
    if group.computer:
        yield from _computer(group.computer, (*here, "computer"))


def _power(group: Group, here: Loc) -> Iterator[Finding]:
    array, battery = group.array, group.battery
    normal = (array.normal_forward, array.normal_across, array.normal_up)
    if array.pointing == "fixed" and not any(normal):
        yield Finding((*here, "array", "pointing"), "fixed, but the normal has no direction",
                      "give normal_forward, normal_across or normal_up")  # fmt: skip
    reference_k = array.reference_c + ZERO_CELSIUS_K
    coldest = array.efficiency * (1.0 - array.temperature_coefficient_per_k * reference_k)
    if array.temperature_coefficient_per_k and coldest >= array.absorptivity:
        yield Finding((*here, "array", "temperature_coefficient_per_k"),
                      "a cold panel would make more power than it absorbs",
                      "give a smaller coefficient or efficiency, or more absorptivity")  # fmt: skip
    used = battery.cycle_loss_share * battery.cycles * battery.cycle_depth
    if used + battery.calendar_loss_share * battery.age_years**0.5 >= 1.0:
        yield Finding((*here, "battery", "cycles"), "cycles and age leave no capacity",
                      "give fewer cycles or years, or smaller losses")  # fmt: skip


def _orbit(group: Group, here: Loc) -> Iterator[Finding]:
    walker, sets = group.orbit.walker, group.orbit.element_sets
    if sets:
        names = ("elements", "tle", "file")
        yield from _exactly_one(sets, names, (*here, "orbit", "element_sets"))
    if not walker:
        return
    total = walker.planes * walker.satellites_per_plane
    if total > MAX_SATELLITES:
        yield Finding((*here, "orbit", "walker", "planes"), f"{total} satellites; at most "
                      f"{MAX_SATELLITES}", "use fewer planes or satellites")  # fmt: skip
    if walker.phasing >= total:
        yield Finding((*here, "orbit", "walker", "phasing"), f"must be below {total}, the number "
                      "of satellites", "Walker's F runs from 0 to planes - 1")  # fmt: skip


def _computer(computer: ComputerSpec, loc: Loc) -> Iterator[Finding]:
    if computer.idle_w > computer.active_w:
        yield Finding((*loc, "idle_w"), f"idle_w ({computer.idle_w:g}) exceeds active_w "
                      f"({computer.active_w:g})", "exchange or correct them")  # fmt: skip


def _workers(spec: ScenarioFile) -> Iterator[tuple[Loc, ComputerSpec]]:
    """List the computers on which the models are to run."""
    for index, group in enumerate(spec.groups):
        if group.role == "compute" and group.computer:
            yield ("groups", index), group.computer
    for index, centre in enumerate(spec.data_centres):
        yield ("data_centres", index), centre.computer


def _memory(computer: ComputerSpec, pipeline: PipelineSpec, loc: Loc) -> Iterator[Finding]:
    for name, stage in pipeline.used():
        if stage.memory_mb > computer.memory_gb * _MB_PER_GB:
            yield Finding((*loc, "memory_gb"), f"{computer.memory_gb:g} GB do not hold the model "
                          f"of stage {name}, which takes {stage.memory_mb:g} MB",
                          f"give at least {stage.memory_mb / _MB_PER_GB:g} GB, or choose a smaller "
                          "model")  # fmt: skip
