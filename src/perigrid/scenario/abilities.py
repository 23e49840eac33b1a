"""Which architectures a mission has the equipment for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from perigrid.base.jobs import Architecture

if TYPE_CHECKING:
    from perigrid.scenario.model import SatelliteGroup, Scenario
    from perigrid.scenario.schema import ScenarioFile
    from perigrid.scenario.schema.satellites import Group

    _Group = Group | SatelliteGroup

ARCHITECTURES: Final[tuple[str, ...]] = tuple(item.value for item in Architecture)


def abilities(mission: ScenarioFile | Scenario) -> dict[str, str]:
    """Say for each architecture what a mission lacks for it.

    Parameters
    ----------
    mission : ScenarioFile or Scenario
        As written, or as converted.

    Returns
    -------
    dict of str to str
        Architecture to what is missing; empty where nothing is.
    """
    roles = {network.role for network in mission.stations}
    flown = [group for group in mission.groups if group.role == "compute"]
    relay = next((group for group in mission.groups if group.role == "relay"), None)
    takers = [group for group in flown if group.sensor] or flown
    linked = [group for group in flown if group.laser]
    stations = "operator" in roles
    radio = _lacking("radio", takers, flown)
    down = "" if stations and not radio else f"stations of role operator and {radio or 'a radio'}"
    onboard = down or _lacking("computer", takers, flown)
    mesh = _lacking("laser", takers, flown)
    relay_there = relay and relay.laser and "gateway" in roles
    relayed = mesh or ("" if relay_there
                       else "a relay group with lasers and stations of role gateway")  # fmt: skip
    orbital = "" if stations else "stations of role operator and a radio"
    for part in ("radio", "computer"):
        lacks = not any(getattr(group, part) for group in linked or flown)
        orbital = orbital or ("" if not lacks else _lacking(part, flown, flown))
    return {
        "bent-pipe": down,
        "relay": relayed,
        "onboard": onboard,
        "orbital": orbital or mesh,
    }


def _lacking(part: str, groups: Sequence[_Group], flown: Sequence[_Group]) -> str:
    """Say which groups have to get something that they lack; nothing if all have it."""
    bare = [group.name for group in groups if not getattr(group, part)]
    if flown and not bare:
        return ""
    of = f" of {', '.join(bare)}" if len(flown) > 1 else ""
    return f"a {part} on the satellites{of}"
