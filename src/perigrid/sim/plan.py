"""What a mission offers before any job runs: orbits, light, contacts, power and heat margins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.laser_load import LASER_KINDS
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.observations import observe
from perigrid.fleet.outlook import build_outlook
from perigrid.physics.sustained import SustainedCompute
from perigrid.scenario.model import ElementSets, Scenario
from perigrid.sim.margins import Margin, compute_margins, work_margins
from perigrid.sim.plan_day import busy_day, hardest_pressed
from perigrid.sim.plan_sections import (
    lifetime_section,
    radiation_section,
    shadow_section,
    sizing_section,
)
from perigrid.sim.sustained import sustained_by_architecture


def plan(scenario: Scenario, progress: Progress | None = None) -> dict[str, Any]:
    """Compute what no decision can change and say what binds.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    dict
        JSON values: ``scenario, hours, satellites, fleet, contacts, sustained, shadow, radiation,
        lifetime, smallest_bus, observations, margins`` (tightest first), ``binds`` and ``day``
        (the hardest-pressed satellite through the run).

    Notes
    -----
    Compute that can be sustained, and what binds, are those of the architecture whose held lasers
    leave the least, among the scenario's that compute in space.
    """
    fleet = build_fleet(scenario)
    ephemeris = satellite_ephemeris(scenario)
    outlook = build_outlook(scenario, fleet, ephemeris, progress=progress)
    by_architecture = sustained_by_architecture(
        fleet, outlook, [scenario.architecture(name) for name in scenario.architectures]
    )
    hardest = _hardest(by_architecture)
    sustained = None if hardest is None else by_architecture[hardest]
    sustained_w = np.zeros(fleet.n_satellites) if sustained is None else sustained.compute_w
    limits = ("computer",) * fleet.n_satellites if sustained is None else sustained.binding
    computer = fleet.satellites.computer
    peak_w = 0.0 if computer is None else computer.active_w
    links = frozenset() if hardest is None else ContactKind.of(hardest.every_link)
    # Which bank scene a job draws does not matter here.
    jobs = observe(scenario, fleet, ephemeris, 1, np.random.default_rng(scenario.seed))
    margins = [
        *compute_margins(fleet, sustained),
        *work_margins(scenario, fleet, outlook, jobs),
    ]
    radiation, dose_margin = radiation_section(fleet, outlook, scenario.start)
    lifetime, deorbit_margin = lifetime_section(fleet, scenario.start)
    margins += dose_margin + deorbit_margin
    margins.sort(key=lambda one: one.margin)
    mean_array_w = outlook.array_w.mean(axis=1)
    published = isinstance(fleet.satellites.orbit, ElementSets)
    satellites = [
        {
            "name": fleet.names[row],
            "altitude_km": float(outlook.altitude_m[row].mean()) / 1000.0,
            "sunlit_share": float(outlook.illumination[row].mean()),
            "array_w_mean": float(mean_array_w[row]),
            "sustained_compute_w": float(sustained_w[row]),
            "bound_by": limits[row],
            "element_age_days": float(fleet.element_age_s[row]) / 86_400.0 if published else None,
        }
        for row in range(fleet.n_satellites)
    ]
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "start": scenario.start.iso(),
        "hours": scenario.duration_s / 3600.0,
        "satellites": satellites,
        "fleet": {
            "satellites": fleet.n_satellites,
            "relays": fleet.n_relays,
            "stations": len(fleet.stations),
            "sunlit_share": float(outlook.illumination.mean()),
            "array_w_mean": float(mean_array_w.mean()),
            "bus_load_w": fleet.satellites.bus_load_w,
            "compute_peak_w": peak_w,
            "sustained_compute_w": float(sustained_w.mean()),
            "environment_w_max": float(outlook.environment_w.max()),
        },
        "contacts": _contacts(scenario, fleet, outlook),
        "sustained": {
            "loads": _loads(hardest),
            "compute_w": {
                one.name: float(found.compute_w.mean()) for one, found in by_architecture.items()
            },
            "headroom": _headroom(sustained),
        },
        "shadow": shadow_section(ephemeris),
        "radiation": radiation,
        "lifetime": lifetime,
        "smallest_bus": sizing_section(fleet, outlook, links),
        "observations": len(jobs),
        "margins": [{**asdict(one), "margin": one.margin} for one in margins],
        "binds": _binds(margins),
        "day": busy_day(fleet, outlook, hardest_pressed(sustained), links),
    }


def _hardest(found: dict[Architecture, SustainedCompute]) -> Architecture | None:
    """Find the architecture whose held lasers leave the least for compute; the first of equals."""
    in_orbit = [one for one in found if one.computes_in_orbit]
    return min(in_orbit or found, key=lambda one: _least_w(found[one]), default=None)


def _least_w(found: SustainedCompute) -> float:
    """Limit of the tightest satellite, installed power or not, by which architectures differ."""
    return float(min(found.heat_w.min(), found.energy_w.min(), found.battery_w.min()))


def _loads(architecture: Architecture | None) -> str:
    """Say which loads a sustained power stands beside."""
    if architecture is None:
        return ""
    if not ContactKind.of(architecture.every_link) & LASER_KINDS:
        return f"the bus, as {architecture.name} holds no laser link; not the radio"
    return f"the bus and the laser links that {architecture.name} holds; not the radio"


def _headroom(sustained: SustainedCompute | None) -> dict[str, float]:
    """Room that the tightest satellite has at its sustained power, by limit."""
    if sustained is None:
        return {}
    return {
        "heat_k": float(sustained.heat_margin_k.min()),
        "energy_w": float(sustained.energy_margin_w.min()),
        "battery_j": float(sustained.battery_margin_j.min()),
    }


def _contacts(scenario: Scenario, fleet: Fleet, outlook: Outlook) -> dict[str, Any]:
    """Windows, time and volume by kind, per satellite and day."""
    contacts = outlook.contacts
    per_day = scenario.duration_s / 86_400.0 * max(fleet.n_satellites, 1)
    out = {}
    for kind in (ContactKind.DOWNLINK, ContactKind.CROSSLINK, ContactKind.RELAY):
        mask = contacts.kind == int(kind)
        seconds_s = contacts.t_end_s[mask] - contacts.t_start_s[mask]
        volume_bytes = float((seconds_s * contacts.rate_bps[mask]).sum()) / 8.0
        out[kind.name.lower()] = {
            "windows": int(mask.sum()),
            "minutes_per_satellite_day": float(seconds_s.sum()) / 60.0 / per_day,
            "gigabytes_per_satellite_day": volume_bytes / 1e9 / per_day,
            "median_window_s": float(np.median(seconds_s)) if mask.any() else 0.0,
        }
    return out


def _binds(margins: list[Margin]) -> str:
    """Name the tightest limit."""
    if not margins:
        return "there is no computer on board and nothing to observe"
    least = margins[0]
    what = f"{least.name} on {least.where}: {least.have:.3g} of {least.need:.3g} {least.unit}"
    if least.margin >= 0.0:
        return f"nothing; the tightest is {what} ({least.margin:+.0%})"
    short = [one.name for one in margins[1:] if one.margin < 0.0]
    return f"{what} ({least.margin:+.0%})" + f"; also short: {', '.join(short)}" * bool(short)
