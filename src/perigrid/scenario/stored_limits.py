"""Limits that hold for a scenario out of a run folder too, which no schema has seen.

Whoever made the folder may have written any number into it: a replay must not take more time or
memory than the largest scenario that can be loaded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from perigrid.base.architecture import BUILT_IN
from perigrid.base.units import RAD_PER_DEG, S_PER_HOUR
from perigrid.scenario.checks import MAX_SATELLITES, MAX_STEPS
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.model import (
    ElementSets,
    SatelliteGroup,
    Scenario,
    SunSynchronous,
    Swarm,
    WalkerShell,
)
from perigrid.scenario.pipeline import graph_faults

_MOST_HOURS: Final = 8784.0
_MOST_PLACES: Final = 100_000
_MOST_OF_A_LIST: Final = 1000
_MOST_ANTENNAS: Final = 1000
_MOST_JOBS: Final = 20_000_000
_MOST_MODELS: Final = 64
_SLACK: Final = 1e-9
Limit = tuple[str, float, float, float]


def beyond_limits(scenario: Scenario) -> list[str]:
    """Find what no loaded scenario could hold.

    Parameters
    ----------
    scenario : Scenario
        As it stands in a run folder.

    Returns
    -------
    list of str
        In words; empty if all is within the limits that a replay needs.
    """
    found = [
        f"{name} is {value:g}, which is not between {low:g} and {high:g}"
        for name, value, low, high in _limits(scenario)
        if not low * (1.0 - _SLACK) <= value <= high * (1.0 + _SLACK)
    ]
    steps = scenario.duration_s / scenario.step_s if scenario.step_s > 0.0 else math.inf
    if not found and (steps > MAX_STEPS or abs(steps - round(steps)) > 1e-6):
        found.append(f"{steps:g} steps, where a whole number up to {MAX_STEPS} is flown")
    if not found:
        found += [words for _, _, words, _ in graph_faults(scenario.pipeline)]
    if (scenario.workload == BATCH) != (scenario.jobs is not None):
        found.append(f"{scenario.workload} is no workload of a scenario like this")
    own = {one.name for one in scenario.own_architectures}
    unknown = sorted(set(scenario.architectures) - {*BUILT_IN, *own})
    return found + [f"no architecture is called {name!r}" for name in unknown]


def _limits(scenario: Scenario) -> Iterator[Limit]:
    """Give name, value, least and most of every number that decides how much work there is."""
    demand = scenario.demand
    yield "duration_s", scenario.duration_s, 0.1, _MOST_HOURS * S_PER_HOUR
    yield "step_s", scenario.step_s, 0.1, S_PER_HOUR
    yield "seed", scenario.seed, 0, 2**53 - 1
    yield "groups", len(scenario.groups), 1, 100
    yield "stations", len(scenario.stations), 1, _MOST_PLACES
    yield "data_centres", len(scenario.data_centres), 1, _MOST_OF_A_LIST
    yield "own_architectures", len(scenario.own_architectures), 0, 100
    yield "rules", len(scenario.rules), 0, _MOST_OF_A_LIST
    yield "stages", len(scenario.pipeline.stages), 1, _MOST_OF_A_LIST
    yield from _work(scenario)
    yield "cell_rad", demand.cell_rad, 0.1 * RAD_PER_DEG, 30.0 * RAD_PER_DEG
    yield "latitude_limit_rad", demand.latitude_limit_rad, 0.0, math.pi / 2.0
    yield "requests", len(demand.request_latitude_rad), 0, _MOST_PLACES
    yield from _alike(scenario)
    for name, span_s in (("revisit_s", demand.revisit_s), ("deadline_s", demand.deadline_s)):
        yield name, span_s, 0.0, _MOST_HOURS * S_PER_HOUR
    yield from _people(scenario)
    for group in scenario.groups:
        yield f"{group.name}: satellites", _satellites(group), 1, MAX_SATELLITES
        if group.computer is not None:
            yield f"{group.name}: slots", group.computer.slots, 1, _MOST_OF_A_LIST
    for station in scenario.stations:
        yield f"{station.name}: antennas", station.antennas, 1, _MOST_ANTENNAS
        yield f"{station.name}: azimuths", len(station.azimuth_mask_rad), 0, 3601


def _work(scenario: Scenario) -> Iterator[Limit]:
    """Give how many scenes are executed, and how many compute jobs there are."""
    executed = scenario.pipeline.executed_scenes
    if scenario.jobs is None:
        yield "executed_scenes", executed, 1, 10_000
        return
    yield "executed_scenes", executed, 0, 0
    yield "jobs", scenario.jobs.count, 1, _MOST_JOBS
    yield "models", scenario.jobs.models, 1, _MOST_MODELS
    yield "routes_s", scenario.jobs.routes_s, scenario.step_s, S_PER_HOUR


def _alike(scenario: Scenario) -> Iterator[Limit]:
    """Give the lists that must be as long as each other."""
    demand = scenario.demand
    wanted = len(demand.request_latitude_rad)
    for name in ("request_longitude_rad", "request_names"):
        yield name, len(getattr(demand, name)), wanted, wanted


def _people(scenario: Scenario) -> Iterator[Limit]:
    oversight = scenario.oversight
    for name in ("people", "envelopes", "orders"):
        yield name, len(getattr(oversight, name)), 0, _MOST_OF_A_LIST
    yield "people asked", oversight.terms.people, 1, 20


def _satellites(group: SatelliteGroup) -> float:
    """Count the satellites of a group, infinitely many where the numbers make no sense."""
    orbit = group.orbit
    match orbit:
        case WalkerShell():
            counts: tuple[float, ...] = (orbit.planes, orbit.satellites_per_plane)
        case SunSynchronous():
            counts = (orbit.satellites,)
        case Swarm():
            sane = orbit.spacing_m >= 10.0 and 0.0 < orbit.half_length_m <= 20_000.0
            counts = (math.pi * (orbit.half_length_m / orbit.spacing_m + 1.0) ** 2,) if sane else ()
        case ElementSets():
            counts = (len(orbit.elements),)
    return math.prod(counts) if counts and min(counts) >= 1 else math.inf
