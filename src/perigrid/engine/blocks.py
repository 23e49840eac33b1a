"""Light and power held by step: of all steps at once, or of a block of them that is fed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from perigrid.base.architecture import Architecture, Link
from perigrid.engine.state import World
from perigrid.fleet.ephemeris import step_edges_s
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.fleet.network.legs import steps_per_leg
from perigrid.scenario.model import Scenario


class Blocks(NamedTuple):
    """What the loop knows of the steps from ``first`` on.

    ``t_s`` are the edges of all steps [s]; the others, as in
    :class:`perigrid.engine.state.World`, are of those that are there [W].
    """

    first: int
    t_s: Floats
    array_w: Floats
    environment_w: Floats
    held_w: Floats


def blocks_of(
    scenario: Scenario, fleet: Fleet, outlook: Outlook, architecture: Architecture
) -> Blocks:
    """Lay the steps of a run out.

    Parameters
    ----------
    scenario, fleet, outlook
        What there is, and what decisions cannot change.
    architecture : Architecture
        Whose laser links are held.

    Returns
    -------
    Blocks
        All steps; of a run with compute jobs a block that ends before the first step, so that the
        loop asks for the next.
    """
    if scenario.jobs is None:
        held_w = held_laser_w(fleet, outlook, ContactKind.of(architecture.every_link))
        return Blocks(0, outlook.t_s, outlook.array_w, outlook.environment_w, held_w)
    steps, n = steps_per_leg(scenario), fleet.n_satellites
    held_w = np.repeat(_grid_w(fleet, architecture)[:, None], steps, axis=1)
    edges_s = edges_of(scenario, outlook)
    return Blocks(-steps, edges_s, np.zeros((n, steps)), np.zeros((n, steps)), held_w)


def edges_of(scenario: Scenario, outlook: Outlook) -> Floats:
    """Give the edges of all steps.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    outlook : Outlook
        Its own times are fewer in a run with compute jobs.

    Returns
    -------
    (n_steps + 1,) float array
        From 0 to the duration [s].
    """
    if scenario.jobs is None:
        return outlook.t_s
    return step_edges_s(scenario.duration_s, scenario.step_s)


def _grid_w(fleet: Fleet, architecture: Architecture) -> Floats:
    """Power of each satellite's lasers, which in a grid are held all the time [W]."""
    if Link.CROSSLINK not in architecture.every_link:
        return np.zeros(fleet.n_satellites)
    lasers = [group.laser for group in fleet.groups]
    active_w = [0.0 if one is None else one.active_w * one.terminals for one in lasers]
    return np.array(active_w)[fleet.group_of]


def held_j(w: World) -> float:
    """Sum up the energy that laser links were held with.

    Parameters
    ----------
    w : World
        At its end.

    Returns
    -------
    float
        Of all satellites [J].
    """
    if w.con["routed"][0]:
        return float(w.held_w[:, 0].sum() * (w.t_s[-1] - w.t_s[0]))
    return float((w.held_w * np.diff(w.t_s)).sum())
