"""Which architectures a mission has the equipment for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perigrid.base.jobs import Architecture

if TYPE_CHECKING:
    from perigrid.scenario.model import Scenario
    from perigrid.scenario.schema import ScenarioFile

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
    compute = next((group for group in mission.groups if group.role == "compute"), None)
    relay = next((group for group in mission.groups if group.role == "relay"), None)
    down = "" if "operator" in roles and compute and compute.radio else (
        "stations of role operator and a radio")  # fmt: skip
    onboard = down or ("" if compute and compute.computer else "a computer on the satellites")
    mesh = "" if compute and compute.laser else "a laser on the satellites"
    relay_there = relay and relay.laser and "gateway" in roles
    relayed = mesh or ("" if relay_there
                       else "a relay group with lasers and stations of role gateway")  # fmt: skip
    return {"bent-pipe": down, "relay": relayed, "onboard": onboard, "orbital": onboard or mesh}
