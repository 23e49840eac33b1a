"""Everything that decisions cannot change, computed once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.fleet.crosslink_schedule import crosslink_windows
from perigrid.fleet.ephemeris import (
    GEOMETRY_STEP_S,
    Ephemeris,
    fleet_ephemeris,
    geometry_times_s,
    satellite_ephemeris,
    step_edges_s,
)
from perigrid.fleet.light import Light, taken_in_w
from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.fleet.pass_schedule import downlink_windows
from perigrid.fleet.relay_paths import relay_windows
from perigrid.fleet.windows import merge_contacts, no_contacts
from perigrid.physics.eclipse import illumination
from perigrid.physics.frames import ecef_to_geodetic
from perigrid.scenario.model import Scenario

Floats = npt.NDArray[np.float64]

ROUTED_STEP_S: Final = 120.0
"""Between two times of the outlook of a routed run, as forecasts step; rounded to steps. [s]"""
_TIMES_AT_ONCE: Final = 60


def build_outlook(
    scenario: Scenario,
    fleet: Fleet,
    ephemeris: Ephemeris | None = None,
    *,
    progress: Progress | None = None,
) -> Outlook:
    """Work out light, power, heat and contacts of the computing satellites.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet : Fleet
        Its rows, from :func:`perigrid.fleet.build.build_fleet`.
    ephemeris : Ephemeris, optional
        From :func:`perigrid.fleet.ephemeris.satellite_ephemeris`, if the caller has it already.
    progress : callable, optional
        Told the stage in words and the share done of it, 0 to 1.

    Returns
    -------
    Outlook
        At every step edge from 0 to the duration; for compute jobs, whose ways are routes and not
        windows, at some of the edges, :data:`ROUTED_STEP_S` apart, and without contacts.

    Notes
    -----
    Crosslink and relay windows are planned apart, each with all terminals of a satellite; for an
    architecture that uses both see :func:`outlook_under`. Fibre between ground nodes is always
    open and has no rows; see :mod:`perigrid.fleet.terrestrial`.
    """
    tell = progress if progress is not None else _silent
    if scenario.jobs is not None:
        return _routed_outlook(scenario, fleet, tell)
    tell("orbits", 0.0)
    track = ephemeris if ephemeris is not None else satellite_ephemeris(scenario)
    tell("orbits", 1.0)
    contacts = _contacts(scenario, fleet, track, tell)
    edges = slice(None, None, geometry_times_s(scenario)[1])
    position, velocity = track.position_teme_m[:, :, edges], track.velocity_teme_m_s[:, :, edges]
    sun = track.sun_m[:, edges]
    latitude, longitude, altitude = ecef_to_geodetic(track.position_ecef_m[:, :, edges])
    lit = illumination(position, sun)
    tell("light", 1.0)
    array_w, environment_w = taken_in_w(fleet, track.t_s[edges], position, velocity, sun, lit)
    return Outlook(
        t_s=track.t_s[edges],
        illumination=lit,
        array_w=array_w,
        environment_w=environment_w,
        latitude_rad=latitude,
        longitude_rad=longitude,
        altitude_m=altitude,
        contacts=contacts,
    )


def outlook_under(
    scenario: Scenario, fleet: Fleet, outlook: Outlook, architecture: Architecture
) -> Outlook:
    """Give an architecture the windows that its laser terminals allow at one time.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet : Fleet
        Its rows.
    outlook : Outlook
        From :func:`build_outlook`, or from here.
    architecture : Architecture
        Which links it may use.

    Returns
    -------
    Outlook
        The same one where crosslinks and relay links do not meet; else with crosslinks that are
        planned with one terminal less on each satellite: that one is kept for the relay network,
        to which a satellite holds one link at a time.
    """
    kind = outlook.contacts.kind
    if not architecture.shares_terminals or not (kind == ContactKind.RELAY).any():
        return outlook
    snapshots_s = step_edges_s(scenario.duration_s, GEOMETRY_STEP_S)
    shots = fleet_ephemeris(fleet.groups, scenario.start, snapshots_s, scenario.earth_orientation)
    crosslinks = crosslink_windows(
        fleet.terminals(spare=1),
        shots.position_ecef_m,
        snapshots_s,
        (shots.position_teme_m, shots.velocity_teme_m_s),
    )
    others = outlook.contacts.some(kind != ContactKind.CROSSLINK)
    return replace(outlook, contacts=merge_contacts([others, crosslinks]))


def _routed_outlook(scenario: Scenario, fleet: Fleet, tell: Progress) -> Outlook:
    """Light on a coarse grid and no windows: routes, and the light of each step, come later."""
    t_s = _coarse_edges_s(scenario)
    lit, array_w, environment_w, latitude, longitude, altitude = (
        np.empty((fleet.n_satellites, len(t_s))) for _ in range(6)
    )
    light = Light(scenario, fleet)
    for first in range(0, len(t_s), _TIMES_AT_ONCE):
        now = slice(first, first + _TIMES_AT_ONCE)
        stretch = light.at(t_s[now])
        lit[:, now] = stretch.illumination
        array_w[:, now], environment_w[:, now] = stretch.array_w, stretch.environment_w
        place = ecef_to_geodetic(light.fixed_m(stretch))
        latitude[:, now], longitude[:, now], altitude[:, now] = place
        tell("light", min(now.stop / len(t_s), 1.0))
    return Outlook(t_s, lit, array_w, environment_w, latitude, longitude, altitude, no_contacts())


def _coarse_edges_s(scenario: Scenario) -> Floats:
    """Choose some of the step edges, the first and the last among them."""
    edges_s = step_edges_s(scenario.duration_s, scenario.step_s)
    every = max(1, round(ROUTED_STEP_S / scenario.step_s))
    return np.unique(np.append(edges_s[::every], edges_s[-1]))


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""


def _contacts(scenario: Scenario, fleet: Fleet, track: Ephemeris, tell: Progress) -> Contacts:
    """Plan every kind of window."""
    snapshots_s = step_edges_s(scenario.duration_s, GEOMETRY_STEP_S)
    shots = (
        track
        if np.array_equal(snapshots_s, track.t_s)
        else fleet_ephemeris(fleet.groups, scenario.start, snapshots_s, scenario.earth_orientation)
    )
    downlinks = downlink_windows(fleet, track)
    tell("downlinks", 1.0)
    crosslinks = crosslink_windows(
        fleet.terminals(),
        shots.position_ecef_m,
        snapshots_s,
        (shots.position_teme_m, shots.velocity_teme_m_s),
    )
    tell("crosslinks", 1.0)
    relays = relay_windows(
        scenario,
        fleet,
        shots.position_ecef_m,
        snapshots_s,
        lambda share: tell("relay paths", share),
    )
    return merge_contacts([downlinks, crosslinks, relays])
