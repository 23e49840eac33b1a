"""A bus whose battery has the capacity that use and time have left."""

from __future__ import annotations

from dataclasses import replace

from perigrid.physics.battery_ageing import (
    SPACE_LITHIUM_ION,
    battery_remaining_share,
)
from perigrid.scenario.model import SatelliteGroup


def with_aged_battery(group: SatelliteGroup) -> SatelliteGroup:
    """Replace a battery's capacity when new by what is left of it at the start.

    Parameters
    ----------
    group : SatelliteGroup
        As the scenario describes it.

    Returns
    -------
    SatelliteGroup
        The same group where neither cycles nor years have passed. Power limits stay, and states of
        charge count from the capacity that is left.
    """
    battery = group.battery
    if battery.cycles == 0.0 and battery.age_years == 0.0:
        return group
    fade = replace(
        SPACE_LITHIUM_ION,
        cycle_loss_share=battery.cycle_loss_share,
        calendar_loss_share=battery.calendar_loss_share,
    )
    left = float(
        battery_remaining_share(fade, battery.cycles, battery.cycle_depth, battery.age_years)
    )
    return replace(group, battery=replace(battery, capacity_j=battery.capacity_j * left))
