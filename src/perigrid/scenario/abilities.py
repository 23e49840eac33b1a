"""Which architectures a mission has the equipment for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from perigrid.base.architecture import (
    BUILT_IN,
    IN_ORBIT,
    TO_GROUND,
    Architecture,
    ComputePlace,
    Link,
)
from perigrid.base.registry import SCHEDULERS, create, names, weighs_places
from perigrid.scenario.compositions import Staged, dead_end, sent_down
from perigrid.scenario.convert_jobs import staged
from perigrid.scenario.jobs import COMPUTE

if TYPE_CHECKING:
    from perigrid.scenario.jobs import ComputeJobs
    from perigrid.scenario.model import SatelliteGroup, Scenario
    from perigrid.scenario.schema import ScenarioFile
    from perigrid.scenario.schema.jobs import JobsSpec
    from perigrid.scenario.schema.satellites import Group

    _Group = Group | SatelliteGroup

_RELAY: Final = "a relay group with lasers and stations of role gateway"


def abilities(mission: ScenarioFile | Scenario, own: Iterable[Architecture] = ()) -> dict[str, str]:
    """Say for each architecture what a mission lacks for it.

    Parameters
    ----------
    mission : ScenarioFile or Scenario
        As written, or as converted.
    own : iterable of Architecture
        The mission's own, besides those that are built in.

    Returns
    -------
    dict of str to str
        Architecture to what is missing; empty where nothing is.
    """
    pipeline: Staged = staged(mission)
    flown = [group for group in mission.groups if group.role == "compute"]
    takers = [group for group in flown if group.sensor] or flown
    terminals = min((one.laser.terminals for one in takers if one.laser), default=0)
    found = {}
    for one in (*BUILT_IN.values(), *own):
        absent = _absent_links(mission, flown, takers, handed=_hands_over(one, pipeline))
        lacks = _lacking_for_jobs(one, mission) or dead_end(one, pipeline)
        lacks = lacks or _lacking_links(one, absent, pipeline)
        lacks = lacks or _lacking_computer(one, pipeline, flown, takers)
        shared = one.shares_terminals and not (absent[Link.RELAY] or absent[Link.CROSSLINK])
        if not lacks and shared and terminals < 2:
            lacks = "a second laser terminal on the satellites: one is kept for the relay"
        found[one.name] = lacks or _lacking_scheduler(one, mission.scheduler, pipeline)
    return found


def able(scenario: Scenario) -> tuple[str, ...]:
    """List the architectures that a mission can fly.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    tuple of str
        Built-in ones and its own.
    """
    lacking = abilities(scenario, scenario.own_architectures)
    return tuple(name for name, lack in lacking.items() if not lack)


def _lacking_for_jobs(architecture: Architecture, mission: ScenarioFile | Scenario) -> str:
    """Say what compute jobs want that observations do without."""
    if mission.jobs is None:
        return ""
    asked_below = mission.jobs.origin == "ground"
    if asked_below and architecture.places(COMPUTE) == {ComputePlace.ORIGIN}:
        return "data that satellites hold: jobs.origin: satellites"
    return ""


def _hands_over(architecture: Architecture, pipeline: Staged) -> bool:
    """Whether satellites may compute what others took."""
    return any(ComputePlace.SATELLITE in architecture.places(task) for task in pipeline.names)


def _absent_links(
    mission: ScenarioFile | Scenario,
    flown: Sequence[_Group],
    takers: Sequence[_Group],
    *,
    handed: bool,
) -> dict[Link, str]:
    """Say what each kind of link lacks; empty where nothing."""
    if mission.jobs is not None:
        return _absent_routes(mission.jobs, flown)
    # Where scenes are handed over, any group may send down what comes of them; else each that
    # takes scenes sends its own.
    roles = {network.role for network in mission.stations}
    relay = next((group for group in mission.groups if group.role == "relay"), None)
    relay_there = relay and relay.laser and "gateway" in roles
    radio = "" if handed and any(one.radio for one in flown) else _lacking("radio", takers, flown)
    laser = _lacking("laser", takers, flown)
    sends = "" if handed and any(one.laser for one in flown) else laser
    return {
        Link.DOWNLINK: ""
        if "operator" in roles and not radio
        else f"stations of role operator and {radio if len(flown) > 1 and radio else 'a radio'}",
        Link.CROSSLINK: laser,
        Link.RELAY: sends or ("" if relay_there else _RELAY),
    }


def _absent_routes(jobs: JobsSpec | ComputeJobs, flown: Sequence[_Group]) -> dict[Link, str]:
    """Say what the links of compute jobs lack: ground nodes have feeders, satellites lasers."""
    held = jobs.origin == "satellites"
    return {
        Link.DOWNLINK: "",
        Link.CROSSLINK: _lacking("laser", flown, flown) if held else "",
        Link.RELAY: "observations: compute jobs go over lasers of the satellites that compute",
    }


def _lacking_computer(
    architecture: Architecture,
    pipeline: Staged,
    flown: Sequence[_Group],
    takers: Sequence[_Group],
) -> str:
    """Name the groups that would have to compute and cannot."""
    in_orbit = [
        places for task in pipeline.names if (places := architecture.places(task)) & IN_ORBIT
    ]
    if not in_orbit:
        return ""
    if any(places == {ComputePlace.ORIGIN} for places in in_orbit):
        return _lacking("computer", takers, flown)
    # Of several groups those hand scenes over that have lasers.
    able = [one for one in flown if one.laser] if _hands_over(architecture, pipeline) else flown
    return "" if any(one.computer for one in able) else _lacking("computer", able or flown, flown)


def _lacking(part: str, groups: Sequence[_Group], flown: Sequence[_Group]) -> str:
    """Say which groups have to get something that they lack; nothing if all have it."""
    bare = [group.name for group in groups if not getattr(group, part)]
    if flown and not bare:
        return ""
    of = f" of {', '.join(bare)}" if len(flown) > 1 else ""
    return f"a {part} on the satellites{of}"


def _lacking_links(architecture: Architecture, absent: dict[Link, str], pipeline: Staged) -> str:
    """Name the link that is missing: crosslinks it means to use, or every way to the ground."""
    for product in sent_down(architecture, pipeline):
        ways = [link for link in Link if link in architecture.links(product) & TO_GROUND]
        if all(absent[link] for link in ways):
            return absent[ways[0]]
    if Link.CROSSLINK in architecture.every_link:
        return absent[Link.CROSSLINK]
    return ""


def _lacking_scheduler(architecture: Architecture, scheduler: str, pipeline: Staged) -> str:
    """Ask for a scheduler that weighs orbit against the ground, where that is left open."""
    first = architecture.places(pipeline.names[0])
    mixed = first & IN_ORBIT and ComputePlace.DATA_CENTRE in first
    if not mixed or scheduler not in names(SCHEDULERS):  # an unknown one is told elsewhere
        return ""
    if weighs_places(create(SCHEDULERS, scheduler)):
        return ""
    return "`scheduler: lookahead`, or another that weighs orbit against the ground"
