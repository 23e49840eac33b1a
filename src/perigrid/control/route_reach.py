"""How long a person's order takes to every satellite of a fleet whose ways are routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile

import numpy as np

from perigrid.base.architecture import BENT_PIPE, ORBITAL, Architecture
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.stop_reach import (
    COMMAND_BPS,
    IN_VIEW,
    LINKED,
    NEVER,
    ORDER_BYTES,
    OUT_OF_REACH,
    Reach,
)
from perigrid.fleet.faults import draw_faults
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.network.legs import LEGS_PER_BLOCK, Leg, Sky, steps_per_leg
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.scenario.model import Scenario


def route_reach(scenario: Scenario, fleet: Fleet, t_s: float) -> list[Reach]:
    """Find when an order given on the ground reaches every satellite.

    Parameters
    ----------
    scenario : Scenario
        With jobs.
    fleet : Fleet
        Its rows.
    t_s : float
        When the order is given [s].

    Returns
    -------
    list of Reach
        One per satellite, in fleet order.

    Notes
    -----
    As :func:`perigrid.control.stop_reach.stop_reach`: up through any ground node at the rate of
    commands, and over all lasers; here as soon as a snapshot of the network has a way.
    """
    n = fleet.n_satellites
    seen_s = next(_delays_s(scenario, fleet, BENT_PIPE, t_s), (t_s, np.full(n, np.inf)))[1]
    linked_s, arrival_s = None, np.full(n, np.inf)
    for begin_s, delay_s in _delays_s(scenario, fleet, ORBITAL, t_s):
        linked_s = delay_s if linked_s is None else linked_s
        sent_s = max(begin_s, t_s) + ORDER_BYTES * BITS_PER_BYTE / COMMAND_BPS
        arrival_s = np.minimum(arrival_s, sent_s + delay_s)
        if np.isfinite(arrival_s).all():
            break
    linked_s = seen_s if linked_s is None else linked_s
    return [
        Reach(row, float(arrival_s[row]) - t_s, _state(*delays_s, arrival_s[row]))
        for row, delays_s in enumerate(zip(seen_s.tolist(), linked_s.tolist(), strict=True))
    ]


def _state(seen_s: float, linked_s: float, arrival_s: float) -> str:
    """Link state of a satellite at the moment of the order, by its quickest ways then."""
    if not np.isfinite(arrival_s):
        return NEVER
    return IN_VIEW if np.isfinite(seen_s) else LINKED if np.isfinite(linked_s) else OUT_OF_REACH


def _delays_s(
    scenario: Scenario, fleet: Fleet, architecture: Architecture, t_s: float
) -> Iterator[tuple[float, Floats]]:
    """Begins of legs from a time on, with the delays from the ground to every satellite."""
    whole = replace(scenario, faults=None)
    none = draw_faults(whole, fleet, None, np.random.default_rng(0))
    sky = Sky(whole, fleet, fleet_mesh(whole, fleet, architecture), none)
    number = int(t_s // (steps_per_leg(scenario) * scenario.step_s))

    def is_over(leg: Leg) -> bool:
        return bool(leg.t_s[-1] <= t_s)

    for leg in dropwhile(is_over, sky.legs(number - number % LEGS_PER_BLOCK)):
        yield float(leg.t_s[0]), leg.delay_s[:, : fleet.n_satellites].min(axis=0)
