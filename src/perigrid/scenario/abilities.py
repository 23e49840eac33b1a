"""Which architectures a mission has the equipment for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from perigrid.base.architecture import (
    BUILT_IN,
    IN_ORBIT,
    TO_GROUND,
    Architecture,
    ComputePlace,
    Link,
)
from perigrid.base.registry import SCHEDULERS, create
from perigrid.scenario.compositions import TASKS, dead_end, sent_down

if TYPE_CHECKING:
    from perigrid.scenario.model import Scenario
    from perigrid.scenario.schema import ScenarioFile

_STATIONS: Final = "stations of role operator and a radio"
_COMPUTER: Final = "a computer on the satellites"
_LASER: Final = "a laser on the satellites"
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
    wants_pixels = mission.pipeline.deliver == "pixels"
    absent = _absent_links(mission)
    group = next((group for group in mission.groups if group.role == "compute"), None)
    computes = group is not None and bool(group.computer)
    terminals = group.laser.terminals if group is not None and group.laser else 0
    found = {}
    for one in (*BUILT_IN.values(), *own):
        lacks = dead_end(one, wants_pixels=wants_pixels)
        lacks = lacks or _lacking_links(one, absent, wants_pixels=wants_pixels)
        if not lacks and one.computes_in_orbit and not computes:
            lacks = _COMPUTER
        shared = one.shares_terminals and not (absent[Link.RELAY] or absent[Link.CROSSLINK])
        if not lacks and shared and terminals < 2:
            lacks = "a second laser terminal on the satellites: one is kept for the relay"
        found[one.name] = lacks or _lacking_scheduler(one, mission.scheduler)
    return found


def _absent_links(mission: ScenarioFile | Scenario) -> dict[Link, str]:
    """Say what each kind of link lacks; empty where nothing."""
    roles = {network.role for network in mission.stations}
    group = next((group for group in mission.groups if group.role == "compute"), None)
    relay = next((group for group in mission.groups if group.role == "relay"), None)
    laser = group is not None and group.laser
    relay_there = relay and relay.laser and "gateway" in roles
    return {
        Link.DOWNLINK: "" if "operator" in roles and group and group.radio else _STATIONS,
        Link.CROSSLINK: "" if laser else _LASER,
        Link.RELAY: _LASER if not laser else "" if relay_there else _RELAY,
    }


def _lacking_links(
    architecture: Architecture, absent: dict[Link, str], *, wants_pixels: bool
) -> str:
    """Name the link that is missing: crosslinks it means to use, or every way to the ground."""
    for product in sent_down(architecture, wants_pixels=wants_pixels):
        ways = [link for link in Link if link in architecture.links(product) & TO_GROUND]
        if all(absent[link] for link in ways):
            return absent[ways[0]]
    if Link.CROSSLINK in architecture.every_link:
        return absent[Link.CROSSLINK]
    return ""


def _lacking_scheduler(architecture: Architecture, scheduler: str) -> str:
    """Ask for a scheduler that weighs orbit against the ground, where that is left open."""
    first = architecture.places(TASKS[0])
    if not (first & IN_ORBIT and ComputePlace.DATA_CENTRE in first):
        return ""
    weighs = getattr(create(SCHEDULERS, scheduler), "weighs_places", False)
    return "" if weighs else "`scheduler: lookahead`, which weighs orbit against the ground"
